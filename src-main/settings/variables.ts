import { z } from 'zod';
import { CONFLICT_POLICIES } from '../core/conflict.ts';
import type { Direction } from '../core/settings.ts';

/** Turns the text of one variable into its value. A message says what is wanted and never repeats the value: it may be a secret. */
const oneOf = <const T extends string>(words: readonly T[]): z.ZodType<T, string> =>
  z
    .string()
    .transform((text) => text.toLowerCase())
    .pipe(z.enum(words, { error: `must be one of ${words.join(', ')}` }));
const whole = (min: number, max: number) =>
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
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);
const name = z
  .string()
  .trim()
  .regex(/^[^\p{Cc}/\\]{1,64}$/u, { error: 'must be 1 to 64 characters without slashes and control characters' });

/** Bytes a second, null for no limit, written as rclone has it: a number with K, M or G for KiB, MiB or GiB, or B for bytes; without a letter KiB; 0 or `off` for none. */
const bandwidth = z
  .string()
  .trim()
  .regex(/^(?:off|\d{1,9}(?:\.\d{1,3})?[BKMG]?)$/i, { error: 'must be KiB a second, such as 500K or 2M; 0 for no limit' })
  .transform((text) => {
    const [, amount = '0', unit = 'K'] = /^([\d.]+)([a-z]?)$/i.exec(text) ?? [];
    const factor = { B: 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 }[(unit || 'K').toUpperCase()] ?? 1024;
    return Math.ceil(Number(amount) * factor) || null;
  });

const NOT_YET = 'is not available in this version of File Sync';
const notYet = z.string().refine(() => false, { error: `${NOT_YET}; remove it` });
const offOnly = z.string().refine((text) => /^(false|0|no|off)$/i.test(text), { error: `${NOT_YET}; leave it out or set it to false` });
/** Belongs to a backend or a feature that is off: known, so not a spelling mistake, and without effect. */
const unused = z.string();

const backends = z
  .string()
  .transform((text) => text.toLowerCase())
  .pipe(z.enum(['local', 's3', 'gdrive'], { error: 'must be local' }).refine((text) => text === 'local', { error: `other than local ${NOT_YET}` }));

/** 32 bytes as 64 hex digits, as base64, or as 32 ASCII characters. */
const key = z.string().refine((text) => /^[0-9a-f]{64}$/i.test(text) || /^[A-Za-z0-9+/_-]{43}=?$/.test(text) || /^[\x20-\x7e]{32}$/.test(text), {
  error: 'must be 32 bytes: 64 hexadecimal digits, base64, or 32 ASCII characters',
});

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Every variable there is (DESIGN 8); docs/configuration.md and `.env.example` describe each. */
export const VARIABLES = {
  WATCH_DIR: folder,
  BACKEND_TYPE: backends,
  BACKUP_DIR: folder,
  DEVICE_NAME: name,
  DIRECTION: oneOf<Direction>(['two_way', 'upload_only', 'download_only']),
  CONFLICT_RESOLUTION: oneOf(CONFLICT_POLICIES),
  IGNORE_PATTERNS: list,
  MAX_CONCURRENT: whole(1, 64),
  DEBOUNCE_MS: whole(0, 60_000),
  VERSIONS_KEEP: whole(0, 100_000),
  VERSIONS_DAYS: whole(0, 36_500),
  STATE_DIR: folder,
  LOG_LEVEL: oneOf(LOG_LEVELS),
  COMPRESSION_ENABLED: offOnly,
  ENCRYPTION_ENABLED: offOnly,
  ENCRYPTION_KEY: key,
  BANDWIDTH_LIMIT_UP: bandwidth,
  BANDWIDTH_LIMIT_DOWN: bandwidth,
  SYNC_SCHEDULE: notYet,
  S3_BUCKET: unused,
  S3_PREFIX: unused,
  S3_ENDPOINT: unused,
  S3_FORCE_PATH_STYLE: unused,
  AWS_ACCESS_KEY_ID: unused,
  AWS_SECRET_ACCESS_KEY: unused,
  AWS_SESSION_TOKEN: unused,
  AWS_PROFILE: unused,
  AWS_REGION: unused,
} as const satisfies Record<string, z.ZodType<unknown, string>>;

export type VariableName = keyof typeof VARIABLES;
/** The values of those that are set. */
export type Values = { readonly [N in VariableName]?: z.output<(typeof VARIABLES)[N]> };

export function isVariable(text: string): text is VariableName {
  return Object.hasOwn(VARIABLES, text);
}
