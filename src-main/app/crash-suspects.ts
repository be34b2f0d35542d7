import type { Clock } from '../platform/clock.ts';

/** At work so often when the engine thread ended: chance no longer explains it. */
const SUSPICIOUS = 2;
/** A suspect that has worked for so long has not done it. */
const TRIAL_MS = 300_000;

/** Finds the folder that ends the engine thread again and again (memory that runs out, a fault of a library): folders that were at work each time are opened one after the other, and one that does it alone is set aside, so that the others go on. */
export class CrashSuspects {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #strikes = new Map<string, number>();
  readonly #aside = new Set<string>();
  #queue: readonly string[] = [];
  #trial: { readonly pair: string; readonly since: number } | null = null;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** The thread ended while these were at work. */
  ended(busy: readonly string[]): void {
    if (this.#trial !== null && busy.includes(this.#trial.pair)) this.#aside.add(this.#trial.pair);
    for (const pair of busy) if (!this.#queue.includes(pair)) this.#strikes.set(pair, (this.#strikes.get(pair) ?? 0) + 1);
    this.#trial = null;
    this.#queue = [];
  }

  /** Another thread is there. Answers which of the pairs are opened at once; of the others, {@link next} names one at a time. */
  begin(pairs: readonly string[]): readonly string[] {
    this.#queue = pairs.filter((pair) => !this.#aside.has(pair) && (this.#strikes.get(pair) ?? 0) >= SUSPICIOUS);
    return pairs.filter((pair) => this.isOpen(pair));
  }

  /** Whose turn it is now; null: nobody's. */
  next(isBusy: (pair: string) => boolean): string | null {
    if (this.#trial !== null) {
      if (isBusy(this.#trial.pair) && this.#clock.now() - this.#trial.since < TRIAL_MS) return null;
      this.#strikes.delete(this.#trial.pair);
      this.#trial = null;
    }
    const [pair, ...rest] = this.#queue;
    if (pair === undefined) return null;
    this.#queue = rest;
    this.#trial = { pair, since: this.#clock.now() };
    return pair;
  }

  isAside(pair: string): boolean {
    return this.#aside.has(pair);
  }

  /** Neither set aside nor waiting for its turn. */
  isOpen(pair: string): boolean {
    return !this.#aside.has(pair) && !this.#queue.includes(pair);
  }

  /** The user wants it tried again. */
  pardon(pair: string): void {
    this.#aside.delete(pair);
    this.#strikes.delete(pair);
    this.#queue = this.#queue.filter((other) => other !== pair);
  }
}
