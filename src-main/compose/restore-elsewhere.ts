import type { SyncError } from '../core/errors.ts';
import type { Progress } from '../core/events.ts';
import { IgnoreRules } from '../core/ignore.ts';
import type { RelPath } from '../core/rel-path.ts';
import { type Change, planRevision } from '../core/revision.ts';
import { ProgressMeter } from '../engine/progress.ts';
import { nothingThen, type PastTree, sourceOf } from '../engine/restore.ts';
import { carryOut } from '../engine/revise.ts';
import type { SkippedPath } from '../engine/sync-manager.ts';
import { openLocalTree } from '../local/open-local-tree.ts';
import { isHeld, listOrNothing, removeTree } from '../local/trash.ts';
import type { Platform } from '../platform/platform.ts';
import type { Past } from '../remote/history/past.ts';

export interface ElsewhereRequest {
  readonly tree: PastTree;
  /** Made if it is not there. */
  readonly folder: string;
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
  readonly onBegin?: () => void;
  readonly onChange?: (change: Change) => void;
  readonly onProgress?: (progress: Progress) => void;
}
export interface ElsewhereReport {
  readonly planned: readonly Change[];
  readonly done: readonly Change[];
  readonly left: readonly SkippedPath[];
  /** What ended it before its end; what was written until then stays. */
  readonly cut: SyncError | null;
}

/**
 * Writes a tree of the past into a folder of its own: plain files, each proven by its SHA-256 before it gets its name. Whatever is in the folder already stays: what is the same is not fetched again, so a restore that
 * was interrupted goes on where it was; what is another file is left alone, and told.
 */
export async function restoreElsewhere(
  past: Past,
  platform: Platform,
  { tree, folder, dryRun, signal, onBegin, onChange, onProgress }: ElsewhereRequest,
): Promise<ElsewhereReport> {
  if (tree.entries.size === 0 && tree.lost.length === 0) throw nothingThen(null);
  const { fs } = platform;
  const isNew = (await fs.lstat(folder)) === null;
  if (isNew && dryRun) return { planned: planRevision(new Map(), tree.entries).changes, done: [], left: tree.lost, cut: null };
  onBegin?.();
  if (isNew) await makeFolders(fs, folder);
  const local = await openLocalTree({ ...platform, root: folder, trashDays: 0, client: 'restore' });
  try {
    const { entries: seen, problems } = await local.scan({ base: new Map(), ignore: IgnoreRules.of([], { junk: false }), rehash: false, signal });
    const left: SkippedPath[] = [...tree.lost, ...problems.map(({ path, reason }) => ({ path: path as RelPath, why: reason }))];
    const { changes, skipped } = planRevision(seen, tree.entries);
    const [mine, theirs] = [changes.filter(isAddition), changes.filter((change) => !isAddition(change))];
    left.push(...skipped, ...theirs.map(({ path }) => ({ path, why: 'something else is there already, and stays' })));
    if (dryRun) return { planned: mine, done: [], left, cut: null };
    const fetch = async (path: RelPath) => sourceOf(past, tree.bytes.get(path) ?? null, signal);
    const meter = new ProgressMeter(platform.clock, onProgress ?? (() => undefined));
    const { done, failed, cut } = await carryOut({ changes: mine, skipped: [] }, { local, seen, fetch, signal, meter, ...(onChange === undefined ? {} : { onChange }) });
    if (failed.length === 0 && cut === null) await removeOwn(fs, `${folder}/.file-sync`);
    return { planned: mine, done, left: [...left, ...failed], cut };
  } finally {
    await local.close();
  }
}

/** The folder a restore works in, unless it holds something else: the trash of a folder that was synced once, a file that was held there. */
async function removeOwn(fs: Platform['fs'], control: string): Promise<void> {
  if ((await listOrNothing(fs, control)).some(({ name }) => name !== 'tmp')) return;
  if ((await listOrNothing(fs, `${control}/tmp`)).some(({ name }) => isHeld(name))) return;
  await removeTree(fs, control);
}

function isAddition(change: Change): boolean {
  return change.kind === 'make-folder' || change.kind === 'set-mode' || (change.kind === 'write' && change.replaces === null);
}

async function makeFolders(fs: Platform['fs'], folder: string): Promise<void> {
  const parent = folder.slice(0, Math.max(folder.lastIndexOf('/'), folder.lastIndexOf('\\')));
  if (parent !== '' && (await fs.lstat(parent)) === null) await makeFolders(fs, parent);
  await fs.mkdir(folder);
}

/** Whether somebody else's pair lies there: a restore does not write into a synced folder unseen. */
export async function isSynced({ fs }: Platform, folder: string): Promise<boolean> {
  return (await listOrNothing(fs, `${folder}/.file-sync`)).some(({ name }) => name === 'identity.json' || name === 'vault.json');
}
