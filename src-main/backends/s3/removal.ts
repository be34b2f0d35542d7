import { SyncError } from '../../core/errors.ts';
import type { DeleteResult } from '../backend.ts';
import { inDoubt, STALE } from './conditional.ts';
import { fits, look, pause, type S3Context } from './s3-context.ts';
import type { Expected } from './token.ts';
import type { Tombstones } from './tombstones.ts';

export interface Removal {
  readonly key: string;
  readonly expected: Extract<Expected, { kind: 'token' }>;
  readonly signal: AbortSignal | undefined;
}

export const REMOVED = { kind: 'done' } as const;
const MOST_TRIES = 8;

/** A deletion that the store judges. It sees the ETag alone, so the look right before it stands for the second. RACE: equal bytes written between that look and the deletion go with it; both held the same. */
export async function removeConditional(context: S3Context, { key, expected, signal }: Removal): Promise<DeleteResult> {
  let doubt: SyncError | null = null;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const answer = await context.api.delete(key, { precondition: { kind: 'etag', etag: expected.etag }, ...(signal === undefined ? {} : { signal }) });
    if (answer.kind === 'done') return REMOVED;
    if (answer.kind === 'not-implemented')
      throw new SyncError('config', 'the store no longer takes a condition that it took when it was looked at', { path: key, hint: 'Run `file-sync doctor`.' });
    if (answer.kind === 'unanswered') doubt = answer.error;
    const found = await look(context, key, signal);
    if (found.kind !== 'object') return REMOVED;
    if (!fits(found, expected)) {
      if (doubt !== null) throw inDoubt(key, doubt);
      return STALE;
    }
    await pause(context, tries, signal);
  }
  throw doubt ?? new SyncError('busy', 'others keep writing to this key', { path: key });
}

/** A deletion where the store does not judge it: a tombstone is put under the condition, and then taken away. The object is gone, for everybody, once the tombstone is there. */
export async function removeByTombstone(context: S3Context, tombstones: Tombstones, { key, expected, signal }: Removal): Promise<DeleteResult> {
  const claim = await tombstones.place(key, expected, signal);
  if (claim === 'stale') return (await look(context, key, signal)).kind === 'object' ? STALE : REMOVED;
  await tombstones.drop(claim, false);
  return REMOVED;
}
