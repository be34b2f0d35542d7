import { hasCode, SyncError, throwIfAborted } from '../../core/errors.ts';
import type { FileStat, Fs, ReadHandle } from '../../platform/fs.ts';
import type { Body } from '../backend.ts';
import { sameFile } from './store-layout.ts';

const PIECE = 256 * 1024;

/**
 * The bytes of the file that was seen at `path`. It is opened when the first piece is asked for, so a reader that never begins holds nothing. One replaced before that, or changed in place while it was read,
 * ends in `busy`, never in a mix.
 */
export async function* readPieces(fs: Fs, path: string, seen: FileStat, offset: number, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const handle = await openSeen(fs, path);
  try {
    if (!sameFile(await handle.stat(), seen)) throw changed(path);
    for (let position = offset; ; ) {
      throwIfAborted(signal);
      const buffer = new Uint8Array(Math.max(1, Math.min(PIECE, seen.size - position)));
      const n = await handle.read(buffer, position);
      if (n === 0) break;
      position += n;
      if (position > seen.size) throw changed(path);
      yield buffer.subarray(0, n);
    }
    if (!sameFile(await handle.stat(), seen)) throw changed(path);
  } finally {
    await handle.close();
  }
}

/** A link or folder that took the file's place is a change like any other. */
async function openSeen(fs: Fs, path: string): Promise<ReadHandle> {
  try {
    return await fs.openRead(path);
  } catch (error) {
    throw hasCode(error, 'not-supported') ? changed(path) : error;
  }
}

export async function* textPieces(text: string, offset: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text).subarray(offset);
  if (bytes.length > 0) yield bytes;
}

/** Hands on every chunk of a body; one that is not as long as it said is refused. */
export async function* checkedBody(body: Body, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of body.open()) {
    throwIfAborted(signal);
    length += chunk.length;
    yield chunk;
  }
  if (length !== body.size) throw new SyncError('corrupt', `the body has ${length} bytes, not ${body.size}`);
}

function changed(path: string): SyncError {
  return new SyncError('busy', 'the object changed while it was read', { path });
}
