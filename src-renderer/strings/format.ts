import type { Language } from '../../src-preload/contract/desktop.ts';
import { PRICE_DECIMALS } from '../../src-preload/contract/tuning.ts';
import { TIME_WORDS, type TimeWords } from './times.ts';

/** Words for numbers, sizes and times, in one place so that they read alike everywhere. */

/** Made once: making one takes longer than a frame. */
interface Formats {
  readonly language: Language;
  /** Of dates and times: as the system has them where it speaks the same language. */
  readonly dates: string | undefined;
  readonly words: TimeWords;
  readonly numbers: Intl.NumberFormat;
  readonly sizes: readonly [Intl.NumberFormat, Intl.NumberFormat];
  readonly dollars: Intl.NumberFormat;
  readonly prices: Intl.NumberFormat;
}

let formats: Formats = formatsOf('en');

/** Numbers, sizes, money and times of a language. */
export function setFormats(language: Language): void {
  if (language !== formats.language) formats = formatsOf(language);
}

function formatsOf(language: Language): Formats {
  const size = (digits: number): Intl.NumberFormat => new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false });
  const system = new Intl.DateTimeFormat().resolvedOptions().locale;
  return {
    language,
    dates: system.startsWith(language) ? undefined : language,
    words: TIME_WORDS[language],
    numbers: new Intl.NumberFormat(language),
    sizes: [size(0), size(1)],
    dollars: new Intl.NumberFormat(language, { style: 'currency', currency: 'USD' }),
    prices: new Intl.NumberFormat(language, { style: 'currency', currency: 'USD', minimumFractionDigits: 2, maximumFractionDigits: PRICE_DECIMALS }),
  };
}

export function formatNumber(n: number): string {
  return formats.numbers.format(n);
}

export function formatPercent(part: number): string {
  return new Intl.NumberFormat(formats.language, { style: 'percent' }).format(part);
}

/** For the English catalogue. */
export function count(n: number, word: string): string {
  return `${formatNumber(n)} ${word}${n === 1 ? '' : 's'}`;
}

/** Keeps a number and its unit in one line. */
const NO_BREAK = '\u00a0';

const UNITS = ['KB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Decimal units, as file managers and drives are labelled. */
export function formatBytes(bytes: number): string {
  const { words, sizes } = formats;
  if (bytes === 1) return amount('1', words.byte);
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return amount(sizes[digits].format(value), UNITS[unit - 1] ?? words.bytes);
}

function amount(value: string | number, unit: string): string {
  return `${value}${NO_BREAK}${unit}`;
}

/** US dollars, as list prices are given. */
export function formatDollars(amount: number): string {
  return isTiny(amount) ? formats.words.under(formats.dollars.format(0.01)) : formats.dollars.format(amount);
}

/** What one of many costs, which may be far less than a cent. */
export function formatPrice(amount: number): string {
  return formats.prices.format(amount);
}

/** So little that it is only told as less than a cent. */
export function isTiny(amount: number): boolean {
  return amount > 0 && amount < 0.01;
}

/** How long something takes, roughly. */
export function formatDuration(seconds: number): string {
  const { words } = formats;
  if (seconds < 60) return amount(Math.max(1, Math.round(seconds)), words.seconds);
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return amount(minutes, words.minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? amount(hours, words.hours) : `${amount(hours, words.hours)} ${amount(minutes % 60, words.minutes)}`;
  const days = Math.round(hours / 24);
  return words.days(formatNumber(days), days === 1);
}

/** When something happened, seen from `now`. A time that seems to lie ahead is a clock that was set, and counts as now. */
export function formatAgo(at: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - at) / 1000));
  if (seconds < 45) return formats.words.justNow;
  if (seconds < 3_570) return formats.words.minutesAgo(Math.max(1, Math.round(seconds / 60)));
  if (seconds < 86_400 && sameDay(at, now)) return formats.words.at(formatTime(at));
  if (sameDay(at, now - 86_400_000)) return formats.words.yesterday(formatTime(at));
  return formats.words.on(formatDate(at));
}

export function formatTime(at: number): string {
  return clockOf().format(at);
}

/** A time of day, by minutes since midnight. */
export function formatClock(minute: number): string {
  return clockOf('UTC').format(minute * 60_000);
}

/** 2:00 AM, but 02:00. */
function clockOf(timeZone?: string): Intl.DateTimeFormat {
  return withClock({ minute: '2-digit', ...(timeZone === undefined ? {} : { timeZone }) });
}

function withClock(wanted: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const padded = new Intl.DateTimeFormat(formats.dates, { ...wanted, hour: '2-digit' });
  return padded.resolvedOptions().hour12 === true ? new Intl.DateTimeFormat(formats.dates, { ...wanted, hour: 'numeric' }) : padded;
}

export function formatDate(at: number): string {
  return new Intl.DateTimeFormat(formats.dates, { day: 'numeric', month: 'short', year: 'numeric' }).format(at);
}

export function formatMoment(at: number): string {
  return `${formatDate(at)}, ${formatTime(at)}`;
}

/** An instant to the second, with its weekday. */
export function formatInstant(at: number): string {
  return withClock({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', minute: '2-digit', second: '2-digit' }).format(at);
}

/** The end of a pause, with the day where it is another one. */
export function formatUntil(at: number, now: number): string {
  return sameDay(at, now) ? formatTime(at) : `${new Intl.DateTimeFormat(formats.dates, { weekday: 'long' }).format(at)} ${formatTime(at)}`;
}

/** When something was, with the day where it is another one. */
export function formatPast(at: number, now: number): string {
  return sameDay(at, now) ? formatTime(at) : formatMoment(at);
}

/** 0 is Sunday. */
export function weekdayName(day: number, length: 'short' | 'long'): string {
  return new Intl.DateTimeFormat(formats.language, { weekday: length, timeZone: 'UTC' }).format(Date.UTC(2026, 10, 22 + day));
}

/** When something is going to happen, with its day: `today at 14:00`, `Tuesday, 24 Nov at 02:30`. */
export function formatRun(at: number, now: number): string {
  if (sameDay(at, now)) return formats.words.today(formatTime(at));
  if (sameDay(at - 86_400_000, now)) return formats.words.tomorrow(formatTime(at));
  return formats.words.onDay(new Intl.DateTimeFormat(formats.language, { weekday: 'long', day: 'numeric', month: 'short' }).format(at), formatTime(at));
}

function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

/** Engine messages are clauses; on the screen they begin like sentences and end like them. A name at the beginning, such as `s3:PutObject`, stays as it is. */
export function sentence(text: string): string {
  const first = text.replace(/^\p{Ll}(?=[\p{L}’'-]*(?:[\s,;.!?…]|$))/u, (letter) => letter.toUpperCase());
  return /[.!?…]$/.test(first) ? first : `${first}.`;
}

/** What is said by itself: it begins with a capital. */
export function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** A title inside of a sentence: its first letter is small. Nouns further on keep their capitals. */
export function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
