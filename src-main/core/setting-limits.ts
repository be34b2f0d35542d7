/** The least and the most of each number, wherever it is set: variables, the app's file, the bridge, the window. */
export const SETTING_LIMITS = {
  maxConcurrent: { min: 1, max: 64 },
  debounceMs: { min: 0, max: 60_000 },
  versionsKeep: { min: 0, max: 100_000 },
  versionsDays: { min: 0, max: 36_500 },
  trashDays: { min: 1, max: 36_500 },
  holdDeletions: { min: 1, max: 100_000 },
  holdDeletionsPercent: { min: 0, max: 100 },
  holdRewrites: { min: 0, max: 100_000 },
  verifyEveryDays: { min: 0, max: 3_650 },
  compressionLevel: { min: 1, max: 9 },
  /** US dollars, with at most so many decimals as {@link PRICE_DECIMALS}. */
  price: { min: 0, max: 1_000 },
} as const satisfies Readonly<Record<string, Limits>>;

export const DEFAULT_COMPRESSION_LEVEL = 3;
export const PRICE_DECIMALS = 6;

export interface Limits {
  readonly min: number;
  readonly max: number;
}

/** How a device may be called; blanks around it do not count. */
export const DEVICE_NAME = /^[^\p{Cc}/\\]{1,64}$/u;

/** What goes into a log, the most first. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
