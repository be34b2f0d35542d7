import type { FileEntry, Hash } from '../core/entry.ts';
import { SyncError, throwIfAborted } from '../core/errors.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { Hasher } from '../platform/clock.ts';
import type { FileStat, WriteHandle } from '../platform/fs.ts';
import type { LocalContext } from './local-context.ts';
import type { Source } from './local-tree.ts';

/** A file on its way in. */
export interface Incoming {
  readonly path: RelPath;
  readonly entry: FileEntry;
  readonly source: Source;
  /** Null: as the user's umask has it. */
  readonly mode: number | null;
  readonly signal: AbortSignal | undefined;
}

const READ_BYTES = 256 * 1024;

/** Fetches what comes after the first `have` bytes, which are at `at` already, proves the whole and makes it durable. Null when the source is gone. What fails leaves the file as far as it came. */
export async function fillFile(ctx: LocalContext, at: string, have: number, incoming: Incoming): Promise<FileStat | null> {
  const { entry, mode } = incoming;
  // tmp/ is closed to others meanwhile.
  const handle = have > 0 ? await ctx.fs.openAppend(at, 0o600) : await ctx.fs.create(at, mode === null ? 0o666 : 0o600);
  try {
    if (!(await copyProven(ctx, at, have, incoming, handle))) return null;
    await ctx.fs.setMtime(at, entry.mtimeNs);
    if (mode !== null && ctx.features.modes) await ctx.fs.chmod(at, mode & 0o777);
    await handle.sync();
    return await handle.stat();
  } finally {
    await handle.close();
  }
}

async function copyProven(ctx: LocalContext, at: string, have: number, { path, entry, source, signal }: Incoming, handle: WriteHandle): Promise<boolean> {
  const corrupt = (why: string): SyncError => new SyncError('corrupt', `${path} arrived damaged: ${why}`, { path });
  const hasher = ctx.newHasher();
  // A power cut may have left other bytes than were written: nothing is taken for what it was.
  if ((await hashFirst(ctx, at, have, hasher, signal)) < have) throw corrupt('what was fetched before is gone');
  throwIfAborted(signal);
  const content = await source.open(have);
  if (content === null) return false;
  let size = have;
  let unsynced = 0;
  for await (const chunk of content) {
    throwIfAborted(signal);
    size += chunk.length;
    if (size > entry.size) throw corrupt(`more than the ${entry.size} bytes it should have`);
    hasher.update(chunk);
    await handle.write(chunk);
    unsynced += chunk.length;
    if (unsynced >= ctx.parts.syncEvery && size < entry.size) {
      await handle.sync();
      unsynced = 0;
    }
  }
  throwIfAborted(signal);
  if (size < entry.size) throw corrupt(`${size} bytes instead of ${entry.size}`);
  const hash = hasher.digest() as Hash;
  if (hash !== entry.hash) throw corrupt(`SHA-256 ${hash} instead of ${entry.hash}`);
  return true;
}

/** How many of the first `count` bytes there were to hash. */
async function hashFirst(ctx: LocalContext, at: string, count: number, hasher: Hasher, signal: AbortSignal | undefined): Promise<number> {
  if (count === 0) return 0;
  const handle = await ctx.fs.openRead(at);
  try {
    const buffer = new Uint8Array(Math.min(READ_BYTES, count));
    let done = 0;
    while (done < count) {
      throwIfAborted(signal);
      const read = await handle.read(buffer.subarray(0, Math.min(buffer.length, count - done)), done);
      if (read === 0) break;
      hasher.update(buffer.subarray(0, read));
      done += read;
    }
    return done;
  } finally {
    await handle.close();
  }
}
