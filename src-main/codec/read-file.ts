import { SyncError } from '../core/errors.ts';
import type { Fs, ReadHandle } from '../platform/fs.ts';

const CHUNK_BYTES = 262_144;

/** A file's bytes from `offset` on, opened anew each time. */
export async function* fileBytes(fs: Fs, path: string, offset = 0): AsyncGenerator<Uint8Array> {
  const handle = await fs.openRead(path);
  try {
    yield* handleBytes(handle, offset);
  } finally {
    await handle.close();
  }
}

/** The same of an open file, which stays open. Each chunk is a buffer of its own. */
export async function* handleBytes(handle: ReadHandle, offset: number): AsyncGenerator<Uint8Array> {
  for (let at = offset; ; ) {
    const buffer = new Uint8Array(CHUNK_BYTES);
    const count = await handle.read(buffer, at);
    if (count === 0) return;
    at += count;
    yield buffer.subarray(0, count);
  }
}

/** `busy`: not what it was when we began. */
export function changed(path: string, what: string): SyncError {
  return new SyncError('busy', `${path} cannot be read now: ${what}`, { path });
}
