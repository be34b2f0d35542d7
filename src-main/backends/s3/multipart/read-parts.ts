import { SyncError, throwIfAborted } from '../../../core/errors.ts';
import type { NewHasher } from '../../../platform/clock.ts';
import type { Body } from '../../backend.ts';
import type { ByteBudget } from './byte-budget.ts';
import { type PartRange, rangesOf } from './part-plan.ts';

export interface ReadPart extends PartRange {
  readonly bytes: Uint8Array;
  readonly sha256: string;
  /** Whoever got the part gives its memory back. `unread`: nobody reads the bytes any more, not even a connection that was given up, so the next part may lie there. */
  release(unread?: 'unread'): void;
}

export interface ReadOptions {
  readonly partBytes: number;
  readonly budget: ByteBudget;
  readonly newHasher: NewHasher;
  readonly signal: AbortSignal | undefined;
}

/** A body in parts, in order, read to its very end: a body that finds there that its source has changed throws after the last part. @throws SyncError `busy` when it has another length than it said */
export async function* readParts(body: Body, options: ReadOptions): AsyncGenerator<ReadPart> {
  const ranges = rangesOf(body.size, options.partBytes)[Symbol.iterator]();
  let filling: Filling | null = null;
  let read = 0;
  try {
    for await (const chunk of body.open()) {
      throwIfAborted(options.signal);
      for (let rest = chunk; rest.length > 0; ) {
        filling ??= await Filling.begin(ranges.next().value, options);
        const taken: number = filling.add(rest);
        rest = rest.subarray(taken);
        read += taken;
        if (!filling.isFull) continue;
        const part: ReadPart = filling.part();
        filling = null;
        yield part;
      }
    }
    if (read !== body.size) throw otherLength();
  } finally {
    filling?.release();
  }
}

/** A part on its way into memory. */
class Filling {
  readonly #range: PartRange;
  readonly #bytes: Uint8Array;
  readonly #hasher: ReturnType<NewHasher>;
  readonly release: ReadPart['release'];
  #at = 0;

  private constructor(range: PartRange, hasher: ReturnType<NewHasher>, budget: ByteBudget, giveBack: () => void) {
    this.#range = range;
    this.#bytes = budget.buffer(range.last - range.first + 1);
    this.#hasher = hasher;
    let isHeld = true;
    this.release = (unread) => {
      if (isHeld && unread !== undefined) budget.keep(this.#bytes);
      isHeld = false;
      giveBack();
    };
  }

  static async begin(range: PartRange | undefined, { budget, newHasher, signal }: ReadOptions): Promise<Filling> {
    if (range === undefined) throw otherLength();
    return new Filling(range, newHasher(), budget, await budget.take(range.last - range.first + 1, signal));
  }

  get isFull(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** How many of the bytes it took. */
  add(bytes: Uint8Array): number {
    const taken = bytes.subarray(0, this.#bytes.length - this.#at);
    this.#bytes.set(taken, this.#at);
    this.#hasher.update(taken);
    this.#at += taken.length;
    return taken.length;
  }

  part(): ReadPart {
    return { ...this.#range, bytes: this.#bytes, sha256: this.#hasher.digest(), release: this.release };
  }
}

function otherLength(): SyncError {
  return new SyncError('busy', 'the file has another length than when it was looked at', { hint: 'It is tried again.' });
}
