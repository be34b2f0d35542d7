import type { FileEntry, Hash, Stamp } from '../core/entry.ts';
import { hasCode, SyncError } from '../core/errors.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { FileStat } from '../platform/fs.ts';
import { ensureInControl, tempBesideName } from './control-folder.ts';
import { folderOf } from './disk-paths.ts';
import { fillFile, type Incoming } from './fill-file.ts';
import { type LocalContext, lookFor, settledStamp, stampNow, statOfNewLink } from './local-context.ts';
import type { LocalResult, Source } from './local-tree.ts';
import { checkRoom, partId, withPart } from './part-file.ts';
import { copyDurably, type Kept } from './trash.ts';

const STALE: LocalResult = { kind: 'stale' };

/** LocalTree.write: the bytes go to a temporary file and are durable and proven there before anything at the path changes (I4). */
export async function writeFile(ctx: LocalContext, path: RelPath, entry: FileEntry, source: Source, expect: Stamp | null, signal: AbortSignal | undefined): Promise<LocalResult> {
  const at = await ctx.paths.forChange(path);
  const before = await lookFor(ctx, at, expect);
  if (before === 'stale') return STALE;
  const incoming: Incoming = { path, entry, source, mode: entry.mode ?? (before === 'absent' ? null : before.mode), signal };
  const put = (file: string, stat: FileStat): Promise<LocalResult> => place(ctx, path, file, { stat, hash: entry.hash }, expect);
  const id = entry.size < ctx.parts.from ? null : partId(ctx, { path, entry, version: source.version });
  if (id !== null && !ctx.liveTemps.has(id)) return withPart(ctx, id, incoming, put);
  await checkRoom(ctx, path, entry.size);
  return withTemp(ctx, async (temp) => {
    const stat = await fillFile(ctx, temp, 0, incoming);
    return stat === null ? STALE : put(temp, stat);
  });
}

/** LocalTree.link: a symlink that holds `target` as its text. */
export async function writeLink(ctx: LocalContext, path: RelPath, target: string, expect: Stamp | null): Promise<LocalResult> {
  if (target === '' || target.includes('\0')) throw new SyncError('name-not-allowed', 'a link needs a text without NUL', { path });
  const at = await ctx.paths.forChange(path);
  if ((await lookFor(ctx, at, expect)) === 'stale') return STALE;
  if (expect === null) return newLink(ctx, target, at);
  return withTemp(ctx, async (temp) => {
    await ctx.fs.symlink(target, temp);
    const ours = await ctx.fs.lstat(temp);
    return ours === null ? STALE : place(ctx, path, temp, { stat: ours, hash: null }, expect);
  });
}

async function newLink(ctx: LocalContext, target: string, at: string): Promise<LocalResult> {
  try {
    await ctx.fs.symlink(target, at);
  } catch (error) {
    if (hasCode(error, 'exists')) return STALE;
    throw error;
  }
  await ctx.fs.syncFolder(folderOf(at));
  const stat = await statOfNewLink(ctx, at, target);
  // A link made in the empty place of a drive that was just pulled out must not count: once the drive is back it would look deleted.
  await ctx.paths.checkRoot();
  return stat === null ? STALE : { kind: 'done', stamp: stampNow(ctx, stat) };
}

/** Gives a free name in `.file-sync/tmp`, and clears what is left of it whatever happens. */
async function withTemp<T>(ctx: LocalContext, work: (temp: string) => Promise<T>): Promise<T> {
  const id = ctx.random.id();
  ctx.liveTemps.add(id);
  await ensureInControl(ctx.fs, ctx.control, ctx.paths, ctx.control.tmp);
  const temp = `${ctx.control.tmp}/${id}.tmp`;
  try {
    return await work(temp);
  } finally {
    await discard(ctx, temp);
    ctx.liveTemps.delete(id);
  }
}

async function discard(ctx: LocalContext, temp: string): Promise<void> {
  try {
    await ctx.fs.unlink(temp);
  } catch (error) {
    // Already in place; or the next sweep gets it.
    if (!(error instanceof SyncError)) throw error;
  }
}

/** What was in our hands before it got its name; a link's text needs no hash. */
interface Ours {
  readonly stat: FileStat;
  readonly hash: Hash | null;
}

/** Puts a finished temporary file or link in place, if the path still is what was expected. */
async function place(ctx: LocalContext, path: RelPath, temp: string, ours: Ours, expect: Stamp | null): Promise<LocalResult> {
  // The download may have taken an hour: everything above the path is checked anew.
  const at = await ctx.paths.forChange(path);
  try {
    return await (expect === null ? placeNew(ctx, temp, at, ours) : placeOver(ctx, path, temp, at, ours, expect));
  } catch (error) {
    if (!hasCode(error, 'cross-device') || ours.stat.kind !== 'file') throw error;
  }
  return placeFromBeside(ctx, path, temp, at, ours.hash, expect);
}

/** For a folder that `tmp/` cannot be renamed into (a bind mount): the same from a temporary file next to the target. */
async function placeFromBeside(ctx: LocalContext, path: RelPath, temp: string, at: string, hash: Hash | null, expect: Stamp | null): Promise<LocalResult> {
  const id = ctx.random.id();
  ctx.liveTemps.add(id);
  const beside = `${folderOf(at)}/${tempBesideName(id)}`;
  try {
    await copyDurably(ctx.fs, temp, beside);
    const stat = await ctx.fs.lstat(beside);
    if (stat === null) return STALE;
    const ours: Ours = { stat, hash };
    return await (expect === null ? placeNew(ctx, beside, at, ours) : placeOver(ctx, path, beside, at, ours, expect));
  } finally {
    await discard(ctx, beside);
    ctx.liveTemps.delete(id);
  }
}

async function placeNew(ctx: LocalContext, temp: string, at: string, ours: Ours): Promise<LocalResult> {
  if (!(await moveToFree(ctx, temp, at))) return STALE;
  await ctx.fs.syncFolder(folderOf(at));
  return { kind: 'done', stamp: await settledStamp(ctx, at, ours.stat, ours.hash) };
}

/** Moves a temporary file to a name that is free; false when it is not. */
async function moveToFree(ctx: LocalContext, from: string, to: string): Promise<boolean> {
  if (ctx.features.hardLinks) {
    try {
      await ctx.fs.link(from, to);
      await ctx.fs.unlink(from);
      return true;
    } catch (error) {
      if (hasCode(error, 'exists')) return false;
      if (!hasCode(error, 'not-supported', 'no-permission')) throw error;
    }
  }
  if ((await ctx.fs.lstat(to)) !== null) return false;
  // RACE: without hard links, a file made here since the look is replaced.
  await ctx.fs.rename(from, to);
  return true;
}

/**
 * The old content first gets a second name in the trash. Whatever is written into it after that, up to the rename and beyond, is written into the trash too, so an edit in place is never lost.
 * A file of several names gives up this one and lives on under the others.
 */
async function placeOver(ctx: LocalContext, path: RelPath, temp: string, at: string, ours: Ours, expect: Stamp): Promise<LocalResult> {
  const before = await lookFor(ctx, at, expect);
  if (before === 'stale' || before === 'absent') return STALE;
  const kept = await keepOrStale(ctx, path, at, before);
  if (kept === null) return STALE;
  const now = await stillThere(ctx, at, expect, kept);
  // If it is something else by now, what went to the trash stays there: it was the user's.
  if (now === null) return STALE;
  // RACE: a file that another program renames to this path between this look and our rename is replaced unseen; without hard links an edit in place is too.
  await ctx.fs.rename(temp, at);
  if (await writtenLate(ctx, kept, now)) {
    const placed = await ctx.fs.lstat(at);
    // The user's edit gets its name back, unless they are at work on the new one already; then it stays in the trash.
    if (placed !== null && ctx.stamps.matchesButCtime(ctx.stamps.of(ours.stat, false), placed)) {
      await ctx.fs.rename(kept.place, at);
      return STALE;
    }
  }
  await ctx.fs.syncFolder(folderOf(at));
  return { kind: 'done', stamp: await settledStamp(ctx, at, ours.stat, ours.hash) };
}

/** What is at the path after it was kept; null where it is not what was expected. */
async function stillThere(ctx: LocalContext, at: string, expect: Stamp, { isCopy }: Kept): Promise<FileStat | null> {
  if (isCopy) {
    // An edit since the copy is in this file only, and may hide behind a coarse mtime.
    const found = await lookFor(ctx, at, expect);
    return found === 'stale' || found === 'absent' ? null : found;
  }
  // The second name moved its ctime.
  const stat = await ctx.fs.lstat(at);
  return stat !== null && ctx.stamps.matchesButCtime(expect, stat) ? stat : null;
}

/** Null when another kind of thing took its place since the look. */
async function keepOrStale(ctx: LocalContext, path: RelPath, at: string, before: FileStat): Promise<Kept | null> {
  try {
    return await ctx.trash.keep(path, at, before);
  } catch (error) {
    if (hasCode(error, 'not-supported') && (await ctx.fs.lstat(at))?.kind !== before.kind) return null;
    throw error;
  }
}

/** Whether the old content, which lives on under its second name, was written to after the last look at it. */
async function writtenLate(ctx: LocalContext, { place, isCopy }: Kept, last: FileStat): Promise<boolean> {
  const late = isCopy ? null : await ctx.fs.lstat(place);
  return late !== null && late.ino === last.ino && (late.size !== last.size || late.mtimeNs !== last.mtimeNs);
}
