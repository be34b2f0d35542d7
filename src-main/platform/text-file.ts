import { SyncError } from '../core/errors.ts';
import type { Fs } from './fs.ts';

/** Our own small text files: settings, markers, locks. Larger ones are refused rather than read. */
const MAX_BYTES = 1_048_576;

/** The whole file as UTF-8; `not-found` where there is none, `io` where it is longer than `maxBytes`. A read may give less than was asked for. */
export async function readText(fs: Fs, path: string, maxBytes = MAX_BYTES): Promise<string> {
  const handle = await fs.openRead(path);
  try {
    const { size } = await handle.stat();
    if (size > maxBytes) throw new SyncError('io', 'the file is too large', { path });
    const buffer = new Uint8Array(size);
    let length = 0;
    for (let count = -1; count !== 0 && length < size; length += count) count = await handle.read(buffer.subarray(length), length);
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(buffer.subarray(0, length));
  } finally {
    await handle.close();
  }
}

/** Readers see the old text or the new one, also after a power cut (I4). */
export async function writeText(fs: Fs, path: string, text: string, mode: number): Promise<void> {
  const temporary = `${path}.new`;
  if ((await fs.lstat(temporary)) !== null) await fs.unlink(temporary);
  const handle = await fs.create(temporary, mode);
  try {
    await handle.write(new TextEncoder().encode(text));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await fs.rename(temporary, path);
  await fs.syncFolder(path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'))) || '/');
}
