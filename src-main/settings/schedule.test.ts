import { describe, expect, it } from 'vitest';
import { keepSchedule } from '../engine/scheduler.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { isTimeZone, nextRuns, quietHours, recurrence, type Schedule } from './schedule.ts';

const BERLIN = 'Europe/Berlin';
const HOUR = 3_600_000;
const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString().slice(0, 16));

/** Lives through a stretch of time; gives when it ran. */
async function lived(
  schedule: Schedule,
  { from, hours, since = null, awake = () => true }: { readonly from: string; readonly hours: number; readonly since?: string | null; readonly awake?: (at: number) => boolean },
) {
  const clock = new ManualClock(Date.parse(from));
  const [times, quiet] = [recurrence(schedule.cron ?? '', schedule.timeZone), quietHours(schedule)];
  const ran: (string | null)[] = [];
  const stop = new AbortController();
  const kept = keepSchedule(
    { clock, next: times.next, quietUntil: quiet.endsAt, run: async () => void ran.push(iso(clock.now())) },
    since === null ? null : Date.parse(since),
    stop.signal,
  );
  for (let n = 0; n < hours * 4; n++) await clock.advance(awake(clock.now()) ? HOUR / 4 : 0).then(() => (awake(clock.now()) ? undefined : clock.leap(HOUR / 4)));
  stop.abort();
  await kept;
  return ran;
}

const at = (cron: string, more: Partial<Schedule> = {}): Schedule => ({ cron, timeZone: BERLIN, quiet: [], ...more });

describe('C72 a schedule over a change to summer time', () => {
  it.each([
    ['a time of day stays that time of day', '30 6 * * *', '2026-03-28T00:00Z', ['2026-03-28T05:30', '2026-03-29T04:30', '2026-03-30T04:30']],
    ['a time that does not exist that day is kept once, right after the gap', '30 2 * * *', '2026-03-28T00:00Z', ['2026-03-28T01:30', '2026-03-29T01:00', '2026-03-30T00:30']],
    ['a time that comes twice is kept once', '30 2 * * *', '2026-10-24T00:00Z', ['2026-10-24T00:30', '2026-10-25T00:30', '2026-10-26T01:30']],
    ['every hour is every hour', '0 * * * *', '2026-10-24T23:30Z', ['2026-10-25T00:00', '2026-10-25T01:00', '2026-10-25T02:00']],
  ])('%s', async (_name, cron, from, expected) => {
    const last = new Date(Date.parse(from) - 60_000).toISOString();
    const ran = await lived(at(cron), { from, hours: cron.startsWith('0 *') ? 3 : 72, since: last });
    expect(ran).toEqual(expected);
    expect(nextRuns(at(cron), Date.parse(last), 3).map(iso)).toEqual(expected);
  });
});

describe('C72 missed runs', () => {
  it('are made up for by one when the machine wakes', async () => {
    const asleep = (now: number): boolean => now < Date.parse('2026-11-02T09:10Z');
    const ran = await lived(at('0 * * * *'), { from: '2026-11-02T00:05Z', since: '2026-11-02T00:00Z', hours: 11, awake: (now) => !asleep(now) });
    expect(ran).toHaveLength(3);
    expect(ran.slice(1)).toEqual(['2026-11-02T10:00', '2026-11-02T11:00']);
  });

  it('are made up for by one at the start, and none is where none was missed', async () => {
    expect(await lived(at('0 3 * * *'), { from: '2026-11-02T12:00Z', since: '2026-10-20T02:00Z', hours: 1 })).toEqual(['2026-11-02T12:00']);
    expect(await lived(at('0 3 * * *'), { from: '2026-11-02T12:00Z', since: '2026-11-02T02:00Z', hours: 1 })).toEqual([]);
    expect(await lived(at('0 3 * * *'), { from: '2026-11-02T12:00Z', hours: 1 })).toEqual(['2026-11-02T12:00']);
  });

  it('that failed are tried again ever less often, until the next time named', async () => {
    const clock = new ManualClock(Date.parse('2026-11-02T12:00Z'));
    const ran: (string | null)[] = [];
    const told: (string | null)[] = [];
    const stop = new AbortController();
    const run = async (): Promise<'failed' | 'done'> => {
      ran.push(iso(clock.now()));
      return ran.length === 8 ? 'done' : 'failed';
    };
    const kept = keepSchedule({ clock, next: recurrence('0 3 * * *', 'UTC').next, quietUntil: () => null, run, onRetry: (at) => told.push(iso(at)) }, null, stop.signal);
    await clock.advance(3 * HOUR);
    expect(ran).toEqual(['2026-11-02T12:00', '2026-11-02T12:01', '2026-11-02T12:06', '2026-11-02T12:21', '2026-11-02T13:21', '2026-11-02T14:21']);
    expect(told.at(-1)).toBe('2026-11-02T15:21');
    await clock.advance(30 * HOUR);
    // The eighth came off.
    expect(ran.slice(6, 10)).toEqual(['2026-11-02T15:21', '2026-11-02T16:21', '2026-11-03T03:00', '2026-11-03T03:01']);
    stop.abort();
    await kept;
  });

  it('in quiet hours wait for their end', async () => {
    expect(await lived(at('0 * * * *', { quiet: ['22:00-07:00'] }), { from: '2026-11-02T20:30Z', since: '2026-11-02T20:00Z', hours: 11 })).toEqual([
      '2026-11-03T06:00',
      '2026-11-03T07:00',
    ]);
  });
});

describe('quiet hours', () => {
  const quiet = quietHours({ quiet: ['22:00-07:00', '07:00-08:30'], timeZone: BERLIN });
  it.each([
    ['before', '2026-11-02T20:59Z', null],
    ['at their beginning', '2026-11-02T21:00Z', '2026-11-03T07:30'],
    ['over midnight', '2026-11-03T02:00Z', '2026-11-03T07:30'],
    ['at their end', '2026-11-03T07:30Z', null],
    ['over a change to summer time', '2026-03-28T23:00Z', '2026-03-29T06:30'],
  ])('%s', (_name, now, end) => {
    expect(iso(quiet.endsAt(Date.parse(now)))).toBe(end);
  });

  it('begin anew each day', () => {
    expect(iso(quietHours({ quiet: ['22:00-07:00'], timeZone: BERLIN }).beginsAt(Date.parse('2026-11-02T23:00Z')))).toBe('2026-11-03T21:00');
    expect(quietHours({ quiet: [], timeZone: null }).beginsAt(0)).toBeNull();
  });
});

it('knows time zones', () => {
  expect(['Europe/Berlin', 'UTC', 'Mars/Base'].map(isTimeZone)).toEqual([true, true, false]);
});
