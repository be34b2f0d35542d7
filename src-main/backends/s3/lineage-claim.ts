import type { NewHasher } from '../../platform/clock.ts';
import type { Expected } from './token.ts';

/**
 * What a write to a bucket that judges nothing (level D) meant to lie on, as part of its mark: so whoever meets the object before its writer has judged it, or after that writer died, can judge it too (lineage.ts).
 */
export interface Claim {
  readonly expected: Expected;
  /** The store's second at which its writer set out: what is older was there, or was not, when it looked. */
  readonly since: number;
}

/** Where the write goes: another program may take the object elsewhere, mark and all. */
export interface ClaimedPlace {
  readonly key: string;
  readonly newHasher: NewHasher;
}

export function withClaim(mark: string, { expected, since }: Claim, place: ClaimedPlace): string {
  const lies = expected.kind === 'absent' ? '-' : `${encodeURIComponent(expected.etag).replaceAll('.', '%2E')}~${expected.second}`;
  return `${mark}.${since}.${lies}.${tagOf(place)}`;
}

/** Null for a mark without one for this place: of another level, of a multipart upload, of another key. */
export function claimOf(mark: string | undefined, place: ClaimedPlace): Claim | null {
  const [, since, lies, tag] = /\.(\d+)\.(-|[^.~]+~\d+)\.([0-9a-f]{8})$/.exec(mark ?? '') ?? [];
  if (lies === undefined || tag !== tagOf(place)) return null;
  const expected = lies === '-' ? ({ kind: 'absent' } as const) : tokenIn(lies);
  return expected === null ? null : { expected, since: Number(since) };
}

function tokenIn(text: string): Expected | null {
  const [etag = '', second] = text.split('~');
  try {
    return { kind: 'token', etag: decodeURIComponent(etag), second: Number(second) };
  } catch {
    return null;
  }
}

function tagOf({ key, newHasher }: ClaimedPlace): string {
  const hasher = newHasher();
  hasher.update(Buffer.from(key));
  return hasher.digest().slice(0, 8);
}
