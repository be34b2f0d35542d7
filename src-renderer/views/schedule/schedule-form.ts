import type { ScheduleView } from '../../../src-preload/contract/desktop.ts';

export const SCHEDULE_KINDS = ['inherit', 'live', 'hourly', 'daily', 'weekly', 'cron'] as const;
export type ScheduleKind = (typeof SCHEDULE_KINDS)[number];
/** Only numbers that divide the day come at the same times every day. */
export const HOURS: readonly number[] = [1, 2, 3, 4, 6, 8, 12];

/** A schedule as a person fills it in. */
export interface ScheduleForm {
  readonly kind: ScheduleKind;
  readonly hours: number;
  /** `02:30`. */
  readonly time: string;
  /** Weekdays, 0 is Sunday. */
  readonly days: readonly number[];
  readonly cron: string;
  readonly quiet: readonly string[];
  readonly timeZone: string | null;
}

const BLANK: ScheduleForm = { kind: 'live', hours: 4, time: '02:00', days: [1, 2, 3, 4, 5], cron: '', quiet: [], timeZone: null };

/** Null is a folder that goes by what all go by. */
export function formOf(schedule: ScheduleView | null): ScheduleForm {
  if (schedule === null) return { ...BLANK, kind: 'inherit' };
  const { cron, quiet, timeZone } = schedule;
  const rest = { ...BLANK, quiet, timeZone };
  if (cron === null) return rest;
  const hourly = /^0 (?:\*|\*\/(\d+)) \* \* \*$/.exec(cron);
  if (hourly !== null && HOURS.includes(Number(hourly[1] ?? 1))) return { ...rest, kind: 'hourly', hours: Number(hourly[1] ?? 1), cron };
  const timed = /^([1-5]?\d) (1?\d|2[0-3]) \* \* (\*|[0-6](?:,[0-6])*)$/.exec(cron);
  if (timed === null) return { ...rest, kind: 'cron', cron };
  const [, minute = '0', hour = '0', days = '*'] = timed;
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  return days === '*' ? { ...rest, kind: 'daily', time, cron } : { ...rest, kind: 'weekly', time, days: days.split(',').map(Number), cron };
}

/** The schedule a form means; null where it goes by what all go by. */
export function scheduleOf({ kind, hours, time, days, cron, quiet, timeZone }: ScheduleForm): ScheduleView | null {
  const [hour, minute] = time.split(':').map(Number);
  const at = `${minute ?? 0} ${hour ?? 0} * *`;
  switch (kind) {
    case 'inherit':
      return null;
    case 'live':
      return { cron: null, timeZone, quiet };
    case 'hourly':
      return { cron: hours === 1 ? '0 * * * *' : `0 */${hours} * * *`, timeZone, quiet };
    case 'daily':
      return { cron: `${at} *`, timeZone, quiet };
    case 'weekly':
      return { cron: `${at} ${[...days].sort((a, b) => a - b).join(',')}`, timeZone, quiet };
    case 'cron':
      return { cron: cron.trim().replaceAll(/\s+/g, ' '), timeZone, quiet };
  }
}

/** Whether it says anything yet. */
export function isFilledIn({ kind, time, days, cron }: ScheduleForm): boolean {
  if (kind === 'daily') return isTime(time);
  if (kind === 'weekly') return isTime(time) && days.length > 0;
  return kind !== 'cron' || cron.trim() !== '';
}

export function isTime(text: string): boolean {
  return /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(text);
}
