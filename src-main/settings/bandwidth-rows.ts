import { type BandwidthLimits, NO_LIMITS } from '../platform/bandwidth.ts';
import { type BandwidthSlot, DAY_MINUTES, minuteOfWeek, strictest, WEEK_MINUTES } from './bandwidth-timetable.ts';

/** A stretch of some weekdays with limits of its own, as a person says it. Where two overlap, the stricter counts each way. */
export interface BandwidthRow extends BandwidthLimits {
  /** 0 is Sunday: the days on which it begins. */
  readonly days: readonly number[];
  /** `08:00`. */
  readonly from: string;
  /** At or before `from`: of the next day. */
  readonly to: string;
}

export const MOST_ROWS = 20;
const WEEK = [0, 1, 2, 3, 4, 5, 6];
const DAY_NAMES = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** The same as the times at which limits change. None: there is nothing to limit. */
export function slotsOf(rows: readonly BandwidthRow[]): readonly BandwidthSlot[] {
  const spans = rows.flatMap((row) =>
    row.days.map((day) => {
      const [from, to] = [minuteOf(row.from), minuteOf(row.to)];
      return { begin: day * DAY_MINUTES + from, length: (to - from + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES, limits: row };
    }),
  );
  const at = (minute: number): BandwidthLimits =>
    spans.filter(({ begin, length }) => (minute - begin + WEEK_MINUTES) % WEEK_MINUTES < length).reduce<BandwidthLimits>((all, { limits }) => strictest(all, limits), NO_LIMITS);
  const edges = [...new Set(spans.flatMap(({ begin, length }) => [begin, (begin + length) % WEEK_MINUTES]))]
    .toSorted((a, b) => a - b)
    .map((minute) => ({ minute, limits: at(minute) }));
  const changes = edges.filter(({ limits }, i) => !isSame(limits, edges.at(i - 1)?.limits ?? NO_LIMITS));
  // What holds all week long never changes.
  return daily(changes.length > 0 ? changes : edges.slice(0, 1)).map(({ day, minute, limits }) => ({ day, minute, limits }));
}

/** The text of BANDWIDTH_TIMETABLE. */
export function timetableText(slots: readonly BandwidthSlot[]): string {
  return slots
    .map(({ day, minute, limits: { up, down } }) => `${day === null ? '' : `${DAY_NAMES[day]}-`}${timeText(minute)},${rateText(up)}${up === down ? '' : `:${rateText(down)}`}`)
    .join(' ');
}

export interface BandwidthNow {
  readonly limits: BandwidthLimits;
  /** When other limits begin, by the wall clock; null: never. `day` is 0 to 6; `today`: on the day that is now. */
  readonly next: { readonly day: number; readonly minute: number; readonly today: boolean; readonly limits: BandwidthLimits } | null;
}

/** What holds at an instant, and what comes next; `ceiling` holds at all times. */
export function bandwidthNow(rows: readonly BandwidthRow[], ceiling: BandwidthLimits, at: number, timeZone: string | null): BandwidthNow {
  const now = minuteOfWeek(at, timeZone);
  const slots = slotsOf(rows)
    .flatMap(({ day, minute, limits }) => (day === null ? WEEK : [day]).map((on) => ({ day: on, minute, limits: strictest(limits, ceiling), begin: on * DAY_MINUTES + minute })))
    .map((slot) => ({ ...slot, ahead: (slot.begin - now + WEEK_MINUTES - 1) % WEEK_MINUTES }))
    .toSorted((a, b) => a.ahead - b.ahead);
  // What begins this very minute has begun: of all it is the last one ahead.
  const limits = slots.at(-1)?.limits ?? strictest(NO_LIMITS, ceiling);
  const next = slots.find((slot) => !isSame(slot.limits, limits));
  return {
    limits,
    next: next === undefined ? null : { day: next.day, minute: next.minute, today: next.begin > now && next.day === Math.floor(now / DAY_MINUTES), limits: next.limits },
  };
}

interface Change {
  readonly day: number | null;
  readonly minute: number;
  readonly limits: BandwidthLimits;
}

/** What comes alike on each day is said once. */
function daily(changes: readonly { readonly minute: number; readonly limits: BandwidthLimits }[]): readonly Change[] {
  const all = changes.map(({ minute, limits }): Change => ({ day: Math.floor(minute / DAY_MINUTES), minute: minute % DAY_MINUTES, limits }));
  const first = all.filter(({ day }) => day === 0);
  const alike = all.length === 7 * first.length && first.every((one) => all.filter(({ minute, limits }) => minute === one.minute && isSame(limits, one.limits)).length === 7);
  return alike ? first.map((one) => ({ ...one, day: null })) : all;
}

function minuteOf(time: string): number {
  const [hour, minute] = time.split(':').map(Number);
  return (hour ?? 0) * 60 + (minute ?? 0);
}

function timeText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

function rateText(rate: number | null): string {
  return rate === null ? 'off' : `${rate}B`;
}

function isSame(a: BandwidthLimits, b: BandwidthLimits): boolean {
  return a.up === b.up && a.down === b.down;
}
