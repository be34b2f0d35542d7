import { setTimeout as wait } from 'node:timers/promises';
import { throwIfAborted } from '../core/errors.ts';
import type { Clock } from '../platform/clock.ts';

/** The real clock, but that waits are over within milliseconds and have moved it on; for a client and its server in one process. */
export class ShiftingClock implements Clock {
  #shiftMs = 0;

  now(): number {
    return Date.now() + this.#shiftMs;
  }

  monotonic(): number {
    return performance.now() + this.#shiftMs;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    const really = Math.min(ms, 8);
    await wait(really);
    this.#shiftMs += ms - really;
    throwIfAborted(signal);
  }
}
