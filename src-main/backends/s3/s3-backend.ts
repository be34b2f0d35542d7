import type { Version } from '../../core/entry.ts';
import { SyncError, throwIfAborted } from '../../core/errors.ts';
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
  Meta,
  ObjectBody,
  ObjectDetail,
  ObjectInfo,
  PastObject,
  PutOptions,
  StatOptions,
  StoreReport,
  WriteResult,
} from '../backend.ts';
import { checkKey } from '../key-rules.ts';
import { type Committed, STALE, type Write } from './conditional.ts';
import { isReadable, lookJudged } from './lineage.ts';
import { withClaim } from './lineage-claim.ts';
import { listObjects } from './listing.ts';
import type { LargeUploads } from './multipart/large-uploads.ts';
import { NativeVersions } from './native-versions.ts';
import type { Probed } from './probe/probe.ts';
import { RecentLooks } from './recent-looks.ts';
import type { ListedObject, S3Object } from './s3-api.ts';
import { type Found, letGo, look, MARK, newMark, pastSecond, type S3Context, withoutMark } from './s3-context.ts';
import { storeReport } from './store-report.ts';
import { type Expected, expectedOf, isToken, parsePast, parseVersion, type Token, versionOf } from './token.ts';
import { isTombstone, mayBeTombstone } from './tombstone.ts';
import { levelOf, type Ways } from './ways.ts';
import { type Copying, WriteWays } from './write-ways.ts';

export interface S3BackendPorts extends S3Context {
  readonly ways: WaysSource;
  readonly large: LargeUploads;
}

/** How the bucket behaves (known-ways.ts). */
export interface WaysSource {
  /** What the probe found; null while nobody wrote yet. Reading never probes. */
  readonly known: Ways | null;
  /** The same, or found out now. */
  forWriting(signal?: AbortSignal): Promise<Ways>;
  /** Found out now, whatever is known. */
  look(signal?: AbortSignal): Promise<Probed>;
}

interface LargePut {
  readonly meta: Meta;
  readonly expected: Expected;
  readonly replaces: S3Object | null;
  readonly signal: AbortSignal | undefined;
}

/** An upload that the store dropped between its last part and its completion is begun anew so often. */
const MOST_STARTS = 3;

/** Of these no past is told. */
const OURS = '.file-sync/';

/** CopyObject takes no more. */
const MOST_COPY_BYTES = 5 * 1024 ** 3;

/** A plain bucket as a store in which several devices meet without a server (docs/s3.md). */
export class S3Backend implements Backend {
  readonly id: string;
  readonly capabilities: Capabilities;
  readonly #ports: S3BackendPorts;
  readonly #writes: WriteWays;
  readonly #looks: RecentLooks;
  readonly #native: NativeVersions;
  /** Objects of a tombstone's size that are none. */
  readonly #plain = new Set<string>();

  constructor(ports: S3BackendPorts) {
    this.#ports = ports;
    this.#writes = new WriteWays(ports);
    this.#looks = new RecentLooks(ports.clock);
    this.#native = new NativeVersions(ports.api);
    this.id = ports.api.id;
    this.capabilities = {
      get atomicConditions() {
        return ports.ways.known !== null && levelOf(ports.ways.known) === 'conditional';
      },
      modes: true,
      symlinks: true,
      caseInsensitive: false,
      keepsReplaced: false,
      keepsMeta: true,
      dearListing: true,
      get listsInOrder() {
        return ports.ways.known?.listsInOrder ?? false;
      },
    };
  }

  async *list(prefix: string, options: ListOptions = {}): AsyncGenerator<ObjectInfo> {
    throwIfAborted(options.signal);
    const ports = { api: this.#ports.api, inOrder: this.#ports.ways.known?.listsInOrder ?? false, isHidden: (object: ListedObject) => this.#isHidden(object, options.signal) };
    yield* listObjects(ports, prefix, options);
  }

  async stat(key: string, { past, signal }: StatOptions = {}): Promise<ObjectDetail | null> {
    this.#check(signal, key);
    if (past !== undefined) return this.#statPast(key, past, signal);
    const found = await lookJudged(this.#ports, key, signal);
    if (found.kind !== 'object') return null;
    this.#looks.remember(key, found.object);
    const isKept = !key.startsWith(OURS) && (await this.#native.keeps(found.object, withSome({ signal })));
    return { ...detailOf(key, found.object), ...(isKept ? { isKept } : {}) };
  }

  listPast(prefix: string, options: ListOptions = {}): AsyncIterable<PastObject> {
    return this.#native.list(prefix, options);
  }

  async forget(key: string, version: Version, { signal }: CallOptions = {}): Promise<void> {
    this.#check(signal, key);
    const past = parsePast(version);
    const [top] = past === null ? [] : await this.#ports.api.versions(key, 1, withSome({ signal }));
    // RACE: what was deleted and comes back by taking a marker away in this very moment goes for good.
    if (past === null || top === undefined || top.versionId === past.versionId) return;
    const answer = await this.#ports.api.delete(key, { versionId: past.versionId, ...withSome({ signal }) });
    if (answer.kind === 'unanswered') throw answer.error;
  }

  async #statPast(key: string, version: Version, signal: AbortSignal | undefined): Promise<ObjectDetail | null> {
    const past = parsePast(version);
    const object = past === null ? null : await this.#ports.api.head(key, { versionId: past.versionId, ...withSome({ signal }) });
    if (past === null || object === null || object.etag !== past.etag) return null;
    return { ...detailOf(key, object), version, isPast: true };
  }

  async get(key: string, { ifMatch, offset, signal }: GetOptions = {}): Promise<ObjectBody | null> {
    this.#check(signal, key);
    const past = ifMatch === undefined ? null : parsePast(ifMatch);
    const token = past ?? (ifMatch === undefined ? null : parseVersion(ifMatch));
    if (ifMatch !== undefined && token === null) return null;
    const body = await this.#ports.api.get(key, {
      ...(token === null ? {} : { ifMatch: token.etag }),
      ...(past === null ? {} : { versionId: past.versionId }),
      ...(offset === undefined ? {} : { offset }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (body === null || body === 'changed') return null;
    const { object, chunks } = body;
    const isMeant = !isTombstone(object) && (token === null || past !== null || isToken(object, token));
    if (!isMeant || (past === null && !key.startsWith(OURS) && !(await isReadable(this.#ports, key, object, signal)))) {
      await letGo(chunks);
      return null;
    }
    if (past !== null && ifMatch !== undefined) return { info: { ...detailOf(key, object), version: ifMatch, isPast: true }, chunks };
    const info = detailOf(key, object);
    return { info, chunks: (offset ?? 0) === 0 ? this.#ports.large.learning(key, info.version, info.size, chunks) : chunks };
  }

  async put(key: string, body: Body, { condition, meta, signal }: PutOptions): Promise<WriteResult> {
    this.#check(signal, key);
    const expected = expectedOf(condition);
    if (expected === null) return STALE;
    const ways = await this.#ways(signal);
    const seen = expected.kind === 'token' ? await this.#ready(key, expected, signal) : null;
    if (expected.kind === 'token' && seen === null) return STALE;
    if (this.#ports.large.isLarge(body.size)) return this.#putLarge(key, body, { meta, expected, replaces: seen, signal }, ways);
    const mark = await this.#newMark(key, expected, ways, signal);
    const { api } = this.#ports;
    const send: Write['send'] = (precondition) => api.put(key, body, { meta: { ...meta, [MARK]: mark }, ...withSome({ precondition, signal }) });
    const result = await this.#finish(key, () => this.#writes.put({ key, expected, mark, signal, send }, ways));
    if (result.kind === 'done') await this.#ports.large.written(key);
    return result;
  }

  async copy(from: { readonly key: string; readonly version: Version }, to: string, { condition, meta, signal }: CopyOptions): Promise<WriteResult> {
    this.#check(signal, from.key, to);
    const [expected, token] = [expectedOf(condition), parseVersion(from.version)];
    if (expected === null || token === null) return STALE;
    const ways = await this.#ways(signal);
    const source = await this.#seen(from.key, token, signal);
    if (source === null || (expected.kind === 'token' && (await this.#ready(to, expected, signal)) === null)) return STALE;
    const mark = source.size > MOST_COPY_BYTES ? newMark(this.#ports) : await this.#newMark(to, expected, ways, signal);
    const copied = { ...withoutMark(meta ?? source.meta), [MARK]: mark };
    const copying = { from: source, to, meta: copied, expected, mark, signal };
    const result = await this.#finish(to, () => (source.size > MOST_COPY_BYTES ? this.#copyLarge(copying, ways) : this.#writes.copy(copying, ways)));
    const { large } = this.#ports;
    const blocks = result.kind === 'done' ? await large.blocksOf(from.key, from.version) : null;
    if (result.kind === 'done' && blocks !== null) await large.learn(to, result.version, blocks);
    return result;
  }

  async delete(key: string, { version, signal }: DeleteOptions): Promise<DeleteResult> {
    this.#check(signal, key);
    const ways = await this.#ways(signal);
    const found = await look(this.#ports, key, signal);
    if (found.kind !== 'object') return { kind: 'done' };
    const token = parseVersion(version);
    if (token === null || !isToken(found.object, token)) return STALE;
    await pastSecond(this.#ports, token, signal);
    this.#looks.forget(key);
    const result = await this.#writes.remove({ key, expected: { kind: 'token', ...token }, signal }, ways);
    if (result.kind === 'done') await this.#ports.large.written(key);
    return result;
  }

  now(options: CallOptions = {}): Promise<number> {
    return this.#ports.api.now(options);
  }

  usage(): BackendUsage {
    return this.#ports.api.usage();
  }

  async inspect({ signal }: CallOptions = {}): Promise<StoreReport> {
    throwIfAborted(signal);
    return storeReport(await this.#ports.ways.look(signal));
  }

  /** What is known of the bucket, found out where it is not. */
  ways(signal?: AbortSignal): Promise<Ways> {
    return this.#ports.ways.forWriting(signal);
  }

  close(): Promise<void> {
    return this.#ports.api.close();
  }

  /** Before each write; also clears tombstones that a listing met, which reading never does. */
  async #ways(signal: AbortSignal | undefined): Promise<Ways> {
    const ways = await this.#ports.ways.forWriting(signal);
    if (levelOf(ways) === 'conditional') await this.#writes.tombstones.sweep(ways.delete === 'enforced');
    return ways;
  }

  #check(signal: AbortSignal | undefined, ...keys: readonly string[]): void {
    throwIfAborted(signal);
    for (const key of keys) checkKey(key);
  }

  /** What is to be replaced, by a look of this moment, once its second is over; null when it is not there. The store itself judges only the ETag: a new mode of the same bytes is seen here or not at all. */
  async #ready(key: string, expected: Token, signal: AbortSignal | undefined): Promise<S3Object | null> {
    const seen = await this.#seen(key, expected, signal);
    if (seen !== null) await pastSecond(this.#ports, expected, signal);
    return seen;
  }

  /** An upload in parts may go on under a mark of days ago, so that has no claim. */
  async #newMark(key: string, expected: Expected, ways: Ways, signal: AbortSignal | undefined): Promise<string> {
    const mark = newMark(this.#ports);
    if (levelOf(ways) !== 'lineage') return mark;
    const since = Math.floor((await this.now(withSome({ signal }))) / 1000);
    return withClaim(mark, { expected, since }, { key, newHasher: this.#ports.newHasher });
  }

  /** Parts first; what makes them the object is a write like any other. A lost race gives the parts up. */
  async #putLarge(key: string, body: Body, { meta, expected, replaces, signal }: LargePut, ways: Ways): Promise<WriteResult> {
    const { api, large } = this.#ports;
    for (let starts = 0; starts < MOST_STARTS; starts++) {
      const replaced = replaces === null ? null : { etag: replaces.etag, version: versionOf(replaces) };
      const sent = await large.send(key, body, { meta: { ...meta, [MARK]: newMark(this.#ports) }, replaces: replaced, ways, ...withSome({ signal }) });
      const send: Write['send'] = (precondition) => api.complete(key, sent.uploadId, sent.parts, withSome({ precondition, signal }));
      const result = await this.#writes.complete({ key, expected, mark: sent.meta[MARK] ?? '', signal, send }, ways);
      this.#looks.forget(key);
      if (result.kind === 'done') {
        await large.finished(key, result.version, sent);
        return result;
      }
      await large.abandon(key);
      if (result.kind === 'stale') return result;
    }
    throw new SyncError('busy', 'the store drops the unfinished upload again and again', { path: key });
  }

  /** What is too large for one request is copied in parts; what makes them the object is a write like any other. */
  async #copyLarge({ from, to, meta, expected, mark, signal }: Copying, ways: Ways): Promise<Committed> {
    const { api, large } = this.#ports;
    const sent = await large.copy({ ...from, version: versionOf(from) }, to, { meta, ways, ...withSome({ signal }) });
    if (sent === 'source-changed') return STALE;
    const send: Write['send'] = (precondition) => api.complete(to, sent.uploadId, sent.parts, withSome({ precondition, signal }));
    const result = await this.#writes.complete({ key: to, expected, mark, signal, send }, ways);
    if (result.kind === 'done') await large.finished(to, result.version, sent);
    else await large.abandon(to);
    return result;
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
    if (found.kind === 'tombstone') this.#writes.tombstones.met(object);
    return found.kind !== 'object';
  }
}

function detailOf(key: string, object: S3Object): ObjectDetail {
  return { key, size: object.size, version: versionOf(object), storedAtMs: object.lastModifiedMs, meta: withoutMark(object.meta) };
}

/** Leaves out what is undefined. */
function withSome<T extends object>(options: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: NonNullable<T[K]> };
}
