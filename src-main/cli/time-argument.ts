import { SyncError } from '../core/errors.ts';

const UNITS: Readonly<Record<string, number>> = { s: 1_000, min: 60_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const WORDS: Readonly<Record<string, string>> = { second: 's', sec: 's', minute: 'min', hour: 'h', day: 'd', week: 'w' };

/**
 * An instant as people write it, ms since the epoch: `2024-01-15` (its first moment), `2024-01-15 10:30`, `2024-01-15T10:30:00Z` or with `+02:00`; without a zone in this machine's. Or how long ago: `2h`, `3 days ago`, `yesterday`.
 * `option` is what it was given to, for whoever gave what is none.
 */
export function timeArgument(text: string, nowMs: number, option: string): number {
  const plain = text.trim();
  const ms = relative(plain.toLowerCase(), nowMs) ?? absolute(plain);
  if (ms === null)
    throw new SyncError('usage', `${option}: ${JSON.stringify(text)} is no time`, { hint: 'Write 2024-01-15, 2024-01-15T10:30, 2024-01-15T10:30:00Z, 2h, 3d or yesterday.' });
  return ms;
}

/** A length of time, ms: `30m`, `2 hours`, `1w`. */
export function lengthArgument(text: string): number {
  const ms = lengthOf(text.trim().toLowerCase());
  if (ms === null || ms === 0) throw new SyncError('usage', `${text} is no length of time`, { hint: 'Such as 30m, 2h, 1d or 1w; without one it lasts until `file-sync resume`.' });
  return ms;
}

function relative(text: string, nowMs: number): number | null {
  if (text === 'now') return nowMs;
  if (text === 'yesterday') return nowMs - 86_400_000;
  const ago = lengthOf(text.replace(/\s+ago$/, ''));
  return ago === null ? null : nowMs - ago;
}

function lengthOf(text: string): number | null {
  const [, amount, word = ''] = /^(\d{1,6})\s*([a-z]+?)s?$/.exec(text.replace(/^(\d+\s*)s$/, '$1sec')) ?? [];
  const unit = UNITS[WORDS[word] ?? word];
  return amount === undefined || unit === undefined ? null : Number(amount) * unit;
}

function absolute(text: string): number | null {
  const parts = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d\d:?\d\d)?)?$/i.exec(text);
  if (parts === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map((part) => Number(part ?? 0));
  const fraction = Number((parts[7] ?? '').padEnd(3, '0').slice(0, 3));
  const utc = new Date(Date.UTC(year, month - 1, day, hour, minute, second, fraction));
  // The 31st of February and 25 o'clock are no times.
  if (utc.getUTCMonth() !== month - 1 || utc.getUTCDate() !== day || utc.getUTCHours() !== hour || utc.getUTCMinutes() !== minute || second > 59) return null;
  const zone = parts[8]?.toUpperCase();
  if (zone === undefined) return new Date(year, month - 1, day, hour, minute, second, fraction).getTime();
  return utc.getTime() - offsetOf(zone) * 60_000;
}

function offsetOf(zone: string): number {
  if (zone === 'Z') return 0;
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** "2024-01-15 10:30:00 +01:00 (Europe/Paris)": which instant was understood, in this machine's zone, said out loud. */
export function timeWords(ms: number): string {
  const local = new Date(ms);
  const minutes = -local.getTimezoneOffset();
  const two = (n: number): string => String(Math.trunc(Math.abs(n))).padStart(2, '0');
  const date = `${local.getFullYear()}-${two(local.getMonth() + 1)}-${two(local.getDate())}`;
  const offset = `${minutes < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
  return `${date} ${two(local.getHours())}:${two(local.getMinutes())}:${two(local.getSeconds())} ${offset} (${Intl.DateTimeFormat().resolvedOptions().timeZone})`;
}
