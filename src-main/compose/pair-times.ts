import { hasCode } from '../core/errors.ts';
import { keepSchedule } from '../engine/scheduler.ts';
import type { PairEngine } from '../engine/sync-manager.ts';
import type { Clock } from '../platform/clock.ts';
import { quietHours, recurrence, type Schedule } from '../settings/schedule.ts';
import type { PairRest } from './pair-rest.ts';
import { sleepUntil } from './sleep-until.ts';

export interface PairTimes {
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly engine: Pick<PairEngine, 'syncAll' | 'status'>;
  readonly rest: Pick<PairRest, 'quiet' | 'whenFree' | 'endPauses'>;
  /** Quiet hours have begun, or it is in the midst of them; until then. */
  readonly onQuiet?: (until: number) => void;
}

/** Lets a folder rest in its quiet hours, and syncs at its times where it has some (C72). Ends when `signal` fires. */
export async function keepTimes(times: PairTimes, signal: AbortSignal): Promise<void> {
  await (times.schedule.cron === null ? keepQuiet(times, signal) : keepCron(times, times.schedule.cron, signal)).catch(() => undefined);
}

async function keepQuiet({ clock, schedule, rest, onQuiet }: PairTimes, signal: AbortSignal): Promise<void> {
  const quiet = quietHours(schedule);
  while (!signal.aborted) {
    const until = quiet.endsAt(clock.now());
    rest.quiet(until);
    if (until !== null) onQuiet?.(until);
    const next = until ?? quiet.beginsAt(clock.now());
    if (next === null) return;
    await sleepUntil(clock, next, signal);
  }
}

/** What came due while it rested is made up for by one sync as soon as it may. */
async function keepCron({ clock, schedule, engine, rest }: PairTimes, cron: string, signal: AbortSignal): Promise<void> {
  const { next } = recurrence(cron, schedule.timeZone);
  void rest.endPauses(signal);
  const run = async (): Promise<'failed' | 'done'> => {
    await rest.whenFree(signal);
    // What ends a cycle is in the status, which is shown.
    return engine.syncAll({ signal }).then(
      () => 'done',
      (error: unknown) => (hasCode(error, 'usage', 'aborted') ? 'done' : 'failed'),
    );
  };
  await keepSchedule({ clock, next, quietUntil: quietHours(schedule).endsAt, run }, engine.status().lastFullScanAt, signal);
}
