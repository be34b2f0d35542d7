import type { Bandwidth, BandwidthLimits } from './bandwidth.ts';
import type { Clock } from './clock.ts';
import { TokenBucket } from './token-bucket.ts';

/** A {@link Bandwidth} with a limit each way; one for all folder pairs of a process. */
export class BandwidthLimiter implements Bandwidth {
  readonly #up: TokenBucket;
  readonly #down: TokenBucket;

  constructor(clock: Pick<Clock, 'monotonic' | 'sleep'>, { up, down }: BandwidthLimits) {
    this.#up = new TokenBucket(clock, up);
    this.#down = new TokenBucket(clock, down);
  }

  take(direction: 'up' | 'down', bytes: number, signal?: AbortSignal): Promise<void> {
    return (direction === 'up' ? this.#up : this.#down).take(bytes, signal);
  }

  /** Counts from now on, also for what is waiting. */
  set({ up, down }: BandwidthLimits): void {
    this.#up.setRate(up);
    this.#down.setRate(down);
  }
}
