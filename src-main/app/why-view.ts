import type { WhyAnswer, WhyView } from '../../src-preload/contract/desktop.ts';
import type { Conflict } from '../core/conflict.ts';
import type { CycleReport, PathFailure } from '../core/events.ts';
import { isWithin, nameOf, type RelPath } from '../core/rel-path.ts';
import type { Direction } from '../core/settings.ts';
import type { PairEngine, WaitingBelow, WhyReport } from '../engine/sync-manager.ts';
import type { Past } from '../remote/history/past.ts';
import { fileHistory } from './past-views.ts';
import { keptBy } from './settled.ts';

export interface WhyPorts {
  readonly engine: Pick<PairEngine, 'syncAll' | 'why' | 'status'>;
  readonly past: Past;
  readonly direction: Direction;
  /** What both sides agreed on last. */
  readonly book: { agreed(): ReadonlyMap<RelPath, unknown> };
  /** Whether something is there on this computer, left out or not. */
  isThere(path: RelPath): Promise<boolean>;
}

/** So many files of a like name are told. */
const ALIKE_SHOWN = 3;

/** Why a path is not in step, or that it is: by a look at both sides that changes nothing. */
export async function explainPath({ engine, past, direction, book, isThere }: WhyPorts, path: RelPath, signal: AbortSignal): Promise<WhyView> {
  const report = await engine.syncAll({ dryRun: true, signal });
  const { failures, conflicts } = engine.status();
  const asked = conflicts.filter((one) => isWithin(one.path, path));
  const known = answerOf(path, report, failures, asked);
  if (known !== null) return { path, answer: known };
  signal.throwIfAborted();
  const why = await engine.why(path);
  if (why.ignoreRule !== null) return { path, answer: { kind: 'ignored', rule: why.ignoreRule, isThere: await isThere(path) } };
  const below = belowOf(why.facts.below, failures.filter((one) => isWithin(one.path, path)).length, asked.length);
  const answer = (await settledAnswer(below, why, path, past, direction, signal)) ?? { kind: 'nowhere', alike: alikeIn(book.agreed(), path) };
  return { path, answer };
}

/** Those that bear the same name, but for case, and lie elsewhere. */
function alikeIn(agreed: ReadonlyMap<RelPath, unknown>, path: RelPath): readonly RelPath[] {
  const folded = (one: RelPath): string => nameOf(one).normalize('NFC').toLowerCase();
  const name = folded(path);
  return [...agreed.keys()]
    .filter((one) => folded(one) === name)
    .sort()
    .slice(0, ALIKE_SHOWN);
}

/** `asked`: the conflicts at and below it that are listed; a look that changes nothing lists none. */
function answerOf(path: RelPath, { problems, conflicts, held, planned }: CycleReport, failures: readonly PathFailure[], asked: readonly Conflict[]): WhyAnswer | null {
  const problem = problems.find((one) => one.path === path) ?? problems.find((one) => one.subtree && path.startsWith(`${one.path}/`));
  if (problem !== undefined) return { kind: 'problem', side: problem.side, reason: problem.reason, above: problem.path === path ? null : problem.path };
  if (conflicts.some((one) => one.path === path)) return { kind: asked.some((one) => one.path === path) ? 'conflict' : 'unasked' };
  const holding = held.find(({ actions }) => actions.some((one) => one.path === path));
  if (holding !== undefined) return { kind: 'held', why: holding.why };
  const failure = failures.find((one) => one.path === path);
  if (failure !== undefined) return { kind: 'failed', code: failure.code, message: failure.message };
  const deeds = planned.filter((one) => one.path === path || ('to' in one && one.to === path));
  const [kept] = deeds.flatMap(({ kind, reason }) => keptBy(kind, reason) ?? []);
  if (kept !== undefined) return { kind: 'settles', kept };
  return deeds.length > 0 ? { kind: 'pending' } : null;
}

/** Of a path for which nothing is planned; null where nobody ever heard of it. */
async function settledAnswer(
  below: Below,
  { base, local, remote, facts }: WhyReport,
  path: RelPath,
  past: Past,
  direction: Direction,
  signal: AbortSignal,
): Promise<WhyAnswer | null> {
  if (facts.oneWay && direction !== 'two_way') return { kind: 'one-way', direction };
  if (!facts.agrees) return { kind: 'differs' };
  if (base === null && local === null && remote === null) {
    if (facts.link !== null && facts.link !== path) return { kind: 'behind-link', above: facts.link };
    return goneAnswer(path, past, signal);
  }
  return belowAnswer(below) ?? { kind: facts.link === path ? 'link' : 'agreed' };
}

type Below = WaitingBelow & { readonly failed: number; readonly unasked: number };

/** Of conflicts that nobody was asked about yet there is nothing to decide. */
function belowOf(below: WaitingBelow, failed: number, asked: number): Below {
  const listed = Math.min(below.conflicts, asked);
  return { ...below, failed, conflicts: listed, unasked: below.conflicts - listed };
}

/** What failed is planned again, which says less. */
const BELOW = ['held', 'conflicts', 'problems', 'failed', 'unasked', 'planned', 'oneWay'] as const;

/** What presses most. */
function belowAnswer(below: Below): WhyAnswer | null {
  const what = BELOW.find((one) => below[one] > 0);
  return what === undefined ? null : { kind: 'below', what, count: below[what] };
}

async function goneAnswer(path: RelPath, past: Past, signal: AbortSignal): Promise<WhyAnswer | null> {
  const { versions } = await fileHistory(past, path, signal);
  const [last] = versions;
  if (last === undefined) return null;
  return { kind: last.ended === 'moved' ? 'moved' : 'deleted', at: last.until, kept: versions.some(({ kept }) => kept) };
}
