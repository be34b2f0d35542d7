import { z } from 'zod';
import { CONTRASTS, LANGUAGE_CHOICES, MOTIONS, NOTIFY_EVENTS, NOTIFY_LEVELS } from '../../src-preload/contract/desktop.ts';
import { type SettingsView, THEMES } from '../../src-preload/contract/model.ts';
import {
  BANDWIDTH_ROWS,
  BUCKET_FOLDER,
  BUCKET_NAME,
  CONFLICT_OVERRIDES,
  FREE_SPACE,
  IGNORE_PATTERNS,
  PAIR_NAME,
  PROFILE_NAME,
  S3_ACCESS,
  SCHEDULE,
} from '../../src-preload/contract/parsers.ts';
import { KEEP_PLACES } from '../../src-preload/contract/storage.ts';
import { DEFAULT_TUNING, LOG_LEVELS, type Tuning, tuningOf } from '../../src-preload/contract/tuning.ts';
import { DEVICE_NAME_TEXT, TUNING_FIELDS } from '../../src-preload/contract/tuning-parsers.ts';
import { CONFLICT_POLICIES, type ConflictPolicy } from '../core/conflict.ts';
import { LITTLE_BYTES } from './disk-guard.ts';

/** Grows with every change that an older version could not read; MIGRATIONS says how to come here from each older one. */
export const SETTINGS_VERSION = 5;

/** Holds no key: where to get them, at most. `session`: they were in memory only. */
const credentialsSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('chain') }),
  z.object({ kind: z.literal('profile'), name: PROFILE_NAME }),
  z.object({ kind: z.literal('keychain'), account: z.string().min(1).max(128) }),
  z.object({ kind: z.literal('session') }),
]);

const backendSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('local'), folder: z.string().min(1) }),
  z.object({
    kind: z.literal('s3'),
    ...S3_ACCESS,
    bucket: BUCKET_NAME,
    prefix: BUCKET_FOLDER,
    /** Absolute native path. */
    caFile: z.string().min(1).nullable(),
    credentials: credentialsSchema,
  }),
]);

/** Null: in the open. An encrypted pair whose secret is not at hand is not opened, whatever lies on the other side. */
const protectionSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('compressed') }),
    z.object({
      kind: z.literal('encrypted'),
      /** The vault's id, under which the keychain has the secret. */
      vault: z.string().regex(/^[0-9a-f]{16,64}$/),
      compression: z.boolean(),
      hideNames: z.boolean(),
      keep: z.enum(KEEP_PLACES),
    }),
  ])
  .nullable();

const PAUSE = z.object({ until: z.number().nullable() }).nullable().default(null);

const pairSchema = z.object({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  name: PAIR_NAME,
  /** Absolute native path. */
  source: z.string().min(1),
  backend: backendSchema,
  protection: protectionSchema.default(null),
  conflictPolicy: z.enum(CONFLICT_POLICIES as readonly [ConflictPolicy, ...ConflictPolicy[]]).default('keep_both'),
  /** The first one that fits. */
  conflictOverrides: CONFLICT_OVERRIDES.default([]),
  ignorePatterns: IGNORE_PATTERNS.default([]),
  ignoreJunk: z.boolean().default(true),
  /** Null: as for every folder. */
  schedule: SCHEDULE.nullable().default(null),
  /** What is left out is as for every folder. */
  tuning: z.object(TUNING_FIELDS).partial().default({}),
  /** Of this folder by itself. A pause outlives a restart; `until` null lasts until the user resumes. */
  pause: PAUSE,
  /** One of all folders, which ends without ending its own. */
  pauseOfAll: PAUSE,
  /** Since when it stands still, while it does. */
  standstill: z.object({ since: z.number(), code: z.string() }).nullable().catch(null).default(null),
});

const EVERY_EVENT = Object.fromEntries(NOTIFY_EVENTS.map((event) => [event, true])) as Record<(typeof NOTIFY_EVENTS)[number], boolean>;

export const settingsSchema = z.object({
  version: z.literal(SETTINGS_VERSION),
  pairs: z.array(pairSchema).default([]),
  theme: z.enum(THEMES).default('system'),
  startAtLogin: z.boolean().default(false),
  language: z.enum(LANGUAGE_CHOICES).default('system'),
  contrast: z.enum(CONTRASTS).default('system'),
  motion: z.enum(MOTIONS).default('system'),
  notify: z.enum(NOTIFY_LEVELS).default('attention'),
  notifyEvents: z.record(z.enum(NOTIFY_EVENTS), z.boolean()).default(EVERY_EVENT),
  pauseOnBattery: z.boolean().default(false),
  pauseOnMetered: z.boolean().default(false),
  /** For every folder, before its own. */
  ignorePatterns: IGNORE_PATTERNS.default([]),
  schedule: SCHEDULE.default({ cron: null, timeZone: null, quiet: [] }),
  /** Bytes a second for all folders together; null: no limit. */
  bandwidth: z.object({ up: z.int().min(1).nullable().default(null), down: z.int().min(1).nullable().default(null) }).default({ up: null, down: null }),
  /** What holds besides at certain times; by the clock of the schedule. */
  bandwidthTimetable: BANDWIDTH_ROWS.default([]),
  /** With fewer bytes free on this computer's disks nothing is synced. */
  freeSpace: FREE_SPACE.default(LITTLE_BYTES),
  /** Of every folder without its own. */
  tuning: z
    .object(TUNING_FIELDS)
    .partial()
    .default({})
    .transform((some): Tuning => tuningOf(DEFAULT_TUNING, some)),
  /** Null: the computer's name. */
  deviceName: DEVICE_NAME_TEXT.nullable().default(null),
  logLevel: z.enum(LOG_LEVELS).default('info'),
  /** `x` and `y` null: the system chooses. A place that makes no sense is none. */
  window: z
    .object({
      width: z.int().min(300).max(20_000),
      height: z.int().min(200).max(20_000),
      x: z.int().nullable().default(null),
      y: z.int().nullable().default(null),
      isMaximized: z.boolean().default(false),
    })
    .nullable()
    .catch(null)
    .default(null),
});

export type Settings = z.output<typeof settingsSchema>;
export type PairSetting = Settings['pairs'][number];
export type BackendSetting = PairSetting['backend'];
export type S3Setting = Extract<BackendSetting, { readonly kind: 's3' }>;
export type ProtectionSetting = PairSetting['protection'];
export type EncryptedSetting = Extract<ProtectionSetting, { readonly kind: 'encrypted' }>;
export type CredentialsSetting = S3Setting['credentials'];

/** What a window shows of them. */
export function viewOfSettings({ version: _, pairs: _pairs, window: _window, ...view }: Settings): SettingsView {
  return view;
}

export const DEFAULT_SETTINGS: Settings = settingsSchema.parse({ version: SETTINGS_VERSION });

type Raw = Readonly<Record<string, unknown>>;
/** From the version that is the key to the next one. */
const MIGRATIONS: Readonly<Record<number, (old: Raw) => Raw>> = {
  // Pairs could only be with folders.
  1: (old) => old,
  // No pair was encrypted or compressed.
  2: (old) => old,
  // There were two levels of notifications.
  3: (old) => old,
  // Every folder went by the defaults of the command line.
  4: (old) => old,
};

export type ReadSettings =
  | { readonly kind: 'ok'; readonly settings: Settings }
  /** Not ours, or damaged. */
  | { readonly kind: 'unreadable' }
  /** Written by a later version of the app. */
  | { readonly kind: 'newer' };

/** Reads what a settings file held. An empty object is a first start. */
export function readSettings(raw: unknown): ReadSettings {
  const parsed = z.record(z.string(), z.unknown()).safeParse(raw);
  if (!parsed.success) return { kind: 'unreadable' };
  if (Object.keys(parsed.data).length === 0) return { kind: 'ok', settings: DEFAULT_SETTINGS };
  let data: Raw = parsed.data;
  if (typeof data['version'] !== 'number') return { kind: 'unreadable' };
  if (data['version'] > SETTINGS_VERSION) return { kind: 'newer' };
  for (let version = data['version']; version < SETTINGS_VERSION; version++) {
    const migrate = MIGRATIONS[version];
    if (migrate === undefined) return { kind: 'unreadable' };
    data = { ...migrate(data), version: version + 1 };
  }
  const result = settingsSchema.safeParse(data);
  return result.success ? { kind: 'ok', settings: result.data } : { kind: 'unreadable' };
}
