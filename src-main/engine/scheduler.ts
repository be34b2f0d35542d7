import type { Clock } from '../platform/clock.ts';

export interface SchedulerPorts {
  readonly clock: Clock;
  /** The next time named, strictly after the given one; null: never again. Ms since the epoch. */
  readonly next: (after: number) => number | null;
  /** The end of the quiet hours a time lies in; null: it lies in none. */
  readonly quietUntil: (at: number) => number | null;
  /** What is due. Must not throw. What resolves to `failed` may come off later, and is tried again before the next time named. */
  readonly run: () => Promise<unknown>;
  /** It failed, and is tried again at this time. */
  readonly onRetry?: (at: number) => void;
}

/** After the first failure, the second, ...; the last holds from then on. */
const RETRY_MS = [60_000, 300_000, 900_000, 3_600_000];

/** A sleeping machine's timers stand still, so the wall clock is looked at again and again. */
const LOOK_EVERY_MS = 60_000;

/**
 * Runs what is due at the times named, by the wall clock, until `signal` fires. However many times went by while the machine slept, was off or a run took long: they are made up for by one run. `since`: when it was last done; null: never,
 * so it is due at once. In quiet hours what is due waits for their end (C72). A run that failed is tried again after a while, ever less often, until the next time named.
 */
export async function keepSchedule({ clock, next, quietUntil, run, onRetry }: SchedulerPorts, since: number | null, signal: AbortSignal): Promise<void> {
  let due = since === null ? clock.now() : next(since);
  let failures = 0;
  while (!signal.aborted && due !== null) {
    const at = Math.max(due, quietUntil(Math.max(due, clock.now())) ?? due);
    if (clock.now() < at) {
      await clock.sleep(Math.min(at - clock.now(), LOOK_EVERY_MS), signal).catch(() => undefined);
      continue;
    }
    failures = (await run()) === 'failed' ? failures + 1 : 0;
    const named = next(clock.now());
    const again = failures === 0 ? null : clock.now() + (RETRY_MS[Math.min(failures, RETRY_MS.length) - 1] ?? 0);
    due = again === null || (named !== null && named <= again) ? named : again;
    if (again !== null && due === again && !signal.aborted) onRetry?.(again);
  }
}
