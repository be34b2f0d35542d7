import { SyncError, throwIfAborted } from '../core/errors.ts';
import type { Clock } from './clock.ts';

/** What was left unused so long may be made up for; also what a timer may come late without loss. */
const BURST_SECONDS = 0.25;
/** A taker gets so much at a time, then it is the next one's turn. */
const TURN_SECONDS = 1 / 64;
const MOST_A_TURN = 65_536;

interface Taker {
  left: number;
  readonly resolve: () => void;
}

/** Bytes a second for many takers. They take turns of a 64th of a second at most, in the order they came, so that one who wants much at a time holds up nobody. */
export class TokenBucket {
  readonly #clock: Pick<Clock, 'monotonic' | 'sleep'>;
  readonly #takers = new Set<Taker>();
  #rate: number | null;
  #tokens = 0;
  #filledAt: number;
  /** Ends the wait that is under way. */
  #wait: AbortController | null = null;

  /** `rate` in bytes a second; null: no limit. */
  constructor(clock: Pick<Clock, 'monotonic' | 'sleep'>, rate: number | null) {
    this.#clock = clock;
    this.#rate = rate;
    this.#filledAt = clock.monotonic();
  }

  /** Counts at once, for what is waiting too. */
  setRate(rate: number | null): void {
    this.#fill();
    this.#rate = rate;
    this.#tokens = Math.min(this.#tokens, this.#burst);
    this.#stopWaiting();
    this.#serve();
  }

  async take(bytes: number, signal?: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    if (this.#rate === null || bytes <= 0) return;
    this.#fill();
    if (this.#takers.size === 0 && this.#tokens >= bytes) this.#tokens -= bytes;
    else await this.#queue(bytes, signal);
  }

  #queue(bytes: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#takers.delete(taker);
        if (this.#takers.size === 0) this.#stopWaiting();
        reject(new SyncError('aborted', 'interrupted'));
      };
      const taker: Taker = {
        left: bytes,
        resolve: () => {
          signal?.removeEventListener('abort', leave);
          resolve();
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#takers.add(taker);
      this.#serve();
    });
  }

  /** Gives out what there is, then waits for the next turn; only one such wait is under way. */
  #serve(): void {
    this.#fill();
    for (const taker of this.#takers) {
      const turn = Math.min(taker.left, this.#turn);
      if (this.#rate !== null && this.#tokens < turn) {
        this.#waitFor(turn - this.#tokens, this.#rate);
        return;
      }
      this.#tokens -= turn;
      taker.left -= turn;
      // Deleted and added again it comes last in this very loop.
      this.#takers.delete(taker);
      if (taker.left > 0) this.#takers.add(taker);
      else taker.resolve();
    }
  }

  #waitFor(bytes: number, rate: number): void {
    if (this.#wait !== null) return;
    const wait = new AbortController();
    this.#wait = wait;
    this.#clock.sleep(Math.ceil((bytes * 1000) / rate), wait.signal).then(
      () => {
        if (this.#wait === wait) this.#wait = null;
        this.#serve();
      },
      // Whoever ended it looks after those who wait.
      () => undefined,
    );
  }

  #stopWaiting(): void {
    this.#wait?.abort();
    this.#wait = null;
  }

  #fill(): void {
    const now = this.#clock.monotonic();
    this.#tokens = this.#rate === null ? 0 : Math.min(this.#burst, this.#tokens + ((now - this.#filledAt) * this.#rate) / 1000);
    this.#filledAt = now;
  }

  get #burst(): number {
    return this.#rate === null ? 0 : Math.max(1, this.#rate * BURST_SECONDS);
  }
  get #turn(): number {
    return this.#rate === null ? Number.POSITIVE_INFINITY : Math.max(1, Math.min(MOST_A_TURN, this.#rate * TURN_SECONDS));
  }
}
