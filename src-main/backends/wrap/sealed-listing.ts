import type { ProblemReason } from '../../core/entry.ts';
import { hasCode } from '../../core/errors.ts';
import type { Backend, ListOptions, ObjectInfo, PastObject } from '../backend.ts';
import { detailOf, type SealedHeads, withSignal } from './sealed-heads.ts';
import { isBareKey, isOurs, passes } from './sealed-keys.ts';
import type { SealedCodec } from './sealed-ports.ts';

/** What is listed of a name on the store that stands for no key of ours: no path begins so. */
const ON_THE_STORE = '/';

/** What lies in a sealed vault, under its own keys: now and in the store's own past. */
export class SealedListing {
  readonly #backend: Backend;
  readonly #codec: SealedCodec;
  readonly #heads: SealedHeads;

  constructor({ backend, codec, heads }: { readonly backend: Backend; readonly codec: SealedCodec; readonly heads: SealedHeads }) {
    this.#backend = backend;
    this.#codec = codec;
    this.#heads = heads;
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

  async *listPast(listPast: NonNullable<Backend['listPast']>, prefix: string, options: ListOptions = {}): AsyncGenerator<PastObject> {
    const { own, others } = this.#codec.names.sealPrefix(prefix.slice(0, prefix.lastIndexOf('/') + 1));
    for (const place of own === null ? others : [own, ...others]) {
      for await (const stored of listPast(place, this.#below(others, options))) {
        const named = this.#codec.names.openKey(stored.key);
        const key = named.kind === 'key' ? named.key : named.kind === 'in-head' ? await this.#unnamedPast(stored, named.keyOf, options) : null;
        if (key === null || passes(stored.key) || !key.startsWith(prefix) || (options.skip !== undefined && key.startsWith(options.skip))) continue;
        yield { ...stored, key, size: isBareKey(this.#codec.names, key) ? stored.size : null, ...this.#placeOf(stored.key, named.kind === 'key') };
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

  /** The head alone tells how large the content is. */
  #sizesOf(key: string, { size }: ObjectInfo): Pick<ObjectInfo, 'size' | 'storedBytes'> {
    if (isBareKey(this.#codec.names, key)) return { size };
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
}
