import { Cron } from 'croner';

/** When a folder is synced, as the settings say. */
export interface Schedule {
  /** In the user's words; null: as changes come. */
  readonly cron: string | null;
  /** IANA name; null: this machine's. */
  readonly timeZone: string | null;
  /** `22:00-07:00`, in that time zone. */
  readonly quiet: readonly string[];
}

/** The next time a schedule names, strictly after `after`; both ms since the epoch. Null: never again. */
export interface Recurrence {
  next(after: number): number | null;
}

/** A cron expression of five fields (minute, hour, day, month, weekday), or six with seconds first. Throws what is wrong with it. */
export function recurrence(cron: string, timeZone: string | null): Recurrence {
  const job = new Cron(cron, { mode: '5-or-6-parts', ...(timeZone === null ? {} : { timezone: timeZone }) });
  return { next: (after) => job.nextRun(new Date(after))?.getTime() ?? null };
}

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}

const QUIET_HOURS = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/;

/** `22:00-07:00`: two times of day that differ. */
export function isQuietHours(text: string): boolean {
  return QUIET_HOURS.test(text) && text.slice(0, 5) !== text.slice(6);
}

/** The end of the quiet hours that `now` lies in, ms since the epoch; null when it is none. And when the next ones begin. */
export interface QuietHours {
  endsAt(now: number): number | null;
  beginsAt(now: number): number | null;
}

/** Windows that touch or overlap are one. */
export function quietHours({ quiet, timeZone }: Pick<Schedule, 'quiet' | 'timeZone'>): QuietHours {
  const windows = quiet.map((text) => {
    const [, fromHour = '0', fromMinute = '0', toHour = '0', toMinute = '0'] = QUIET_HOURS.exec(text) ?? [];
    const daily = (hour: string, minute: string): Recurrence => recurrence(`${Number(minute)} ${Number(hour)} * * *`, timeZone);
    return { begin: daily(fromHour, fromMinute), end: daily(toHour, toMinute) };
  });
  // One is within where the end comes before the next beginning.
  const endOf = (at: number): number | null =>
    windows.reduce<number | null>((latest, { begin, end }) => {
      const [ends, begins] = [end.next(at), begin.next(at)];
      return ends !== null && begins !== null && ends < begins ? Math.max(latest ?? 0, ends) : latest;
    }, null);
  return {
    endsAt(now) {
      let end = endOf(now);
      for (let more = end === null ? null : endOf(end), n = 0; more !== null && n <= windows.length; more = endOf(more), n++) end = more;
      return end;
    },
    beginsAt: (now) => windows.map(({ begin }) => begin.next(now)).reduce((first, at) => (first === null || (at !== null && at < first) ? at : first), null),
  };
}

/** When the next syncs begin: by the schedule, but not in quiet hours, which put one off to their end. */
export function nextRuns(schedule: Schedule, now: number, count: number): readonly number[] {
  if (schedule.cron === null) return [];
  const [times, quiet] = [recurrence(schedule.cron, schedule.timeZone), quietHours(schedule)];
  const runs: number[] = [];
  for (let at = times.next(now); at !== null && runs.length < count; at = times.next(at)) {
    const begins = quiet.endsAt(at) ?? at;
    if (runs.at(-1) !== begins) runs.push(begins);
    at = Math.max(at, begins);
  }
  return runs;
}
