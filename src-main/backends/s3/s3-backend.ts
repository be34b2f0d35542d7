import type { Version } from '../../core/entry.ts';
import { throwIfAborted } from '../../core/errors.ts';
import type {
  Backend,
  BackendUsage,
  Body,
  CallOptions,
  Capabilities,
  CopyOptions,
  DeleteOptions,
  DeleteResult,
  GetOptions,
  ListOptions,
  ObjectBody,
  ObjectDetail,
  ObjectInfo,
  PutOptions,
  WriteResult,
} from '../backend.ts';
import { checkKey } from '../key-rules.ts';
import { type Committed, STALE, type Write } from './conditional.ts';
import { listObjects } from './listing.ts';
import { RecentLooks } from './recent-looks.ts';
import type { ListedObject, S3Object } from './s3-api.ts';
import { type Found, look, MARK, newMark, pastSecond, type S3Context, withoutMark } from './s3-context.ts';
import { type Expected, expectedOf, isToken, parseVersion, type Token, versionOf } from './token.ts';
import { isTombstone, mayBeTombstone } from './tombstone.ts';
import { levelOf, type Ways } from './ways.ts';
import { WriteWays } from './write-ways.ts';

export interface S3BackendPorts extends S3Context {
  /** What the probe found; null while nobody wrote yet. Reading never probes. */
  readonly knownWays: () => Ways | null;
  /** The same, looked up, or found out, before a write. */
  readonly ways: (signal?: AbortSignal) => Promise<Ways>;
}

/** A plain bucket as a store in which several devices meet without a server (docs/s3.md). */
export class S3Backend implements Backend {
  readonly id: string;
  readonly capabilities: Capabilities;
  readonly #ports: S3BackendPorts;
  readonly #writes: WriteWays;
  readonly #looks: RecentLooks;
  /** Objects of a tombstone's size that are none. */
  readonly #plain = new Set<string>();

  constructor(ports: S3BackendPorts) {
    this.#ports = ports;
    this.#writes = new WriteWays(ports);
    this.#looks = new RecentLooks(ports.clock);
    this.id = ports.api.id;
    this.capabilities = {
      get atomicConditions() {
        const ways = ports.knownWays();
        return ways !== null && levelOf(ways) === 'conditional';
      },
      modes: true,
      symlinks: true,
      caseInsensitive: false,
      keepsReplaced: false,
      dearListing: true,
    };
  }

  async *list(prefix: string, options: ListOptions = {}): AsyncGenerator<ObjectInfo> {
    throwIfAborted(options.signal);
    const ports = { api: this.#ports.api, inOrder: this.#ports.knownWays()?.listsInOrder ?? false, isHidden: (object: ListedObject) => this.#isHidden(object, options.signal) };
    yield* listObjects(ports, prefix, options);
  }

  async stat(key: string, { signal }: CallOptions = {}): Promise<ObjectDetail | null> {
    this.#check(signal, key);
    const found = await look(this.#ports, key, signal);
    if (found.kind !== 'object') return null;
    this.#looks.remember(key, found.object);
    return detailOf(key, found.object);
  }

  async get(key: string, { ifMatch, offset, signal }: GetOptions = {}): Promise<ObjectBody | null> {
    this.#check(signal, key);
    const token = ifMatch === undefined ? null : parseVersion(ifMatch);
    if (ifMatch !== undefined && token === null) return null;
    const body = await this.#ports.api.get(key, {
      ...(token === null ? {} : { ifMatch: token.etag }),
      ...(offset === undefined ? {} : { offset }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (body === null || body === 'changed') return null;
    const { object, chunks } = body;
    if (isTombstone(object) || (token !== null && !isToken(object, token))) {
      await endOf(chunks);
      return null;
    }
    return { info: detailOf(key, object), chunks };
  }

  async put(key: string, body: Body, { condition, meta, signal }: PutOptions): Promise<WriteResult> {
    this.#check(signal, key);
    const expected = expectedOf(condition);
    if (expected === null) return STALE;
    const ways = await this.#ports.ways(signal);
    if (expected.kind === 'token' && !(await this.#isReady(key, expected, signal))) return STALE;
    const mark = newMark(this.#ports);
    const { api } = this.#ports;
    const write: Write = {
      key,
      expected,
      mark,
      signal,
      send: (precondition) => api.put(key, body, { meta: { ...meta, [MARK]: mark }, ...withSome({ precondition, signal }) }),
    };
    return this.#finish(key, () => this.#writes.put(write, ways));
  }

  async copy(from: { readonly key: string; readonly version: Version }, to: string, { condition, meta, signal }: CopyOptions): Promise<WriteResult> {
    this.#check(signal, from.key, to);
    const [expected, token] = [expectedOf(condition), parseVersion(from.version)];
    if (expected === null || token === null) return STALE;
    const ways = await this.#ports.ways(signal);
    const source = await this.#seen(from.key, token, signal);
    if (source === null || (expected.kind === 'token' && !(await this.#isReady(to, expected, signal)))) return STALE;
    const mark = newMark(this.#ports);
    const copied = { ...withoutMark(meta ?? source.meta), [MARK]: mark };
    return this.#finish(to, () => this.#writes.copy({ from: source, to, meta: copied, expected, mark, signal }, ways));
  }

  async delete(key: string, { version, signal }: DeleteOptions): Promise<DeleteResult> {
    this.#check(signal, key);
    const ways = await this.#ports.ways(signal);
    const found = await look(this.#ports, key, signal);
    if (found.kind !== 'object') return { kind: 'done' };
    const token = parseVersion(version);
    if (token === null || !isToken(found.object, token)) return STALE;
    await pastSecond(this.#ports, token, signal);
    this.#looks.forget(key);
    return this.#writes.remove({ key, expected: { kind: 'token', ...token }, signal }, ways);
  }

  now(): Promise<number> {
    return this.#ports.api.now();
  }

  usage(): BackendUsage {
    return this.#ports.api.usage();
  }

  close(): Promise<void> {
    return this.#ports.api.close();
  }

  #check(signal: AbortSignal | undefined, ...keys: readonly string[]): void {
    throwIfAborted(signal);
    for (const key of keys) checkKey(key);
  }

  /** Whether the version to be replaced is there, by a look of this moment, and its second is over. The store itself judges only the ETag: a new mode of the same bytes is seen here or not at all. */
  async #isReady(key: string, expected: Extract<Expected, { kind: 'token' }>, signal: AbortSignal | undefined): Promise<boolean> {
    if ((await this.#seen(key, expected, signal)) === null) return false;
    await pastSecond(this.#ports, expected, signal);
    return true;
  }

  /** The object at a key if it is that version. */
  async #seen(key: string, token: Token, signal: AbortSignal | undefined): Promise<S3Object | null> {
    const recent = this.#looks.find(key);
    if (isToken(recent, token)) return recent;
    const found = await look(this.#ports, key, signal);
    return found.kind === 'object' && isToken(found.object, token) ? found.object : null;
  }

  async #finish(key: string, work: () => Promise<Committed>): Promise<WriteResult> {
    this.#looks.forget(key);
    const result = await work();
    return result.kind === 'done' ? result : STALE;
  }

  async #isHidden(object: ListedObject, signal: AbortSignal | undefined): Promise<boolean> {
    const name = `${versionOf(object)} ${object.key}`;
    if (!mayBeTombstone(object) || this.#plain.has(name)) return false;
    const found: Found = await look(this.#ports, object.key, signal);
    if (found.kind === 'object') this.#plain.add(name);
    return found.kind !== 'object';
  }
}

function detailOf(key: string, object: S3Object): ObjectDetail {
  return { key, size: object.size, version: versionOf(object), storedAtMs: object.lastModifiedMs, meta: withoutMark(object.meta) };
}

/** Lets go of a body nobody reads. */
async function endOf(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  await chunks[Symbol.asyncIterator]().return?.();
}

/** Leaves out what is undefined. */
function withSome<T extends object>(options: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: NonNullable<T[K]> };
}
