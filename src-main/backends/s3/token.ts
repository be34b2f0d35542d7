import type { Version } from '../../core/entry.ts';
import type { Condition } from '../backend.ts';
import type { ListedObject } from './s3-api.ts';

/**
 * A version is `<etag>~<second>`: the ETag tells the content, the whole second of Last-Modified the write. An ETag alone would not do: it is the same for the same bytes, so that a deletion whose answer was lost
 * would take along an equal file made anew, and a new mode or kind would go unseen. Successive versions of a key never lie in the same second (`pastSecond`), so a token never comes back.
 */
export interface Token {
  readonly etag: string;
  readonly second: number;
}

/** What must lie at a key for a write to happen. */
export type Expected = { readonly kind: 'absent' } | ({ readonly kind: 'token' } & Token);

export function tokenOf({ etag, lastModifiedMs }: Pick<ListedObject, 'etag' | 'lastModifiedMs'>): Token {
  return { etag, second: Math.floor(lastModifiedMs / 1000) };
}

export function versionOf(object: Pick<ListedObject, 'etag' | 'lastModifiedMs'>): Version {
  const { etag, second } = tokenOf(object);
  return `${etag}~${second}` as Version;
}

/** The version of a write that is done and was replaced since: it matches nothing. */
export function passedVersion(etag: string): Version {
  return `${etag}~?` as Version;
}

/** Null for a text that no object can match. */
export function parseVersion(version: Version): Token | null {
  const [, etag, second] = /^(.+)~(\d+)$/s.exec(version) ?? [];
  return etag === undefined || second === undefined ? null : { etag, second: Number(second) };
}

/** An older version: what it was called, and the store's own name of it. */
export interface PastToken extends Token {
  readonly versionId: string;
}

export function pastVersionOf(object: Pick<ListedObject, 'etag' | 'lastModifiedMs'>, versionId: string): Version {
  return `${versionOf(object)}@${versionId}` as Version;
}

/** Null for what names no older version. */
export function parsePast(version: Version): PastToken | null {
  const [, etag, second, versionId] = /^(.+?)~(\d+)@(.+)$/s.exec(version) ?? [];
  return etag === undefined || second === undefined || versionId === undefined ? null : { etag, second: Number(second), versionId };
}

export function expectedOf(condition: Condition): Expected | null {
  if (condition.kind === 'absent') return condition;
  const token = parseVersion(condition.version);
  return token === null ? null : { kind: 'token', ...token };
}

export function isToken(object: Pick<ListedObject, 'etag' | 'lastModifiedMs'> | null | undefined, { etag, second }: Token): boolean {
  return object !== null && object !== undefined && object.etag === etag && tokenOf(object).second === second;
}
