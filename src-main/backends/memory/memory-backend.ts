import type { Version } from '../../core/entry.ts';
import { SyncError, throwIfAborted } from '../../core/errors.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Backend, Body, Capabilities, Condition, Meta, ObjectDetail, WriteResult } from '../backend.ts';
import { checkKey } from '../key-rules.ts';

interface Stored {
  readonly body: Uint8Array;
  readonly meta: Meta;
  readonly version: Version;
  readonly storedAtMs: number;
}

/** Runs around every operation of a client: before it, and between its effect and its answer. May wait, or throw (before: nothing happened; after: a lost reply). */
export type BackendStep = (when: 'before' | 'after', operation: string, key: string) => Promise<void>;

export interface MemoryClientOptions {
  readonly step?: BackendStep;
  readonly id?: string;
  /** A body comes in pieces of so many bytes; default 64 KiB. */
  readonly pieceBytes?: number;
}

/** One store that any number of clients share, with the conditions of S3 judged in one step with each write. For tests and simulation, and the shortest example of a backend. */
export class MemoryStore {
  readonly #objects = new Map<string, Stored>();
  readonly #clock: Pick<Clock, 'now'>;
  #writes = 0;
  /** While true every call fails, as when a server or a drive is gone. */
  offline = false;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  client(options: MemoryClientOptions = {}): Backend {
    return new MemoryBackend(this, options);
  }

  get keys(): readonly string[] {
    return [...this.#objects.keys()];
  }

  now(): number {
    return this.#clock.now();
  }

  peek(key: string): Stored | undefined {
    return this.#objects.get(key);
  }

  write(key: string, condition: Condition, body: Uint8Array, meta: Meta): WriteResult {
    const now = this.#objects.get(key);
    if (condition.kind === 'absent' ? now !== undefined : now?.version !== condition.version) return { kind: 'stale' };
    const version = `v${++this.#writes}` as Version;
    this.#objects.set(key, { body, meta, version, storedAtMs: this.#clock.now() });
    return { kind: 'done', version };
  }

  remove(key: string): void {
    this.#objects.delete(key);
  }
}

export function createMemoryStore(clock: Pick<Clock, 'now'>): MemoryStore {
  return new MemoryStore(clock);
}

const CAPABILITIES: Capabilities = { atomicConditions: true, modes: true, symlinks: true, caseInsensitive: false, keepsReplaced: false, keepsMeta: true, dearListing: true };

class MemoryBackend implements Backend {
  readonly id: string;
  readonly capabilities = CAPABILITIES;
  readonly #store: MemoryStore;
  readonly #step: BackendStep | undefined;
  readonly #pieceBytes: number;

  constructor(store: MemoryStore, options: MemoryClientOptions) {
    this.#store = store;
    this.#step = options.step;
    this.#pieceBytes = options.pieceBytes ?? 65_536;
    this.id = options.id ?? 'memory:';
  }

  async *list(prefix: string, options: { skip?: string; after?: string; signal?: AbortSignal } = {}): AsyncGenerator<ObjectDetail> {
    const { skip, after } = options;
    const wanted = (key: string): boolean => key.startsWith(prefix) && !(skip !== undefined && key.startsWith(skip)) && (after === undefined || isAfter(key, after));
    yield* await this.#do('list', prefix, options.signal, () => this.#store.keys.filter(wanted).flatMap((key) => detail(key, this.#store.peek(key)) ?? []));
  }

  async stat(key: string, options: { signal?: AbortSignal } = {}): Promise<ObjectDetail | null> {
    checkKey(key);
    return this.#do('stat', key, options.signal, () => detail(key, this.#store.peek(key)));
  }

  async get(key: string, options: { ifMatch?: Version; offset?: number; signal?: AbortSignal } = {}): Promise<{ info: ObjectDetail; chunks: AsyncIterable<Uint8Array> } | null> {
    checkKey(key);
    return this.#do('get', key, options.signal, () => {
      const object = this.#store.peek(key);
      const info = detail(key, object);
      if (object === undefined || info === null || (options.ifMatch !== undefined && object.version !== options.ifMatch)) return null;
      return { info, chunks: inPieces(object.body.subarray(options.offset ?? 0), this.#pieceBytes) };
    });
  }

  async put(key: string, body: Body, options: { condition: Condition; meta: Meta; signal?: AbortSignal }): Promise<WriteResult> {
    checkKey(key);
    const bytes = await collect(body, options.signal);
    return this.#do('put', key, options.signal, () => this.#store.write(key, options.condition, bytes, options.meta));
  }

  async copy(from: { key: string; version: Version }, to: string, options: { condition: Condition; meta?: Meta; signal?: AbortSignal }): Promise<WriteResult> {
    checkKey(from.key);
    checkKey(to);
    return this.#do('copy', to, options.signal, () => {
      const source = this.#store.peek(from.key);
      return source?.version === from.version ? this.#store.write(to, options.condition, source.body, options.meta ?? source.meta) : { kind: 'stale' };
    });
  }

  async delete(key: string, options: { version: Version; signal?: AbortSignal }): Promise<{ kind: 'done' | 'stale' }> {
    checkKey(key);
    return this.#do('delete', key, options.signal, () => {
      const object = this.#store.peek(key);
      if (object !== undefined && object.version !== options.version) return { kind: 'stale' };
      this.#store.remove(key);
      return { kind: 'done' };
    });
  }

  async now(): Promise<number> {
    return this.#store.now();
  }

  async close(): Promise<void> {}

  async #do<T>(operation: string, key: string, signal: AbortSignal | undefined, effect: () => T): Promise<T> {
    throwIfAborted(signal);
    await this.#step?.('before', operation, key);
    if (this.#store.offline) throw new SyncError('unreachable', 'the store is not there');
    const result = effect();
    await this.#step?.('after', operation, key);
    return result;
  }
}

function isAfter(key: string, other: string): boolean {
  return Buffer.compare(Buffer.from(key), Buffer.from(other)) > 0;
}

function detail(key: string, object: Stored | undefined): ObjectDetail | null {
  return object === undefined ? null : { key, size: object.body.length, version: object.version, storedAtMs: object.storedAtMs, meta: object.meta };
}

async function* inPieces(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

/** Reads a body to its end; one that is not as long as it said is refused. */
async function collect(body: Body, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body.open()) {
    throwIfAborted(signal);
    chunks.push(Uint8Array.from(chunk));
  }
  const bytes = new Uint8Array(Buffer.concat(chunks));
  if (bytes.length !== body.size) throw new SyncError('corrupt', `the body has ${bytes.length} bytes, not ${body.size}`);
  return bytes;
}
