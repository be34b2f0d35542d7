import { describe, expect, it } from 'vitest';
import { type BandwidthRow, bandwidthNow, slotsOf, timetableText } from './bandwidth-rows.ts';
import { limitsAt, parseTimetable } from './bandwidth-timetable.ts';

const ALL = [0, 1, 2, 3, 4, 5, 6];
const WORK = [1, 2, 3, 4, 5];
const row = (days: readonly number[], from: string, to: string, up: number | null, down: number | null = up): BandwidthRow => ({ days, from, to, up, down });
const text = (...rows: readonly BandwidthRow[]): string => timetableText(slotsOf(rows));
const both = (rate: number | null) => ({ up: rate, down: rate });
const MINUTE = 60_000;

describe('C71 limits for certain times of the week', () => {
  it.each([
    ['nothing', [], ''],
    ['every day alike', [row(ALL, '08:00', '18:00', 500_000)], '08:00,500000B 18:00,off'],
    ['over midnight', [row(ALL, '22:00', '06:00', 100, null)], '06:00,off 22:00,100B:off'],
    ['all day long', [row([6], '00:00', '00:00', 5)], 'Sun-00:00,off Sat-00:00,5B'],
    ['all week long', [row(ALL, '09:00', '09:00', 7)], 'Sun-09:00,7B'],
    ['one after the other', [row([1], '08:00', '12:00', 5), row([1], '12:00', '14:00', 9)], 'Mon-08:00,5B Mon-12:00,9B Mon-14:00,off'],
    ['overlapping: the stricter counts', [row([1], '08:00', '14:00', 5, null), row([1], '12:00', '16:00', 9, 3)], 'Mon-08:00,5B:off Mon-12:00,5B:3B Mon-14:00,9B:3B Mon-16:00,off'],
    ['out of the week and into the next', [row([6], '20:00', '02:00', 5)], 'Sun-02:00,off Sat-20:00,5B'],
  ] as const)('%s', (_, rows, expected) => expect(text(...rows)).toBe(expected));

  it('say at each minute of a week what the rows say, as slots and as the text of a setting', () => {
    const rows = [row(WORK, '08:30', '17:00', 500_000, null), row([0, 6], '22:15', '07:45', 90, 80), row([3], '12:00', '12:00', null, 70)];
    const slots = slotsOf(rows);
    const read = parseTimetable(timetableText(slots)) ?? [];
    const begin = Date.parse('2026-11-22T00:00:00Z');
    for (let minute = 0; minute < 7 * 1_440; minute += 5) {
      const said = rows.filter(({ days, from, to }) =>
        days.some((day) => {
          const [a, b] = [from, to].map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)));
          const ahead = (minute - day * 1_440 - (a ?? 0) + 2 * 7 * 1_440) % (7 * 1_440);
          return ahead < (((b ?? 0) - (a ?? 0) + 1_440) % 1_440 || 1_440);
        }),
      );
      const least = (way: 'up' | 'down'): number | null => said.reduce<number | null>((least, one) => (one[way] === null ? least : Math.min(least ?? one[way], one[way])), null);
      const expected = { up: least('up'), down: least('down') };
      const at = begin + minute * MINUTE;
      expect(limitsAt({ slots, timeZone: 'UTC' }, at), `minute ${minute}`).toEqual(expected);
      expect(limitsAt({ slots: read, timeZone: 'UTC' }, at), `minute ${minute}, read back`).toEqual(expected);
    }
  });

  it('tell what holds now and what comes next, by the clock of the time zone', () => {
    const rows = [row(WORK, '08:00', '18:00', 500)];
    const at = (time: string, timeZone = 'UTC') => bandwidthNow(rows, { up: null, down: 2_000 }, Date.parse(time), timeZone);
    const slow = { up: 500, down: 500 };
    const free = { up: null, down: 2_000 };
    // A Thursday.
    expect(at('2026-11-26T07:59:59Z')).toEqual({ limits: free, next: { day: 4, minute: 480, today: true, limits: slow } });
    expect(at('2026-11-26T08:00:00Z')).toEqual({ limits: slow, next: { day: 4, minute: 1_080, today: true, limits: free } });
    expect(at('2026-11-27T18:00:00Z')).toEqual({ limits: free, next: { day: 1, minute: 480, today: false, limits: slow } });
    expect(at('2026-11-26T07:30:00Z', 'Europe/Berlin').limits).toEqual(slow);
  });

  it('are silent about what never changes', () => {
    expect(bandwidthNow([], both(9), 0, 'UTC')).toEqual({ limits: both(9), next: null });
    expect(bandwidthNow([row(ALL, '00:00', '00:00', 7)], both(null), 0, 'UTC')).toEqual({ limits: both(7), next: null });
    expect(bandwidthNow([row(WORK, '08:00', '18:00', 500)], both(100), 0, 'UTC')).toEqual({ limits: both(100), next: null });
  });
});
