import type { Version } from '../../core/entry.ts';
import { SyncError, throwIfAborted } from '../../core/errors.ts';
import type { ReadHandle } from '../../platform/fs.ts';
import type { Body } from '../backend.ts';
import { versionOf } from './store-layout.ts';

const PIECE = 256 * 1024;

/** The bytes of an open file, or of a text. A file that turned out to be changed in place while it was read ends in `busy`, never in a mix. */
export async function* readPieces(source: ReadHandle | string | null, offset: number, key: string, version?: Version, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  if (source === null) return;
  if (typeof source === 'string') {
    const bytes = Buffer.from(source).subarray(offset);
    if (bytes.length > 0) yield bytes;
    return;
  }
  try {
    for (let position = offset; ; ) {
      throwIfAborted(signal);
      const buffer = new Uint8Array(PIECE);
      const n = await source.read(buffer, position);
      if (n === 0) break;
      position += n;
      yield buffer.subarray(0, n);
    }
    const stat = await source.stat();
    // A second name gained or lost changes the change time but no byte; size and mtime tell of a write in place.
    if (version !== undefined && versionOf(stat) !== version && !sameBytes(version, versionOf(stat)))
      throw new SyncError('busy', 'the object changed while it was read', { path: key });
  } finally {
    await source.close();
  }
}

/** Equal but for the change time. */
function sameBytes(a: Version, b: Version): boolean {
  const [sizeA, mtimeA, , inoA] = a.split('-');
  const [sizeB, mtimeB, , inoB] = b.split('-');
  return sizeA === sizeB && mtimeA === mtimeB && inoA === inoB;
}

export async function collectText(body: Body): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of body.open()) parts.push(chunk);
  return Buffer.concat(parts).toString('utf8');
}
