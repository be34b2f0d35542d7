import type { Clock } from '../platform/clock.ts';

/** A sleeping machine's timers stand still, so the wall clock is looked at again and again. */
const LOOK_EVERY_MS = 60_000;

/** Resolves when the wall clock says `at` (ms since the epoch); rejects with `aborted` when the signal fires. */
export async function sleepUntil(clock: Clock, at: number, signal: AbortSignal): Promise<void> {
  for (let left = at - clock.now(); left > 0; left = at - clock.now()) await clock.sleep(Math.min(left, LOOK_EVERY_MS), signal);
}
