import type { PastObject } from '../backends/backend.ts';
import type { Version } from '../core/entry.ts';
import type { NewHasher } from '../platform/clock.ts';
import { LONG_VERSIONS_PREFIX, VERSIONS_PREFIX } from './keys.ts';

/** Ours and every store's longest key, in bytes of UTF-8. */
const MAX_KEY_BYTES = 1024;
const NAME = /^(\d{13})~(\d{13})~([A-Za-z0-9_-]{1,64})(?:\.(moved|folder))?$/;
/** Two times, a revision and what joins them. */
const NAME_BYTES = 13 + 1 + 13 + 1 + 64;
/** The end of a version token, which tells versions of one object apart; it leaves room for what follows it in a name. */
const REVISION_CHARS = 42;
/** What a revision ends in when it is known what the object replaced. */
const AFTER = /-p(\d{13})$/;

/** What a name among the versions stands for: a kept content; a record of a file that got another name; a record of a folder that was removed. */
export type KeptKind = 'content' | 'moved' | 'folder';

/** What the name of a kept version, or of a record beside it, says: which object it was, and from when to when, in ms by the store's own clock. */
export interface VersionName {
  /** The folder that holds all versions of one object, ending in `/`. */
  readonly folder: string;
  readonly kind: KeptKind;
  readonly fromMs: number;
  readonly toMs: number;
  readonly revision: string;
  /** When what it replaced had been stored; 0: nothing was there before it; null: not known. */
  readonly afterMs: number | null;
}

/** Where the versions of an object lie: `<key>/` below the versions, or, for a key too long for that, a folder named by its hash, which holds the key in an object `key`. */
export function versionFolder(key: string, newHasher: NewHasher): { readonly folder: string; readonly isLong: boolean } {
  const folder = `${VERSIONS_PREFIX}${key}/`;
  if (Buffer.byteLength(folder) + NAME_BYTES <= MAX_KEY_BYTES) return { folder, isLong: false };
  const hasher = newHasher();
  hasher.update(Buffer.from(key));
  return { folder: `${LONG_VERSIONS_PREFIX}${hasher.digest()}/`, isLong: true };
}

export function versionKey({ folder, kind, fromMs, toMs, revision, afterMs }: VersionName): string {
  const after = afterMs === null ? '' : `-p${time(afterMs)}`;
  return `${folder}${time(fromMs)}~${time(toMs)}~${revision}${after}${kind === 'content' ? '' : `.${kind}`}`;
}

/** Reads the name of a kept version or of a record; null for anything else that lies among them. */
export function parseVersionKey(key: string): VersionName | null {
  const cut = key.lastIndexOf('/') + 1;
  const parts = NAME.exec(key.slice(cut));
  if (parts === null) return null;
  const [, from, to, text = '', record] = parts;
  const after = AFTER.exec(text)?.[1];
  const kind = record === 'moved' || record === 'folder' ? record : 'content';
  const revision = (after === undefined ? text : text.slice(0, -after.length - 2)).slice(-REVISION_CHARS);
  return { folder: key.slice(0, cut), kind, fromMs: Number(from), toMs: Number(to), revision, afterMs: after === undefined ? null : Number(after) };
}

/** What such a name would say of a version that the store itself keeps; null of one that is there now. */
export function nativeName({ key, storedAtMs, untilMs, was, afterMs }: PastObject, folder: string): VersionName | null {
  if (untilMs === null) return null;
  return { folder, kind: key.endsWith('/') ? 'folder' : 'content', fromMs: storedAtMs, toMs: untilMs, revision: revisionOf(was), afterMs };
}

/** A version token as a name may hold it. */
export function revisionOf(version: Version): string {
  return version.replace(/[^A-Za-z0-9_-]/g, '_').slice(-REVISION_CHARS) || '_';
}

function time(ms: number): string {
  return String(Math.min(Math.max(0, Math.round(ms)), 9_999_999_999_999)).padStart(13, '0');
}
