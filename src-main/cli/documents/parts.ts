import { z } from 'zod';
import { HELD_REASONS } from '../../core/action.ts';
import { CONFLICT_POLICIES } from '../../core/conflict.ts';

/** Pieces of several documents. Every object is whole: a field that is not described here is a fault. */
export const time = z.number().int().describe('ms since the epoch');
export const count = z.number().int().min(0);
export const side = z.enum(['local', 'remote']);
export const policy = z.enum(CONFLICT_POLICIES);

export const entry = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('file'),
    size: count,
    hash: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .describe('SHA-256'),
    mtimeNs: z
      .string()
      .regex(/^-?\d+$/)
      .describe('ns since the epoch'),
    mode: z.number().int().nullable().describe('permission bits'),
  }),
  z.strictObject({ kind: z.literal('folder') }),
  z.strictObject({ kind: z.literal('symlink'), target: z.string() }),
]);

export const action = z.strictObject({
  path: z.string(),
  to: z.string().nullable().describe('the new path, of a rename'),
  action: z.string().describe('upload, download, move-local, ...'),
  direction: z.enum(['up', 'down', 'none']),
  size: count.nullable().describe('bytes, of a file'),
  reason: z.string(),
});

export const conflict = z.strictObject({
  path: z.string(),
  local: entry,
  remote: entry,
  remoteVersion: z.string(),
  remoteDevice: z.string().nullable(),
  remoteStoredAtMs: time.nullable(),
  since: time,
});

export const held = z.strictObject({
  side,
  why: z.enum(HELD_REASONS),
  files: count.describe('a rewrite and the deletion that goes with it count as one'),
  wentOver: count.optional().describe('of a burst: files that went over before it was recognised; bringing back covers them too'),
  paths: z.array(z.string()),
});
export const problem = z.strictObject({
  path: z.string(),
  side,
  reason: z.string(),
  subtree: z.boolean().describe('nothing below it is known either'),
  detail: z.string().optional(),
});
export const failure = z.strictObject({ path: z.string(), code: z.string(), message: z.string(), attempts: count.describe('cycles in a row'), since: time });

/** A cycle's report, as part of a document. */
export const report = {
  cycle: z.string(),
  done: count,
  stale: count,
  failures: z.array(failure),
  problems: z.array(problem),
  conflicts: z.array(conflict),
  bytesUp: count.describe('bytes of files that were sent'),
  bytesDown: count,
  held: z.array(held),
  planned: z.array(action).describe('of a dry run'),
};

export const error = z.strictObject({ code: z.string(), message: z.string(), hint: z.string().nullable().describe('the next step'), path: z.string().nullable() });

const progress = z.strictObject({
  phase: z.enum(['looking', 'planning', 'working']),
  done: count,
  total: count,
  bytes: count,
  totalBytes: count,
  rate: z.number().nullable().describe('bytes a second'),
  etaSeconds: z.number().nullable(),
  inFlight: z.array(z.strictObject({ path: z.string(), direction: z.enum(['up', 'down']), bytes: count, totalBytes: count })),
});

export const status = z.strictObject({
  state: z.enum(['not-set-up', 'ok', 'syncing', 'paused', 'offline', 'attention', 'error']),
  summary: z.string(),
  source: z.string(),
  target: z.string(),
  watching: z.boolean(),
  watchMode: z.string(),
  pausedUntil: time.nullable(),
  lastSyncAt: time.nullable(),
  lastFullScanAt: time.nullable(),
  files: count,
  bytes: count,
  kept: z.strictObject({ count, bytes: count }).nullable().optional().describe('kept versions in the backup besides, at the last sweep'),
  drill: z
    .strictObject({ at: time, files: count, bytes: count, failed: count, succeededAt: time.nullable().describe('the last in which every file came back') })
    .nullable()
    .optional()
    .describe('the last restore drill'),
  pending: count,
  progress: progress.nullable(),
  conflicts: z.array(conflict),
  held: z.array(held),
  problems: z.array(problem),
  failures: z.array(failure),
  usage: z.strictObject({ month: z.string(), requests: z.record(z.string(), count), bytesUp: count, bytesDown: count }).nullable(),
  error: error
    .omit({ path: true })
    .extend({ wantsSecret: z.literal(true).optional().describe('what opens the encrypted vault is missing or wrong') })
    .nullable(),
});

export const protection = z.enum(['atomic', 'afterwards', 'best-effort']);
export const backend = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('local'), folder: z.string() }),
  z.strictObject({
    kind: z.literal('s3'),
    bucket: z.string(),
    prefix: z.string(),
    endpoint: z.string().nullable(),
    region: z.string().nullable(),
    forcePathStyle: z.boolean().nullable(),
    credentials: z.enum(['chain', 'profile', 'keys', 'keychain']).describe('where they come from'),
    proxy: z.string().nullable(),
    caFile: z.string().nullable(),
  }),
]);

export const storeFinding = { check: z.string(), verdict: z.enum(['good', 'note', 'warning', 'bad']), text: z.string(), fix: z.string().nullable() };
