import { z } from 'zod';
import { HELD_REASONS } from '../../src-main/core/action.ts';
import { CONFLICT_POLICIES, type ConflictPolicy } from '../../src-main/core/conflict.ts';
import { type Channel, PAUSE_LENGTHS, type Requests } from './channels.ts';
import { CONTRASTS, LANGUAGE_CHOICES, MOTIONS, NOTIFY_EVENTS, NOTIFY_LEVELS } from './desktop.ts';
import { THEMES } from './model.ts';
import { KEEP_PLACES } from './storage.ts';
import { MOST_ROWS } from './timetable.ts';
import { LOG_LEVELS } from './tuning.ts';
import { DEVICE_NAME_TEXT, TUNING_FIELDS } from './tuning-parsers.ts';
import { TYPED_KINDS } from './vault.ts';

const id = z.string().regex(/^[0-9a-f]{16}$/);
const token = z.string().regex(/^[0-9a-f]{16}$/);
const policy = z.enum(CONFLICT_POLICIES as readonly [ConflictPolicy, ...ConflictPolicy[]]);
/** Paths are read again as RelPath where they are used. */
const path = z.string().min(1).max(4096);
const line = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => !/[\0\r\n]/.test(text), { error: 'must be one line' });
export const PAIR_NAME = line(80).trim().min(1);
/** Limits keep a pasted file from becoming a rule set that takes seconds to match. */
export const IGNORE_PATTERNS = z.array(line(256).min(1)).max(200);
export const CONFLICT_OVERRIDES = z.array(z.strictObject({ pattern: line(256).min(1), policy })).max(100);
const dayTime = '(?:[01]\\d|2[0-3]):[0-5]\\d';
/** Whether a cron expression means anything is asked where it is used. */
export const SCHEDULE = z.strictObject({
  cron: line(120).min(1).nullable(),
  timeZone: z
    .string()
    .regex(/^[A-Za-z0-9_+/-]{1,64}$/)
    .nullable(),
  quiet: z.array(z.string().regex(new RegExp(`^${dayTime}-${dayTime}$`))).max(10),
});

export const FREE_SPACE = z.int().min(1_000_000).max(1_000_000_000_000_000);
const limit = z.int().min(1).max(Number.MAX_SAFE_INTEGER).nullable();
/** A row that limits nothing means nothing. */
export const BANDWIDTH_ROWS = z
  .array(
    z
      .strictObject({
        days: z.array(z.int().min(0).max(6)).min(1).max(7),
        from: z.string().regex(new RegExp(`^${dayTime}$`)),
        to: z.string().regex(new RegExp(`^${dayTime}$`)),
        up: limit,
        down: limit,
      })
      .refine(({ up, down }) => up !== null || down !== null, { error: 'must limit something' }),
  )
  .max(MOST_ROWS);

const pair = { pair: id };
const somePair = { pair: id.nullable() };

/** An address without a user name, a password or a question: nothing in it is secret. */
const address = line(512).refine((text) => isPlainAddress(text), { error: 'must be an http or https address without a password in it' });
export const BUCKET_NAME = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/);
/** Empty, or folders that each end in `/`. */
export const BUCKET_FOLDER = line(512).refine((text) => text === '' || (text.endsWith('/') && text.slice(0, -1).split('/').every(isFolderName)), {
  error: 'must be a folder in the bucket',
});
export const PROFILE_NAME = line(128).min(1);
const signIn = z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('profile'), name: PROFILE_NAME }), z.strictObject({ kind: z.literal('held'), token })]);
export const S3_ACCESS = {
  provider: z.string().regex(/^[a-z0-9-]{1,32}$/),
  endpoint: address.nullable(),
  region: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,64}$/)
    .nullable(),
  forcePathStyle: z.boolean().nullable(),
  proxy: address.nullable(),
};
const access = { ...S3_ACCESS, caFile: token.nullable(), signIn };
const place = { ...access, bucket: BUCKET_NAME, prefix: BUCKET_FOLDER };
const target = z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('folder'), folder: token }), z.strictObject({ kind: z.literal('s3'), ...place })]);
const choice = { source: token, target };
const keep = z.enum(KEEP_PLACES);
/** What is pasted often brings blanks along. */
const secret = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[\x21-\x7e]+$/);
/** A passphrase, a key or words, taken as it is typed: blanks belong to a passphrase. */
const typed = z
  .string()
  .min(1)
  .max(1024)
  .refine((text) => !text.includes('\0'), { error: 'must be text' });
const vault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('plain') }),
  z.strictObject({ kind: z.literal('compressed') }),
  z.strictObject({ kind: z.literal('new'), token, withoutSheet: z.boolean() }),
  z.strictObject({ kind: z.literal('join'), token }),
]);

const folder = path.nullable();
/** An instant, ms since the epoch: what a Date can hold. */
const instant = z.int().min(0).max(8_640_000_000_000_000);
const versionId = z.string().regex(/^[!-~]{1,512}$/);
const restore = {
  ...pair,
  what: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('moment'), at: instant, folder }),
    z.strictObject({ kind: z.literal('version'), path, id: versionId }),
    z.strictObject({ kind: z.literal('run'), id: z.string().regex(/^\d{1,16}$/) }),
    z.strictObject({ kind: z.literal('conflict'), path }),
    z.strictObject({ kind: z.literal('trash'), path, batch: line(64).min(1) }),
    z.strictObject({ kind: z.literal('held') }),
  ]),
  to: token.nullable(),
};

/** Reads each request's input in the main process. Unknown keys are refused: the renderer is ours, so they mean a mistake or an attack. */
export const PARSERS: { readonly [C in Channel]: z.ZodType<Requests[C]['input']> } = {
  'app/state': z.null(),
  'app/set': z
    .strictObject({
      theme: z.enum(THEMES),
      language: z.enum(LANGUAGE_CHOICES),
      contrast: z.enum(CONTRASTS),
      motion: z.enum(MOTIONS),
      startAtLogin: z.boolean(),
      notify: z.enum(NOTIFY_LEVELS),
      notifyEvents: z.record(z.enum(NOTIFY_EVENTS), z.boolean()),
      pauseOnBattery: z.boolean(),
      pauseOnMetered: z.boolean(),
      ignorePatterns: IGNORE_PATTERNS,
      schedule: SCHEDULE,
      bandwidth: z.strictObject({ up: limit, down: limit }),
      tuning: z.strictObject(TUNING_FIELDS),
      deviceName: DEVICE_NAME_TEXT.nullable(),
      logLevel: z.enum(LOG_LEVELS),
      bandwidthTimetable: BANDWIDTH_ROWS,
      freeSpace: FREE_SPACE,
    })
    .partial(),
  'app/dismiss': z.strictObject({ notice: z.string().max(64) }),
  'app/fault': z.strictObject({ message: z.string().max(4000) }),
  'app/quit': z.null(),
  'app/copy': z.strictObject({ text: z.string().min(1).max(200_000) }),
  'engine/restart': z.null(),
  'folder/choose': z.strictObject({ purpose: z.enum(['source', 'target', 'restore']) }),
  'file/choose-ca': z.null(),
  'storage/profiles': z.null(),
  'storage/hold': z.strictObject({ accessKeyId: secret(256), secretAccessKey: secret(1024), sessionToken: secret(8192).nullable() }),
  'storage/import': z.null(),
  'storage/forget': z.null(),
  'storage/buckets': z.strictObject(access),
  'storage/create': z.strictObject({ ...access, bucket: BUCKET_NAME }),
  'storage/test': z.strictObject(place),
  'storage/stop': z.null(),
  'storage/clean-up': z.strictObject(place),
  'vault/look': target,
  'vault/prepare': z.strictObject({ kind: z.enum(TYPED_KINDS), text: typed, compression: z.boolean(), hideNames: z.boolean() }),
  'vault/sheet': z.strictObject({ ...choice, token, name: PAIR_NAME }),
  'vault/confirm': z.strictObject({ token, words: z.array(z.string().max(64)).max(24) }),
  'vault/open': z.strictObject({ target, text: typed }),
  'pair/check': z.strictObject(choice),
  'pair/add': z.strictObject({ ...choice, name: PAIR_NAME, conflictPolicy: policy, keep, vault }),
  'pair/key-id': z.strictObject(pair),
  'pair/credentials': z.strictObject({ ...pair, signIn, keep, untried: z.boolean() }),
  'pair/unlock': z.strictObject({ ...pair, text: typed, keep }),
  'pair/repoint': z.strictObject({ ...pair, side: z.enum(['source', 'target']) }),
  'pair/remove': z.strictObject(pair),
  'pair/change': z.strictObject({
    ...pair,
    name: PAIR_NAME.optional(),
    conflictPolicy: policy.optional(),
    ignorePatterns: IGNORE_PATTERNS.optional(),
    ignoreJunk: z.boolean().optional(),
    conflictOverrides: CONFLICT_OVERRIDES.optional(),
    schedule: SCHEDULE.nullable().optional(),
    tuning: z.strictObject(TUNING_FIELDS).partial().optional(),
  }),
  'pair/open': z.strictObject({ ...pair, side: z.enum(['source', 'target']) }),
  'pair/why': z.strictObject({ ...pair, path: path.nullable() }),
  'ignore/preview': z.strictObject({ ...pair, patterns: IGNORE_PATTERNS, junk: z.boolean() }),
  'schedule/preview': SCHEDULE,
  'diagnostics/preview': z.strictObject({ names: z.boolean() }),
  'diagnostics/save': z.strictObject({ names: z.boolean() }),
  'pair/open-file': z.strictObject({ ...pair, path }),
  'pair/reveal': z.strictObject({ ...pair, path }),
  'sync/now': z.strictObject(somePair),
  'sync/pause': z.strictObject({ ...somePair, length: z.enum(PAUSE_LENGTHS) }),
  'sync/resume': z.strictObject(somePair),
  'pair/problems': z.strictObject({ ...pair, from: z.int().min(0) }),
  'pair/failures': z.strictObject({ ...pair, from: z.int().min(0) }),
  'held/paths': z.strictObject({ ...pair, side: z.enum(['local', 'remote']), why: z.enum(HELD_REASONS) }),
  'held/release': z.strictObject({ ...pair, shown: z.int().min(1) }),
  'conflict/resolve': z.strictObject({ ...pair, path, choice: z.enum(['local', 'remote', 'both']) }),
  'conflict/resolve-all': z.strictObject({ ...somePair, choice: z.enum(['local', 'remote', 'both']), shown: z.int().min(1) }),
  'conflict/open': z.strictObject({ ...pair, path, which: z.enum(['local', 'remote', 'both']) }),
  'conflict/preview': z.strictObject({ ...pair, path }),
  'conflict/settled': z.strictObject(somePair),
  'activity/list': z.strictObject({
    ...somePair,
    search: line(200),
    only: z.enum(['all', 'failed']),
    list: z.int().nullable(),
    from: z.int().min(0),
    limit: z.int().min(1).max(500),
  }),
  'history/versions': z.strictObject({ ...pair, path }),
  'history/preview': z.strictObject({ ...pair, path, version: versionId }),
  'history/range': z.strictObject({ ...pair, folder }),
  'history/folder': z.strictObject({ ...pair, folder, at: instant }),
  'history/deleted': z.strictObject({ ...pair, search: line(200) }),
  'history/runs': z.strictObject(pair),
  'history/plan': z.strictObject(restore),
  'history/restore': z.strictObject({ ...restore, agreed: z.int().min(0).nullable() }),
  'history/stop': z.strictObject(pair),
  'restored/look': z.strictObject(pair),
  'restored/accept': z.strictObject(pair),
  'trash/list': z.strictObject(pair),
  'trash/empty': z.strictObject({ ...pair, shown: z.int().min(1) }),
};

function isPlainAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '' && search === '' && hash === '';
}

function isFolderName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && name !== '.file-sync';
}
