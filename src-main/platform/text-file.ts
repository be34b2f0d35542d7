import { SyncError } from '../core/errors.ts';
import type { Random } from './clock.ts';
import type { Fs } from './fs.ts';
import { writeNewFile } from './new-file.ts';

/** Our own small text files: settings, markers, locks. Larger ones are refused rather than read. */
const MAX_BYTES = 1_048_576;
/** As a new file is made; disks that have no such mode refuse to have it set. */
const CREATED_MODE = 0o600;

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

/** Readers see the old text or the new one, also after a power cut (I4). For places of our own: `<path>.new` is taken for a leftover. */
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
  await fs.syncFolder(folderOf(path));
}

/** As {@link writeText}, in a place the user chose: no other file there is touched. */
export async function writeTextBeside(fs: Fs, random: Pick<Random, 'id'>, path: string, text: string, mode: number): Promise<void> {
  const bytes = async function* () {
    yield new TextEncoder().encode(text);
  };
  await writeNewFile(fs, { temp: `${path}.${random.id()}.new`, to: path, mode: mode === CREATED_MODE ? null : mode, mtimeNs: null, overwrite: true }, bytes());
  await fs.syncFolder(folderOf(path));
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'))) || '/';
}
