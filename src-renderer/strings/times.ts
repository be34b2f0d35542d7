import type { Language } from '../../src-preload/contract/desktop.ts';

/** The words that times and sizes are told with. */
export interface TimeWords {
  readonly byte: string;
  readonly bytes: string;
  readonly under: (amount: string) => string;
  readonly seconds: string;
  readonly minutes: string;
  readonly hours: string;
  readonly days: (n: string, one: boolean) => string;
  readonly justNow: string;
  readonly minutesAgo: (n: number) => string;
  readonly at: (time: string) => string;
  readonly yesterday: (time: string) => string;
  readonly on: (date: string) => string;
  readonly today: (time: string) => string;
  readonly tomorrow: (time: string) => string;
  readonly onDay: (day: string, time: string) => string;
}

export const TIME_WORDS: Readonly<Record<Language, TimeWords>> = {
  en: {
    byte: 'byte',
    bytes: 'bytes',
    under: (amount) => `under ${amount}`,
    seconds: 's',
    minutes: 'min',
    hours: 'h',
    days: (n, one) => `${n} ${one ? 'day' : 'days'}`,
    justNow: 'just now',
    minutesAgo: (n) => `${n} min ago`,
    at: (time) => `at ${time}`,
    yesterday: (time) => `yesterday at ${time}`,
    on: (date) => `on ${date}`,
    today: (time) => `today at ${time}`,
    tomorrow: (time) => `tomorrow at ${time}`,
    onDay: (day, time) => `${day} at ${time}`,
  },
  de: {
    byte: 'Byte',
    bytes: 'Bytes',
    under: (amount) => `unter ${amount}`,
    seconds: 's',
    minutes: 'Min.',
    hours: 'Std.',
    days: (n, one) => `${n} ${one ? 'Tag' : 'Tage'}`,
    justNow: 'gerade eben',
    minutesAgo: (n) => `vor ${n} Min.`,
    at: (time) => `um ${time}`,
    yesterday: (time) => `gestern um ${time}`,
    on: (date) => `am ${date}`,
    today: (time) => `heute um ${time}`,
    tomorrow: (time) => `morgen um ${time}`,
    onDay: (day, time) => `${day} um ${time}`,
  },
};
