import type { Recipe } from '../../codec/container.ts';
import type { Version } from '../../core/entry.ts';
import { throwIfAborted } from '../../core/errors.ts';
import type {
  Backend,
  Body,
  CallOptions,
  Capabilities,
  Condition,
  CopyOptions,
  DeleteOptions,
  DeleteResult,
  GetOptions,
  ListOptions,
  Meta,
  ObjectBody,
  ObjectDetail,
  ObjectInfo,
  PutOptions,
  StatOptions,
  WriteResult,
} from '../backend.ts';
import { checkKey } from '../key-rules.ts';
import { Gone } from './gone.ts';
import { type Resealed, reseal } from './resealing.ts';
import { detailOf, type Opened, SealedHeads, withSignal } from './sealed-heads.ts';
import { isBareKey, isOurs, passes, placeOf, storedKeyOf } from './sealed-keys.ts';
import { SealedListing } from './sealed-listing.ts';
import type { SwitchMarks } from './sealed-meta.ts';
import type { SealedCodec, SealedPorts } from './sealed-ports.ts';
import { nothing, onceOnly, SealedReading } from './sealed-reading.ts';
import { SealedWrites } from './sealed-writes.ts';
import { SeenGenerations } from './seen-generations.ts';

const STALE = { kind: 'stale' } as const;

/** Of a store whose owner says that he brought it back from a backup. */
export interface OlderObjects {
  /** While it is on, an object older than what was seen at its path is shown as any other, and noted. */
  show(on: boolean): void;
  /** Keys of those that were met. */
  met(): ReadonlySet<string>;
  /** They pass from now on, over restarts too. */
  accept(): Promise<void>;
}

interface Place {
  readonly key: string;
  readonly version: Version;
}

/** How an object is stored that takes the place of one of the old form. */
export interface PutOverOptions extends CallOptions {
  /** At the stored key, whatever lies there. */
  readonly condition: Condition;
  readonly meta: Meta;
  /** What is replaced, where that is of the new form. */
  readonly previous?: Opened;
  readonly marks: SwitchMarks | null;
  /** Runs before the last bytes are sent; throws to store nothing. */
  readonly beforeEnd?: () => Promise<void>;
}

/**
 * A backend of a vault that encrypts, compresses or hides names: to whoever uses it, objects have their own keys, metadata and bytes; the store below sees containers and stored names (codec/FORMAT.md). Version tokens
 * are the store's. What does not open, is not of this place or came back from the past is a SyncError `corrupt` with a reason: it is never taken for absent and never overwritten.
 */
export class SealedBackend implements Backend {
  readonly id: string;
  readonly capabilities: Capabilities;
  readonly move?: NonNullable<Backend['move']>;
  readonly isSame?: NonNullable<Backend['isSame']>;
  readonly now?: NonNullable<Backend['now']>;
  readonly watch?: NonNullable<Backend['watch']>;
  readonly usage?: NonNullable<Backend['usage']>;
  readonly inspect?: NonNullable<Backend['inspect']>;
  readonly listPast?: NonNullable<Backend['listPast']>;
  readonly forget?: NonNullable<Backend['forget']>;
  readonly #backend: Backend;
  readonly #codec: SealedCodec;
  readonly #seen: SeenGenerations;
  readonly #spool: SealedPorts['spool'];
  readonly #heads: SealedHeads;
  readonly #writes: SealedWrites;
  readonly #listing: SealedListing;
  readonly #reading: SealedReading;

  constructor(backend: Backend, codec: SealedCodec, ports: SealedPorts) {
    this.#backend = backend;
    this.#codec = codec;
    this.#spool = ports.spool;
    this.#seen = ports.seen ?? new SeenGenerations(ports.notes, ports.newHasher);
    this.#heads = new SealedHeads({ backend, codec, seen: this.#seen, newHasher: ports.newHasher });
    this.#writes = new SealedWrites({ ...ports, backend, codec, seen: this.#seen });
    this.#listing = new SealedListing({ backend, codec, heads: this.#heads });
    this.#reading = new SealedReading(backend, this.#heads);
    this.id = backend.id;
    this.capabilities = sealedCapabilities(backend, codec.hidesNames);
    const { move, isSame, now, watch, usage, inspect } = backend;
    // Where metadata is a hint, the place is written into the object itself, and a rename writes it anew.
    if (move !== undefined && backend.capabilities.keepsMeta) this.move = (from, to, options) => this.#move(move.bind(backend), from, to, options);
    if (isSame !== undefined) this.isSame = (key, other, options) => isSame.call(backend, this.storedKey(key), this.storedKey(other), options);
    if (now !== undefined) this.now = now.bind(backend);
    if (watch !== undefined) this.watch = (onHint) => watch.call(backend, (stored) => onHint(stored === null ? null : this.plainKeys(stored)));
    if (usage !== undefined) this.usage = usage.bind(backend);
    if (inspect !== undefined) this.inspect = inspect.bind(backend);
    const { listPast, forget } = backend;
    if (listPast !== undefined) this.listPast = (prefix, options) => this.#listing.listPast(listPast.bind(backend), prefix, options);
    if (forget !== undefined) this.forget = (key, version, options) => forget.call(backend, this.storedKey(key), version, options);
  }

  list(prefix: string, options: ListOptions = {}): AsyncGenerator<ObjectInfo> {
    return this.#listing.list(prefix, options);
  }

  async stat(key: string, options: StatOptions = {}): Promise<ObjectDetail | null> {
    checkKey(key);
    if (passes(key)) return this.#backend.stat(key, options);
    if (this.isBare(key)) return named(key, await this.#backend.stat(this.storedKey(key), options));
    const opened = await this.#heads.at(key, null, options);
    return opened === null ? null : detailOf(opened);
  }

  async get(key: string, options: GetOptions = {}): Promise<ObjectBody | null> {
    checkKey(key);
    const { ifMatch, offset = 0, signal } = options;
    if (passes(key)) return this.#backend.get(key, options);
    const object = await this.#backend.get(this.storedKey(key), { ...(ifMatch === undefined ? {} : { ifMatch }), ...withSignal(signal) });
    if (object === null) return null;
    if (this.isBare(key)) return { ...object, info: { ...object.info, key } };
    const begun = onceOnly(object.chunks);
    try {
      // Where the first bytes have to be looked at, reading begins anew when somebody reads: no stream is left open for whoever does not.
      const opened = await this.#heads.of(key, object.info, { ...withSignal(signal), begun: () => begun.take() ?? nothing() });
      if (opened === 'gone') return null;
      await this.#seen.flush();
      return { info: detailOf(opened), chunks: this.#reading.plainBytes(opened, offset, signal, begun) };
    } catch (error) {
      await begun.take()?.[Symbol.asyncIterator]().return?.();
      throw error;
    }
  }

  async put(key: string, body: Body, options: PutOptions): Promise<WriteResult> {
    throwIfAborted(options.signal);
    checkKey(key);
    const { condition, meta, keepAs, signal } = options;
    if (keepAs !== undefined) checkKey(keepAs);
    const call = { condition, ...withSignal(signal), ...(keepAs === undefined ? {} : { keepAs: this.storedKey(keepAs) }) };
    if (passes(key)) return this.#backend.put(key, body, { ...call, meta });
    if (this.isBare(key)) return this.#backend.put(this.storedKey(key), body, { ...call, meta: {} });
    const previous = condition.kind === 'match' ? await this.#heads.at(key, condition.version, withSignal(signal)) : null;
    if (condition.kind === 'match' && previous === null) return STALE;
    return this.#seal(key, body, { ...call, meta, previous, marks: null });
  }

  /** While a vault is switched (switching.ts). Not for what lies in the open in any form. */
  async putOver(key: string, body: Body, { previous, ...options }: PutOverOptions): Promise<WriteResult> {
    throwIfAborted(options.signal);
    checkKey(key);
    return this.#seal(key, body, { ...options, previous: previous ?? null });
  }

  /** What the object says of itself, proven; null when there is none. */
  async opened(key: string, options: CallOptions = {}): Promise<Opened | null> {
    checkKey(key);
    return this.#heads.at(key, null, options);
  }

  async #seal(
    key: string,
    body: Body,
    { meta, previous, marks, beforeEnd, ...call }: Omit<PutOverOptions, 'previous'> & { readonly previous: Opened | null; readonly keepAs?: string },
  ): Promise<WriteResult> {
    const sealed = await this.#writes.seal(key, body, meta, previous, { marks, ...withSignal(call.signal) });
    try {
      const stored = beforeEnd === undefined ? sealed.encoded : checkedAtEnd(sealed.encoded, beforeEnd);
      const result = await this.#backend.put(this.storedKey(key), tellingOf(body, stored), { ...call, meta: sealed.meta });
      await this.#writes.finished(key, body.size);
      if (result.kind === 'done') await this.#wrote(key, result.version, sealed, sealed.encoded.size);
      return result;
    } finally {
      await sealed.encoded.release();
    }
  }

  async copy(from: Place, to: string, options: CopyOptions): Promise<WriteResult> {
    throwIfAborted(options.signal);
    checkKey(from.key);
    checkKey(to);
    const { condition, meta, signal } = options;
    const call = { condition, ...withSignal(signal) };
    const source = { ...from, key: this.storedKey(from.key) };
    if (passes(from.key) || passes(to)) return passes(from.key) && passes(to) ? this.#backend.copy(from, to, options) : this.#again(from, to, options);
    if (this.isBare(from.key) || this.isBare(to)) return this.#backend.copy(source, this.storedKey(to), call);
    const opened = await this.#heads.at(from.key, from.version, withSignal(signal));
    if (opened === null) return STALE;
    // Kept as it is: the envelope speaks of the original, wherever the version lies.
    if (meta === undefined && isKeptFrom(this.#codec, from.key, to)) return this.#backend.copy(source, this.storedKey(to), call);
    const sealing = await this.#replacing(opened, to, options);
    if (sealing === 'stale') return STALE;
    const envelope = this.#writes.metaFor(to, sealing);
    if (envelope === null) return this.#again(from, to, options);
    const result = await this.#backend.copy(source, this.storedKey(to), { ...call, meta: envelope });
    if (result.kind === 'done') await this.#wrote(to, result.version, sealing, opened.stored.size);
    return result;
  }

  async delete(key: string, { version, keepAs, signal }: DeleteOptions): Promise<DeleteResult> {
    checkKey(key);
    if (keepAs !== undefined) checkKey(keepAs);
    return this.#backend.delete(this.storedKey(key), { version, ...withSignal(signal), ...(keepAs === undefined ? {} : { keepAs: this.storedKey(keepAs) }) });
  }

  /** Writes the object under the epoch of new writes if it is not yet (resealing.ts). A folder marker and what lies in the open has none. */
  async reseal(at: Place, options: CallOptions = {}): Promise<Resealed> {
    checkKey(at.key);
    if (passes(at.key) || this.isBare(at.key)) return { kind: 'current' };
    return reseal(
      { backend: this.#backend, codec: this.#codec, heads: this.#heads, writes: this.#writes, ...(this.#spool === undefined ? {} : { spool: this.#spool }) },
      at,
      options,
    );
  }

  get older(): OlderObjects {
    return {
      show: (on) => this.#heads.showOlder(on),
      met: () => this.#heads.older,
      accept: () => this.#heads.acceptOlder(),
    };
  }

  /** What was seen of the store until now outlives this process: before anything is concluded from it. */
  remember(): Promise<void> {
    return this.#seen.flush();
  }

  async close(): Promise<void> {
    await this.#seen.flush().catch(() => undefined);
    return this.#backend.close();
  }

  async #move(move: NonNullable<Backend['move']>, from: Place, to: string, { meta, signal }: { readonly meta: Meta } & CallOptions): Promise<WriteResult> {
    throwIfAborted(signal);
    checkKey(from.key);
    checkKey(to);
    const source = { ...from, key: this.storedKey(from.key) };
    if (this.isBare(from.key) || this.isBare(to)) return move(source, this.storedKey(to), { meta: {}, ...withSignal(signal) });
    const opened = await this.#heads.at(from.key, from.version, withSignal(signal));
    if (opened === null) return STALE;
    const sealing = { head: await this.#writes.headAt(to, opened, meta, null, withSignal(signal)), contentId: opened.contentId };
    const envelope = this.#writes.metaFor(to, sealing);
    // No room for an envelope: written anew there, and then taken away here.
    if (envelope === null) return this.#moveAnew(from, to, meta, signal);
    const result = await move(source, this.storedKey(to), { meta: envelope, ...withSignal(signal) });
    if (result.kind === 'done') await this.#wrote(to, result.version, sealing, opened.stored.size);
    return result;
  }

  async #moveAnew(from: Place, to: string, meta: Meta, signal: AbortSignal | undefined): Promise<WriteResult> {
    const written = await this.#again(from, to, { condition: { kind: 'absent' }, meta, ...withSignal(signal) });
    if (written.kind === 'done') await this.delete(from.key, { version: from.version, ...withSignal(signal) });
    return written;
  }

  /** A copy by reading and writing. */
  async #again(from: Place, to: string, { condition, meta, signal }: CopyOptions): Promise<WriteResult> {
    const object = await this.get(from.key, { ifMatch: from.version, ...withSignal(signal) });
    if (object === null) return STALE;
    const { kind, sha256 } = object.info.meta;
    const facts = { ...(kind === undefined ? {} : { kind }), ...(sha256 === undefined ? {} : { sha256 }) };
    const body: Recipe = { size: object.info.size, open: () => this.read(from.key, from.version, withSignal(signal)) };
    try {
      return await this.put(to, body, { condition, meta: { ...(meta ?? object.info.meta), ...facts }, ...withSignal(signal) });
    } catch (error) {
      if (error instanceof Gone) return STALE;
      throw error;
    }
  }

  /** The bytes of one version; {@link Gone} where it is another one by now. */
  async *read(key: string, version: Version, options: CallOptions = {}): AsyncGenerator<Uint8Array> {
    const object = await this.get(key, { ifMatch: version, ...withSignal(options.signal) });
    if (object === null) throw new Gone(key);
    yield* object.chunks;
  }

  /** The head a copy gets. */
  async #replacing(opened: Opened, to: string, { condition, meta, signal }: CopyOptions): Promise<Pick<Opened, 'head' | 'contentId'> | 'stale'> {
    const replaced = condition.kind === 'match' ? await this.#heads.at(to, condition.version, withSignal(signal)) : null;
    if (condition.kind === 'match' && replaced === null) return 'stale';
    return { head: await this.#writes.headAt(to, opened, meta, replaced, withSignal(signal)), contentId: opened.contentId };
  }

  async #wrote(key: string, version: Version, { head, contentId }: Pick<Opened, 'head' | 'contentId'>, size: number): Promise<void> {
    this.#heads.remember({ key, head, contentId, stored: { key: this.storedKey(key), size, version, storedAtMs: Number.NaN, meta: {} } });
    if (isOurs(key)) return;
    await this.#seen.saw(key, head.generation);
    await this.#seen.flush();
  }

  /** Keys of stored names that are of this vault; null when one of them does not tell. */
  plainKeys(stored: readonly string[]): readonly string[] | null {
    return this.#listing.plainKeys(stored);
  }

  storedKey(key: string): string {
    return storedKeyOf(this.#codec.names, key);
  }

  /** A folder's marker that lies there as it is. */
  isBare(key: string): boolean {
    return isBareKey(this.#codec.names, key);
  }
}

/** Of the plain body, as much has left as of what is stored of it. */
function tellingOf(plain: Body, stored: Body): Body {
  const { onSent } = plain;
  if (onSent === undefined) return stored;
  return { size: stored.size, open: () => stored.open(), onSent: (bytes) => onSent(Math.floor((bytes * plain.size) / Math.max(1, stored.size))) };
}

/** The same bytes; the check runs once all but the last of them were taken. */
function checkedAtEnd(body: Body, check: () => Promise<void>): Body {
  return {
    size: body.size,
    async *open() {
      let held: Uint8Array | null = null;
      for await (const chunk of body.open()) {
        if (held !== null) yield held;
        held = chunk;
      }
      await check();
      if (held !== null) yield held;
    },
  };
}

/** A kept version of that very object. */
function isKeptFrom({ names }: SealedCodec, from: string, to: string): boolean {
  return isOurs(to) && placeOf(names, from) === placeOf(names, to);
}

function named(key: string, detail: ObjectDetail | null): ObjectDetail | null {
  return detail === null ? null : { ...detail, key };
}

function sealedCapabilities(backend: Backend, hidesNames: boolean): Capabilities {
  return {
    get atomicConditions() {
      return backend.capabilities.atomicConditions;
    },
    modes: true,
    symlinks: true,
    get caseInsensitive() {
      return !hidesNames && backend.capabilities.caseInsensitive;
    },
    get keepsReplaced() {
      return backend.capabilities.keepsReplaced;
    },
    keepsMeta: true,
    dearListing: backend.capabilities.dearListing,
    get listsInOrder() {
      const { listsInOrder = false } = backend.capabilities;
      return hidesNames && listsInOrder ? 'whole' : listsInOrder;
    },
  };
}
