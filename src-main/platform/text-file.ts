import { SyncError } from '../core/errors.ts';
import type { Fs } from './fs.ts';

/** Our own small text files: settings, markers, locks. Larger ones are refused rather than read. */
const MAX_BYTES = 1_048_576;

/** The whole file as UTF-8; `not-found` where there is none. */
export async function readText(fs: Fs, path: string): Promise<string> {
  const handle = await fs.openRead(path);
  try {
    const chunks: Uint8Array[] = [];
    for (let at = 0; ; ) {
      const buffer = new Uint8Array(65_536);
      const count = await handle.read(buffer, at);
      if (count === 0) return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(chunks));
      chunks.push(buffer.subarray(0, count));
      at += count;
      if (at > MAX_BYTES) throw new SyncError('io', 'the file is too large', { path });
    }
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
