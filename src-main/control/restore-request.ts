import { assertNever, SyncError } from '../core/errors.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { UndoSources } from '../engine/kept-content.ts';
import { lifeById } from '../engine/life-by-id.ts';
import { asAgreed, bringBack, stillHere } from '../engine/put-back.ts';
import { asInLife, asOf } from '../engine/restore.ts';
import type { MakeWanted, PairEngine, ReviseOptions, ReviseReport, Reviser } from '../engine/sync-manager.ts';
import { before } from '../engine/undo.ts';
import type { Run } from '../engine/undo-log.ts';
import type { Past } from '../remote/history/past.ts';

/** What the folder is to hold again, in place. */
export interface RestoreRequest {
  readonly what: RestoreWhat;
  readonly dryRun: boolean;
  /** Go on although more files go than the guard lets pass. */
  readonly releaseHeld: boolean;
}
export type RestoreWhat =
  | { readonly kind: 'time'; readonly atMs: number; readonly path: RelPath | null }
  | { readonly kind: 'version'; readonly path: RelPath; readonly id: string }
  /** As it was before a run. */
  | { readonly kind: 'run'; readonly id: string }
  /** From the local trash: the latest of each path, or what went at one time. */
  | { readonly kind: 'trash'; readonly path: RelPath; readonly batch: string | null }
  /** What the guard holds back. */
  | { readonly kind: 'held' };

export interface RestoreDone extends Omit<ReviseReport, 'cut'> {
  /** Files that are here and go to the other side once more; of what is held only. */
  readonly again: readonly RelPath[];
}

/** A reviser that is told whether what it is to do undoes a run. */
export interface WordyReviser extends Reviser {
  revise(wanted: MakeWanted, options: ReviseOptions & { readonly undoes?: boolean }): Promise<ReviseReport>;
}

export interface RestoreParts {
  readonly engine: Pick<PairEngine, 'syncAll'>;
  readonly reviser: WordyReviser;
  readonly past: Past;
  /** Of one undo: what gave way here. */
  trashFinder(): UndoSources['findTrashed'];
  /** Throws `usage` where nothing of it is there. */
  trashed(path: RelPath, batch: string | null): Promise<MakeWanted>;
}

export async function restoreAt(parts: RestoreParts, { what, dryRun, releaseHeld }: RestoreRequest, signal: AbortSignal): Promise<RestoreDone> {
  if (what.kind === 'held') return bringHeldBack(parts, { dryRun, releaseHeld, signal });
  const undoes = what.kind === 'run';
  return { ...whole(await parts.reviser.revise(await wantedOf(parts, what, signal), { dryRun, releaseHeld, undoes, signal })), again: [] };
}

/** @throws what cut it short, with how far it came */
function whole({ cut, ...report }: ReviseReport): Omit<ReviseReport, 'cut'> {
  if (cut === null) return report;
  const { done, planned } = report;
  if (done.length === 0 || done.length === planned.length) throw cut;
  const { path, hint } = cut;
  const message = `${cut.message}; ${done.length} of ${planned.length} changes are done and stay`;
  throw new SyncError(cut.code, message, { cause: cut, ...(path === undefined ? {} : { path }), ...(hint === undefined ? {} : { hint }) });
}

async function wantedOf({ past, reviser, trashFinder, trashed }: RestoreParts, what: Exclude<RestoreWhat, { readonly kind: 'held' }>, signal: AbortSignal): Promise<MakeWanted> {
  switch (what.kind) {
    case 'time':
      return asOf(past, what.atMs, what.path);
    case 'version': {
      const { life, found } = await lifeById(past, what.path, what.id, signal);
      return asInLife(past, life, found);
    }
    case 'run': {
      const chosen = await runOf(reviser, what.id);
      // A sync goes before, which may end the run.
      return before({ past, findTrashed: trashFinder() }, () => runOf(reviser, what.id).catch(() => chosen));
    }
    case 'trash':
      return trashed(what.path, what.batch);
    default:
      return assertNever(what);
  }
}

async function runOf(reviser: Reviser, id: string): Promise<Run> {
  const run = (await reviser.runs()).find((each) => each.id === id);
  if (run === undefined) throw new SyncError('usage', 'this run is no longer remembered', { hint: '`file-sync undo --list` numbers those that are.' });
  return run;
}

/** Both ways: files that went or were scrambled here come back, and files that went on the other side are sent again. What else is held stays so. */
async function bringHeldBack(
  { engine, reviser, past }: RestoreParts,
  { dryRun, releaseHeld, signal }: { readonly dryRun: boolean; readonly releaseHeld: boolean; readonly signal: AbortSignal },
): Promise<RestoreDone> {
  // A look of its own: what was held before may be settled, and a single command remembers nothing of it.
  const { held } = await engine.syncAll({ dryRun, signal });
  const again = stillHere(held);
  const wanted = asAgreed(past, held, await reviser.passed());
  const seen = whole(await reviser.revise(wanted, { dryRun: true, releaseHeld, signal }));
  if (dryRun || seen.held !== null) return { ...seen, again };
  const revised = whole(await bringBack(reviser, { wanted, again }, { releaseHeld, signal }));
  return { ...revised, again, report: revised.report ?? (again.length === 0 ? null : await engine.syncAll({ signal })) };
}
