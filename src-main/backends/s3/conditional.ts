import { SyncError } from '../../core/errors.ts';
import type { WriteResult } from '../backend.ts';
import type { Precondition, WriteAnswer } from './s3-api.ts';
import { type Found, fits, look, ownAt, pastSecond, patienceWith, pause, type S3Context } from './s3-context.ts';
import { type Expected, isToken, passedVersion, versionOf } from './token.ts';

/** One write: where, under which condition, by which mark it is known, and how it is sent. May be sent again. */
export interface Write {
  readonly key: string;
  readonly expected: Expected;
  readonly mark: string;
  send(precondition: Precondition | undefined): Promise<WriteAnswer | Refusal>;
  readonly signal: AbortSignal | undefined;
}

/** What the store refused for another reason than its condition. */
export type Refusal = { readonly kind: 'no-upload' } | { readonly kind: 'source-changed' };
export type Committed = WriteResult | Refusal;

export const STALE = { kind: 'stale' } as const;
const MOST_TRIES = 8;

/**
 * A write that the store judges in one step with its effect (level A). Only what an answer says counts: `stale` needs the answer that the condition did not hold and no attempt in doubt. After an attempt
 * without an answer the object's mark tells whether it was done; where something else lies there by then, nobody can tell, and the error is passed on.
 */
export async function commitConditional(context: S3Context, write: Write): Promise<Committed> {
  const { key, expected, mark, signal } = write;
  let precondition = preconditionOf(expected);
  let doubt: SyncError | null = null;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const answer = await write.send(precondition);
    if (answer.kind === 'source-changed' && doubt === null) return answer;
    if (answer.kind === 'not-implemented') throw unlikeTheProbe(key);
    if (answer.kind === 'unanswered') doubt = answer.error;
    if (answer.kind === 'raced') await pause(context, tries, signal);
    const found = await look(context, key, signal);
    const own = ownAt(found, mark);
    // The store's clock went back: what was replaced has the same token. It is written once more when that second is over.
    const isSame = own !== null && expected.kind === 'token' && isToken(own, expected);
    if (isSame) {
      await pastSecond(context, expected, signal);
      continue;
    }
    if (own !== null) return { kind: 'done', version: versionOf(own) };
    if (answer.kind === 'done') return { kind: 'done', version: passedVersion(answer.etag) };
    if (answer.kind === 'no-upload') return answer;
    if (answer.kind === 'source-changed') break;
    const next = await nextPrecondition(context, found, expected, tries, signal);
    if (next !== null) precondition = next;
    else if (doubt !== null) throw inDoubt(key, doubt);
    else return STALE;
  }
  throw doubt ?? (await whyBusy(context, key, signal));
}

/** An attempt got no answer, and by now something else lies there: whether it was done and replaced, nobody can tell. The store answers again, so this is of one path and no reason to stop the others. */
export function inDoubt(key: string, cause: SyncError): SyncError {
  return new SyncError('io', 'the store did not say whether it took this, and something else lies there by now; it is looked at again', { path: key, cause });
}

export function preconditionOf(expected: Expected): Precondition {
  return expected.kind === 'absent' ? expected : { kind: 'etag', etag: expected.etag };
}

/** Under which precondition to try again; null when the condition does not hold. */
async function nextPrecondition(context: S3Context, found: Found, expected: Expected, tries: number, signal: AbortSignal | undefined): Promise<Precondition | null> {
  if (fits(found, expected)) {
    await pause(context, tries, signal);
    return preconditionOf(expected);
  }
  if (found.kind !== 'tombstone' || expected.kind !== 'absent') return null;
  const { object } = found;
  const now = await context.api.now(signal === undefined ? {} : { signal });
  if (now - object.lastModifiedMs > patienceWith(object, context)) return { kind: 'etag', etag: object.etag };
  // Its maker is about to take it away.
  await pause(context, tries, signal);
  return expected;
}

async function whyBusy(context: S3Context, key: string, signal: AbortSignal | undefined): Promise<SyncError> {
  const isClaimed = (await look(context, key, signal)).kind === 'tombstone';
  const message = isClaimed ? 'a device that was removing or replacing this file did not finish; it is free within the hour' : 'others keep writing to this file';
  return new SyncError('busy', message, { path: key, hint: 'It is tried again by itself.' });
}

function unlikeTheProbe(key: string): SyncError {
  return new SyncError('config', 'the store no longer takes a condition that it took when it was looked at', {
    path: key,
    hint: 'Run `file-sync doctor`: it looks at the store again.',
  });
}
