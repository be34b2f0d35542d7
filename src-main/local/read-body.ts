import type { Body } from '../backends/backend.ts';
import type { Entry, FileEntry, Stamp } from '../core/entry.ts';
import { hasCode, SyncError } from '../core/errors.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { ReadHandle } from '../platform/fs.ts';
import { sameStat } from './hash-file.ts';
import type { LocalContext } from './local-context.ts';

const CHUNK_BYTES = 256 * 1024;

/** LocalTree.read. Each opening reads anew and proves anew. */
export function bodyOf(ctx: LocalContext, path: RelPath, stamp: Stamp, entry: Entry): Body {
  switch (entry.kind) {
    case 'file':
      return { size: entry.size, open: () => proven(path, fileBytes(ctx, path, stamp, entry)) };
    case 'symlink':
      return { size: new TextEncoder().encode(entry.target).length, open: () => proven(path, linkText(ctx, path, stamp, entry.target)) };
    case 'folder':
      return { size: 0, open: nothing };
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** A file that went away is, to the one who sends it, a file that changed. */
async function* proven(path: RelPath, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    if (hasCode(error, 'not-found', 'not-supported')) throw busy(path, 'it is gone', error);
    throw error;
  }
}

async function* fileBytes(ctx: LocalContext, path: RelPath, stamp: Stamp, entry: FileEntry): AsyncGenerator<Uint8Array> {
  const at = await ctx.paths.forChange(path);
  const handle = await ctx.fs.openRead(at);
  try {
    const first = await handle.stat();
    if (!ctx.stamps.matches(stamp, first)) throw busy(path, 'it is not what was scanned');
    const hasher = ctx.newHasher();
    let size = 0;
    let held: Uint8Array | null = null;
    for (;;) {
      const chunk = await readChunk(handle, size, entry.size - size);
      if (chunk.length === 0) break;
      size += chunk.length;
      if (size > entry.size) throw busy(path, 'it has grown');
      hasher.update(chunk);
      if (held !== null) yield held;
      held = chunk;
    }
    const last = await handle.stat();
    const named = await ctx.fs.lstat(at);
    if (size !== entry.size || named === null || !sameStat(first, last) || !sameStat(last, named)) throw busy(path, 'it changed while it was read');
    if (hasher.digest() !== entry.hash) throw busy(path, 'its bytes are not those that were scanned');
    if (held !== null) yield held;
  } finally {
    await handle.close();
  }
}

/** A buffer of its own for each chunk: the reader may keep it. One byte more than is expected tells of growth. */
async function readChunk(handle: ReadHandle, position: number, expected: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(Math.min(CHUNK_BYTES, expected + 1));
  let length = 0;
  for (let count = -1; count !== 0 && length < buffer.length; length += count) count = await handle.read(buffer.subarray(length), position + length);
  return buffer.subarray(0, length);
}

async function* linkText(ctx: LocalContext, path: RelPath, stamp: Stamp, target: string): AsyncGenerator<Uint8Array> {
  const at = await ctx.paths.forChange(path);
  const stat = await ctx.fs.lstat(at);
  if (stat?.kind !== 'symlink' || !ctx.stamps.matches(stamp, stat) || (await ctx.fs.readLink(at)) !== target) throw busy(path, 'it is not what was scanned');
  yield new TextEncoder().encode(target);
}

function busy(path: RelPath, why: string, cause?: unknown): SyncError {
  return new SyncError('busy', `${path} cannot be sent now: ${why}`, { path, ...(cause === undefined ? {} : { cause }) });
}
