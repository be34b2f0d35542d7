import { type BandwidthLimits, NO_LIMITS } from '../platform/bandwidth.ts';

/** From a time of day on (of one weekday, or of every day), until the next one comes. */
export interface BandwidthSlot {
  /** 0 is Sunday; null: every day. */
  readonly day: number | null;
  /** Since midnight. */
  readonly minute: number;
  readonly limits: BandwidthLimits;
}

export interface BandwidthTimetable {
  readonly slots: readonly BandwidthSlot[];
  /** IANA name; null: this machine's. */
  readonly timeZone: string | null;
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
export const DAY_MINUTES = 1_440;
export const WEEK_MINUTES = 7 * DAY_MINUTES;
const SLOT = /^(?:(sun|mon|tue|wed|thu|fri|sat)[a-z]*-)?([01]?\d|2[0-3]):([0-5]\d),([^,:]+)(?::([^,:]+))?$/i;
const RATE = /^(?:off|(\d{1,9}(?:\.\d{1,3})?)([BKMG]?))$/i;

/** A bandwidth as rclone writes it: a number with K, M or G for KiB, MiB or GiB a second, B for bytes; without a letter KiB; 0 or `off` for no limit. Undefined for any other text. */
export function parseRate(text: string): number | null | undefined {
  const read = RATE.exec(text.trim());
  if (read === null) return undefined;
  const [, amount = '0', unit = ''] = read;
  const factor = { B: 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 }[(unit || 'K').toUpperCase()] ?? 1024;
  return Math.ceil(Number(amount) * factor) || null;
}

/** `08:00,512K 12:00,10M:2M Sat-00:00,off`, as rclone's --bwlimit has it; what follows a colon is for the other direction (up:down). Null for any other text. */
export function parseTimetable(text: string): readonly BandwidthSlot[] | null {
  const slots = text
    .trim()
    .split(/\s+/)
    .map((part): BandwidthSlot | null => {
      const [, day, hour, minute, first = '', second] = SLOT.exec(part) ?? [];
      const up = parseRate(first);
      const down = second === undefined ? up : parseRate(second);
      if (hour === undefined || up === undefined || down === undefined) return null;
      return { day: day === undefined ? null : DAYS.indexOf(day.toLowerCase()), minute: Number(hour) * 60 + Number(minute), limits: { up, down } };
    });
  return slots.some((slot) => slot === null) ? null : (slots as readonly BandwidthSlot[]);
}

/** What the timetable says at a time: the slot that began last, going by the wall clock of its time zone. */
export function limitsAt({ slots, timeZone }: BandwidthTimetable, at: number): BandwidthLimits {
  const now = minuteOfWeek(at, timeZone);
  const begun = slots.flatMap(({ day, minute, limits }) =>
    (day === null ? DAYS.map((_, i) => i) : [day]).map((on) => ({ ago: (now - (on * DAY_MINUTES + minute) + WEEK_MINUTES) % WEEK_MINUTES, limits })),
  );
  // Of two that begin in one minute the later in the text counts.
  return begun.reduce<{ ago: number; limits: BandwidthLimits }>((last, one) => (one.ago <= last.ago ? one : last), { ago: WEEK_MINUTES, limits: NO_LIMITS }).limits;
}

/** The stricter of two limits each way. */
export function strictest(a: BandwidthLimits, b: BandwidthLimits): BandwidthLimits {
  const less = (x: number | null, y: number | null): number | null => (x === null ? y : y === null ? x : Math.min(x, y));
  return { up: less(a.up, b.up), down: less(a.down, b.down) };
}

/** By the wall clock of a time zone; 0 is the Sunday's midnight. */
export function minuteOfWeek(at: number, timeZone: string | null): number {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat('en-US', { ...(timeZone === null ? {} : { timeZone }), weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return DAYS.indexOf((parts['weekday'] ?? '').toLowerCase()) * DAY_MINUTES + Number(parts['hour']) * 60 + Number(parts['minute']);
}
