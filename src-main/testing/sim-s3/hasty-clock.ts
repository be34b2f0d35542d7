import { throwIfAborted } from '../../core/errors.ts';
import type { Clock } from '../../platform/clock.ts';

/** A clock on which every wait is over at once, and which has moved on by it; others get their turn first. */
export class HastyClock implements Clock {
  readonly #start: number;
  #now: number;

  constructor(now = Date.UTC(2026, 10, 23, 12)) {
    this.#start = now;
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now - this.#start;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    this.#now += ms;
    await new Promise((resolve) => setImmediate(resolve));
    throwIfAborted(signal);
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}
