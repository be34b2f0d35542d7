import type { Container, Opening } from '../../codec/container.ts';
import { damaged } from '../../codec/damage.ts';
import { openEnvelope } from '../../codec/envelope.ts';
import type { Head } from '../../codec/head.ts';
import { MAX_BODY_OFFSET } from '../../codec/header.ts';
import { readContainerHead } from '../../codec/read-head.ts';
import type { Version } from '../../core/entry.ts';
import { hasCode, SyncError, throwIfAborted } from '../../core/errors.ts';
import type { Hasher, NewHasher } from '../../platform/clock.ts';
import type { Backend, CallOptions, ObjectDetail, StatOptions } from '../backend.ts';
import { firstBytes } from './first-bytes.ts';
import { isOlder } from './generation.ts';
import { boundOf, isOurs, placeOf } from './sealed-keys.ts';
import { metaOfHead, storedAtOf } from './sealed-meta.ts';
import type { SealedCodec } from './sealed-ports.ts';
import type { SeenGenerations } from './seen-generations.ts';

/** Name of the envelope in an object's metadata. */
export const ENVELOPE = 'e';
/** Heads that are remembered: of one look at a path what follows needs no second. */
const REMEMBERED = 4_096;
/** An object that is replaced between the question and the reading is asked about again so often. */
const TRIES = 4;

/** An object whose head is authentic, of this vault, for this place, and no older than what was seen here. */
export interface Opened {
  readonly key: string;
  readonly head: Head;
  readonly contentId: Uint8Array;
  /** As the store has it: its key, its length. */
  readonly stored: ObjectDetail;
}

interface LookOptions extends CallOptions {
  /** Gives a stream of the whole object that may be used up. */
  readonly begun?: () => AsyncIterable<Uint8Array>;
}

export interface HeadPorts {
  readonly backend: Backend;
  readonly codec: SealedCodec;
  readonly seen: SeenGenerations;
  readonly newHasher: NewHasher;
}

/** Reads what objects say of themselves: from the envelope where the store keeps metadata for certain, else from the first bytes of the container. */
export class SealedHeads {
  readonly #ports: HeadPorts;
  readonly #known = new Map<string, Opened>();
  /** What is older than what was seen at its path, by key, while such is shown; null: it is refused. */
  #older: Map<string, Opened> | null = null;

  constructor(ports: HeadPorts) {
    this.#ports = ports;
  }

  get opening(): Opening {
    const { vaultId, keys } = this.#ports.codec;
    return { vaultId, find: keys === null ? null : keys.find };
  }

  /** Null when nothing is there, or, with `version`, another one. */
  async at(key: string, version: Version | null, { past, signal }: StatOptions): Promise<Opened | null> {
    const { backend, codec } = this.#ports;
    if (past !== undefined) return this.#atPast(key, past, withSignal(signal));
    const storedKey = codec.names.sealKey(key);
    const known = version === null ? undefined : this.#known.get(nameOf(storedKey, version));
    if (known !== undefined) return known;
    const options = withSignal(signal);
    for (let turn = 0; turn < TRIES; turn++) {
      throwIfAborted(signal);
      const stored = await backend.stat(storedKey, options);
      if (stored === null || (version !== null && stored.version !== version)) return null;
      const opened = await this.of(key, stored, options);
      if (opened !== 'gone') return opened;
    }
    throw new SyncError('busy', 'the object changed each time it was read', { path: key });
  }

  async #atPast(key: string, past: Version, options: CallOptions): Promise<Opened | null> {
    const { backend, codec } = this.#ports;
    const stored = await backend.stat(codec.names.sealKey(key), { past, ...options });
    const opened = stored === null ? 'gone' : await this.of(key, stored, options);
    return opened === 'gone' ? null : opened;
  }

  /** Of an object as the store just described it. `gone`: it is another one by now. */
  async of(key: string, stored: ObjectDetail, options: LookOptions): Promise<Opened | 'gone'> {
    const name = nameOf(stored.key, stored.version);
    const known = this.#known.get(name);
    if (known?.key === key) return { ...known, stored };
    const opened = await this.#readWithNewKeys(key, stored, options).catch((error: unknown) => {
      throw error instanceof SyncError && error.path === undefined ? inPlace(error, key) : error;
    });
    if (opened === 'gone') return opened;
    if (await this.#check(opened)) this.remember(opened);
    return opened;
  }

  /** From now on what is older than what was seen at its path is shown as anything else and noted, or is refused again. */
  showOlder(on: boolean): void {
    this.#older = on ? (this.#older ?? new Map()) : null;
  }

  /** Keys of what was shown although it is older. */
  get older(): ReadonlySet<string> {
    return new Set(this.#older?.keys());
  }

  /** What was shown is let pass for good. */
  async acceptOlder(): Promise<void> {
    const { seen } = this.#ports;
    for (const [key, { head }] of this.#older ?? []) await seen.accept(key, head.generation);
    await seen.flush();
    this.#older?.clear();
  }

  /** Of an object whose key only its head tells. */
  async unnamed(stored: ObjectDetail, keyOf: (headKey: string) => string | null, options: CallOptions): Promise<Opened | 'gone'> {
    const { codec, backend } = this.#ports;
    const envelope = backend.capabilities.keepsMeta ? stored.meta[ENVELOPE] : undefined;
    const found = envelope === undefined ? await this.#readContainer(stored, options) : openEnvelope(envelope, { vaultId: codec.vaultId, storedKey: stored.key }, this.opening);
    if (found === 'gone') return found;
    const key = keyOf(found.head.path);
    if (key === null) throw damaged('wrong-place', 'an object with a long name lies where another one belongs');
    return this.of(key, stored, options);
  }

  remember(opened: Opened): void {
    const name = nameOf(opened.stored.key, opened.stored.version);
    this.#known.delete(name);
    this.#known.set(name, opened);
    const [oldest] = this.#known.size > REMEMBERED ? this.#known.keys() : [];
    if (oldest !== undefined) this.#known.delete(oldest);
  }

  /** Another device may have begun an epoch that is not known here yet. */
  async #readWithNewKeys(key: string, stored: ObjectDetail, options: LookOptions): Promise<Opened | 'gone'> {
    try {
      return await this.#read(key, stored, options);
    } catch (error) {
      const isNew = error instanceof SyncError && error.reason === 'unknown-epoch';
      if (!isNew || (await this.#ports.codec.keys?.refresh?.(withSignal(options.signal))) !== true) throw error;
      return this.#read(key, stored, withSignal(options.signal));
    }
  }

  async #read(key: string, stored: ObjectDetail, options: LookOptions): Promise<Opened | 'gone'> {
    const { backend, codec } = this.#ports;
    const envelope = backend.capabilities.keepsMeta ? stored.meta[ENVELOPE] : undefined;
    if (envelope !== undefined) {
      const { head, contentId } = openEnvelope(envelope, { vaultId: codec.vaultId, storedKey: placeOf(codec.names, key) }, this.opening);
      return { key, stored, head, contentId };
    }
    const found = await this.#readContainer(stored, options);
    return found === 'gone' ? found : { key, stored, ...found };
  }

  async #readContainer(stored: ObjectDetail, { signal, begun }: LookOptions): Promise<Pick<Opened, 'head' | 'contentId'> | 'gone'> {
    const { backend } = this.#ports;
    const chunks = begun?.() ?? (await backend.get(stored.key, { ifMatch: stored.version, ...withSignal(signal) }))?.chunks;
    if (chunks === undefined) return 'gone';
    const first = await firstBytes(chunks, MAX_BODY_OFFSET).catch(goneWhere);
    if (first === 'gone') return first;
    const { head, header } = readContainerHead(first, stored.size, this.opening);
    return { head, contentId: Uint8Array.from(header.contentId) };
  }

  /** That it is what belongs here, and not from before. False: it is from before, and is shown all the same. */
  async #check(opened: Opened): Promise<boolean> {
    const { key, head } = opened;
    const bound = boundOf(key);
    const isHere = bound.kind === 'path' ? head.path === bound.path : hashOf(this.#ports.newHasher(), head.path) === bound.hash;
    if (!isHere)
      throw damaged('wrong-place', `this object was made for ${JSON.stringify(head.path)}: another program moved or exchanged it`, {
        path: key,
        hint: 'Put it back under its own name.',
      });
    // Whoever asks for an older version by its name gets one that is older.
    if (isOurs(key) || opened.stored.isPast === true) return true;
    const seen = await this.#ports.seen.floor(key);
    if (seen !== null && isOlder(head.generation, seen)) {
      if (this.#older === null)
        throw damaged('rolled-back', 'an older version came back here: somebody put an old copy of the object into the store', {
          path: key,
          hint: 'The newer content on this device stays. If you restored the store from a backup yourself: file-sync accept-restored.',
        });
      this.#older.set(key, opened);
      return false;
    }
    await this.#ports.seen.saw(key, head.generation);
    return true;
  }
}

/** That metadata and bytes are of one version. */
export function checkUnmixed({ key, head, contentId }: Opened, { head: inside, header }: Container): void {
  if (!Buffer.from(contentId).equals(header.contentId) || inside.sha256 !== head.sha256 || inside.size !== head.size)
    throw damaged('mixed', 'the metadata of this object are of another version than its bytes', { path: key, hint: RESCUE });
}

function hashOf(hasher: Hasher, text: string): string {
  hasher.update(Buffer.from(text));
  return hasher.digest();
}

function nameOf(storedKey: string, version: Version): string {
  return `${version} ${storedKey}`;
}

/** The way out for an object that does not open, whatever was done to it: it is never written over. */
const RESCUE = 'Where a device still has the file, a copy of it under another name is stored whole.';

/** The same error, of this path. */
export function inPlace({ code, message, reason, hint, cause }: SyncError, path: string): SyncError {
  const next = code === 'corrupt' && reason !== 'newer-format' ? RESCUE : hint;
  return new SyncError(code, message, { path, ...(reason === undefined ? {} : { reason }), ...(next === undefined ? {} : { hint: next }), cause });
}

export function withSignal(signal: AbortSignal | undefined): CallOptions {
  return signal === undefined ? {} : { signal };
}

/** As the object's user sees it. */
export function detailOf({ key, head, stored }: Opened): ObjectDetail {
  const storedAtMs = (isOurs(key) ? null : storedAtOf(head)) ?? stored.storedAtMs;
  const { isKept, isPast } = stored;
  return { key, size: head.size, version: stored.version, storedAtMs, meta: metaOfHead(head), ...(isKept === true ? { isKept } : {}), ...(isPast === true ? { isPast } : {}) };
}

/** It was replaced or removed between the look and the reading. */
function goneWhere(error: unknown): 'gone' {
  if (hasCode(error, 'busy', 'not-found')) return 'gone';
  throw error;
}
