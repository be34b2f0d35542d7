import { conflictName } from '../core/conflict-name.ts';
import type { Stamp } from '../core/entry.ts';
import { hasCode, SyncError } from '../core/errors.ts';
import type { IgnoreRules } from '../core/ignore.ts';
import { nameOf, parseRelPath, type RelPath } from '../core/rel-path.ts';
import type { FileStat } from '../platform/fs.ts';
import { isTempBeside } from './control-folder.ts';
import { folderOf } from './disk-paths.ts';
import { isJunkName } from './junk.ts';
import { type LocalContext, lookFor, settledStamp, statOfNewLink, textOfLink } from './local-context.ts';
import type { LocalResult } from './local-tree.ts';
import { asRacy, isRacy } from './stamp.ts';

const STALE: LocalResult = { kind: 'stale' };

/** LocalTree.makeFolder. A folder that is there already is as good. */
export async function makeFolderAt(ctx: LocalContext, path: RelPath): Promise<LocalResult> {
  const at = await ctx.paths.forChange(path);
  try {
    await ctx.fs.mkdir(at);
    await ctx.fs.syncFolder(folderOf(at));
  } catch (error) {
    if (!hasCode(error, 'exists')) throw error;
  }
  const stat = await ctx.fs.lstat(at);
  // As with a link: what was made in the empty place of a drive must not count.
  await ctx.paths.checkRoot();
  return stat?.kind === 'folder' ? { kind: 'done', stamp: ctx.stamps.of(stat, false) } : STALE;
}

/** LocalTree.setMode. */
export async function setModeAt(ctx: LocalContext, path: RelPath, mode: number, expect: Stamp): Promise<LocalResult> {
  const at = await ctx.paths.forChange(path);
  const before = await ctx.fs.lstat(at);
  if (before?.kind !== 'file' || !ctx.stamps.matches(expect, before)) return STALE;
  if (!ctx.features.modes || before.mode === mode) return { kind: 'done', stamp: expect };
  await ctx.fs.chmod(at, mode & 0o777);
  return { kind: 'done', stamp: await inherited(ctx, at, { ...before, mode: mode & 0o777 }, expect) };
}

/** LocalTree.remove: whatever is there goes to the trash, and if that was not what was expected it comes back. So no edit is lost, however late. */
export async function removeAt(ctx: LocalContext, path: RelPath, expect: Stamp): Promise<LocalResult> {
  const at = await ctx.paths.forChange(path);
  const before = await lookFor(ctx, at, expect);
  if (before === 'stale' || before === 'absent') return STALE;
  if (!(await takeExpected(ctx, path, at, expect))) return STALE;
  await ctx.fs.syncFolder(folderOf(at));
  return { kind: 'done', stamp: expect };
}

async function takeExpected(ctx: LocalContext, path: RelPath, at: string, expect: Stamp): Promise<boolean> {
  let held: string | null;
  try {
    held = await ctx.trash.hold(at, heldName(ctx, path, expect));
  } catch (error) {
    if (hasCode(error, 'cross-device')) return copyAndUnlink(ctx, path, at, expect);
    throw error;
  }
  const taken = held === null ? null : await ctx.fs.lstat(held);
  if (held === null || taken === null) return false;
  return settleHeld(ctx, path, at, expect, { held, stat: taken });
}

/** Names what is taken to be looked at by what it is to be, so that the run after a crash knows where it came from. */
function heldName({ newHasher }: LocalContext, path: RelPath, expect: Stamp): string {
  const hasher = newHasher();
  hasher.update(Buffer.from(`${path}\0${expect}`));
  return hasher.digest().slice(0, 16);
}

/** What was meant goes to the trash; anything else is the user's and goes back, or where he finds it. */
async function settleHeld(ctx: LocalContext, path: RelPath, at: string, expect: Stamp, { held, stat }: { readonly held: string; readonly stat: FileStat }): Promise<boolean> {
  if (ctx.stamps.matchesButCtime(expect, stat)) {
    try {
      await ctx.trash.bury(path, held);
      return true;
    } catch (error) {
      // Where the trash cannot be used nothing is removed (S63).
      await ctx.trash.giveBack(held, at);
      throw error;
    }
  }
  if (!(await ctx.trash.giveBack(held, at))) await keepTaken(ctx, path, at, held, `${folderOf(at)}/${nameOf(conflictName(path, 'local', ctx.clock.now(), () => false))}`);
  return false;
}

/**
 * What cannot go back, since something else came to its name. A file came in its place: then it is in the trash under the path it had, as any program would have replaced it. A folder replaces nothing:
 * then it stays in sight, as `beside`.
 */
async function keepTaken(ctx: LocalContext, path: RelPath, at: string, held: string, beside: string): Promise<void> {
  const isFolder = (await ctx.fs.lstat(at))?.kind === 'folder';
  if (!isFolder || !(await ctx.trash.giveBack(held, beside))) await ctx.trash.bury(path, held);
}

/** LocalTree.settleRemoval. */
export async function settleRemovalAt(ctx: LocalContext, path: RelPath, expect: Stamp): Promise<void> {
  const found = await ctx.trash.foundHeld(heldName(ctx, path, expect));
  if (found === null) return;
  // The old name of a file that has its new one already.
  if (found.stat.kind === 'file' && found.stat.nlink > 1) return ctx.trash.keepHeld(found.held);
  try {
    await settleHeld(ctx, path, await ctx.paths.forChange(path), expect, found);
  } catch (error) {
    // Its folder is gone, or something stands in the way.
    if (!(error instanceof SyncError)) throw error;
    await ctx.trash.keepHeld(found.held);
  }
}

/** For a folder that the trash cannot be renamed from (a bind mount). */
async function copyAndUnlink(ctx: LocalContext, path: RelPath, at: string, expect: Stamp): Promise<boolean> {
  await ctx.trash.copy(path, at);
  const now = await lookFor(ctx, at, expect);
  if (now === 'stale' || now === 'absent') return false;
  // RACE: what is written or renamed here between this look and the removal is lost.
  await ctx.fs.unlink(at);
  return true;
}

/** LocalTree.move. Nothing at `to` is ever replaced. */
export async function moveTo(ctx: LocalContext, from: RelPath, to: RelPath, expect: Stamp): Promise<LocalResult> {
  const source = await ctx.paths.forChange(from);
  const target = await ctx.paths.forChange(to);
  const before = await ctx.fs.lstat(source);
  if (before === null || before.kind === 'other' || !ctx.stamps.matches(expect, before)) return STALE;
  const there = await ctx.fs.lstat(target);
  if (there !== null) return isOtherSpelling(ctx, from, to, before, there) ? respell(ctx, from, source, target, before, expect) : STALE;
  // A spelling that a disk which folds names tells from the old one all the same: case it folds, normal forms it does not.
  if (before.kind === 'folder') return mayFold(ctx, from, to) ? renameFolder(ctx, source, target, before) : STALE;
  const text = before.kind === 'symlink' ? await textOfLink(ctx, source) : null;
  if (before.kind === 'symlink' && text === null) return STALE;
  if (!(await moveToFree(ctx, from, source, target, { stat: before, text }, expect))) return STALE;
  await ctx.fs.syncFolder(folderOf(target));
  if (folderOf(source) !== folderOf(target)) await ctx.fs.syncFolder(folderOf(source));
  const now = text === null ? before : await statOfNewLink(ctx, target, text);
  return { kind: 'done', stamp: await inherited(ctx, target, now ?? before, expect) };
}

/** A file, or a link with its text. */
interface Movable {
  readonly stat: FileStat;
  readonly text: string | null;
}

/** The new name comes first and never replaces; the old one goes to a holding place and is looked at there. So neither a file made at `to` nor a late edit of `from` is lost, and a crash leaves both names. */
async function moveToFree(ctx: LocalContext, from: RelPath, source: string, target: string, { stat: before, text }: Movable, expect: Stamp): Promise<boolean> {
  try {
    if (text !== null) await ctx.fs.symlink(text, target);
    else await ctx.fs.link(source, target);
  } catch (error) {
    if (hasCode(error, 'exists', 'not-found')) return false;
    if (hasCode(error, 'not-supported')) return renameToFree(ctx, source, target);
    throw error;
  }
  const held = await ctx.trash.hold(source, heldName(ctx, from, expect));
  const old = held === null ? null : await ctx.fs.lstat(held);
  if (held !== null && old !== null && ctx.stamps.matchesButCtime(expect, old)) {
    await ctx.fs.unlink(held);
    return true;
  }
  // It is not what was to be moved: it goes back, and the new name, which the user did not give, goes.
  const isBack = held === null || (await ctx.trash.giveBack(held, source));
  const unwanted = await ctx.trash.hold(target);
  if (unwanted !== null && ((await isOurName(ctx, unwanted, before)) || !(await ctx.trash.giveBack(unwanted, target)))) await ctx.trash.keepHeld(unwanted);
  if (!isBack) await keepTaken(ctx, from, source, held, target);
  return false;
}

/** Whether it is the second name just given to `before`, and not a file the user put there in the meantime. */
async function isOurName(ctx: LocalContext, held: string, before: FileStat): Promise<boolean> {
  const stat = await ctx.fs.lstat(held);
  if (stat === null || stat.kind !== before.kind) return false;
  if (before.kind === 'symlink') return stat.size === before.size;
  return stat.ino === before.ino && (stat.nlink > 1 || (stat.size === before.size && stat.mtimeNs === before.mtimeNs));
}

async function renameToFree(ctx: LocalContext, source: string, target: string): Promise<boolean> {
  if ((await ctx.fs.lstat(target)) !== null) return false;
  // RACE: without hard links, a file made at `to` since this look is replaced.
  await ctx.fs.rename(source, target);
  return true;
}

/** RACE: an empty folder made at `target` since the look is replaced; rename(2) replaces no other. */
async function renameFolder(ctx: LocalContext, source: string, target: string, before: FileStat): Promise<LocalResult> {
  await ctx.fs.rename(source, target);
  await ctx.fs.syncFolder(folderOf(target));
  return { kind: 'done', stamp: ctx.stamps.of(before, false) };
}

/** `to` names the same file because the file system folds the two spellings. */
function isOtherSpelling(ctx: LocalContext, from: RelPath, to: RelPath, source: FileStat, target: FileStat): boolean {
  return mayFold(ctx, from, to) && source.ino === target.ino;
}

function mayFold({ features }: LocalContext, from: RelPath, to: RelPath): boolean {
  const fold = (path: string): string => path.normalize('NFC').toLowerCase();
  return (features.caseInsensitive || features.normalises) && fold(from) === fold(to);
}

/** A case-only rename. Some file systems ignore a direct one; then it goes by way of the trash, where a crash would leave the file to be found. */
async function respell(ctx: LocalContext, from: RelPath, source: string, target: string, before: FileStat, expect: Stamp): Promise<LocalResult> {
  const wanted = target.slice(folderOf(target).length + 1).normalize('NFC');
  await ctx.fs.rename(source, target);
  const names = await ctx.fs.readDir(folderOf(target));
  if (!names.some(({ name }) => name.normalize('NFC') === wanted)) {
    if (before.kind === 'folder') await respellFolder(ctx, source, target);
    else {
      const place = await ctx.trash.take(from, source);
      if (!(await ctx.trash.giveBack(place, target))) return STALE;
    }
  }
  await ctx.fs.syncFolder(folderOf(target));
  if (before.kind === 'folder') return { kind: 'done', stamp: ctx.stamps.of(before, false) };
  return { kind: 'done', stamp: await inherited(ctx, target, before, expect) };
}

/** A folder stays where it is seen: by way of a name beside it, which a crash would leave as a renamed folder. */
async function respellFolder(ctx: LocalContext, source: string, target: string): Promise<void> {
  const beside = `${target}.${ctx.random.id()}`;
  await ctx.fs.rename(source, beside);
  await ctx.fs.rename(beside, target);
}

/** LocalTree.removeFolder. Junk goes to the trash, but only what is junk by name and out of scope by the rules of the last scan; anything else keeps the folder. */
export async function removeFolderAt(ctx: LocalContext, path: RelPath, rules: IgnoreRules | null): Promise<LocalResult> {
  const at = await ctx.paths.forChange(path);
  const stat = await ctx.fs.lstat(at);
  if (stat?.kind !== 'folder') return STALE;
  const left: { readonly name: string; readonly path: RelPath }[] = [];
  for (const { name, valid } of await ctx.fs.readDir(at)) {
    const parsed = parseRelPath(`${path}/${name}`);
    if (!valid || 'fault' in parsed || !(await isJunk(ctx, `${at}/${name}`, parsed.path, rules))) return STALE;
    left.push({ name, path: parsed.path });
  }
  for (const { name, path: junk } of left) await ctx.trash.take(junk, `${at}/${name}`);
  try {
    await ctx.fs.rmdir(at);
  } catch (error) {
    if (hasCode(error, 'not-empty', 'not-found')) return STALE;
    throw error;
  }
  await ctx.fs.syncFolder(folderOf(at));
  return { kind: 'done', stamp: ctx.stamps.of(stat, false) };
}

async function isJunk(ctx: LocalContext, at: string, path: RelPath, rules: IgnoreRules | null): Promise<boolean> {
  if (isTempBeside(nameOf(path))) return true;
  const isFolder = (await ctx.fs.lstat(at))?.kind === 'folder';
  return rules !== null && isJunkName(path, isFolder) && rules.matches(path, isFolder);
}

/** The stamp after a change of ours that left the bytes alone. What the old stamp could not prove the new one cannot either. */
async function inherited(ctx: LocalContext, at: string, ours: FileStat, expect: Stamp): Promise<Stamp> {
  const stamp = await settledStamp(ctx, at, ours, null);
  return isRacy(expect) ? asRacy(stamp) : stamp;
}
