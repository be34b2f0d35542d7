import { SyncError } from '../../core/errors.ts';
import type { DeleteResult } from '../backend.ts';
import { type Committed, inDoubt, STALE, type Write } from './conditional.ts';
import { REMOVED, type Removal } from './removal.ts';
import { fits, look, ownAt, pause, type S3Context } from './s3-context.ts';
import { versionOf } from './token.ts';

const MOST_TRIES = 4;

/**
 * A write that nothing but looks before and after it protects (level E). Whoever was overwritten finds another's object afterwards and answers `stale`, so that its content comes back as a conflict.
 * RACE: a write that lands between another's look and that one's effect, and was looked after before that effect, is lost from its key.
 */
export async function bestEffort(context: S3Context, write: Write): Promise<Committed> {
  const { key, expected, mark, signal } = write;
  let doubt: SyncError | null = null;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const before = await look(context, key, signal);
    const earlier = ownAt(before, mark);
    if (earlier !== null) return { kind: 'done', version: versionOf(earlier) };
    if (!fits(before, expected)) {
      if (doubt !== null) throw inDoubt(key, doubt);
      return STALE;
    }
    const answer = await write.send(undefined);
    if (answer.kind === 'source-changed' && doubt === null) return answer;
    if (answer.kind === 'unanswered') doubt = answer.error;
    const own = ownAt(await look(context, key, signal), mark);
    if (own !== null) return { kind: 'done', version: versionOf(own) };
    if (answer.kind === 'done') return STALE;
    if (answer.kind === 'no-upload') return answer;
    if (answer.kind === 'source-changed') break;
    await pause(context, tries, signal);
  }
  throw doubt ?? new SyncError('busy', 'the store did not take the write', { path: key });
}

/** RACE: what is written between the look before this and the deletion is deleted with it. */
export async function removeBestEffort(context: S3Context, { key, expected, signal }: Removal): Promise<DeleteResult> {
  const before = await look(context, key, signal);
  if (before.kind === 'absent') return REMOVED;
  if (!fits(before, expected)) return STALE;
  const answer = await context.api.delete(key, signal === undefined ? {} : { signal });
  if (answer.kind === 'done') return REMOVED;
  if (answer.kind === 'unanswered' && (await look(context, key, signal)).kind === 'absent') return REMOVED;
  throw answer.kind === 'unanswered' ? answer.error : new SyncError('busy', 'the store did not take the deletion', { path: key });
}
