import type { FileEntry, Version } from '../core/entry.ts';
import { hasCode, SyncError } from '../core/errors.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { FileStat } from '../platform/fs.ts';
import { ensureInControl } from './control-folder.ts';
import { fillFile, type Incoming } from './fill-file.ts';
import type { LocalContext } from './local-context.ts';
import type { LocalResult } from './local-tree.ts';
import { removeTree } from './trash.ts';

export interface PartRules {
  /** Of a file of so many bytes and more, what was fetched outlives a failed try and a crash. */
  readonly from: number;
  /** So many bytes may be lost in a power cut. */
  readonly syncEvery: number;
}

export const PART_RULES: PartRules = { from: 16 * 1_048_576, syncEvery: 64 * 1_048_576 };

const PART = '.part';

/** Names a part in `tmp/`: only one and the same content of one path has the same, and only for the same client, so that two engines on one folder never write into one file. */
export function partId(ctx: LocalContext, { path, entry, version }: { readonly path: RelPath; readonly entry: FileEntry; readonly version: Version }): string {
  const hasher = ctx.newHasher();
  hasher.update(new TextEncoder().encode(JSON.stringify([ctx.client, path, version, entry.hash, entry.size])));
  return hasher.digest().slice(0, 32);
}

/** The id in the name of a part; null for any other name. */
export function partIdIn(name: string): string | null {
  return name.endsWith(PART) ? name.slice(0, -PART.length) : null;
}

/**
 * Fetches into the part that an earlier try left, or a new one, and hands it to `place`. It stays after a failure and where the place was not what it was expected to be. It goes when its bytes are damaged, and
 * when the disk is full: what room there is belongs to the user (C55). Where the rest would not fit from the start, it stays: it takes no room that the file itself would not take.
 */
export async function withPart(ctx: LocalContext, id: string, incoming: Incoming, place: (part: string, stat: FileStat) => Promise<LocalResult>): Promise<LocalResult> {
  const { path, entry } = incoming;
  ctx.liveTemps.add(id);
  try {
    await ensureInControl(ctx.fs, ctx.control, ctx.paths, ctx.control.tmp);
    const part = `${ctx.control.tmp}/${id}${PART}`;
    const have = await usable(ctx, part, entry.size);
    await checkRoom(ctx, path, entry.size - have);
    const stat = await fillPart(ctx, part, have, incoming);
    if (stat === null) return { kind: 'stale' };
    const result = await place(part, stat);
    if (result.kind === 'done') await removeTree(ctx.fs, part);
    return result;
  } finally {
    ctx.liveTemps.delete(id);
  }
}

export async function checkRoom({ fs, paths }: LocalContext, path: RelPath, bytes: number): Promise<void> {
  const free = await fs.freeBytes(paths.root);
  if (free !== null && free < bytes) throw new SyncError('disk-full', `${path} needs ${bytes} bytes, ${free} are free`, { path });
}

async function fillPart(ctx: LocalContext, part: string, have: number, incoming: Incoming): Promise<FileStat | null> {
  try {
    return await fillFile(ctx, part, have, incoming);
  } catch (error) {
    if (!hasCode(error, 'corrupt', 'disk-full')) throw error;
    await removeTree(ctx.fs, part);
    if (have === 0 || error.code === 'disk-full') throw error;
  }
  // What was there was damaged, or what came: only the whole of it anew can tell.
  return fillPart(ctx, part, 0, incoming);
}

/** How many bytes are there to go on from. */
async function usable(ctx: LocalContext, part: string, size: number): Promise<number> {
  const stat = await ctx.fs.lstat(part);
  if (stat === null) return 0;
  // With a second name it was put in place in the very moment of a crash, and is the user's file by now.
  if (stat.kind !== 'file' || stat.nlink > 1 || stat.size === 0 || stat.size > size) {
    await removeTree(ctx.fs, part);
    return 0;
  }
  if (ctx.features.modes && (stat.mode & 0o600) !== 0o600) await ctx.fs.chmod(part, 0o600);
  return stat.size;
}
