import type { Version } from '../core/entry.ts';
import type { NewHasher } from '../platform/clock.ts';
import { LONG_VERSIONS_PREFIX, VERSIONS_PREFIX } from './keys.ts';

/** Ours and every store's longest key, in bytes of UTF-8. */
const MAX_KEY_BYTES = 1024;
const NAME = /^(\d{13})~(\d{13})~([A-Za-z0-9_-]{1,64})$/;
/** Two times, a revision and what joins them. */
const NAME_BYTES = 13 + 1 + 13 + 1 + 64;

/** What a kept version's name says: which object it was, and from when to when, in ms by the store's own clock. */
export interface VersionName {
  /** The folder that holds all versions of one object, ending in `/`. */
  readonly folder: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly revision: string;
}

/** Where the versions of an object lie: `<key>/` below the versions, or, for a key too long for that, a folder named by its hash, which holds the key in an object `key`. */
export function versionFolder(key: string, newHasher: NewHasher): { readonly folder: string; readonly isLong: boolean } {
  const folder = `${VERSIONS_PREFIX}${key}/`;
  if (Buffer.byteLength(folder) + NAME_BYTES <= MAX_KEY_BYTES) return { folder, isLong: false };
  const hasher = newHasher();
  hasher.update(Buffer.from(key));
  return { folder: `${LONG_VERSIONS_PREFIX}${hasher.digest()}/`, isLong: true };
}

export function versionKey({ folder, fromMs, toMs, revision }: VersionName): string {
  return `${folder}${time(fromMs)}~${time(toMs)}~${revision}`;
}

/** Reads the name of a kept version; null for anything else that lies among them. */
export function parseVersionKey(key: string): VersionName | null {
  const cut = key.lastIndexOf('/') + 1;
  const parts = NAME.exec(key.slice(cut));
  if (parts === null) return null;
  const [, from, to, revision] = parts;
  return { folder: key.slice(0, cut), fromMs: Number(from), toMs: Number(to), revision: revision ?? '' };
}

/** A version token as a name may hold it; its end tells versions of one object apart. */
export function revisionOf(version: Version): string {
  return version.replace(/[^A-Za-z0-9_-]/g, '_').slice(-64) || '_';
}

function time(ms: number): string {
  return String(Math.min(Math.max(0, Math.round(ms)), 9_999_999_999_999)).padStart(13, '0');
}
