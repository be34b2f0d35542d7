import type { FailureView, PairView } from '../../src-preload/contract/model.ts';
import { en } from './en.ts';
import { formatPast, formatUntil } from './format.ts';

/** What the store does not allow, where that is what a message of the engine says; null where it is something else. */
export function deniedAction({ message }: Pick<FailureView, 'message'>): string | null {
  return /^(s3:\w+) is not allowed on /.exec(message)?.[1] ?? null;
}

export function deniedWords(action: string): string {
  const { may } = en.deniedCard;
  if (/^s3:(Put|Abort|ListMultipart|ListBucketMultipart)/.test(action)) return may.write(action);
  if (/^s3:GetObject/.test(action)) return may.read(action);
  if (/^s3:DeleteObject/.test(action)) return may.remove(action);
  return /^s3:ListBucket/.test(action) ? may.list(action) : may.other(action);
}

/** What is named once. */
export function deniedActions(failures: readonly FailureView[]): readonly string[] {
  return [...new Set(failures.flatMap((failure) => deniedAction(failure) ?? []))];
}

const AWAY = ['unreachable', 'root-missing', 'remote-missing'];
/** A next try that is nearer than this is not worth telling. */
const SOON_MS = 60_000;

/** Since when a folder stands still, what waits meanwhile, and when it is tried again, as far as that is known. */
export function troubleWords({ state, trouble, error, pending }: PairView, now: number): string | null {
  if (trouble === null || error === null) return null;
  const { since, triedAt, nextTryAt } = trouble;
  const still = AWAY.includes(error.code) ? en.errorCard.stillAway : en.errorCard.stillSo;
  const parts = [
    (state === 'offline' ? en.errorCard.waitingSince : en.errorCard.stoppedSince)(formatPast(since, now)),
    pending > 0 ? en.words.pending(pending) : '',
    triedAt > since ? still(formatPast(triedAt, now)) : '',
    nextTryAt !== null && nextTryAt - now >= SOON_MS ? en.errorCard.nextTry(formatUntil(nextTryAt, now)) : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}
