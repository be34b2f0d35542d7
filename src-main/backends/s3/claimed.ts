import { hasCode, SyncError, throwIfAborted } from '../../core/errors.ts';
import { type Committed, STALE, type Write } from './conditional.ts';
import { look, ownAt, pause, type S3Context } from './s3-context.ts';
import { passedVersion, versionOf } from './token.ts';
import type { Claim, Tombstones } from './tombstones.ts';

const MOST_TRIES = 4;

/** A write to a new key by a request whose condition the store does not judge (a copy, a completion): the key is claimed by a tombstone under "nothing there", and the write replaces that. */
export async function commitClaimed(context: S3Context, tombstones: Tombstones, write: Write, deletesConditionally: boolean): Promise<Committed> {
  const claim = await tombstones.place(write.key, { kind: 'absent' }, write.signal);
  if (claim === 'stale') return STALE;
  const deed: Deed = { doubt: null, mayHaveLanded: false };
  try {
    const result = await replaceClaim(context, tombstones, write, claim, deed);
    if (result.kind !== 'done') await tombstones.drop(claim, deletesConditionally);
    return result;
  } catch (error) {
    // In doubt the tombstone stays: what is on its way may still replace it, and nobody else may before. And what has replaced it may be more than ours by now.
    if (!deed.mayHaveLanded) await tombstones.drop(claim, deletesConditionally).catch(() => undefined);
    throw error;
  }
}

interface Deed {
  /** Of an attempt that was not answered. */
  doubt: SyncError | null;
  /** An attempt was made and was not answered with a refusal. */
  mayHaveLanded: boolean;
}

async function replaceClaim(context: S3Context, tombstones: Tombstones, write: Write, claim: Claim, deed: Deed): Promise<Committed> {
  const { key, mark, signal } = write;
  for (let tries = 0; tries < MOST_TRIES && (await tombstones.isHeld(claim)); tries++) {
    const answer = await sent(write, deed);
    if (answer.kind === 'source-changed' && deed.doubt === null) return answer;
    const found = await look(context, key, signal);
    const own = ownAt(found, mark);
    if (own !== null) return { kind: 'done', version: versionOf(own) };
    if (answer.kind === 'done') return { kind: 'done', version: passedVersion(answer.etag) };
    if (answer.kind === 'no-upload' && deed.doubt === null) return answer;
    const isStillClaimed = found.kind === 'tombstone' && found.object.etag === claim.etag;
    if (!isStillClaimed || answer.kind === 'no-upload' || answer.kind === 'source-changed') break;
    await pause(context, tries, signal);
  }
  throw deed.doubt ?? new SyncError('busy', 'the store did not take the write', { path: key });
}

async function sent(write: Write, deed: Deed): ReturnType<Write['send']> {
  throwIfAborted(write.signal);
  const answer = await write.send(undefined).catch((error: unknown) => {
    // Interrupted it may be on its way; any other error is the answer that nothing was done.
    deed.mayHaveLanded ||= hasCode(error, 'aborted');
    throw error;
  });
  if (answer.kind === 'unanswered') deed.doubt = answer.error;
  deed.mayHaveLanded ||= answer.kind === 'unanswered' || answer.kind === 'done';
  return answer;
}
