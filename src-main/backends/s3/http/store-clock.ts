import type { Clock } from '../../../platform/clock.ts';

/** Wall and monotonic time drift apart by this much only when the device slept or its clock was set. */
const JUMP_MS = 5_000;

/** The store's time as its last answer said, reckoned on by the device's clock. */
export class StoreClock {
  readonly #clock: Clock;
  #seen: { readonly offsetMs: number; readonly wallMs: number; readonly monotonicMs: number } | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes the Date header of an answer that is the store's for sure. */
  learn(date: string | undefined): void {
    const storeMs = Date.parse(date ?? '');
    if (Number.isNaN(storeMs)) return;
    const wallMs = this.#clock.now();
    // The header has whole seconds: its middle is the best guess.
    this.#seen = { offsetMs: storeMs + 500 - wallMs, wallMs, monotonicMs: this.#clock.monotonic() };
  }

  /** True when what was learned still holds. */
  get isKnown(): boolean {
    if (this.#seen === null) return false;
    const { wallMs, monotonicMs } = this.#seen;
    return Math.abs(this.#clock.now() - wallMs - (this.#clock.monotonic() - monotonicMs)) < JUMP_MS;
  }

  /** The device's own time as long as no answer has come. */
  now(): number {
    return this.#clock.now() + this.offsetMs;
  }

  /** The store is so far ahead of this device. */
  get offsetMs(): number {
    return this.#seen?.offsetMs ?? 0;
  }
}
