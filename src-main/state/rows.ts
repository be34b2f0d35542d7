import { z } from 'zod';
import type { Conflict, Resolution } from '../core/conflict.ts';
import type { Base, Entry, Hash, Stamp, Version } from '../core/entry.ts';
import { SyncError } from '../core/errors.ts';
import type { Intent } from '../core/intent.ts';
import { parseRelPath, type RelPath } from '../core/rel-path.ts';

/** One row of `entries`, in the order of {@link ENTRY_COLUMNS}. */
export type EntryRow = readonly [path: unknown, kind: unknown, size: unknown, hash: unknown, mtimeNs: unknown, mode: unknown, target: unknown, stamp: unknown, version: unknown];
export const ENTRY_COLUMNS = 'path, kind, size, hash, mtime_ns, mode, target, stamp, version';

type SqlValue = string | number | null;

export function toEntryRow(path: RelPath, { entry, stamp, version }: Base): readonly SqlValue[] {
  const file = entry.kind === 'file' ? entry : null;
  const target = entry.kind === 'symlink' ? entry.target : null;
  return [path, entry.kind, file?.size ?? null, file?.hash ?? null, file === null ? null : String(file.mtimeNs), file?.mode ?? null, target, stamp, version];
}

/** A row that is not what {@link toEntryRow} writes means a damaged store: `state-corrupt`. */
export function fromEntryRow(row: EntryRow): readonly [RelPath, Base] {
  const [path, kind, size, hash, mtimeNs, mode, target, stamp, version] = row;
  if (typeof version !== 'string' || (stamp !== null && typeof stamp !== 'string')) throw damaged('entries');
  return [asRelPath(path), { entry: asEntry(kind, size, hash, mtimeNs, mode, target), stamp: stamp as Stamp | null, version: version as Version }];
}

function asEntry(kind: unknown, size: unknown, hash: unknown, mtimeNs: unknown, mode: unknown, target: unknown): Entry {
  if (kind === 'folder') return { kind };
  if (kind === 'symlink' && typeof target === 'string') return { kind, target };
  if (kind === 'file' && typeof size === 'number' && isHash(hash) && typeof mtimeNs === 'string' && INTEGER.test(mtimeNs) && (mode === null || typeof mode === 'number')) {
    return { kind, size, hash, mtimeNs: BigInt(mtimeNs), mode };
  }
  throw damaged('entries');
}

const INTEGER = /^-?\d{1,30}$/;
const HASH = /^[0-9a-f]{64}$/;
const isHash = (value: unknown): value is Hash => typeof value === 'string' && HASH.test(value);

function asRelPath(value: unknown): RelPath {
  const parsed = typeof value === 'string' ? parseRelPath(value) : null;
  if (parsed === null || 'fault' in parsed) throw damaged('paths');
  return parsed.path;
}

function damaged(what: string): SyncError {
  return new SyncError('state-corrupt', `the state file holds unreadable ${what}`);
}

const path = z.string().transform(asRelPath);
const stamp = z.string().transform((text) => text as Stamp);
const version = z.string().transform((text) => text as Version);
const hash = z
  .string()
  .regex(HASH)
  .transform((text) => text as Hash);
const bigint = z
  .string()
  .regex(INTEGER)
  .transform((text) => BigInt(text));
const entry: z.ZodType<Entry> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), size: z.number(), hash, mtimeNs: bigint, mode: z.number().nullable() }),
  z.object({ kind: z.literal('folder') }),
  z.object({ kind: z.literal('symlink'), target: z.string() }),
]);

const intent: z.ZodType<Intent> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('remote-write'), op: z.string(), path, entry }),
  z.object({ kind: z.literal('remote-remove'), op: z.string(), path, version }),
  z.object({ kind: z.literal('local-write'), op: z.string(), path, entry, version }),
  z.object({ kind: z.literal('local-remove'), op: z.string(), path, stamp }),
]);
const conflict: z.ZodType<Conflict> = z.object({
  path,
  local: entry,
  remote: entry,
  remoteVersion: version,
  remoteDevice: z.string().nullable(),
  remoteStoredAtMs: z.number().nullable(),
  since: z.number(),
});
const resolution: z.ZodType<Resolution> = z.object({ path, choice: z.enum(['local', 'remote', 'both']), local: entry, remoteVersion: version });

/** One of the small records as text; the reverse of the parsers below. */
export function toJson(record: Intent | Conflict | Resolution): string {
  return JSON.stringify(record, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

export const parseIntent = (text: unknown): Intent => parse(intent, text, 'intents');
export const parseConflict = (text: unknown): Conflict => parse(conflict, text, 'conflicts');
export const parseResolution = (text: unknown): Resolution => parse(resolution, text, 'resolutions');

function parse<T>(schema: z.ZodType<T>, text: unknown, what: string): T {
  let json: unknown;
  try {
    json = JSON.parse(String(text));
  } catch (cause) {
    throw new SyncError('state-corrupt', `the state file holds unreadable ${what}`, { cause });
  }
  const result = schema.safeParse(json);
  if (!result.success) throw damaged(what);
  return result.data;
}
