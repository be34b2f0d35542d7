import { throwIfAborted } from '../../core/errors.ts';
import type { Clock, NewHasher, Random } from '../../platform/clock.ts';
import type { Meta } from '../backend.ts';
import type { S3Api, S3Object } from './s3-api.ts';
import { type Expected, isToken, type Token } from './token.ts';
import { isTombstone, OWN_TOMBSTONE_MS, TOMBSTONE_MS } from './tombstone.ts';

export interface S3Context {
  readonly api: S3Api;
  readonly clock: Clock;
  readonly random: Random;
  readonly newHasher: NewHasher;
  /** Unique among all engines that use the bucket. */
  readonly client: string;
}

/** Name of the metadata that tells one write from every other: how a client knows its own deed when the answer was lost. */
export const MARK = 'w';

export function newMark({ client, random }: S3Context): string {
  return `${client.slice(0, 16)}-${random.id()}`;
}

/** Whether this client wrote it, in this run or an earlier one. */
export function isOwn({ meta }: Pick<S3Object, 'meta'>, { client }: Pick<S3Context, 'client'>): boolean {
  return meta[MARK]?.startsWith(`${client.slice(0, 16)}-`) === true;
}

/** How long a tombstone is left to its maker, by the store's clock. A client runs once at a time, so one of its own from so long ago is of a run that has ended. */
export function patienceWith(object: Pick<S3Object, 'meta'>, context: Pick<S3Context, 'client'>): number {
  return isOwn(object, context) ? OWN_TOMBSTONE_MS : TOMBSTONE_MS;
}

export function withoutMark({ [MARK]: _, ...meta }: Meta): Meta {
  return meta;
}

/** What lies at a key. */
export type Found = { readonly kind: 'absent' } | { readonly kind: 'tombstone' | 'object'; readonly object: S3Object };

export async function look({ api }: S3Context, key: string, signal: AbortSignal | undefined): Promise<Found> {
  const object = await api.head(key, signal === undefined ? {} : { signal });
  if (object === null) return { kind: 'absent' };
  return { kind: isTombstone(object) ? 'tombstone' : 'object', object };
}

/** Of a body that nobody reads. */
export async function letGo(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  await chunks[Symbol.asyncIterator]().return?.();
}

/** A tombstone does not fit "absent" here: whoever wants the key has to deal with it. */
export function fits(found: Found, expected: Expected): boolean {
  return expected.kind === 'absent' ? found.kind === 'absent' : found.kind === 'object' && isToken(found.object, expected);
}

/** The object at the key, if it is that very write. */
export function ownAt(found: Found, mark: string): S3Object | null {
  return found.kind !== 'absent' && found.object.meta[MARK] === mark ? found.object : null;
}

/** The store tells its time in whole seconds: what is reckoned on from there is right to half of one. */
const DOUBT_MS = 500;
/** A token further ahead of the store's clock than this is no reason to wait. */
const MOST_WAIT_MS = 3000;

/** Waits until the store's second of a version is over, so that what replaces it, or comes after its removal, lies in another. */
export async function pastSecond({ api, clock }: S3Context, { second }: Token, signal: AbortSignal | undefined): Promise<void> {
  const until = (second + 1) * 1000 + DOUBT_MS;
  const call = signal === undefined ? {} : { signal };
  for (let ahead = until - (await api.now(call)); ahead > 0 && ahead < MOST_WAIT_MS; ahead = until - (await api.now(call))) await clock.sleep(ahead, signal);
}

/** A pause that grows with the number of tries, of a length that two clients do not share. */
export async function pause({ clock, random }: S3Context, tries: number, signal: AbortSignal | undefined): Promise<void> {
  await clock.sleep(Math.ceil(Math.min(2000, 25 * 2 ** tries) * (0.5 + random.fraction() / 2)), signal);
  throwIfAborted(signal);
}
