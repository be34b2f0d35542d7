import { assertNever } from '../../core/errors.ts';
import type { DeleteResult, Meta } from '../backend.ts';
import { bestEffort, removeBestEffort } from './best-effort.ts';
import { commitClaimed } from './claimed.ts';
import { type Committed, commitConditional, STALE, type Write } from './conditional.ts';
import { withLease } from './lease.ts';
import { commitLineage, removeLineage } from './lineage.ts';
import { LARGE_FROM } from './multipart/part-plan.ts';
import { type Removal, removeByTombstone, removeConditional } from './removal.ts';
import type { CopySource, S3Object } from './s3-api.ts';
import { letGo, look, type S3Context } from './s3-context.ts';
import { type Expected, isToken, tokenOf } from './token.ts';
import { Tombstones } from './tombstones.ts';
import { levelOf, type Ways } from './ways.ts';

export interface Copying {
  readonly from: S3Object;
  readonly to: string;
  readonly meta: Meta;
  readonly expected: Expected;
  readonly mark: string;
  readonly signal: AbortSignal | undefined;
}

/** What is ours, and nobody's file. */
const CONTROL = '.file-sync/';
/** Larger files are copied by the store whatever it honours: their bytes are not sent twice through here. RACE: one that was replaced in that moment shows its new content under both names until it is taken away. */
const PASSING_BYTES = LARGE_FROM;
/** Names below here are made of the content's own version and time: what is written there twice is the same. */
const VERSIONS = '.file-sync/versions';

/** Which way each write goes, by what the store honours (docs/s3.md, "How two devices never overwrite each other"). */
export class WriteWays {
  readonly tombstones: Tombstones;
  readonly #context: S3Context;

  constructor(context: S3Context) {
    this.#context = context;
    this.tombstones = new Tombstones(context);
  }

  put(write: Write, ways: Ways): Promise<Committed> {
    const conditional = (): Promise<Committed> => commitConditional(this.#context, write);
    return this.#byLevel(write, ways, () => (this.#meetsCompletions(write.expected, ways) ? withLease(this.#context, write.key, write.signal, conditional) : conditional()));
  }

  /** A multipart completion; `send` may also answer that the upload is gone. */
  complete(write: Write, ways: Ways): Promise<Committed> {
    return this.#byLevel(write, ways, () => {
      if (ways.complete === 'enforced') return commitConditional(this.#context, write);
      if (write.expected.kind === 'absent') return commitClaimed(this.#context, this.tombstones, write, ways.delete === 'enforced');
      // RACE: a small put over a small object takes no lease, so one that comes between the look and the completion, some milliseconds, is replaced unseen.
      return withLease(this.#context, write.key, write.signal, () => bestEffort(this.#context, write));
    });
  }

  async copy(copying: Copying, ways: Ways): Promise<Committed> {
    const { from, to, signal } = copying;
    const result = await this.#sendCopy(copying, ways);
    const isJudged = ways.copySource === 'enforced' || levelOf(ways) === 'lineage';
    if (result.kind !== 'done' || isJudged || (await this.#isCopyOf(from, result.version, signal))) return result;
    // The store copied what had come in between.
    const wrong = await look(this.#context, to, signal);
    if (wrong.kind === 'object' && wrong.object.meta['w'] === copying.mark) await this.remove({ key: to, expected: { kind: 'token', ...tokenOf(wrong.object) }, signal }, ways);
    return STALE;
  }

  remove(removal: Removal, ways: Ways): Promise<DeleteResult> {
    const level = levelOf(ways);
    if (level === 'lineage') return removeLineage(this.#context, removal);
    if (level === 'best-effort') return removeBestEffort(this.#context, removal);
    const conditional = (): Promise<DeleteResult> =>
      ways.delete === 'enforced' ? removeConditional(this.#context, removal) : removeByTombstone(this.#context, this.tombstones, removal);
    return this.#meetsCompletions(removal.expected, ways) ? withLease(this.#context, removal.key, removal.signal, conditional) : conditional();
  }

  #byLevel(write: Write, ways: Ways, conditional: () => Promise<Committed>): Promise<Committed> {
    const level = levelOf(ways);
    switch (level) {
      case 'conditional':
        return conditional();
      case 'lineage':
        return commitLineage(this.#context, write);
      case 'best-effort':
        return bestEffort(this.#context, write);
      default:
        return assertNever(level);
    }
  }

  /** Whether a completion, which the store does not judge, may be under way over the same object: those go by lease. */
  #meetsCompletions(expected: Expected, ways: Ways): boolean {
    return ways.complete !== 'enforced' && expected.kind === 'token' && expected.etag.includes('-');
  }

  async #sendCopy(copying: Copying, ways: Ways): Promise<Committed> {
    const { api } = this.#context;
    const { from, to, meta, expected, mark, signal } = copying;
    const call = signal === undefined ? {} : { signal };
    const source = sourceOf(from, ways);
    const write: Write = {
      key: to,
      expected,
      mark,
      signal,
      send: (precondition) => api.copy(source, to, { meta, ...(precondition === undefined ? {} : { precondition }), ...call }),
    };
    return this.#byLevel(write, ways, () => {
      // What a store copies without judging its source would be in sight before anyone has looked at it.
      const isSeenFirst = ways.copySource !== 'enforced' && !to.startsWith(CONTROL) && from.size <= PASSING_BYTES;
      if (isSeenFirst || (ways.copy !== 'enforced' && expected.kind === 'token'))
        return commitConditional(this.#context, { ...write, send: (precondition) => this.#through(copying, precondition) });
      if (ways.copy === 'enforced') return commitConditional(this.#context, write);
      return to.startsWith(VERSIONS) ? bestEffort(this.#context, write) : commitClaimed(this.#context, this.tombstones, write, ways.delete === 'enforced');
    });
  }

  /** A copy whose bytes pass through here, because only a read and a put are judged. */
  async #through({ from, to, meta, signal }: Copying, precondition: Parameters<Write['send']>[0]): ReturnType<Write['send']> {
    const { api } = this.#context;
    const call = signal === undefined ? {} : { signal };
    const source = await api.get(from.key, { ifMatch: from.etag, ...call });
    if (source === null || source === 'changed') return { kind: 'source-changed' };
    if (!isToken(source.object, tokenOf(from))) {
      await letGo(source.chunks);
      return { kind: 'source-changed' };
    }
    let unread: AsyncIterable<Uint8Array> | null = source.chunks;
    const open = async function* (): AsyncGenerator<Uint8Array> {
      const again = unread === null ? await api.get(from.key, { ifMatch: from.etag, ...call }) : null;
      const chunks = unread ?? (again === null || again === 'changed' ? [] : again.chunks);
      unread = null;
      yield* chunks;
    };
    return api.put(to, { size: source.object.size, open }, { meta, ...(precondition === undefined ? {} : { precondition }), ...call });
  }

  /** Whether a copy has the bytes of the version that was meant, where the store took no notice of the condition on its source. */
  async #isCopyOf(from: S3Object, copied: string, signal: AbortSignal | undefined): Promise<boolean> {
    if (!from.etag.includes('-') && copied.startsWith(`${from.etag}~`)) return true;
    const found = await look(this.#context, from.key, signal);
    return found.kind === 'object' && isToken(found.object, tokenOf(from));
  }
}

/** Where versions are kept, the very one that was meant, whatever lies on it by now. */
function sourceOf({ key, etag, versionId }: S3Object, ways: Ways): CopySource {
  if (levelOf(ways) === 'lineage') return { key, ...(versionId === null ? {} : { versionId }) };
  return { key, ...(ways.copySource === 'enforced' ? { etag } : {}) };
}
