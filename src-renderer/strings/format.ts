/** Words for numbers, sizes and times, in one place so that they read alike everywhere. */

/** Made once: making one takes longer than a frame. */
const NUMBERS = new Intl.NumberFormat('en');

export function formatNumber(n: number): string {
  return NUMBERS.format(n);
}

export function count(n: number, word: string): string {
  return `${formatNumber(n)} ${word}${n === 1 ? '' : 's'}`;
}

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Decimal units, as file managers and drives are labelled. */
export function formatBytes(bytes: number): string {
  if (bytes === 1) return '1 byte';
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** US dollars, as list prices are given. */
export function formatDollars(amount: number): string {
  return amount > 0 && amount < 0.01 ? 'under $0.01' : `$${amount.toFixed(2)}`;
}

/** How long something takes, roughly. */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return count(Math.round(hours / 24), 'day');
}

/** When something happened, seen from `now`. A time that seems to lie ahead is a clock that was set, and counts as now. */
export function formatAgo(at: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - at) / 1000));
  if (seconds < 45) return 'just now';
  if (seconds < 3_570) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 86_400 && sameDay(at, now)) return `at ${formatTime(at)}`;
  if (sameDay(at, now - 86_400_000)) return `yesterday at ${formatTime(at)}`;
  return `on ${formatDate(at)}`;
}

export function formatTime(at: number): string {
  return new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' }).format(at);
}

export function formatDate(at: number): string {
  return new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' }).format(at);
}

export function formatMoment(at: number): string {
  return `${formatDate(at)}, ${formatTime(at)}`;
}

/** An instant to the second, with its weekday. */
export function formatInstant(at: number): string {
  return new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(
    at,
  );
}

/** The end of a pause, with the day where it is another one. */
export function formatUntil(at: number, now: number): string {
  return sameDay(at, now) ? formatTime(at) : `${new Intl.DateTimeFormat(undefined, { weekday: 'long' }).format(at)} ${formatTime(at)}`;
}

/** 0 is Sunday. */
export function weekdayName(day: number, length: 'short' | 'long'): string {
  return new Intl.DateTimeFormat('en', { weekday: length, timeZone: 'UTC' }).format(Date.UTC(2026, 10, 22 + day));
}

/** When something is going to happen, with its day: `today at 14:00`, `Tuesday, 24 Nov at 02:30`. */
export function formatRun(at: number, now: number): string {
  if (sameDay(at, now)) return `today at ${formatTime(at)}`;
  if (sameDay(at - 86_400_000, now)) return `tomorrow at ${formatTime(at)}`;
  return `${new Intl.DateTimeFormat('en', { weekday: 'long', day: 'numeric', month: 'short' }).format(at)} at ${formatTime(at)}`;
}

function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

/** Engine messages are clauses; on the screen they begin like sentences and end like them. A name at the beginning, such as `s3:PutObject`, stays as it is. */
export function sentence(text: string): string {
  const first = text.replace(/^\p{Ll}(?=[\p{L}’'-]*(?:[\s,;.!?…]|$))/u, (letter) => letter.toUpperCase());
  return /[.!?…]$/.test(first) ? first : `${first}.`;
}
