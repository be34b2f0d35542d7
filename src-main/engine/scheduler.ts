import type { Clock } from '../platform/clock.ts';

export interface SchedulerPorts {
  readonly clock: Clock;
  /** The next time named, strictly after the given one; null: never again. Ms since the epoch. */
  readonly next: (after: number) => number | null;
  /** The end of the quiet hours a time lies in; null: it lies in none. */
  readonly quietUntil: (at: number) => number | null;
  /** What is due. Must not throw. */
  readonly run: () => Promise<void>;
}

/** A sleeping machine's timers stand still, so the wall clock is looked at again and again. */
const LOOK_EVERY_MS = 60_000;

/**
 * Runs what is due at the times named, by the wall clock, until `signal` fires. However many times went by while the machine slept, was off or a run took long: they are made up for by one run. `since`: when it was last done; null: never,
 * so it is due at once. In quiet hours what is due waits for their end (C72).
 */
export async function keepSchedule({ clock, next, quietUntil, run }: SchedulerPorts, since: number | null, signal: AbortSignal): Promise<void> {
  let due = since === null ? clock.now() : next(since);
  while (!signal.aborted && due !== null) {
    const at = Math.max(due, quietUntil(Math.max(due, clock.now())) ?? due);
    if (clock.now() < at) {
      await clock.sleep(Math.min(at - clock.now(), LOOK_EVERY_MS), signal).catch(() => undefined);
      continue;
    }
    await run();
    due = next(clock.now());
  }
}
