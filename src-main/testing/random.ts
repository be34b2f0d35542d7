import type { Random } from '../platform/clock.ts';

/** A small seeded generator (mulberry32): the same seed gives the same run on every machine. */
export class SeededRandom implements Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  /** As a Chance. */
  readonly bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => this.below(256));

  id(): string {
    const half = (): string =>
      Math.floor(this.fraction() * 0x100000000)
        .toString(16)
        .padStart(8, '0');
    return half() + half();
  }
}
