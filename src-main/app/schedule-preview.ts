import type { ScheduleFault, SchedulePreview, ScheduleView } from '../../src-preload/contract/desktop.ts';
import { isQuietHours, isTimeZone, nextRuns, recurrence } from '../settings/schedule.ts';

const RUNS = 5;

/** The next five times a schedule names, or what is wrong with it. */
export function previewSchedule(schedule: ScheduleView, now: number): SchedulePreview {
  const fault = scheduleFault(schedule);
  return fault === null ? { runs: nextRuns(schedule, now, RUNS), fault } : { runs: [], fault };
}

/** Null: it can be kept. */
export function scheduleFault({ cron, timeZone, quiet }: ScheduleView): ScheduleFault | null {
  if (timeZone !== null && !isTimeZone(timeZone)) return 'time-zone';
  if (!quiet.every(isQuietHours)) return 'quiet';
  if (cron === null) return null;
  try {
    return recurrence(cron, timeZone).next(0) === null ? 'never' : null;
  } catch {
    return 'malformed';
  }
}

/** The same for commands and errors, which are in English; null: it can be kept. */
export function scheduleFaultText(schedule: ScheduleView): string | null {
  const fault = scheduleFault(schedule);
  switch (fault) {
    case null:
      return null;
    case 'time-zone':
      return `there is no time zone ${schedule.timeZone}`;
    case 'quiet':
      return 'quiet hours begin and end at different times, such as 22:00-07:00';
    case 'never':
      return 'this never comes true';
    case 'malformed':
      return 'this is no schedule: five fields (minute, hour, day, month, weekday) such as 30 2 * * *';
  }
}
