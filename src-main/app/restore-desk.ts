import type { ChangeView, RestorePlan, RestoreReport, RestoreWhat, RunView, TrashView } from '../../src-preload/contract/history.ts';
import type { Listed } from '../../src-preload/contract/model.ts';
import { isSynced, restoreElsewhere } from '../compose/restore-elsewhere.ts';
import { fromTrash } from '../compose/restore-trash.ts';
import type { Pair } from '../compose.ts';
import type { BaseSnapshot } from '../core/entry.ts';
import { assertNever, SyncError, throwIfAborted } from '../core/errors.ts';
import type { Progress } from '../core/events.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { Change } from '../core/revision.ts';
import { anyKept, contentsIn } from '../engine/kept-content.ts';
import { asAgreed, bringBack, stillHere } from '../engine/put-back.ts';
import { asInLife, asOf, nothingThen, type PastTree, readPastTree } from '../engine/restore.ts';
import type { MakeWanted, ReviseReport, SkippedPath } from '../engine/sync-manager.ts';
import { before } from '../engine/undo.ts';
import type { Deed, Run } from '../engine/undo-log.ts';
import { leftToUndo, whatIsUndone } from '../engine/undone.ts';
import { trashFinder } from '../local/trash-finder.ts';
import type { TrashItem } from '../local/trash-reader.ts';
import type { Platform } from '../platform/platform.ts';
import type { Life, Past, Resolved } from '../remote/history/past.ts';
import { asRelPath } from './asked-path.ts';
import { errorView } from './engine-protocol.ts';

/** What a window shows of a plan at most; the counts are of all. */
const CHANGES_SHOWN = 1_000;
const LEFT_SHOWN = 200;
const TRASH_SHOWN = 5_000;
const RUN_PATHS_SHOWN = 3;

export type DeskPair = Pick<Pair, 'past' | 'reviser' | 'trash'>;

export interface RestoreOrder {
  readonly what: RestoreWhat;
  /** The folder to write into; null: in place. */
  readonly folder: string | null;
}

/** What a restore would do. */
export async function planRestore(pair: DeskPair, platform: Platform, { what, folder }: RestoreOrder, signal: AbortSignal): Promise<RestorePlan> {
  if (folder !== null) {
    const { planned, left } = await elsewhere(pair.past, platform, what, folder, true, signal);
    return planView(planned, left, null);
  }
  const { planned, left, held } = await pair.reviser.revise(await wantedFor(pair, what, signal), { dryRun: true, releaseHeld: false, signal });
  return planView([...planned, ...sentAgain(pair, what).map(asSend)], left, held);
}

interface RestoreCall {
  readonly signal: AbortSignal;
  /** From here on something may be changed. */
  readonly onBegin: () => void;
  /** How far a copy elsewhere is; the engine tells of everything else. */
  readonly onProgress: (progress: Progress) => void;
}

/** Does it. Where it is stopped or fails on the way, the answer is what was done until then. Files go in unusual number only if exactly so many were agreed to. */
export async function doRestore(
  pair: DeskPair,
  platform: Platform,
  { what, folder }: RestoreOrder,
  agreed: number | null,
  { signal, onBegin, onProgress }: RestoreCall,
): Promise<RestoreReport> {
  if (folder !== null) return reportView(await elsewhere(pair.past, platform, what, folder, false, signal, { onBegin, onProgress }));
  const wanted = await wantedFor(pair, what, signal);
  if (agreed !== null) {
    const { held } = await pair.reviser.revise(wanted, { dryRun: true, releaseHeld: false, signal });
    if (held !== agreed) throw movedOn();
  }
  const again = sentAgain(pair, what);
  const options = { releaseHeld: agreed !== null, signal, onBegin };
  const revised =
    what.kind === 'held'
      ? await bringBack(pair.reviser, { wanted, again }, options)
      : await pair.reviser.revise(wanted, { ...options, dryRun: false, undoes: what.kind === 'run' });
  if (revised.held !== null) throw movedOn();
  return reportView(revised, again.map(asSend));
}

/** Files that stay here and are sent once more. */
function sentAgain({ reviser }: DeskPair, what: RestoreWhat): readonly RelPath[] {
  return what.kind === 'held' ? stillHere(reviser.held()) : [];
}
interface Send {
  readonly kind: 'send';
  readonly path: RelPath;
}
const asSend = (path: RelPath): Send => ({ kind: 'send', path });

function movedOn(): SyncError {
  return new SyncError('usage', 'the list of changes is another one by now', { hint: 'Look at it again, then decide.' });
}

async function wantedFor({ past, reviser, trash }: DeskPair, what: RestoreWhat, signal: AbortSignal): Promise<MakeWanted> {
  switch (what.kind) {
    case 'moment':
      return asOf(past, what.at, what.folder === null ? null : asRelPath(what.folder));
    case 'version': {
      const { life, found } = await versionOf(past, asRelPath(what.path), what.id, signal);
      return asInLife(past, life, found);
    }
    case 'run':
      return before({ past, findTrashed: trashFinder(trash) }, await runOf(reviser, what.id));
    case 'conflict':
      // The sync that goes before may be what carries the decision out.
      return before({ past, findTrashed: trashFinder(trash) }, () => decisionOf(reviser, asRelPath(what.path)));
    case 'trash': {
      const items = (await trash.list(asRelPath(what.path))).filter(({ path, batch }) => path === what.path && batch === what.batch);
      if (items.length === 0) throw new SyncError('not-found', 'this is no longer in the trash');
      return fromTrash(trash, items);
    }
    case 'held':
      if (reviser.held().length === 0) throw new SyncError('usage', 'nothing is held back any more');
      return asAgreed(past, reviser.held(), await reviser.passed());
    default:
      return assertNever(what);
  }
}

async function elsewhere(past: Past, platform: Platform, what: RestoreWhat, folder: string, dryRun: boolean, signal: AbortSignal, told: Partial<RestoreCall> = {}) {
  if (await isSynced(platform, folder)) throw new SyncError('usage', 'this is a synced folder or a backup', { hint: 'Choose a folder of its own.' });
  const tree = await treeFor(past, what, signal);
  const report = await restoreElsewhere(past, platform, { ...told, tree, folder, dryRun, signal });
  const unsure = [...tree.unsure].map((path) => ({ path, why: 'it is not certain that this was there then' }));
  return { ...report, left: [...report.left, ...unsure] };
}

async function treeFor(past: Past, what: RestoreWhat, signal: AbortSignal): Promise<PastTree> {
  if (what.kind === 'moment') {
    const scope = what.folder === null ? null : asRelPath(what.folder);
    const tree = await readPastTree(past, { atMs: what.at, scope, signal });
    if (tree.entries.size === 0 && tree.lost.length === 0) throw nothingThen(scope);
    return tree;
  }
  if (what.kind !== 'version') throw new SyncError('usage', 'this can be restored only where it was');
  const path = asRelPath(what.path);
  const { found } = await versionOf(past, path, what.id, signal);
  return { entries: new Map([[path, found.entry]]), bytes: new Map(found.bytes === null ? [] : [[path, found.bytes]]), lost: [], unsure: new Set() };
}

async function versionOf(past: Past, path: RelPath, id: string, signal: AbortSignal): Promise<{ readonly life: Life; readonly found: Resolved }> {
  const life = (await past.livesOf(path, signal)).find((each) => each.id === id);
  const found = life === undefined ? null : await past.resolveLife(life, signal);
  if (life === undefined || found === null) throw new SyncError('not-found', 'the content of this version is no longer kept', { path });
  return { life, found };
}

async function runOf(reviser: DeskPair['reviser'], id: string): Promise<Run> {
  const run = (await reviser.runs()).find((each) => each.id === id);
  if (run === undefined) throw new SyncError('not-found', 'this run is no longer remembered');
  return run;
}

/** What the latest run that decided between two versions of a file did to it, and nothing else of that run. */
async function decisionOf(reviser: DeskPair['reviser'], path: RelPath): Promise<Run> {
  for (const run of await reviser.runs()) {
    const deeds = run.deeds.filter((deed) => deed.path === path && deed.settled !== undefined);
    if (deeds.length > 0) return { ...run, deeds };
  }
  throw new SyncError('not-found', 'no decision about this file is remembered', { path });
}

/** Whether anything of these deeds of a run can be taken back. */
export type CanComeBack = (run: Run, left: readonly Deed[]) => Promise<boolean>;

/** The last runs, the latest first, and what of each is left to be undone. */
export async function runViews(runs: readonly Run[], base: BaseSnapshot, canComeBack: CanComeBack): Promise<readonly RunView[]> {
  const undone = whatIsUndone(runs, base);
  return Promise.all(
    runs.map(async (run, i) => {
      const { canUndo, undoneAt } = undone[i] ?? { canUndo: true, undoneAt: null };
      const notKept = canUndo && !(await canComeBack(run, leftToUndo(run, base)));
      return { ...runView(run), canUndo: canUndo && !notKept, undoneAt, notKept };
    }),
  );
}

/** Asks the store at most once about what is left of a run; where it cannot be asked, the plan of an undo tells. */
export function askKept({ past, trash }: Pick<DeskPair, 'past' | 'trash'>, base: BaseSnapshot, known: Map<string, boolean>, signal: AbortSignal): CanComeBack {
  const sources = { past, findTrashed: trashFinder(trash) };
  const here = contentsIn(base.values());
  return async ({ id }, left) => {
    const key = `${id} ${left.length}`;
    try {
      const answer = known.get(key) ?? (await anyKept(sources, left, here, signal));
      known.set(key, answer);
      return answer;
    } catch {
      throwIfAborted(signal);
      return true;
    }
  };
}

export function runView({ id, atMs, deeds: all }: Run): Omit<RunView, 'canUndo' | 'undoneAt' | 'notKept'> {
  const deeds = all.filter((deed) => !isOfFolder(deed));
  const sources = movedFrom(deeds.filter((deed) => !isTwofold(deed)));
  const count = (belongs: (deed: Deed) => boolean): number => deeds.filter(belongs).length;
  return {
    id,
    at: atMs,
    // Where both versions stay, the second one is what came.
    added: count((deed) => isTwofold(deed) || deed.before === null) - sources.size,
    changed: count((deed) => isTwofold(deed) || (deed.before !== null && deed.after !== null)),
    removed: count((deed) => !isTwofold(deed) && deed.before !== null && deed.after === null) - sources.size,
    moved: sources.size,
    folders: all.length - deeds.length,
    paths: [...deeds, ...all.filter(isOfFolder)]
      .filter((deed) => !sources.has(deed))
      .slice(0, RUN_PATHS_SHOWN)
      .flatMap(({ path, settled }) => (settled?.kind === 'both' ? [path, settled.to] : [path]))
      .slice(0, RUN_PATHS_SHOWN),
  };
}

/** A folder that came or went, and nothing else. */
function isOfFolder({ before, after }: Deed): boolean {
  return [before, after].every((entry) => entry === null || entry.kind === 'folder');
}

function isTwofold({ settled }: Deed): boolean {
  return settled?.kind === 'both';
}

/** The old names of files that are there under another one: each new file takes one that held the same. */
function movedFrom(deeds: readonly Deed[]): ReadonlySet<Deed> {
  const gone = new Map<string, Deed[]>();
  for (const deed of deeds) if (deed.before?.kind === 'file' && deed.after === null) gone.set(deed.before.hash, [...(gone.get(deed.before.hash) ?? []), deed]);
  const sources = deeds.map(({ before, after }) => (before === null && after?.kind === 'file' ? gone.get(after.hash)?.shift() : undefined));
  return new Set(sources.filter((source) => source !== undefined));
}

export async function trashView(trash: Pair['trash']): Promise<Listed<TrashView>> {
  const items = await trash.list();
  return { items: items.slice(0, TRASH_SHOWN).map(trashItemView), total: items.length };
}

/** What the trash holds of one file, the latest first. */
export async function trashedOf(trash: Pair['trash'], path: RelPath): Promise<readonly TrashView[]> {
  const items = await trash.list(path);
  return items.filter((item) => item.path === path).map(trashItemView);
}

function trashItemView({ path, batch, kind, size, atMs }: TrashItem): TrashView {
  return { path, batch, kind, size, at: atMs };
}

export async function emptyTrash(trash: Pair['trash'], shown: number, signal: AbortSignal): Promise<void> {
  const items = await trash.list();
  if (items.length !== shown) throw new SyncError('usage', 'the trash holds something else by now', { hint: 'Look at it again, then decide.' });
  await trash.remove(items, signal);
}

function planView(planned: readonly (Change | Send)[], left: readonly SkippedPath[], held: number | null): RestorePlan {
  return { changes: { items: planned.slice(0, CHANGES_SHOWN).map(changeView), total: planned.length }, counts: countsOf(planned), left: listed(left, LEFT_SHOWN), held };
}

function countsOf(changes: readonly (Change | Send)[]): RestorePlan['counts'] {
  const counts: Record<ChangeView['kind'], number> = { write: 0, replace: 0, send: 0, remove: 0, move: 0, 'make-folder': 0, 'remove-folder': 0, 'set-mode': 0 };
  for (const change of changes) counts[kindOf(change)]++;
  return counts;
}

/** @throws what kept it from doing anything at all, but for a stop */
function reportView({ planned, done, left, cut }: Pick<ReviseReport, 'planned' | 'done' | 'left' | 'cut'>, sent: readonly Send[] = []): RestoreReport {
  const isStopped = cut?.code === 'aborted';
  if (cut !== null && !isStopped && done.length === 0) throw cut;
  const came = filesIn(done);
  return {
    done: done.length + sent.length,
    counts: countsOf([...done, ...sent]),
    file: came.length === 1 ? (came[0] ?? null) : null,
    left: listed(left, LEFT_SHOWN),
    // What is all done was not stopped: the next sync carries it over.
    cut: cut === null || (isStopped && done.length === planned.length) ? null : { files: filesIn(planned).length, error: isStopped ? null : errorView(cut) },
  };
}

/** Files that come back, by the name they get. */
function filesIn(changes: readonly Change[]): readonly RelPath[] {
  return changes.flatMap((change) => (change.kind === 'write' ? [change.path] : change.kind === 'move' ? [change.to] : []));
}

function changeView(change: Change | Send): ChangeView {
  return {
    kind: kindOf(change),
    path: change.path,
    to: 'to' in change ? change.to : null,
    size: 'entry' in change && change.entry.kind === 'file' ? change.entry.size : null,
  };
}

function kindOf(change: Change | Send): ChangeView['kind'] {
  return change.kind === 'write' && change.replaces !== null ? 'replace' : change.kind;
}

function listed<T>(all: readonly T[], shown: number): Listed<T> {
  return { items: all.slice(0, shown), total: all.length };
}
