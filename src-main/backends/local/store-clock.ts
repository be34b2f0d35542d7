import type { Clock } from '../../platform/clock.ts';
import type { Fs } from '../../platform/fs.ts';

/** Two clocks drift apart by seconds a day at most. */
const ASK_EVERY_MS = 3_600_000;

/**
 * The time of the machine that holds the folder (a NAS has a clock of its own), read off a file that we make for this: a device whose clock is wrong by years must not end versions by it (C44). Between
 * two questions our own monotonic clock reckons on, which nobody sets.
 */
export class StoreClock {
  readonly #fs: Fs;
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #temp: () => Promise<string>;
  #known: { readonly storeMs: number; readonly at: number } | null = null;

  constructor(fs: Fs, clock: Pick<Clock, 'monotonic'>, temp: () => Promise<string>) {
    this.#fs = fs;
    this.#clock = clock;
    this.#temp = temp;
  }

  /** Ms since the epoch. */
  async now(): Promise<number> {
    if (this.#known === null || this.#clock.monotonic() - this.#known.at > ASK_EVERY_MS) this.#known = { storeMs: await this.#ask(), at: this.#clock.monotonic() };
    return this.#known.storeMs + Math.round(this.#clock.monotonic() - this.#known.at);
  }

  async #ask(): Promise<number> {
    const temp = await this.#temp();
    const file = await this.#fs.create(temp, 0o600);
    try {
      return Number((await file.stat()).ctimeNs / 1_000_000n);
    } finally {
      await file.close();
      await this.#fs.unlink(temp).catch(() => undefined);
    }
  }
}
