import { SyncError } from '../../core/errors.ts';
import { type Committed, STALE, type Write } from './conditional.ts';
import { look, ownAt, pause, type S3Context } from './s3-context.ts';
import { passedVersion, versionOf } from './token.ts';
import type { Claim, Tombstones } from './tombstones.ts';

const MOST_TRIES = 4;

/** A write to a new key by a request whose condition the store does not judge (a copy, a completion): the key is claimed by a tombstone under "nothing there", and the write replaces that. */
export async function commitClaimed(context: S3Context, tombstones: Tombstones, write: Write, deletesConditionally: boolean): Promise<Committed> {
  const claim = await tombstones.place(write.key, { kind: 'absent' }, write.signal);
  if (claim === 'stale') return STALE;
  const doubt: { error: SyncError | null } = { error: null };
  try {
    const result = await replaceClaim(context, tombstones, write, claim, doubt);
    if (result.kind !== 'done') await tombstones.drop(claim, deletesConditionally);
    return result;
  } catch (error) {
    // In doubt the tombstone stays: what is on its way may still replace it, and nobody else may before.
    if (doubt.error === null) await tombstones.drop(claim, deletesConditionally).catch(() => undefined);
    throw error;
  }
}

async function replaceClaim(context: S3Context, tombstones: Tombstones, write: Write, claim: Claim, doubt: { error: SyncError | null }): Promise<Committed> {
  const { key, mark, signal } = write;
  for (let tries = 0; tries < MOST_TRIES && tombstones.isHeld(claim); tries++) {
    const answer = await write.send(undefined);
    if (answer.kind === 'unanswered') doubt.error = answer.error;
    if (answer.kind === 'source-changed') return answer;
    const found = await look(context, key, signal);
    const own = ownAt(found, mark);
    if (own !== null) return { kind: 'done', version: versionOf(own) };
    if (answer.kind === 'done') return { kind: 'done', version: passedVersion(answer.etag) };
    if (answer.kind === 'no-upload' && doubt.error === null) return answer;
    const isStillClaimed = found.kind === 'tombstone' && found.object.etag === claim.etag;
    if (!isStillClaimed || answer.kind === 'no-upload') break;
    await pause(context, tries, signal);
  }
  throw doubt.error ?? new SyncError('busy', 'the store did not take the write', { path: key });
}
