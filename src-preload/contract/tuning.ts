import { type Sample, sampleText } from '../../src-main/core/sample.ts';
import { DEFAULT_COMPRESSION_LEVEL } from '../../src-main/core/setting-limits.ts';
import { DEFAULT_DRILL, DEFAULT_PAIR_SETTINGS, type Direction, type PairSettings } from '../../src-main/core/settings.ts';

export { isSample, type Sample } from '../../src-main/core/sample.ts';
export { DEVICE_NAME, type Limits, LOG_LEVELS, type LogLevel, PRICE_DECIMALS, SETTING_LIMITS } from '../../src-main/core/setting-limits.ts';
export { DIRECTIONS, type Direction } from '../../src-main/core/settings.ts';

/** How folders are synced, beside rules and times: what is set for every folder, and may be set for one alone. Each means what it means in `PairSettings`. */
export interface Tuning {
  readonly direction: Direction;
  readonly maxConcurrent: number;
  readonly debounceMs: number;
  readonly versionsKeep: number;
  readonly versionsDays: number;
  readonly versionsThin: boolean;
  /** Null: no limit. */
  readonly versionsMaxBytes: number | null;
  readonly versionsKeepIn: KeepIn;
  readonly versionsPruneBucket: boolean;
  readonly trashDays: number;
  readonly verifySample: Sample;
  /** 0: never. */
  readonly verifyEveryDays: number;
  readonly compressionLevel: number;
  /** More files than so many deleted within ten minutes wait for the user, where they are also more than so many percent of the folder (core/guard.ts). */
  readonly holdDeletions: number;
  readonly holdDeletionsPercent: number;
  /** More files than so many that become noise, or get one strange end, within ten minutes wait for the user; 0: they never do. */
  readonly holdRewrites: number;
  /** What a bucket costs, US dollars (settings/s3-prices.ts). Null: not said. */
  readonly priceStorage: number | null;
  readonly priceDownload: number | null;
  readonly priceWrites: number | null;
  readonly priceReads: number | null;
}
export type TuningKey = keyof Tuning;
export const KEEP_IN = ['auto', 'copies'] as const satisfies readonly PairSettings['versionsKeepIn'][];
export type KeepIn = (typeof KEEP_IN)[number];

/** Of one folder alone; what is left out is as for every folder. */
export type OwnTuning = { readonly [K in TuningKey]?: Tuning[K] | undefined };

/** What counts where nothing is set: the command line's own defaults. */
export const DEFAULT_TUNING: Tuning = {
  direction: DEFAULT_PAIR_SETTINGS.direction,
  maxConcurrent: DEFAULT_PAIR_SETTINGS.maxConcurrent,
  debounceMs: DEFAULT_PAIR_SETTINGS.debounceMs,
  versionsKeep: DEFAULT_PAIR_SETTINGS.versionsKeep,
  versionsDays: DEFAULT_PAIR_SETTINGS.versionsDays,
  versionsThin: false,
  versionsMaxBytes: null,
  versionsKeepIn: 'auto',
  versionsPruneBucket: false,
  trashDays: DEFAULT_PAIR_SETTINGS.trashDays,
  ...DEFAULT_DRILL,
  compressionLevel: DEFAULT_COMPRESSION_LEVEL,
  holdDeletions: DEFAULT_PAIR_SETTINGS.guard.files,
  holdDeletionsPercent: DEFAULT_PAIR_SETTINGS.guard.fraction * 100,
  holdRewrites: DEFAULT_PAIR_SETTINGS.guard.rewrites,
  priceStorage: null,
  priceDownload: null,
  priceWrites: null,
  priceReads: null,
};

export const TUNING_GROUPS = {
  transfers: ['direction', 'maxConcurrent', 'debounceMs'],
  history: ['versionsKeep', 'versionsDays', 'versionsThin', 'versionsMaxBytes', 'trashDays', 'versionsKeepIn', 'versionsPruneBucket'],
  checks: ['verifySample', 'verifyEveryDays'],
  compression: ['compressionLevel'],
  deletions: ['holdDeletions', 'holdDeletionsPercent'],
  guard: ['holdRewrites'],
  prices: ['priceStorage', 'priceDownload', 'priceWrites', 'priceReads'],
} as const satisfies Readonly<Record<string, readonly TuningKey[]>>;
export type TuningGroup = keyof typeof TUNING_GROUPS;
export type PriceKey = (typeof TUNING_GROUPS)['prices'][number];

/** What counts for a folder. */
export function tuningOf(every: Tuning, own: OwnTuning): Tuning {
  return { ...every, ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)) };
}

/** The variable of the command line that says the same (docs/configuration.md). */
export const TUNING_VARIABLES = {
  direction: 'DIRECTION',
  maxConcurrent: 'MAX_CONCURRENT',
  debounceMs: 'DEBOUNCE_MS',
  versionsKeep: 'VERSIONS_KEEP',
  versionsDays: 'VERSIONS_DAYS',
  versionsThin: 'VERSIONS_THIN',
  versionsMaxBytes: 'VERSIONS_MAX_SIZE',
  versionsKeepIn: 'VERSIONS_KEEP_IN',
  versionsPruneBucket: 'VERSIONS_PRUNE_BUCKET',
  trashDays: 'TRASH_DAYS',
  verifySample: 'VERIFY_SAMPLE',
  verifyEveryDays: 'VERIFY_EVERY_DAYS',
  compressionLevel: 'COMPRESSION_LEVEL',
  holdDeletions: 'HOLD_DELETIONS',
  holdDeletionsPercent: 'HOLD_DELETIONS_PERCENT',
  holdRewrites: 'HOLD_REWRITES',
  priceStorage: 'PRICE_STORAGE',
  priceDownload: 'PRICE_DOWNLOAD',
  priceWrites: 'PRICE_WRITES',
  priceReads: 'PRICE_READS',
} as const satisfies Readonly<Record<TuningKey, string>>;
export type TuningVariable = (typeof TUNING_VARIABLES)[TuningKey];

/** The same as the texts of variables, which read back as they were. */
export function tuningVariables(tuning: Tuning): Readonly<Record<TuningVariable, string>> {
  const texts = (Object.keys(TUNING_VARIABLES) as TuningKey[]).map((key) => [TUNING_VARIABLES[key], tuningText(tuning[key])]);
  return Object.fromEntries(texts) as Record<TuningVariable, string>;
}

function tuningText(value: Tuning[TuningKey]): string {
  if (value === null) return 'off';
  return typeof value === 'object' ? sampleText(value) : String(value);
}
