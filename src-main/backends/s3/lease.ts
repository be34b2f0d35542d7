import { SyncError } from '../../core/errors.ts';
import { commitConditional } from './conditional.ts';
import { look, MARK, newMark, ownAt, pause, type S3Context } from './s3-context.ts';
import type { Expected } from './token.ts';
import { tokenOf } from './token.ts';

/** A holder that was not heard of for so long, by the store's clock, has died. */
const LEASE_MS = 600_000;
/** After so long, by the monotonic clock, a holder takes it that the lease may have gone to another. */
const TRUST_MS = 300_000;
const MOST_TRIES = 9;

/** One at a time for one key, among those who ask: where the store does not judge a completion. Advisory: who holds it still looks right before and right after. */
export async function withLease<T>(context: S3Context, key: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  const lease = `.file-sync/leases/${hashOf(context, key)}`;
  const since = context.clock.monotonic();
  const mark = newMark(context);
  await take(context, lease, mark, key, signal);
  try {
    return await work();
  } finally {
    if (context.clock.monotonic() - since < TRUST_MS) await release(context, lease, mark);
  }
}

async function take(context: S3Context, lease: string, mark: string, key: string, signal: AbortSignal | undefined): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const found = await look(context, lease, signal);
    const isExpired = found.kind !== 'absent' && (await context.api.now(signal === undefined ? {} : { signal })) - found.object.lastModifiedMs > LEASE_MS;
    if (found.kind === 'absent' || isExpired) {
      const expected: Expected = found.kind === 'absent' ? found : { kind: 'token', ...tokenOf(found.object) };
      if (await put(context, lease, mark, key, expected, signal)) return;
    }
    await pause(context, tries, signal);
  }
  throw new SyncError('busy', 'another device is replacing this large file', { path: key });
}

async function put(context: S3Context, lease: string, mark: string, key: string, expected: Expected, signal: AbortSignal | undefined): Promise<boolean> {
  const bytes = Buffer.from(`${JSON.stringify({ client: context.client, mark, key })}\n`);
  const body = {
    size: bytes.length,
    open: async function* () {
      yield bytes;
    },
  };
  const placed = await commitConditional(context, {
    key: lease,
    expected,
    mark,
    signal,
    send: (precondition) =>
      context.api.put(lease, body, { meta: { [MARK]: mark }, ...(precondition === undefined ? {} : { precondition }), ...(signal === undefined ? {} : { signal }) }),
  });
  return placed.kind === 'done';
}

/** Left behind, it runs out by itself, so nothing that goes wrong here takes back what was done under it. A device that slept may find it another's by now: that stays. */
async function release(context: S3Context, lease: string, mark: string): Promise<void> {
  try {
    if (ownAt(await look(context, lease, undefined), mark) !== null) await context.api.delete(lease);
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
  }
}

function hashOf({ newHasher }: S3Context, key: string): string {
  const hasher = newHasher();
  hasher.update(Buffer.from(key));
  return hasher.digest().slice(0, 40);
}
