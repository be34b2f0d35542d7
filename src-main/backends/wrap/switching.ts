import { plainNames } from '../../codec/names.ts';
import type { SwitchRecord } from '../../codec/vault-document.ts';
import type { ProblemReason, Version } from '../../core/entry.ts';
import { hasCode, SyncError, throwIfAborted } from '../../core/errors.ts';
import type {
  Backend,
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
import { Gone } from './gone.ts';
import { type Form, OldForm, SeenSealed, versionMark } from './old-form.ts';
import { SealedBackend } from './sealed.ts';
import { type Opened, withSignal } from './sealed-heads.ts';
import { isOurs, passes } from './sealed-keys.ts';
import { marksOf } from './sealed-meta.ts';
import type { SealedCodec, SealedPorts } from './sealed-ports.ts';
import { SeenGenerations } from './seen-generations.ts';
import { SwitchOver } from './switch-over.ts';

const STALE = { kind: 'stale' } as const;
const DONE = { kind: 'done' } as const;
const VERSIONS = ['.file-sync/versions/', '.file-sync/versions-long/'];
/** An object that goes from one form to the other while it is looked for is looked for again so often. */
const TRIES = 4;

export interface SwitchingPorts extends SealedPorts {
  /** False: it changes nothing but what it is told to. */
  readonly settles?: boolean;
}

interface Found {
  readonly form: Form;
  readonly detail: ObjectDetail;
}

/**
 * A vault that is switched from one form to another (codec/FORMAT.md, "A vault that is switched"): reads both, writes the new one. Where names stay, an object is of one form or the other. Where they are hidden, an object
 * may lie there twice for a moment, and then it is the new one; whoever moves one writes the new before he removes the old, so that whoever looks for the new, the old, and the new again misses none. An absence is never
 * concluded from less.
 */
export class SwitchingBackend implements Backend {
  readonly id: string;
  readonly capabilities: Capabilities;
  readonly now?: NonNullable<Backend['now']>;
  readonly watch?: NonNullable<Backend['watch']>;
  readonly usage?: NonNullable<Backend['usage']>;
  readonly inspect?: NonNullable<Backend['inspect']>;
  /** As it lies there. */
  readonly store: Backend;
  /** The objects of the new form. */
  readonly next: SealedBackend;
  /** Those of the old one, under their plain names. */
  readonly old: Backend;
  readonly forms: OldForm;
  readonly #codec: SealedCodec;
  readonly #ports: SealedPorts;
  readonly #settles: boolean;

  constructor(store: Backend, codec: SealedCodec, from: SwitchRecord['from'], { settles = true, ...ports }: SwitchingPorts) {
    this.#settles = settles;
    const seen = from.compression ? new SeenSealed(ports.notes, ports.newHasher) : new SeenGenerations(ports.notes, ports.newHasher);
    this.store = store;
    this.next = new SealedBackend(store, codec, { ...ports, seen });
    this.old = from.compression ? new SealedBackend(store, compressedCodec(codec), { ...ports, notes: forgetting(ports.notes) }) : store;
    this.forms = new OldForm({ store, codec, from, seen });
    this.#codec = codec;
    this.#ports = ports;
    this.id = store.id;
    this.capabilities = switchingCapabilities(this.next, store);
    const { now, watch, usage, inspect } = store;
    if (now !== undefined) this.now = now.bind(store);
    if (watch !== undefined) this.watch = (onHint) => watch.call(store, (keys) => onHint(keys === null ? null : this.plainKeys(keys)));
    if (usage !== undefined) this.usage = usage.bind(store);
    if (inspect !== undefined) this.inspect = inspect.bind(store);
  }

  /**
   * Where names are hidden, first all of the old form, then all of the new: what moves from one to the other meanwhile is in one of the two for certain.
   */
  async *list(prefix: string, options: ListOptions = {}): AsyncGenerator<ObjectInfo> {
    if (!this.#codec.hidesNames || (isOurs(prefix) && !VERSIONS.some((folder) => folder.startsWith(prefix) || prefix.startsWith(folder)))) {
      yield* this.next.list(prefix, options);
      return;
    }
    const { after: _, unlisted, ...rest } = options;
    const olds = new Map<string, ObjectInfo>();
    for await (const info of this.listOld(prefix, { ...rest, ...(unlisted === undefined ? {} : { unlisted }) })) olds.set(info.key, info);
    const ofNew = (name: string, reason: ProblemReason): void => {
      if (!(name.startsWith('/') && this.isOldName(name.slice(1)))) unlisted?.(name, reason);
    };
    const twice: ObjectInfo[] = [];
    for await (const info of this.next.list(prefix, { ...rest, unlisted: ofNew })) {
      const old = olds.get(info.key);
      if (old === undefined) yield info;
      else twice.push(old);
      olds.delete(info.key);
    }
    yield* olds.values();
    for (const old of twice) {
      await this.#settle(old, withSignal(options.signal));
      const detail = await this.next.stat(old.key, withSignal(options.signal));
      if (detail !== null) yield { key: detail.key, version: detail.version, storedAtMs: detail.storedAtMs, size: detail.size };
    }
  }

  /** What lies there twice is made one by whoever comes by: a late writer would else find his own edit undone until the work of the switch comes by. */
  async #settle(old: Pick<ObjectInfo, 'key' | 'version'>, options: CallOptions): Promise<void> {
    if (!this.#settles) return;
    try {
      await new SwitchOver(this).reseal(old, options);
    } catch (error) {
      // It stays as it is, and the new one counts.
      if (!hasCode(error, 'corrupt', 'busy')) throw error;
    }
  }

  /** What lies there under names of the old form; only where names are hidden. */
  async *listOld(prefix: string, { unlisted, ...options }: ListOptions): AsyncGenerator<ObjectInfo> {
    const told = (name: string, reason: ProblemReason): void => {
      if (this.isOldName(name)) unlisted?.(name, reason);
    };
    for await (const info of this.store.list(prefix, { ...options, unlisted: told })) {
      if (!this.isOldName(info.key)) continue;
      const { key, version, storedAtMs } = info;
      yield this.old === this.store ? info : { key, version, storedAtMs, size: key.endsWith('/') ? info.size : null };
    }
  }

  async stat(key: string, options: CallOptions = {}): Promise<ObjectDetail | null> {
    return (await this.find(key, options))?.detail ?? null;
  }

  async get(key: string, options: GetOptions = {}): Promise<ObjectBody | null> {
    for (let turn = 0; turn < TRIES; turn++) {
      const found = await this.find(key, withSignal(options.signal));
      if (found === null) return null;
      const object = await (found.form === 'new' ? this.next : this.old).get(key, options);
      if (object !== null || (options.ifMatch !== undefined && options.ifMatch !== found.detail.version)) return object;
    }
    throw changing(key);
  }

  async put(key: string, body: Body, options: PutOptions): Promise<WriteResult> {
    throwIfAborted(options.signal);
    checkKey(key);
    const { condition, meta, keepAs, signal } = options;
    const call = withSignal(signal);
    if (passes(key)) return this.next.put(key, body, options);
    const there = await this.find(key, call);
    if (condition.kind === 'absent') return there === null ? this.next.put(key, body, options) : STALE;
    if (there?.detail.version !== condition.version) {
      const old = there !== null && this.isApart(key) ? await this.findOld(key, call) : null;
      if (old?.version === condition.version) await this.#settle(old, call);
      return STALE;
    }
    if (keepAs !== undefined) await this.#keep(key, condition.version, keepAs, call);
    if (there.form === 'old') return this.#replaceOld(key, body, there.detail, { meta, ...call });
    const opened = this.next.isBare(key) ? null : await this.next.opened(key, call);
    const marks = opened === null ? null : marksOf(opened.head);
    // The version it came from stays on record as long as that may still lie there.
    if (opened === null || marks === null) return this.next.put(key, body, { condition, meta, ...call });
    return opened.stored.version === condition.version
      ? this.next.putOver(key, body, { condition, meta, previous: opened, marks: { ...marks, storedAtMs: null }, ...call })
      : STALE;
  }

  async copy(from: { readonly key: string; readonly version: Version }, to: string, options: CopyOptions): Promise<WriteResult> {
    throwIfAborted(options.signal);
    checkKey(from.key);
    checkKey(to);
    const { condition, meta, signal } = options;
    const call = withSignal(signal);
    if (passes(from.key) && passes(to)) return this.next.copy(from, to, options);
    const [source, target] = [await this.find(from.key, call), await this.find(to, call)];
    if (source?.detail.version !== from.version) return STALE;
    if (condition.kind === 'absent' ? target !== null : target?.detail.version !== condition.version) return STALE;
    if (source.form === 'new' && target?.form !== 'old') return this.next.copy(from, to, options);
    const { kind, sha256 } = source.detail.meta;
    const facts = { ...(kind === undefined ? {} : { kind }), ...(sha256 === undefined ? {} : { sha256 }) };
    const body: Body = { size: source.detail.size, open: () => this.reading(from.key, from.version, call) };
    return this.put(to, body, { condition, meta: { ...(meta ?? source.detail.meta), ...facts }, ...call });
  }

  async delete(key: string, { version, keepAs, signal }: DeleteOptions): Promise<DeleteResult> {
    checkKey(key);
    const call = withSignal(signal);
    if (passes(key)) return this.next.delete(key, { version, ...call });
    const there = await this.find(key, call);
    if (there === null) return DONE;
    if (there.detail.version !== version) return STALE;
    if (keepAs !== undefined) await this.#keep(key, version, keepAs, call);
    if (!this.isApart(key)) return this.store.delete(this.next.storedKey(key), { version, ...call });
    return there.form === 'new' ? this.#deleteNew(key, version, call) : this.#deleteOld(key, version, call);
  }

  async close(): Promise<void> {
    return this.next.close();
  }

  /** Whether the two forms of an object have two names. */
  isApart(key: string): boolean {
    return this.next.storedKey(key) !== key;
  }

  /** The object that counts, with its form. @throws `rolled-back` for one of the old form where something sealed was seen */
  async find(key: string, options: CallOptions): Promise<Found | null> {
    checkKey(key);
    if (this.isApart(key)) return this.#findApart(key, options);
    if (passes(key) || this.next.isBare(key)) return ofForm('new', await this.next.stat(key, options));
    for (let turn = 0; turn < TRIES; turn++) {
      const stored = await this.store.stat(key, options);
      if (stored === null) return null;
      const form = await this.forms.of(stored, options);
      if (form === 'old') await this.forms.check(key);
      const detail = form === null ? null : form === 'old' && this.old === this.store ? stored : await (form === 'new' ? this.next : this.old).stat(key, options);
      if (form !== null && detail?.version === stored.version) return { form, detail };
    }
    throw changing(key);
  }

  /** An object of the old form where it lies, whatever else there is. */
  async findOld(key: string, options: CallOptions): Promise<ObjectDetail | null> {
    return this.isOldName(key) ? this.old.stat(key, options) : null;
  }

  get newHasher(): SealedPorts['newHasher'] {
    return this.#ports.newHasher;
  }

  mark(version: Version): string {
    return versionMark(this.#ports.newHasher, version);
  }

  async *reading(key: string, version: Version, options: CallOptions): AsyncGenerator<Uint8Array> {
    const object = await this.get(key, { ifMatch: version, ...options });
    if (object === null) throw new SyncError('busy', 'the object was replaced while it was read', { path: key });
    yield* object.chunks;
  }

  /** Keys of stored names of either form; null when one of them does not tell. */
  plainKeys(stored: readonly string[]): readonly string[] | null {
    const keys: string[] = [];
    for (const key of stored) {
      const opened = passes(key) ? ({ kind: 'key', key } as const) : this.#codec.names.openKey(key);
      if (opened.kind === 'in-head') return null;
      if (opened.kind !== 'nothing') keys.push(opened.kind === 'key' ? opened.key : key);
    }
    return keys;
  }

  /** A new name that opens is no name of the old form, and neither is one that stays what it is. */
  isOldName(stored: string): boolean {
    return this.#codec.hidesNames && !passes(stored) && this.#codec.names.openKey(stored).kind === 'foreign';
  }

  async #findApart(key: string, options: CallOptions): Promise<Found | null> {
    const found = ofForm('new', await this.next.stat(key, options));
    if (found !== null) return found;
    const old = await this.findOld(key, options);
    if (old === null) return ofForm('new', await this.next.stat(key, options));
    await this.forms.check(key);
    return { form: 'old', detail: old };
  }

  /** The new object takes the place of the old one: in one step under the same name, else before that one goes. */
  async #replaceOld(key: string, body: Body, old: ObjectDetail, { meta, signal }: Pick<PutOptions, 'meta'> & CallOptions): Promise<WriteResult> {
    const call = withSignal(signal);
    if (this.next.isBare(key)) return this.#takeOver(key, old.version, await this.next.put(key, body, { condition: { kind: 'absent' }, meta, ...call }), call);
    if (!this.isApart(key)) return this.next.putOver(key, body, { condition: { kind: 'match', version: old.version }, meta, marks: null, ...call });
    const marks = { switchedFrom: this.mark(old.version), storedAtMs: null };
    const beforeEnd = (): Promise<void> => this.stillThere(key, old.version, call);
    const written = await this.next.putOver(key, body, { condition: { kind: 'absent' }, meta, marks, beforeEnd, ...call }).catch((error: unknown) => {
      if (error instanceof Gone) return STALE;
      throw error;
    });
    return this.#takeOver(key, old.version, written, call);
  }

  /** The old one goes once the new one is there. Another version there is a late writer's: the work of the switch settles it. */
  async #takeOver(key: string, version: Version, written: WriteResult, options: CallOptions): Promise<WriteResult> {
    if (written.kind === 'done') await this.old.delete(key, { version, ...options });
    return written;
  }

  /** Asked right before a new object becomes visible: an old one that went was removed, and must not come back. */
  async stillThere(key: string, version: Version, options: CallOptions): Promise<void> {
    if ((await this.findOld(key, options))?.version !== version) throw new Gone(key);
  }

  /** What it came from goes first, or it would be seen again. */
  async #deleteNew(key: string, version: Version, options: CallOptions): Promise<DeleteResult> {
    const old = await this.findOld(key, options);
    if (old !== null && (this.next.isBare(key) || this.isFrom(await this.next.opened(key, options), old.version))) {
      const removed = await this.old.delete(key, { version: old.version, ...options });
      if (removed.kind === 'stale' && this.next.isBare(key)) return removed;
    }
    return this.next.delete(key, { version, ...options });
  }

  /** Whoever was moving it meanwhile may have written the new one already. Whoever edited it meanwhile made something else, which nobody asked to remove. */
  async #deleteOld(key: string, version: Version, options: CallOptions): Promise<DeleteResult> {
    const removed = await this.old.delete(key, { version, ...options });
    if (removed.kind === 'stale') return removed;
    if (this.next.isBare(key)) {
      const marker = await this.next.stat(key, options);
      return marker === null ? removed : this.next.delete(key, { version: marker.version, ...options });
    }
    const opened = await this.next.opened(key, options);
    return opened !== null && this.isFrom(opened, version) && isUnedited(key, opened) ? this.next.delete(key, { version: opened.stored.version, ...options }) : removed;
  }

  isFrom(opened: Opened | null, version: Version): boolean {
    return opened !== null && marksOf(opened.head)?.switchedFrom === this.mark(version);
  }

  /** Kept by a copy, whatever the store could do: in the new form. */
  async #keep(key: string, version: Version, keepAs: string, options: CallOptions): Promise<void> {
    await this.copy({ key, version }, keepAs, { condition: { kind: 'absent' }, ...options });
  }
}

/** Still the content it was made from; of ours nothing is ever edited. */
function isUnedited(key: string, { head }: Opened): boolean {
  return isOurs(key) || marksOf(head)?.storedAtMs != null;
}

function ofForm(form: Form, detail: ObjectDetail | null): Found | null {
  return detail === null ? null : { form, detail };
}

function changing(key: string): SyncError {
  return new SyncError('busy', 'the object changed each time it was read', { path: key });
}

/** What a vault was that only compressed. */
function compressedCodec({ vaultId }: SealedCodec): SealedCodec {
  return { vaultId, names: plainNames, hidesNames: false, keys: null, compression: null };
}

/** Old objects prove nothing, so that nothing is remembered of them. */
function forgetting(notes: SealedPorts['notes']): SealedPorts['notes'] {
  return { get: async () => null, all: async () => new Map(), put: async () => undefined, drop: (kind, key) => notes.drop(kind, key) };
}

/** Replacing and removing by a rename would leave the old form under a new name. */
function switchingCapabilities(next: SealedBackend, store: Backend): Capabilities {
  return {
    get atomicConditions() {
      return next.capabilities.atomicConditions;
    },
    modes: true,
    symlinks: true,
    get caseInsensitive() {
      return store.capabilities.caseInsensitive;
    },
    keepsReplaced: false,
    keepsMeta: true,
    get dearListing() {
      return next.capabilities.dearListing;
    },
  };
}
