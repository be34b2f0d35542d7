import type { Recipe } from '../../codec/container.ts';
import { openContainer } from '../../codec/open-container.ts';
import type { ProblemReason, Version } from '../../core/entry.ts';
import { hasCode, SyncError, throwIfAborted } from '../../core/errors.ts';
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
  PastObject,
  PutOptions,
  StatOptions,
  WriteResult,
} from '../backend.ts';
import { checkKey } from '../key-rules.ts';
import { type Resealed, reseal } from './resealing.ts';
import { checkUnmixed, inPlace, type Opened, SealedHeads, withSignal } from './sealed-heads.ts';
import { isOurs, passes, placeOf } from './sealed-keys.ts';
import { metaOfHead, type SwitchMarks, storedAtOf } from './sealed-meta.ts';
import type { SealedCodec, SealedPorts } from './sealed-ports.ts';
import { SealedWrites } from './sealed-writes.ts';
import { SeenGenerations } from './seen-generations.ts';

const STALE = { kind: 'stale' } as const;
/** What is listed of a name on the store that stands for no key of ours: no path begins so. */
const ON_THE_STORE = '/';

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

  constructor(backend: Backend, codec: SealedCodec, ports: SealedPorts) {
    this.#backend = backend;
    this.#codec = codec;
    this.#spool = ports.spool;
    this.#seen = ports.seen ?? new SeenGenerations(ports.notes, ports.newHasher);
    this.#heads = new SealedHeads({ backend, codec, seen: this.#seen, newHasher: ports.newHasher });
    this.#writes = new SealedWrites({ ...ports, backend, codec, seen: this.#seen });
    this.id = backend.id;
    this.capabilities = sealedCapabilities(backend, codec.hidesNames);
    const { move, now, watch, usage, inspect } = backend;
    // Where metadata is a hint, the place is written into the object itself, and a rename writes it anew.
    if (move !== undefined && backend.capabilities.keepsMeta) this.move = (from, to, options) => this.#move(move.bind(backend), from, to, options);
    if (now !== undefined) this.now = now.bind(backend);
    if (watch !== undefined) this.watch = (onHint) => watch.call(backend, (stored) => onHint(stored === null ? null : this.plainKeys(stored)));
    if (usage !== undefined) this.usage = usage.bind(backend);
    if (inspect !== undefined) this.inspect = inspect.bind(backend);
    const { listPast, forget } = backend;
    if (listPast !== undefined) this.listPast = (prefix, options) => this.#listPast(listPast.bind(backend), prefix, options);
    if (forget !== undefined) this.forget = (key, version, options) => forget.call(backend, this.#stored(key), version, options);
  }

  async *list(prefix: string, options: ListOptions = {}): AsyncGenerator<ObjectInfo> {
    const { skip } = options;
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    const { own, others } = this.#codec.names.sealPrefix(folder);
    const below = this.#below(others, options);
    for (const place of own === null ? others : [own, ...others]) {
      for await (const stored of this.#backend.list(place, below)) {
        const info = await this.#listed(stored, options);
        if (info?.key.startsWith(prefix) && !(skip !== undefined && info.key.startsWith(skip))) yield info;
      }
    }
  }

  async *#listPast(listPast: NonNullable<Backend['listPast']>, prefix: string, options: ListOptions = {}): AsyncGenerator<PastObject> {
    const { own, others } = this.#codec.names.sealPrefix(prefix.slice(0, prefix.lastIndexOf('/') + 1));
    for (const place of own === null ? others : [own, ...others]) {
      for await (const stored of listPast(place, this.#below(others, options))) {
        const named = this.#codec.names.openKey(stored.key);
        const key = named.kind === 'key' ? named.key : named.kind === 'in-head' ? await this.#unnamedPast(stored, named.keyOf, options) : null;
        if (key === null || passes(stored.key) || !key.startsWith(prefix) || (options.skip !== undefined && key.startsWith(options.skip))) continue;
        yield { ...stored, key, size: this.#isBare(key) ? stored.size : null, ...this.#placeOf(stored.key, named.kind === 'key') };
      }
    }
  }

  /** Hidden names are listed in the order of what is stored; a name that stands in the head may be of anything. */
  #placeOf(stored: string, isNamed: boolean): { readonly place?: string } {
    return this.#codec.hidesNames ? { place: isNamed ? stored : '' } : {};
  }

  async #unnamedPast({ key, version }: PastObject, keyOf: (headKey: string) => string | null, { signal }: ListOptions): Promise<string | null> {
    try {
      const stored = await this.#backend.stat(key, { past: version, ...withSignal(signal) });
      const opened = stored === null ? 'gone' : await this.#heads.unnamed(stored, keyOf, withSignal(signal));
      return opened === 'gone' ? null : opened.key;
    } catch (error) {
      if (!hasCode(error, 'corrupt', 'busy')) throw error;
      return null;
    }
  }

  /** What the store below is asked for. */
  #below(others: readonly string[], { skip, after, signal, unlisted }: ListOptions): ListOptions {
    return {
      ...withSignal(signal),
      ...(skip !== undefined && isOurs(skip) ? { skip } : {}),
      // Of several listings only each is in order.
      ...(after !== undefined && others.length === 0 ? { after } : {}),
      unlisted: (stored: string, reason: ProblemReason) => unlisted?.(this.#shown(stored), reason),
    };
  }

  async stat(key: string, options: StatOptions = {}): Promise<ObjectDetail | null> {
    checkKey(key);
    if (passes(key)) return this.#backend.stat(key, options);
    if (this.#isBare(key)) return named(key, await this.#backend.stat(this.#stored(key), options));
    const opened = await this.#heads.at(key, null, options);
    return opened === null ? null : detailOf(opened);
  }

  async get(key: string, options: GetOptions = {}): Promise<ObjectBody | null> {
    checkKey(key);
    const { ifMatch, offset = 0, signal } = options;
    if (passes(key)) return this.#backend.get(key, options);
    const object = await this.#backend.get(this.#stored(key), { ...(ifMatch === undefined ? {} : { ifMatch }), ...withSignal(signal) });
    if (object === null) return null;
    if (this.#isBare(key)) return { ...object, info: { ...object.info, key } };
    const begun = onceOnly(object.chunks);
    try {
      // Where the first bytes have to be looked at, reading begins anew when somebody reads: no stream is left open for whoever does not.
      const opened = await this.#heads.of(key, object.info, { ...withSignal(signal), begun: () => begun.take() ?? nothing() });
      if (opened === 'gone') return null;
      await this.#seen.flush();
      return { info: detailOf(opened), chunks: this.#plainBytes(opened, offset, signal, begun) };
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
    const call = { condition, ...withSignal(signal), ...(keepAs === undefined ? {} : { keepAs: this.#stored(keepAs) }) };
    if (passes(key)) return this.#backend.put(key, body, { ...call, meta });
    if (this.#isBare(key)) return this.#backend.put(this.#stored(key), body, { ...call, meta: {} });
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
      const result = await this.#backend.put(this.#stored(key), beforeEnd === undefined ? sealed.encoded : checkedAtEnd(sealed.encoded, beforeEnd), { ...call, meta: sealed.meta });
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
    const source = { ...from, key: this.#stored(from.key) };
    if (passes(from.key) || passes(to)) return passes(from.key) && passes(to) ? this.#backend.copy(from, to, options) : this.#again(from, to, options);
    if (this.#isBare(from.key) || this.#isBare(to)) return this.#backend.copy(source, this.#stored(to), call);
    const opened = await this.#heads.at(from.key, from.version, withSignal(signal));
    if (opened === null) return STALE;
    // Kept as it is: the envelope speaks of the original, wherever the version lies.
    if (meta === undefined && isKeptFrom(this.#codec, from.key, to)) return this.#backend.copy(source, this.#stored(to), call);
    const sealing = await this.#replacing(opened, to, options);
    if (sealing === 'stale') return STALE;
    const envelope = this.#writes.metaFor(to, sealing);
    if (envelope === null) return this.#again(from, to, options);
    const result = await this.#backend.copy(source, this.#stored(to), { ...call, meta: envelope });
    if (result.kind === 'done') await this.#wrote(to, result.version, sealing, opened.stored.size);
    return result;
  }

  async delete(key: string, { version, keepAs, signal }: DeleteOptions): Promise<DeleteResult> {
    checkKey(key);
    if (keepAs !== undefined) checkKey(keepAs);
    return this.#backend.delete(this.#stored(key), { version, ...withSignal(signal), ...(keepAs === undefined ? {} : { keepAs: this.#stored(keepAs) }) });
  }

  /** Writes the object under the epoch of new writes if it is not yet (resealing.ts). A folder marker and what lies in the open has none. */
  async reseal(at: Place, options: CallOptions = {}): Promise<Resealed> {
    checkKey(at.key);
    if (passes(at.key) || this.#isBare(at.key)) return { kind: 'current' };
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
    const source = { ...from, key: this.#stored(from.key) };
    if (this.#isBare(from.key) || this.#isBare(to)) return move(source, this.#stored(to), { meta: {}, ...withSignal(signal) });
    const opened = await this.#heads.at(from.key, from.version, withSignal(signal));
    if (opened === null) return STALE;
    const sealing = { head: await this.#writes.headAt(to, opened, meta, null, withSignal(signal)), contentId: opened.contentId };
    const envelope = this.#writes.metaFor(to, sealing);
    // No room for an envelope: written anew there, and then taken away here.
    if (envelope === null) return this.#moveAnew(from, to, meta, signal);
    const result = await move(source, this.#stored(to), { meta: envelope, ...withSignal(signal) });
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
    return this.put(to, body, { condition, meta: { ...(meta ?? object.info.meta), ...facts }, ...withSignal(signal) });
  }

  /** The bytes of one version; `busy` where it is another one by now. */
  async *read(key: string, version: Version, options: CallOptions = {}): AsyncGenerator<Uint8Array> {
    const object = await this.get(key, { ifMatch: version, ...withSignal(options.signal) });
    if (object === null) throw new SyncError('busy', 'the object was replaced while it was copied', { path: key });
    yield* object.chunks;
  }

  /** The head a copy gets. */
  async #replacing(opened: Opened, to: string, { condition, meta, signal }: CopyOptions): Promise<Pick<Opened, 'head' | 'contentId'> | 'stale'> {
    const replaced = condition.kind === 'match' ? await this.#heads.at(to, condition.version, withSignal(signal)) : null;
    if (condition.kind === 'match' && replaced === null) return 'stale';
    return { head: await this.#writes.headAt(to, opened, meta, replaced, withSignal(signal)), contentId: opened.contentId };
  }

  async #wrote(key: string, version: Version, { head, contentId }: Pick<Opened, 'head' | 'contentId'>, size: number): Promise<void> {
    this.#heads.remember({ key, head, contentId, stored: { key: this.#stored(key), size, version, storedAtMs: Number.NaN, meta: {} } });
    if (isOurs(key)) return;
    await this.#seen.saw(key, head.generation);
    await this.#seen.flush();
  }

  async *#plainBytes(opened: Opened, offset: number, signal: AbortSignal | undefined, begun: Once): AsyncGenerator<Uint8Array> {
    const { key, stored } = opened;
    try {
      const source = { size: stored.size, open: (at: number) => (at === 0 ? begun.take() : null) ?? this.#storedBytes(key, stored, at, signal) };
      const container = await openContainer(source, { ...this.#heads.opening, ...withSignal(signal) });
      try {
        checkUnmixed(opened, container);
        yield* container.chunks(offset);
      } finally {
        await container.close();
      }
    } catch (error) {
      throw hasCode(error, 'corrupt') && (error.path === undefined || error.hint === undefined) ? inPlace(error, key) : error;
    }
  }

  async *#storedBytes(key: string, { key: storedKey, version }: ObjectDetail, offset: number, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
    const object = await this.#backend.get(storedKey, { ifMatch: version, offset, ...withSignal(signal) });
    if (object === null) throw new SyncError('busy', 'the object was replaced while it was read', { path: key });
    yield* object.chunks;
  }

  /** The head alone tells how large the content is. */
  #sizesOf(key: string, { size }: ObjectInfo): Pick<ObjectInfo, 'size' | 'storedBytes'> {
    if (this.#isBare(key)) return { size };
    return size === null ? { size } : { size: null, storedBytes: size };
  }

  /** Null for what stands for no key of ours; it is told where that is a problem. */
  async #listed(stored: ObjectInfo, options: ListOptions): Promise<ObjectInfo | null> {
    if (passes(stored.key)) return stored;
    const opened = this.#codec.names.openKey(stored.key);
    const { key, version, storedAtMs } = stored;
    switch (opened.kind) {
      case 'key':
        return { key: opened.key, version, storedAtMs, ...this.#sizesOf(opened.key, stored), ...this.#placeOf(key, true) };
      case 'nothing':
        return null;
      case 'foreign':
        options.unlisted?.(ON_THE_STORE + key, 'foreign-name');
        return null;
      case 'in-head': {
        const found = await this.#unnamed(key, opened.keyOf, options);
        return found === null ? null : { ...found, ...this.#placeOf(key, false) };
      }
    }
  }

  /** An object with a name too long for the store: its head has it. */
  async #unnamed(storedKey: string, keyOf: (headKey: string) => string | null, { signal, unlisted }: ListOptions): Promise<ObjectInfo | null> {
    try {
      const stored = await this.#backend.stat(storedKey, withSignal(signal));
      const opened = stored === null ? 'gone' : await this.#heads.unnamed(stored, keyOf, withSignal(signal));
      return opened === 'gone' ? null : detailOf(opened);
    } catch (error) {
      if (!hasCode(error, 'corrupt', 'busy')) throw error;
      unlisted?.(ON_THE_STORE + storedKey, error.code === 'busy' ? 'changing' : 'other-key');
      return null;
    }
  }

  /** Keys of stored names that are of this vault; null when one of them does not tell. */
  plainKeys(stored: readonly string[]): readonly string[] | null {
    const keys: string[] = [];
    for (const key of stored) {
      const opened = passes(key) ? ({ kind: 'key', key } as const) : this.#codec.names.openKey(key);
      if (opened.kind === 'in-head') return null;
      if (opened.kind === 'key') keys.push(opened.key);
    }
    return keys;
  }

  /** What the store could not list, by its plain name where it has one. */
  #shown(stored: string): string {
    const opened = this.#codec.names.openKey(stored);
    return opened.kind === 'key' ? opened.key : ON_THE_STORE + stored;
  }

  storedKey(key: string): string {
    return this.#stored(key);
  }

  #stored(key: string): string {
    return passes(key) ? key : this.#codec.names.sealKey(key);
  }

  isBare(key: string): boolean {
    return this.#isBare(key);
  }

  /** A folder's marker: nothing is in it, so nothing is sealed, unless its name has to be. */
  #isBare(key: string): boolean {
    return key.endsWith('/') && this.#stored(key).endsWith('/');
  }
}

/** A stream for whoever comes first. */
interface Once {
  take(): AsyncIterable<Uint8Array> | null;
}

function onceOnly(chunks: AsyncIterable<Uint8Array>): Once {
  let left: AsyncIterable<Uint8Array> | null = chunks;
  return {
    take: () => {
      const taken = left;
      left = null;
      return taken;
    },
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

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

function detailOf({ key, head, stored }: Opened): ObjectDetail {
  const storedAtMs = (isOurs(key) ? null : storedAtOf(head)) ?? stored.storedAtMs;
  const { isKept, isPast } = stored;
  return { key, size: head.size, version: stored.version, storedAtMs, meta: metaOfHead(head), ...(isKept === true ? { isKept } : {}), ...(isPast === true ? { isPast } : {}) };
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
