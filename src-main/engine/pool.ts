/** So many lanes are left to what is quick while any of it waits. */
const LANES_FOR_QUICK = 2;

/**
 * Runs `work` over `items`, at most `limit` at once, in order of starting, but that those that take long never keep the others from going on. The first error stops new starts, waits for what is in flight, and is
 * thrown.
 */
export async function runPool<T>(items: readonly T[], limit: number, work: (item: T, index: number) => Promise<void>, isSlow: (item: T) => boolean = () => false): Promise<void> {
  const lanes = Math.max(1, Math.min(limit, items.length));
  const waiting = new Waiting(items.map(isSlow), Math.max(1, limit - LANES_FOR_QUICK));
  let failed = false;
  let failure: unknown;
  const lane = async (): Promise<void> => {
    while (!failed) {
      const next = waiting.take();
      if (next === null) return;
      try {
        await work(items[next.index] as T, next.index);
      } catch (error) {
        if (!failed) failure = error;
        failed = true;
      } finally {
        waiting.ended(next);
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (failed) throw failure;
}

interface Started {
  readonly index: number;
  readonly slow: boolean;
}

class Waiting {
  readonly #quick: readonly number[];
  readonly #slow: readonly number[];
  readonly #mostSlow: number;
  #nextQuick = 0;
  #nextSlow = 0;
  #slowInFlight = 0;

  constructor(slow: readonly boolean[], mostSlow: number) {
    this.#quick = [...slow.keys()].filter((index) => slow[index] !== true);
    this.#slow = [...slow.keys()].filter((index) => slow[index] === true);
    this.#mostSlow = mostSlow;
  }

  take(): Started | null {
    const quick = this.#quick[this.#nextQuick];
    const slow = this.#slow[this.#nextSlow];
    if (slow === undefined || (quick !== undefined && (quick < slow || this.#slowInFlight >= this.#mostSlow))) {
      if (quick === undefined) return null;
      this.#nextQuick++;
      return { index: quick, slow: false };
    }
    this.#nextSlow++;
    this.#slowInFlight++;
    return { index: slow, slow: true };
  }

  ended({ slow }: Started): void {
    if (slow) this.#slowInFlight--;
  }
}
