import { z } from 'zod';
import { parseEncryptionKey } from '../codec/secret-key.ts';
import type { VaultSecret } from '../codec/vault-secret.ts';
import { CONFLICT_POLICIES } from '../core/conflict.ts';
import { parseSample, type Sample } from '../core/sample.ts';
import { Secret } from '../core/secret.ts';
import { DEVICE_NAME, type Limits, LOG_LEVELS, PRICE_DECIMALS, SETTING_LIMITS } from '../core/setting-limits.ts';
import { DIRECTIONS } from '../core/settings.ts';
import { parseRate, parseTimetable } from './bandwidth-timetable.ts';
import { accessKeyId, bucket, endpoint, keychainAccount, prefix, profile, proxy, region } from './s3-values.ts';
import { isQuietHours, isTimeZone, recurrence } from './schedule.ts';

/** Turns the text of one variable into its value. A message says what is wanted and never repeats the value: it may be a secret. */
const oneOf = <const T extends string>(words: readonly T[]): z.ZodType<T, string> =>
  z
    .string()
    .transform((text) => text.toLowerCase())
    .pipe(z.enum(words, { error: `must be one of ${words.join(', ')}` }));
const whole = ({ min, max }: Limits) =>
  z
    .string()
    .regex(/^\d{1,12}$/, { error: `must be a whole number from ${min} to ${max}` })
    .transform(Number)
    .pipe(
      z
        .number()
        .min(min, { error: `must be at least ${min}` })
        .max(max, { error: `must be at most ${max}` }),
    );
const folder = z.string().refine((text) => !text.includes('\0'), { error: 'must be the path of a folder' });
const file = z.string().refine((text) => !text.includes('\0'), { error: 'must be the path of a file' });
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);
const name = z.string().trim().regex(DEVICE_NAME, { error: 'must be 1 to 64 characters without slashes and control characters' });

/** Bytes a second, null for no limit, written as rclone has it: a number with K, M or G for KiB, MiB or GiB, or B for bytes; without a letter KiB; 0 or `off` for none. */
const bandwidth = z
  .string()
  .refine((text) => parseRate(text) !== undefined, { error: 'must be KiB a second, such as 500K or 2M; 0 for no limit' })
  .transform((text) => parseRate(text) ?? null);
const bandwidthTimetable = z
  .string()
  .refine((text) => parseTimetable(text) !== null, { error: 'must be times and limits such as "08:00,512K 18:00,10M:2M 23:00,off"' })
  .transform((text) => parseTimetable(text) ?? []);

/** Bytes, null for no limit: a number of them, or with K, M, G or T of KiB and so on; 0 or `off` for none. */
const size = z
  .string()
  .trim()
  .regex(/^(?:off|\d{1,15}|\d{1,9}(?:\.\d{1,3})?[KMGT]?)$/i, { error: 'must be a size, such as 500M or 20G; 0 for no limit' })
  .transform((text) => {
    const [, amount = '0', unit = ''] = /^([\d.]+)([a-z]?)$/i.exec(text) ?? [];
    const factor = { K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 }[unit.toUpperCase()] ?? 1;
    return Math.ceil(Number(amount) * factor) || null;
  });

/** US dollars, null for none said: `off`. 0 is a price. */
const price = z
  .string()
  .trim()
  .regex(new RegExp(`^(?:off|\\d{1,4}(?:\\.\\d{1,${PRICE_DECIMALS}})?)$`, 'i'), {
    error: `must be US dollars such as 0.0059, with at most ${PRICE_DECIMALS} decimals; off for none said`,
  })
  .transform((text) => (text.toLowerCase() === 'off' ? null : Number(text)))
  .pipe(
    z
      .number()
      .max(SETTING_LIMITS.price.max, { error: `must be at most ${SETTING_LIMITS.price.max}` })
      .nullable(),
  );

/** How many files a restore drill fetches. */
const sample = z.string().transform((text, context): Sample => {
  const read = parseSample(text);
  if (read !== null) return read;
  context.addIssue({ code: 'custom', message: 'must be a number of files, such as 25, or a part of them, such as 1%' });
  return z.NEVER;
});

const NOT_YET = 'is not available in this version of File Sync';
const yesOrNo = z
  .string()
  .regex(/^(true|1|yes|on|false|0|no|off)$/i, { error: 'must be true or false' })
  .transform((text) => /^(true|1|yes|on)$/i.test(text));
const secret = z.string().transform((text) => new Secret(text));

const backends = z
  .string()
  .transform((text) => text.toLowerCase())
  .pipe(z.enum(['local', 's3', 'gdrive'], { error: 'must be local or s3' }))
  .refine((text) => text !== 'gdrive', { error: `gdrive ${NOT_YET}` })
  .transform((text) => (text === 's3' ? 's3' : 'local'));

/** A key, recovery words or a passphrase that says so. */
const vaultSecret = z.string().transform((text, context): VaultSecret => {
  const read = parseEncryptionKey(text);
  if ('secret' in read) return read.secret;
  context.addIssue({ code: 'custom', message: read.fault });
  return z.NEVER;
});

/** Cron, in five fields or six. */
const schedule = z.string().refine(
  (text) => {
    try {
      return recurrence(text, 'UTC').next(0) !== null;
    } catch {
      return false;
    }
  },
  { error: 'must be a cron expression such as "30 2 * * *" (minute, hour, day, month, weekday) that comes true some day' },
);
const quiet = list.refine((parts) => parts.length > 0 && parts.every(isQuietHours), { error: 'must be hours such as 22:00-07:00, separated by commas' });

/** Every variable there is (DESIGN 8); docs/configuration.md and `.env.example` describe each. */
export const VARIABLES = {
  WATCH_DIR: folder,
  BACKEND_TYPE: backends,
  BACKUP_DIR: folder,
  DEVICE_NAME: name,
  DIRECTION: oneOf(DIRECTIONS),
  CONFLICT_RESOLUTION: oneOf(CONFLICT_POLICIES),
  IGNORE_PATTERNS: list,
  MAX_CONCURRENT: whole(SETTING_LIMITS.maxConcurrent),
  DEBOUNCE_MS: whole(SETTING_LIMITS.debounceMs),
  VERSIONS_KEEP: whole(SETTING_LIMITS.versionsKeep),
  VERSIONS_DAYS: whole(SETTING_LIMITS.versionsDays),
  VERSIONS_THIN: yesOrNo,
  VERSIONS_MAX_SIZE: size,
  VERSIONS_KEEP_IN: oneOf(['auto', 'copies']),
  VERSIONS_PRUNE_BUCKET: yesOrNo,
  TRASH_DAYS: whole(SETTING_LIMITS.trashDays),
  HOLD_DELETIONS: whole(SETTING_LIMITS.holdDeletions),
  HOLD_DELETIONS_PERCENT: whole(SETTING_LIMITS.holdDeletionsPercent),
  HOLD_REWRITES: whole(SETTING_LIMITS.holdRewrites),
  VERIFY_SAMPLE: sample,
  VERIFY_EVERY_DAYS: whole(SETTING_LIMITS.verifyEveryDays),
  PRICE_STORAGE: price,
  PRICE_DOWNLOAD: price,
  PRICE_WRITES: price,
  PRICE_READS: price,
  STATE_DIR: folder,
  LOG_LEVEL: oneOf(LOG_LEVELS),
  LOG_FORMAT: oneOf(['json', 'text']),
  COMPRESSION_ENABLED: yesOrNo,
  COMPRESSION_LEVEL: whole(SETTING_LIMITS.compressionLevel),
  ENCRYPTION_ENABLED: yesOrNo,
  ENCRYPT_NAMES: yesOrNo,
  ENCRYPTION_KEY: vaultSecret,
  BANDWIDTH_LIMIT_UP: bandwidth,
  BANDWIDTH_LIMIT_DOWN: bandwidth,
  BANDWIDTH_TIMETABLE: bandwidthTimetable,
  SYNC_SCHEDULE: schedule,
  SYNC_TIME_ZONE: z.string().refine(isTimeZone, { error: 'must be the name of a time zone, such as Europe/Berlin' }),
  QUIET_HOURS: quiet,
  S3_BUCKET: bucket,
  S3_PREFIX: prefix,
  S3_ENDPOINT: endpoint,
  S3_FORCE_PATH_STYLE: yesOrNo,
  S3_PROXY: proxy,
  S3_CA_FILE: file,
  S3_KEYCHAIN: keychainAccount,
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secret,
  AWS_SESSION_TOKEN: secret,
  AWS_PROFILE: profile,
  AWS_REGION: region,
} as const satisfies Record<string, z.ZodType<unknown, string>>;

export type VariableName = keyof typeof VARIABLES;
/** The values of those that are set. */
export type Values = { readonly [N in VariableName]?: z.output<(typeof VARIABLES)[N]> };

/** Shared with other programs: read from the command line and the settings file, and left in the environment to the SDK's own chain. */
export function isOfTheSdk(name: VariableName): boolean {
  return name.startsWith('AWS_');
}

/** Has no place on a command line, which other users of the machine can read (I9). */
export function isSecret(name: VariableName): boolean {
  return ['ENCRYPTION_KEY', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'].includes(name);
}

/** The path of a folder or a file: relative to the settings file that names it. */
export function isPlace(name: VariableName): boolean {
  return ['WATCH_DIR', 'BACKUP_DIR', 'STATE_DIR', 'S3_CA_FILE'].includes(name);
}

export function isVariable(text: string): text is VariableName {
  return Object.hasOwn(VARIABLES, text);
}
