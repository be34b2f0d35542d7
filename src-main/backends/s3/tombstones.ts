import { hasCode } from '../../core/errors.ts';
import { commitConditional } from './conditional.ts';
import type { ListedObject } from './s3-api.ts';
import { look, MARK, newMark, type S3Context } from './s3-context.ts';
import { type Expected, parseVersion } from './token.ts';
import { CLAIM_MS, TOMBSTONE_META, TOMBSTONE_MS, tombstoneBody } from './tombstone.ts';

/** A tombstone of ours at a key. */
export interface Claim {
  readonly key: string;
  readonly etag: string;
  /** By the monotonic clock, before it was sent. */
  readonly since: number;
  /** By the store's clock, before it was sent: the monotonic one may stand still while the device sleeps. */
  readonly sinceStoreMs: number;
}

/** Left ones that are remembered, and how many of them one write looks after. */
const MOST_LEFT = 1000;
const MOST_SWEPT = 8;

/** Tombstones placed, taken away again, and cleared when their maker died (docs/s3.md, "Deletions"). */
export class Tombstones {
  readonly #context: S3Context;
  /** Keys where one was left, with the store's time of it. */
  readonly #left = new Map<string, number>();

  constructor(context: S3Context) {
    this.#context = context;
  }

  /** Puts one where `expected` holds: from then on nobody else writes there, for as long as this client acts upon it. */
  async place(key: string, expected: Expected, signal: AbortSignal | undefined): Promise<Claim | 'stale'> {
    const { api, clock } = this.#context;
    const sinceStoreMs = await api.now(signal === undefined ? {} : { signal });
    const since = clock.monotonic();
    const mark = newMark(this.#context);
    const placed = await commitConditional(this.#context, {
      key,
      expected,
      mark,
      signal,
      send: (precondition) =>
        api.put(key, tombstoneBody(mark), {
          meta: { [TOMBSTONE_META]: '1', [MARK]: mark },
          ...(precondition === undefined ? {} : { precondition }),
          ...(signal === undefined ? {} : { signal }),
        }),
    });
    const token = placed.kind === 'done' ? parseVersion(placed.version) : null;
    return token === null ? 'stale' : { key, etag: token.etag, since, sinceStoreMs };
  }

  async isHeld({ since, sinceStoreMs }: Claim): Promise<boolean> {
    return (await this.#context.api.now()) - sinceStoreMs < CLAIM_MS && this.#context.clock.monotonic() - since < CLAIM_MS;
  }

  /** Takes one away at once, and never tries twice: a request that was not answered may still be on its way, and the key must not be free before the hour is over. */
  async drop(claim: Claim, isConditional: boolean): Promise<void> {
    const precondition = { kind: 'etag', etag: claim.etag } as const;
    try {
      if (!(await this.isHeld(claim))) return await this.#leave(claim.key);
      const answer = await this.#context.api.delete(claim.key, isConditional ? { precondition } : {});
      if (answer.kind !== 'done') await this.#leave(claim.key);
    } catch (error) {
      // Credentials that may not delete leave it too: the object is gone for everybody all the same, and doctor tells what they lack.
      if (!hasCode(error, 'unreachable', 'throttled', 'aborted', 'no-permission', 'refused')) throw error;
      await this.#leave(claim.key);
    }
  }

  /** One that a listing met. */
  met({ key, lastModifiedMs }: ListedObject): void {
    if (this.#left.size < MOST_LEFT) this.#left.set(key, lastModifiedMs);
  }

  /** Clears what is older than the hour: a fresh one over the old one says that it is this client's now. Nothing here may keep a write from its work. */
  async sweep(isConditional: boolean): Promise<void> {
    if (this.#left.size === 0) return;
    const now = await this.#context.api.now();
    const due = [...this.#left].filter(([, storedMs]) => now - storedMs > TOMBSTONE_MS).slice(0, MOST_SWEPT);
    for (const [key] of due) {
      this.#left.delete(key);
      await this.#clear(key, isConditional).catch(() => undefined);
    }
  }

  async #clear(key: string, isConditional: boolean): Promise<void> {
    const found = await look(this.#context, key, undefined);
    if (found.kind !== 'tombstone' || (await this.#context.api.now()) - found.object.lastModifiedMs <= TOMBSTONE_MS) return;
    const claim = await this.#renew(key, found.object.etag);
    if (claim !== null) await this.drop(claim, isConditional);
  }

  async #renew(key: string, etag: string): Promise<Claim | null> {
    const { api, clock } = this.#context;
    const sinceStoreMs = await api.now();
    const since = clock.monotonic();
    const mark = newMark(this.#context);
    const answer = await api.put(key, tombstoneBody(mark), { meta: { [TOMBSTONE_META]: '1', [MARK]: mark }, precondition: { kind: 'etag', etag } });
    return answer.kind === 'done' ? { key, etag: answer.etag, since, sinceStoreMs } : null;
  }

  async #leave(key: string): Promise<void> {
    const { api, clock } = this.#context;
    if (this.#left.size < MOST_LEFT) this.#left.set(key, await api.now().catch(() => clock.now()));
  }
}
