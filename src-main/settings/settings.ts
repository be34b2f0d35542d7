import type { VaultSecret } from '../codec/vault-secret.ts';
import { SyncError } from '../core/errors.ts';
import type { LogLevel } from '../core/setting-limits.ts';
import { DEFAULT_DRILL, DEFAULT_PAIR_SETTINGS, guardFor, type PairSettings } from '../core/settings.ts';
import type { BandwidthLimits } from '../platform/bandwidth.ts';
import type { BandwidthTimetable } from './bandwidth-timetable.ts';
import { type ConfigSources, gatherSettings } from './gather-settings.ts';
import { type OwnPrices, saysPrices } from './s3-prices.ts';
import { type BackendConfig, credentialFaults, s3Config, strayPlace } from './s3-settings.ts';
import type { Schedule } from './schedule.ts';
import { VARIABLES, type Values, type VariableName } from './variables.ts';

/** One folder pair and how to treat it. The only secrets are `Secret`s in `backend.credentials` and `vaultSecret`. */
export interface Config {
  /** As given by the user; relative paths are relative to the folder of whatever named them. */
  readonly source: string;
  readonly backend: BackendConfig;
  readonly settings: PairSettings;
  /** Null: this user's usual place. */
  readonly stateDir: string | null;
  readonly logLevel: LogLevel;
  /** Left out: JSON. */
  readonly logFormat?: 'json' | 'text';
  /** Left out: as changes come. */
  readonly schedule?: Schedule;
  /** Left out: none. */
  readonly bandwidth?: BandwidthLimits;
  /** Left out: the limits above hold at all times. */
  readonly bandwidthTimetable?: BandwidthTimetable;
  /** What the bucket costs. Left out: by list prices, where they are known. */
  readonly prices?: OwnPrices;
  /** What opens an encrypted vault (ENCRYPTION_KEY). Left out: the keychain may have it. */
  readonly vaultSecret?: VaultSecret;
  /** Left out: plain. */
  readonly vault?: VaultWish;
}
/** What a vault is to be when it is made; one that is there stays what it is. */
export interface VaultWish {
  readonly encryption: boolean;
  readonly compression: boolean;
  /** Names of files and folders are encrypted too. */
  readonly hideNames: boolean;
}
export type { BackendConfig, ConfigSources };

/** Reads the settings: flags before environment before file before default; AWS_*: flags before file. Throws one `config` error that names everything wrong; nothing is touched (C70). */
export function readConfig(sources: ConfigSources): Config {
  const { given, faults: found } = gatherSettings(sources);
  const faults = [...found];
  const values: Partial<Record<VariableName, unknown>> = {};
  for (const [name, { text, where }] of given) {
    const result = VARIABLES[name].safeParse(text);
    if (result.success) values[name] = result.data;
    else faults.push(`${name} (${where}) ${result.error.issues[0]?.message ?? 'is malformed'}`);
  }
  const set = values as Values;
  faults.push(...missingOrStray(set.BACKEND_TYPE ?? 'local', (name) => given.has(name)));
  if (set.ENCRYPT_NAMES === true && (set.ENCRYPTION_ENABLED ?? set.ENCRYPTION_KEY) === undefined)
    faults.push('ENCRYPT_NAMES is for a vault that is encrypted: set ENCRYPTION_ENABLED too, or remove it');
  const absolute = (name: VariableName, path: string): string => sources.resolve(given.get(name)?.folder ?? sources.cwd, path);
  const backend = backendOf(set, absolute);
  if (faults.length > 0 || set.WATCH_DIR === undefined || backend === null) throw configError(faults, sources);
  return {
    source: absolute('WATCH_DIR', set.WATCH_DIR),
    backend,
    stateDir: set.STATE_DIR === undefined ? null : absolute('STATE_DIR', set.STATE_DIR),
    logLevel: set.LOG_LEVEL ?? 'info',
    ...(set.LOG_FORMAT === undefined ? {} : { logFormat: set.LOG_FORMAT }),
    ...scheduleOf(set),
    bandwidth: { up: set.BANDWIDTH_LIMIT_UP ?? null, down: set.BANDWIDTH_LIMIT_DOWN ?? null },
    ...(set.BANDWIDTH_TIMETABLE === undefined ? {} : { bandwidthTimetable: { slots: set.BANDWIDTH_TIMETABLE, timeZone: set.SYNC_TIME_ZONE ?? null } }),
    ...pricesOf(set),
    settings: pairSettings(set, sources.hostname),
    ...vaultSettings(set),
  };
}

/** A key without ENCRYPTION_ENABLED is meant to be used; with false it is for something else. */
function vaultSettings({ ENCRYPTION_KEY, ENCRYPTION_ENABLED, COMPRESSION_ENABLED, ENCRYPT_NAMES }: Values): Pick<Config, 'vaultSecret' | 'vault'> {
  const encryption = ENCRYPTION_ENABLED ?? ENCRYPTION_KEY !== undefined;
  return {
    ...(encryption && ENCRYPTION_KEY !== undefined ? { vaultSecret: ENCRYPTION_KEY } : {}),
    vault: { encryption, compression: COMPRESSION_ENABLED ?? false, hideNames: encryption && (ENCRYPT_NAMES ?? false) },
  };
}

function pricesOf({ PRICE_STORAGE = null, PRICE_DOWNLOAD = null, PRICE_WRITES = null, PRICE_READS = null }: Values): Pick<Config, 'prices'> {
  const prices = { priceStorage: PRICE_STORAGE, priceDownload: PRICE_DOWNLOAD, priceWrites: PRICE_WRITES, priceReads: PRICE_READS };
  return saysPrices(prices) ? { prices } : {};
}

function scheduleOf({ SYNC_SCHEDULE, SYNC_TIME_ZONE, QUIET_HOURS }: Values): Pick<Config, 'schedule'> {
  if (SYNC_SCHEDULE === undefined && QUIET_HOURS === undefined) return {};
  return { schedule: { cron: SYNC_SCHEDULE ?? null, timeZone: SYNC_TIME_ZONE ?? null, quiet: QUIET_HOURS ?? [] } };
}

function missingOrStray(type: 'local' | 's3', isGiven: (name: VariableName) => boolean): readonly string[] {
  const stray = strayPlace(type, isGiven);
  const missing = (['WATCH_DIR', type === 's3' ? 'S3_BUCKET' : 'BACKUP_DIR'] as const).filter((name) => !isGiven(name)).map((name) => `${name} is not set`);
  return [...missing, ...(stray === null ? [] : [stray]), ...(type === 's3' ? credentialFaults(isGiven) : [])];
}

function backendOf(set: Values, absolute: (name: VariableName, path: string) => string): BackendConfig | null {
  if (set.BACKEND_TYPE === 's3')
    return set.S3_BUCKET === undefined ? null : s3Config(set, set.S3_BUCKET, set.S3_CA_FILE === undefined ? null : absolute('S3_CA_FILE', set.S3_CA_FILE));
  return set.BACKUP_DIR === undefined ? null : { kind: 'local', folder: absolute('BACKUP_DIR', set.BACKUP_DIR) };
}

/** The settings of one folder pair, with a default for everything left out. */
export function pairSettings(set: Values, hostname: string): PairSettings {
  const {
    DIRECTION,
    CONFLICT_RESOLUTION,
    IGNORE_PATTERNS,
    MAX_CONCURRENT,
    DEBOUNCE_MS,
    VERSIONS_KEEP,
    VERSIONS_DAYS,
    VERSIONS_THIN,
    VERSIONS_MAX_SIZE,
    VERSIONS_KEEP_IN,
    VERSIONS_PRUNE_BUCKET,
    TRASH_DAYS,
    COMPRESSION_LEVEL,
    VERIFY_SAMPLE,
    VERIFY_EVERY_DAYS,
    HOLD_DELETIONS,
    HOLD_DELETIONS_PERCENT,
    HOLD_REWRITES,
  } = set;
  const defaults = DEFAULT_PAIR_SETTINGS;
  return {
    ...defaults,
    deviceName: set.DEVICE_NAME ?? asDeviceName(hostname),
    direction: DIRECTION ?? defaults.direction,
    conflictPolicy: CONFLICT_RESOLUTION ?? defaults.conflictPolicy,
    ignorePatterns: IGNORE_PATTERNS ?? defaults.ignorePatterns,
    maxConcurrent: MAX_CONCURRENT ?? defaults.maxConcurrent,
    debounceMs: DEBOUNCE_MS ?? defaults.debounceMs,
    versionsKeep: VERSIONS_KEEP ?? defaults.versionsKeep,
    versionsDays: VERSIONS_DAYS ?? defaults.versionsDays,
    ...(VERSIONS_THIN === undefined ? {} : { versionsThin: VERSIONS_THIN }),
    ...(VERSIONS_MAX_SIZE === undefined ? {} : { versionsMaxBytes: VERSIONS_MAX_SIZE }),
    ...(VERSIONS_KEEP_IN === undefined ? {} : { versionsKeepIn: VERSIONS_KEEP_IN }),
    ...(VERSIONS_PRUNE_BUCKET === undefined ? {} : { versionsPruneBucket: VERSIONS_PRUNE_BUCKET }),
    ...(COMPRESSION_LEVEL === undefined ? {} : { compressionLevel: COMPRESSION_LEVEL }),
    trashDays: TRASH_DAYS ?? defaults.trashDays,
    guard: guardFor({ deletions: HOLD_DELETIONS, percent: HOLD_DELETIONS_PERCENT, rewrites: HOLD_REWRITES }),
    verifySample: VERIFY_SAMPLE ?? DEFAULT_DRILL.verifySample,
    verifyEveryDays: VERIFY_EVERY_DAYS ?? DEFAULT_DRILL.verifyEveryDays,
  };
}

/** A computer's name as the name of a device. */
export function asDeviceName(hostname: string): string {
  return (
    hostname
      .replaceAll(/[\p{Cc}/\\]/gu, '')
      .trim()
      .slice(0, 64) || 'this-device'
  );
}

function configError(faults: readonly string[], { file, advice }: ConfigSources): SyncError {
  const [first = '', ...more] = faults;
  const message = more.length === 0 ? first : `the settings have ${faults.length} faults:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`;
  return new SyncError('config', message, {
    ...(file === null ? {} : { path: file.path }),
    hint: advice ?? (file === null ? 'Run `file-sync init` to write a settings file, or name one by --config.' : 'Correct it; docs/configuration.md describes every setting.'),
  });
}
