import type { ErrorCode, PairView } from '../../src-preload/contract/model.ts';
import { deniedAction, deniedActions, deniedWords } from './denied-words.ts';
import { errorAndHint, errorWords } from './error-words.ts';
import { formatPast, formatUntil, sentence } from './format.ts';
import { say } from './say.ts';
import { goesOn, isHopeless, isResting } from './words.ts';

/** What another sign-in may put right: keys that are missing or are not taken. */
const SIGN_IN: readonly ErrorCode[] = ['refused', 'no-permission', 'config'];

export function helpsToSignIn({ error, state, storage, wantsSecret }: Pick<PairView, 'error' | 'state' | 'storage' | 'wantsSecret'>): boolean {
  return storage.kind === 's3' && state !== 'offline' && !wantsSecret && error !== null && SIGN_IN.includes(error.code);
}

/** What is said of an error that keeps a whole folder from being synced: what it is, and what helps. */
export function errorText(pair: PairView): string {
  const { error, state, storage, wantsSecret } = pair;
  if (error === null) return '';
  const denied = deniedAction(error);
  if (denied !== null) return `${deniedWords(denied)} ${say.deniedCard.remedy}`;
  const offline = state === 'offline';
  const resting = isResting(pair);
  if (offline && storage.kind === 'folder') return `${say.errorCard.backupGone(storage.path)} ${resting ? say.errorCard.connectInRest : say.errorCard.connect}`;
  // What the engine says to do is said to all its users: here there is a button.
  if (wantsSecret && error.code === 'config') return `${errorWords(error)} ${say.protection.enterHint}`;
  const { hint } = error;
  const advice = resting && hint !== null ? withoutRetry(hint) : hint;
  const next = resting ? (offline || advice !== hint ? say.errorCard.triedAfterRest : '') : offline && hint === null ? say.errorCard.offlineText : '';
  return [errorAndHint({ ...error, hint: advice === '' ? null : advice }), next].filter((part) => part !== '').join(' ');
}

/** In a pause nothing is tried again, as the engine's advice has it. */
function withoutRetry(hint: string): string {
  const clauses = hint.split(/(?<=[;.])\s+/).filter((clause) => !/^it is tried again/i.test(clause));
  return clauses.length === 0 ? '' : sentence(clauses.join(' ').replace(/;$/, '.'));
}

/** What becomes of the items of a folder that could not be synced, and of the rest of it. */
export function failureText(pair: PairView): string {
  const { failures } = pair;
  const { card, rest } = { card: say.failureCard, rest: goesOn(pair) ? [say.failureCard.restGoesOn] : [] };
  const denied = deniedActions(failures.items);
  if (failures.items.every((failure) => deniedAction(failure) !== null)) return [...denied.map(deniedWords), say.deniedCard.remedy].join(' ');
  const hopeless = failures.items.filter(isHopeless).length;
  const again = goesOn(pair) ? 'soon' : 'later';
  const words = hopeless === 0 ? card.text[again] : hopeless === failures.total ? card.hopeless : card.some[again];
  return [words, ...rest, ...(denied.length > 0 ? [say.deniedCard.remedy] : [])].join(' ');
}

const AWAY = ['unreachable', 'root-missing', 'remote-missing'];
/** A next try that is nearer than this is not worth telling. */
const SOON_MS = 60_000;

/** Since when a folder stands still, what waits meanwhile, and when it is tried again, as far as that is known. */
export function troubleWords({ state, trouble, error, pending }: PairView, now: number): string | null {
  if (trouble === null || error === null) return null;
  const { since, triedAt, nextTryAt } = trouble;
  const still = AWAY.includes(error.code) ? say.errorCard.stillAway : say.errorCard.stillSo;
  const parts = [
    (state === 'offline' ? say.errorCard.waitingSince : say.errorCard.stoppedSince)(formatPast(since, now)),
    pending > 0 ? say.words.pending(pending) : '',
    triedAt > since ? still(formatPast(triedAt, now)) : '',
    nextTryAt !== null && nextTryAt - now >= SOON_MS ? say.errorCard.nextTry(formatUntil(nextTryAt, now)) : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}
