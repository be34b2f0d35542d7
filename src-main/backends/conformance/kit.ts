import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { Version } from '../../core/entry.ts';
import { type ErrorCode, SyncError } from '../../core/errors.ts';
import type { Backend, Body, Condition, ListOptions, Meta, ObjectInfo, PutOptions } from '../backend.ts';

/** An empty store with two clients, as a test gets it. */
export interface TestStore {
  readonly backend: Backend;
  /** Another client of the same store: another device. */
  readonly second: Backend;
  /** Makes the store unreachable (pulls the plug); `comeBack` undoes it. Left out where that cannot be had. */
  readonly vanish?: () => void | Promise<void>;
  readonly comeBack?: () => void | Promise<void>;
  /** Names that lie beside the store, where nothing may ever be written. */
  readonly outside?: () => readonly string[] | Promise<readonly string[]>;
  readonly dispose?: () => void | Promise<void>;
}

export type OpenTestStore = () => Promise<TestStore>;

export interface ConformanceOptions {
  /** Objects in the test of long listings; above 2,000, so that a paged listing has three pages. */
  readonly manyKeys?: number;
  readonly bigBytes?: number;
  /** Rounds of each race. */
  readonly rounds?: number;
  /** The store is a file system: it cannot hold `a` and `a/b` at once, and folders are there because something is in them. */
  readonly isFileSystem?: boolean;
  /** False: the store judges nothing and keeps no versions, so that who wins a race of milliseconds is not promised. */
  readonly decidesRaces?: boolean;
  /** Names equal after Unicode normalisation are one object. */
  readonly normalises?: boolean;
}

export interface Kit {
  readonly store: () => TestStore;
  readonly backend: () => Backend;
  readonly second: () => Backend;
  readonly options: Required<ConformanceOptions>;
}

export const ABSENT: Condition = { kind: 'absent' };
export function match(version: Version): Condition {
  return { kind: 'match', version };
}

export function bytesBody(bytes: Uint8Array, size = bytes.length): Body & { opened: number } {
  return {
    opened: 0,
    size,
    async *open() {
      this.opened++;
      for (let at = 0; at < bytes.length; at += 100_000) yield bytes.subarray(at, at + 100_000);
    },
  };
}
export function textBody(text: string): Body {
  return bytesBody(Buffer.from(text));
}

/** A body that gives `before` bytes and fails. */
export function brokenBody(before: number, size: number): Body {
  return {
    size,
    async *open() {
      yield new Uint8Array(before);
      throw new SyncError('io', 'the source broke');
    },
  };
}

/** Bytes that look random and are the same on every run. */
export function noise(length: number, seed: string): Uint8Array {
  const out = new Uint8Array(length);
  let block = createHash('sha256').update(seed).digest();
  for (let at = 0; at < length; at += block.length) {
    block = createHash('sha256').update(block).digest();
    out.set(block.subarray(0, Math.min(block.length, length - at)), at);
  }
  return out;
}

export async function putText(backend: Backend, key: string, text: string, options: Partial<PutOptions> = {}): Promise<Version> {
  const result = await backend.put(key, textBody(text), { condition: ABSENT, meta: {}, ...options });
  if (result.kind !== 'done') throw new Error(`put of ${JSON.stringify(key)} was ${result.kind}`);
  return result.version;
}

export async function versionAt(backend: Backend, key: string): Promise<Version> {
  const found = await backend.stat(key);
  if (found === null) throw new Error(`nothing at ${JSON.stringify(key)}`);
  return found.version;
}

export async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(Uint8Array.from(chunk));
  return Buffer.concat(parts);
}

/** The text at a key; null when nothing is there. */
export async function textAt(backend: Backend, key: string): Promise<string | null> {
  const object = await backend.get(key);
  return object === null ? null : (await bytesOf(object.chunks)).toString();
}

export async function listed(backend: Backend, prefix = '', options: ListOptions = {}): Promise<ObjectInfo[]> {
  const found: ObjectInfo[] = [];
  for await (const info of backend.list(prefix, options)) found.push(info);
  return found;
}

/** Keys of files and links, sorted: markers differ between stores that have folders and those that have none. */
export async function leafKeys(backend: Backend, prefix = '', options: ListOptions = {}): Promise<string[]> {
  return (await listed(backend, prefix, { skip: '.file-sync/', ...options }))
    .map((info) => info.key)
    .filter((key) => !key.endsWith('/'))
    .sort();
}

export function failing(...codes: readonly ErrorCode[]): unknown {
  return expect.toSatisfy((error: unknown) => error instanceof SyncError && codes.includes(error.code), `a SyncError: ${codes.join(', ')}`);
}

/** A listing may leave it to `stat` to tell the size. */
export function orNull(size: number): unknown {
  return expect.toSatisfy((actual: unknown) => actual === null || actual === size, `${size} or null`);
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export const SOME_META: Meta = { mtime: '1700000000123456000', mode: '640', op: '0123456789abcdef', device: 'B%C3%BCro%20%231' };
