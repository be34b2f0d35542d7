import type { NewHasher } from '../../platform/clock.ts';
import type { ListedObject } from './s3-api.ts';
import { type Expected, tokenOf } from './token.ts';

/**
 * What a write to a bucket that judges nothing (level D) meant to lie on, as the end of its mark: so whoever meets the object before its writer has judged it, or after that writer died, can judge it too (lineage.ts). Short, for
 * metadata has 2 KiB in all: a point, the second in base 36, and 24 bits of the hash of the key and 36 of what was expected there in base64url.
 */
export interface Claim {
  /** The store's second at which its writer set out: what is older was there, or was not, when it looked. */
  readonly since: number;
  /** Whether this, or nothing, is what the write was meant to lie on. */
  expects(below: Pick<ListedObject, 'etag' | 'lastModifiedMs'> | undefined): boolean;
}

/** Where the write goes: another program may take the object elsewhere, mark and all. */
export interface ClaimedPlace {
  readonly key: string;
  readonly newHasher: NewHasher;
}

const KEY_LENGTH = 4;
const EXPECTED_LENGTH = 6;

export function withClaim(mark: string, { expected, since }: { readonly expected: Expected; readonly since: number }, { key, newHasher }: ClaimedPlace): string {
  return `${mark}.${since.toString(36)}${tag(newHasher, key).slice(0, KEY_LENGTH)}${tagOf(expected, newHasher)}`;
}

/** Null for a mark without one for this place: of another level, of a multipart upload, of another key. */
export function claimOf(mark: string | undefined, { key, newHasher }: ClaimedPlace): Claim | null {
  const [, since, place, expected] = /\.([0-9a-z]{6,7})([\w-]{4})([\w-]{6})$/.exec(mark ?? '') ?? [];
  if (since === undefined || place !== tag(newHasher, key).slice(0, KEY_LENGTH)) return null;
  return {
    since: Number.parseInt(since, 36),
    expects: (below) => tagOf(below === undefined ? { kind: 'absent' } : { kind: 'token', ...tokenOf(below) }, newHasher) === expected,
  };
}

function tagOf(expected: Expected, newHasher: NewHasher): string {
  return tag(newHasher, expected.kind === 'absent' ? '' : `${expected.etag}~${expected.second}`).slice(0, EXPECTED_LENGTH);
}

function tag(newHasher: NewHasher, text: string): string {
  const hasher = newHasher();
  hasher.update(Buffer.from(text));
  return Buffer.from(hasher.digest(), 'hex').toString('base64url');
}
