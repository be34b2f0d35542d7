import { SyncError } from '../core/errors.ts';

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A point in time as people give it: `2h` (ago; also s, m, d, w), a date (local midnight) or an ISO time. Ms since the epoch. */
export function momentOf(text: string, now: number, option: string): number {
  const ago = /^(\d{1,6})([smhdw])$/.exec(text);
  if (ago !== null) return now - Number(ago[1]) * (UNITS[ago[2] ?? ''] ?? 0);
  const date = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  const at = date === null ? (/^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN) : new Date(Number(date[1]), Number(date[2]) - 1, Number(date[3])).getTime();
  if (Number.isNaN(at)) throw new SyncError('usage', `${option} takes how long ago (2h, 3d), a date (2026-01-31) or a time (2026-01-31T10:00:00Z), not ${text}`);
  return at;
}
