import type { PairRest } from '../compose/pair-rest.ts';
import { keepTimes } from '../compose/pair-times.ts';
import { hasCode } from '../core/errors.ts';
import { keepSchedule } from '../engine/scheduler.ts';
import type { PairEngine } from '../engine/sync-manager.ts';
import { nextRuns, quietHours, recurrence, type Schedule } from '../settings/schedule.ts';
import type { Session } from './session.ts';

export interface WatchTimes {
  readonly engine: PairEngine;
  readonly rest: PairRest;
  readonly schedule: Schedule;
  readonly say: (line: string) => void;
}

/** Syncs as changes come or, with a schedule, at its times only; in quiet hours and while the user paused it not at all. Until interrupted. */
export async function keepSyncing(session: Session, times: WatchTimes): Promise<void> {
  times.rest.attach(times.engine);
  if (times.schedule.cron === null) await asChangesCome(session, times);
  else await byCron(session, times, times.schedule.cron);
}

async function asChangesCome({ context: { platform, interrupt } }: Session, { engine, rest, schedule, say }: WatchTimes): Promise<void> {
  const { clock } = platform;
  // In quiet hours even the first look waits.
  rest.quiet(quietHours(schedule).endsAt(clock.now()));
  await engine.start();
  await keepTimes({ clock, schedule, engine, rest, onQuiet: (until) => say(`quiet hours until ${timeOf(until)}`) }, interrupt);
  await interrupted(interrupt);
}

async function byCron({ context: { platform, interrupt } }: Session, { engine, rest, schedule, say }: WatchTimes, cron: string): Promise<void> {
  const { clock } = platform;
  const tell = (): void => {
    const [at] = nextRuns(schedule, clock.now(), 1);
    if (at !== undefined) say(`next sync at ${timeOf(at)}`);
  };
  const run = async (): Promise<'failed' | 'done'> => {
    const isDone = await syncWhenFree(engine, rest, interrupt);
    if (!interrupt.aborted && isDone) tell();
    return isDone ? 'done' : 'failed';
  };
  const onRetry = (at: number): void => say(`trying again at ${timeOf(at)}`);
  const { lastFullScanAt } = engine.status();
  if (lastFullScanAt !== null) tell();
  void rest.endPauses(interrupt);
  const { next } = recurrence(cron, schedule.timeZone);
  await keepSchedule({ clock, next, quietUntil: quietHours(schedule).endsAt, run, onRetry }, lastFullScanAt, interrupt);
}

/** Whether it came off. What comes due in a pause, or is cut off by one, waits for its end. */
async function syncWhenFree(engine: PairEngine, rest: PairRest, interrupt: AbortSignal): Promise<boolean> {
  for (;;) {
    try {
      await rest.whenFree(interrupt);
      const { failures } = await engine.syncAll({ signal: interrupt });
      return failures.length === 0;
    } catch (error) {
      if (interrupt.aborted) return true;
      // What ends a cycle is in the status, which is told.
      if (!hasCode(error, 'usage', 'aborted')) return false;
      if (!rest.isResting) return true;
    }
  }
}

function timeOf(at: number): string {
  return new Date(at).toISOString();
}

function interrupted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
