import type { AppState, FailureView, HeldView, PairState, PairView, ProblemReason, ProblemView } from '../../src-preload/contract/model.ts';
import { namesOf } from './file-names.ts';
import { formatPast, formatRun, formatUntil } from './format.ts';
import { say } from './say.ts';

/** What a folder is doing, in a few words: for its card, the tray's menu and the tooltip. */
export function pairWords(pair: PairView, now: number): string {
  const { quietPassedUntil } = pair;
  const words = ownWords(pair, now);
  return quietPassedUntil === null || quietPassedUntil <= now || isResting(pair) ? words : `${words} · ${say.system.quietPassed(formatUntil(quietPassedUntil, now))}`;
}

function ownWords(pair: PairView, now: number): string {
  const { state, lastSyncAt, pending, progress } = pair;
  switch (state) {
    case 'ok':
      if (pending > 0) return waitingWords(pending, pair.nextSyncAt, now);
      return lastSyncAt === null ? say.words.notYet : say.state.ok;
    case 'syncing':
      return progress !== null && isCarrying(pair) ? say.words.working(progress.done, progress.total) : say.words.looking;
    case 'paused':
      return withWaiting(restWords(pair, now), waitingInPause([pair]), ', ');
    case 'attention':
      return withRest(pair, openWords(pair)[0] ?? say.state.attention, now);
    case 'offline':
      return withRest(pair, [pair.trouble === null ? say.words.offline : say.words.offlineSince(formatPast(pair.trouble.since, now)), ...openWords(pair)].join(' · '), now);
    case 'error':
      return withRest(pair, say.state.error, now);
    case 'not-set-up':
      return say.state[state];
  }
}

/** Why it rests, and until when. */
export function restWords(pair: PairView, now: number): string {
  const { holds, pausedUntil, paused } = pair;
  if (isQuiet(pair)) return quietWords([pair], now);
  // The user's own pause says more than the quiet hours that it began in.
  const held = holds.find((reason) => reason !== 'quiet' && reason !== 'disk') ?? (paused ? undefined : holds[0]);
  if (held !== undefined) return say.system.holds[held];
  return pausedUntil === null ? say.subline.pausedUntilResumed : say.subline.pausedUntil(formatUntil(pausedUntil, now));
}

/** What counts more than a rest does not end it. */
function withRest(pair: PairView, words: string, now: number): string {
  return isResting(pair) ? `${restWords(pair, now)} · ${words}` : words;
}

/** Whether nothing in it is synced for now, by the user or by the app; its state may tell something else first. */
export function isResting({ state, paused, holds }: Pick<PairView, 'state' | 'paused' | 'holds'>): boolean {
  return state === 'paused' || paused || holds.some((reason) => reason !== 'disk');
}

/** Whether what is not open in it is synced meanwhile. */
export function goesOn(pair: Pick<PairView, 'state' | 'paused' | 'holds' | 'error'>): boolean {
  return pair.error === null && pair.holds.length === 0 && !isResting(pair);
}

/** Whether it rests for its quiet hours alone: those the user may end, or not wait for. */
export function isQuiet({ paused, holds }: Pick<PairView, 'paused' | 'holds'>): boolean {
  return !paused && holds.length > 0 && holds.every((reason) => reason === 'quiet');
}

/** Whether a try makes sense now: in quiet hours too, but not in a pause. */
export function mayTry(pair: Pick<PairView, 'state' | 'paused' | 'holds'>): boolean {
  return !isResting(pair) || isQuiet(pair);
}

/** Whether there is something to go on with: a pause, or quiet hours. */
export function isResumable(pair: Pick<PairView, 'paused' | 'holds'>): boolean {
  return pair.paused || isQuiet(pair);
}

/** When the first quiet hours of these folders end; null: none is in any, or nobody knows. */
export function quietEnd(pairs: readonly PairView[]): number | null {
  const ends = pairs.filter(isQuiet).flatMap(({ pausedUntil }) => pausedUntil ?? []);
  return ends.length === 0 ? null : Math.min(...ends);
}

function quietWords(pairs: readonly PairView[], now: number): string {
  const end = quietEnd(pairs);
  return end === null ? say.system.holds.quiet : say.system.quietUntil(formatUntil(end, now));
}

/** To go on in spite of them. */
export function anywayWords(pairs: readonly PairView[], now: number): string {
  const end = quietEnd(pairs);
  return end === null ? say.action.resume : say.system.anywayUntil(formatUntil(end, now));
}

/** Changes that wait while syncing rests. They are counted where a folder has times of its own; of others it is known that there are some, at best. */
function waitingInPause(pairs: readonly PairView[]): number {
  return pairs.reduce((sum, { state, nextSyncAt, pending }) => (state === 'paused' && nextSyncAt !== null ? sum + pending : sum), 0);
}

function withWaiting(words: string, waiting: number, joint: string): string {
  return waiting === 0 ? words : `${words}${joint}${say.words.pending(waiting)}`;
}

/** Of all folders together, while they rest: why, until when, and what waits meanwhile. */
export function pausedWords({ pairs }: Pick<AppState, 'pairs'>, now: number): string {
  const waiting = waitingInPause(pairs);
  const resting = pairs.filter(({ state }) => state === 'paused');
  if (resting.length > 0 && resting.every(isQuiet)) {
    if (resting.length < pairs.length) return withWaiting(quietWords(resting, now), waiting, ' · ');
    return waiting === 0 ? say.system.quietText : `${say.words.pending(waiting)}.`;
  }
  const held = pairs.flatMap((pair) => pair.holds.filter((reason) => reason !== 'quiet' || !pair.paused))[0];
  if (held !== undefined) return waiting === 0 ? `${say.system.holds[held]}.` : withWaiting(say.system.holds[held], waiting, ' · ');
  const ends = new Set(resting.map((pair) => pair.pausedUntil));
  const timed = [...ends].filter((until) => until !== null);
  const end = timed.length === 0 ? null : formatUntil(Math.min(...timed), now);
  return withWaiting(end === null ? say.subline.pausedUntilResumed : ends.size > 1 ? say.subline.somePausedUntil(end) : say.subline.pausedUntil(end), waiting, ' · ');
}

/** So far ahead a weekday alone says when. */
const WEEK_MS = 6 * 86_400_000;

/** A folder with times of its own leaves what changed until then. */
function waitingWords(pending: number, nextSyncAt: number | null, now: number): string {
  return nextSyncAt === null ? say.words.pending(pending) : say.words.pendingUntil(pending, nextSyncAt - now < WEEK_MS ? formatUntil(nextSyncAt, now) : formatRun(nextSyncAt, now));
}

function waitingPairs({ overall, pairs }: Pick<AppState, 'overall' | 'pairs'>): readonly PairView[] {
  return overall === 'ok' ? pairs.filter(({ pending }) => pending > 0) : [];
}

/** Of all folders together, in few words: what counts most. */
export function headline(state: Pick<AppState, 'overall' | 'pairs'>, now: number): string {
  return waitingOfAll(state, now) ?? restingOfAll(state, now) ?? lookingOfAll(state) ?? say.headline[state.overall];
}

/** Some folders rest and the others go on, or all have quiet hours: null where all rest for something else, or none does. */
function restingOfAll({ overall, pairs }: Pick<AppState, 'overall' | 'pairs'>, now: number): string | null {
  const resting = pairs.filter(({ state }) => state === 'paused').length;
  if (overall !== 'paused' || resting === 0) return null;
  if (resting < pairs.length) return say.words.somePaused(resting, pairs.length);
  return pairs.every(isQuiet) ? quietWords(pairs, now) : null;
}

/** The same for the tray's tooltip, whose state may lag behind. */
export function stateWords(state: Pick<AppState, 'pairs'>, shown: AppState['overall'], now: number): string {
  return waitingOfAll({ ...state, overall: shown }, now) ?? restingOfAll({ ...state, overall: shown }, now) ?? lookingOfAll({ ...state, overall: shown }) ?? say.state[shown];
}

/** Nothing is carried over yet in those that sync. */
function lookingOfAll({ overall, pairs }: Pick<AppState, 'overall' | 'pairs'>): string | null {
  const syncing = pairs.filter(({ state }) => state === 'syncing');
  return overall === 'syncing' && syncing.length > 0 && !syncing.some(isCarrying) ? say.words.looking : null;
}

/** Whether it is known how much there is to do, and it is being done. */
export function isCarrying({ state, progress }: Pick<PairView, 'state' | 'progress'>): boolean {
  return state === 'syncing' && progress?.phase === 'working' && progress.total > 0;
}

function waitingOfAll(state: Pick<AppState, 'overall' | 'pairs'>, now: number): string | null {
  const waiting = waitingPairs(state);
  if (waiting.length === 0) return null;
  const next = waiting.map(({ nextSyncAt }) => nextSyncAt);
  const until = next.includes(null) ? null : Math.min(...next.filter((at) => at !== null));
  return waitingWords(
    waiting.reduce((sum, { pending }) => sum + pending, 0),
    until,
    now,
  );
}

/** What rests, beside what presses more. */
function restOf(pairs: readonly PairView[], now: number): readonly string[] {
  const resting = pairs.filter(isResting);
  const [first] = resting;
  if (first === undefined) return [];
  if (resting.length < pairs.length) return [say.words.somePaused(resting.length, pairs.length)];
  const words = new Set(resting.map((pair) => restWords(pair, now)));
  return [words.size === 1 ? restWords(first, now) : say.state.paused];
}

/** So many folders are named one by one. */
const FOLDERS_NAMED = 2;

const PRESSING: readonly PairState[] = ['error', 'attention', 'offline'];

/** Folders that wait for a person or a backup too, but not for what the headline tells, each with its own words. */
export function alsoPressing(pairs: readonly PairView[], told: PairState): readonly PairView[] {
  return PRESSING.includes(told) ? pairs.filter(({ state }) => state !== told && PRESSING.includes(state)) : [];
}

/** What waits for a person or a backup: the folders whose state the headline tells, when they were in step, as far as it is known, and what else does. Null where none does. */
export function pressingWords({ overall, pairs }: Pick<AppState, 'overall' | 'pairs'>, now: number): string | null {
  const pressing = PRESSING.includes(overall) ? pairs.filter(({ state }) => state === overall) : [];
  if (pressing.length === 0) return null;
  const named = pressing.slice(0, FOLDERS_NAMED).map(({ name }) => name);
  const times = pressing.map(({ lastSyncAt }) => lastSyncAt).filter((at) => at !== null);
  const parts = [
    ...restOf(pairs, now),
    ...named,
    ...(pressing.length > named.length ? [say.words.moreFolders(pressing.length - named.length)] : []),
    // Of one whose engine is not open the time is not known.
    ...(times.length < pressing.length ? [] : [lastSyncWords(formatPast(Math.min(...times), now), pressing.map(leftOut))]),
    ...alsoPressing(pairs, overall)
      .slice(0, FOLDERS_NAMED)
      .map((pair) => say.tray.pairLine(pair.name, pairWords(pair, now))),
  ];
  return parts.join(' · ');
}

/** The engine's time of the last sync passes over what cannot be synced or waits for a choice. */
function lastSyncWords(time: string, except: readonly number[]): string {
  const items = except.reduce((sum, n) => sum + n, 0);
  return items === 0 ? say.subline.lastSyncAt(time) : say.subline.lastSyncExcept(time, items);
}

/** How many items of a folder are not in step, of those that are known one by one. */
function leftOut(pair: PairView): number {
  const { conflicts, held, failures, problems } = pair;
  return conflicts.total + filesOf(held) + failures.total + (loudProblems(pair).length > 0 ? problems.total : 0);
}

/** What by its nature is not synced: nobody must act on it. */
const QUIET: readonly ProblemReason[] = ['special-file', 'other-file-system', 'changing', 'nested-pair'];

export function loudProblems({ problems }: Pick<PairView, 'problems'>): readonly ProblemView[] {
  return problems.items.filter(({ reason }) => !QUIET.includes(reason));
}

/** What fails again however often it is tried, until somebody changes the name or the place. */
export function isHopeless({ code }: Pick<FailureView, 'code'>): boolean {
  return code in say.failureCard.advice;
}

/** Whether rewrites are held, and not plain deletions. */
export function isBurst({ why }: HeldView): boolean {
  return why === 'scrambled' || why === 'renamed-alike';
}

export function filesOf(held: readonly HeldView[]): number {
  return held.reduce((sum, { files }) => sum + files, 0);
}

/** What is open in it, in few words; empty where nothing is. */
function openWords({ holds, conflicts, held, failures, problems }: PairView): readonly string[] {
  const bursts = filesOf(held.filter(isBurst));
  const deletions = filesOf(held.filter((each) => !isBurst(each)));
  const parts = [
    holds.includes('disk') ? say.system.holds.disk : '',
    conflicts.total > 0 ? say.words.conflicts(conflicts.total, namesOf(conflicts.items, conflicts.total)) : '',
    deletions > 0 ? say.words.held(deletions) : '',
    bursts > 0 ? say.words.bursts(bursts) : '',
    // Why not, and whether it helps to try again, the cards say.
    failures.total + problems.total > 0 ? say.words.failures(failures.total + problems.total) : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? [] : [parts.join(', ')];
}
