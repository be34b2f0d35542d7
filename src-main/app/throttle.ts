import type { Clock } from '../platform/clock.ts';

/** Runs `work` at once at the first call and then at most once in `everyMs`; a call in between is never lost, it runs at the end of the interval. */
export class Throttle {
  readonly #clock: Clock;
  readonly #everyMs: number;
  readonly #work: () => void;
  readonly #ended = new AbortController();
  #resting = false;
  #asked = false;

  constructor(clock: Clock, everyMs: number, work: () => void) {
    this.#clock = clock;
    this.#everyMs = everyMs;
    this.#work = work;
  }

  call(): void {
    if (this.#resting) {
      this.#asked = true;
      return;
    }
    this.#resting = true;
    // First, so that work which throws is not the last.
    void this.#rest();
    this.#work();
  }

  /** Nothing runs any more. */
  end(): void {
    this.#ended.abort();
  }

  async #rest(): Promise<void> {
    try {
      await this.#clock.sleep(this.#everyMs, this.#ended.signal);
    } catch {
      return;
    }
    this.#resting = false;
    if (!this.#asked) return;
    this.#asked = false;
    this.call();
  }
}
