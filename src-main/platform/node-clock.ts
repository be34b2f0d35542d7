import { setTimeout as delay } from 'node:timers/promises';
import { SyncError } from '../core/errors.ts';
import type { Clock } from './clock.ts';

export const nodeClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (ms, signal) => {
    try {
      await delay(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      throw new SyncError('aborted', 'interrupted while waiting', { cause: error });
    }
  },
};
