import type { ScheduleFault, ScheduleView } from '../../../src-preload/contract/desktop.ts';
import { weekdayName } from '../../strings/format.ts';
import { say } from '../../strings/say.ts';
import { formOf } from './schedule-form.ts';

/** A schedule in one clause. */
export function scheduleWords(schedule: ScheduleView): string {
  const { kind, hours, time, days, cron } = formOf(schedule);
  const { words } = say.schedule;
  const when = {
    inherit: words.live,
    live: words.live,
    hourly: words.hourly(hours),
    daily: words.daily(time),
    weekly: words.weekly(days.map((day) => weekdayName(day, 'short')).join(', '), time),
    cron: words.cron(cron),
  }[kind];
  return schedule.quiet.length === 0 ? when : `${when}, ${words.quiet(schedule.quiet.join(', '))}`;
}

/** Why it is none. */
export function scheduleFaultWords(fault: ScheduleFault, { timeZone }: ScheduleView): string {
  const { faults } = say.schedule;
  return fault === 'time-zone' ? faults.timeZone(timeZone ?? '') : faults[fault];
}
