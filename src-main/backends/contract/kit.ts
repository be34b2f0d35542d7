import type { Version } from '../../core/entry.ts';
import { type ErrorCode, hasCode } from '../../core/errors.ts';
import type { Backend, Body, Condition, ListOptions, Meta, ObjectInfo, PutOptions } from '../backend.ts';

/** One promise of backend.ts, looked at on a real store. `run` throws a `Broken` when it is not kept, and whatever the store throws. */
export interface ContractCheck {
  readonly name: string;
  /** What goes wrong for a user when it fails. */
  readonly matters: string;
  /** Rests on conditions that the store judges itself: without `atomicConditions` it may fail now and then, in the window that stays open. */
  readonly isRace?: boolean;
  /** Many requests or bytes. */
  readonly isCostly?: boolean;
  run(kit: Kit): Promise<void>;
}

/** Two clients of one place, which is empty at first. */
export interface Kit {
  readonly first: Backend;
  readonly second: Backend;
}

/** A promise that was not kept, in words. */
export class Broken extends Error {
  override readonly name = 'Broken';
}

export function expectSame(actual: unknown, expected: unknown, what: string): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Broken(`${what}: ${cut(is)} instead of ${cut(should)}`);
}

export function expectTrue(holds: boolean, what: string): void {
  if (!holds) throw new Broken(what);
}

/** Metadata with at least these values. */
export function expectMeta(meta: Meta | undefined, expected: Meta, what: string): void {
  expectSame(
    Object.keys(expected).map((name) => meta?.[name] ?? null),
    Object.values(expected),
    what,
  );
}

export async function expectFailure(work: Promise<unknown>, code: ErrorCode, what: string): Promise<void> {
  const outcome = await work.then(
    () => 'no error',
    (error: unknown) => error,
  );
  if (hasCode(outcome, code)) return;
  throw new Broken(`${what}: ${outcome instanceof Error ? outcome.message : String(outcome)}`);
}

function cut(text: string | undefined): string {
  const whole = text ?? 'nothing';
  return whole.length <= 120 ? whole : `${whole.slice(0, 117)}...`;
}

export const ABSENT: Condition = { kind: 'absent' };
export const SOME_META: Meta = { sha256: 'ab'.repeat(32), mtime: '1700000000123456000', mode: '640', op: '0123456789abcdef', device: 'B%C3%BCro%20%231' };

export function match(version: Version): Condition {
  return { kind: 'match', version };
}

export function bytesBody(bytes: Uint8Array): Body {
  return {
    size: bytes.length,
    async *open() {
      for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
    },
  };
}

export function textBody(text: string): Body {
  return bytesBody(new TextEncoder().encode(text));
}

/** Bytes that do not shrink and are the same on every run (xorshift). */
export function noise(length: number, seed: number): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = seed * 2_654_435_761 || 1;
  for (let at = 0; at < words.length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[at] = state;
  }
  return new Uint8Array(words.buffer, 0, length);
}

export async function putText(backend: Backend, key: string, text: string, options: Partial<PutOptions> = {}): Promise<Version> {
  return putBody(backend, key, textBody(text), options);
}

export async function putBody(backend: Backend, key: string, body: Body, options: Partial<PutOptions> = {}): Promise<Version> {
  const result = await backend.put(key, body, { condition: ABSENT, meta: {}, ...options });
  if (result.kind !== 'done') throw new Broken(`a write whose condition holds was answered ${result.kind}`);
  return result.version;
}

export async function versionAt(backend: Backend, key: string): Promise<Version> {
  const found = await backend.stat(key);
  if (found === null) throw new Broken(`nothing is found at ${JSON.stringify(key)}, which was just written`);
  return found.version;
}

export async function textAt(backend: Backend, key: string): Promise<string | null> {
  const object = await backend.get(key);
  return object === null ? null : new TextDecoder().decode(await bytesOf(object.chunks));
}

export async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(Uint8Array.from(chunk));
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

export async function listed(backend: Backend, prefix = '', options: ListOptions = {}): Promise<ObjectInfo[]> {
  const found: ObjectInfo[] = [];
  for await (const info of backend.list(prefix, options)) found.push(info);
  return found;
}

/** Keys of objects, sorted; markers of folders differ between stores that have folders and those that have none. */
export async function leafKeys(backend: Backend, prefix = '', options: ListOptions = {}): Promise<string[]> {
  return (await listed(backend, prefix, options))
    .map(({ key }) => key)
    .filter((key) => !key.endsWith('/'))
    .sort();
}

/** So many at once as a sync has. */
const LANES = 8;

export async function inLanes<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const lane = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}
