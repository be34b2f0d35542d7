import type { Version } from '../../../core/entry.ts';
import type { Notes } from '../../../core/notes.ts';
import type { Hasher, NewHasher, Random } from '../../../platform/clock.ts';

/** SHA-256 of each part of an object, in hex; all parts of one length but the last. */
export interface Blocks {
  readonly partBytes: number;
  readonly hashes: readonly string[];
}

/** Bytes in, blocks out. */
export class BlockHasher {
  readonly #partBytes: number;
  readonly #newHasher: NewHasher;
  readonly #hashes: string[] = [];
  #hasher: Hasher | null = null;
  #at = 0;

  constructor(partBytes: number, newHasher: NewHasher) {
    this.#partBytes = partBytes;
    this.#newHasher = newHasher;
  }

  update(chunk: Uint8Array): void {
    for (let rest = chunk; rest.length > 0; ) {
      const piece = rest.subarray(0, this.#partBytes - this.#at);
      this.#hasher ??= this.#newHasher();
      this.#hasher.update(piece);
      this.#at += piece.length;
      rest = rest.subarray(piece.length);
      if (this.#at === this.#partBytes) this.#close();
    }
  }

  /** Spent afterwards. */
  digest(): Blocks {
    this.#close();
    return { partBytes: this.#partBytes, hashes: this.#hashes };
  }

  #close(): void {
    if (this.#hasher !== null) this.#hashes.push(this.#hasher.digest());
    this.#hasher = null;
    this.#at = 0;
  }
}

/** What large objects are made of, by key; each for one version only. A note that does not read is as good as none. */
export class BlockNotes {
  readonly #notes: Notes;

  constructor(notes: Notes) {
    this.#notes = notes;
  }

  async find(key: string, version: Version): Promise<Blocks | null> {
    const found = parse(await this.#notes.get('blocks', key));
    return found?.version === version ? found : null;
  }

  keep(key: string, version: Version, { partBytes, hashes }: Blocks): Promise<void> {
    return this.#notes.put('blocks', key, JSON.stringify({ version, partBytes, hashes }));
  }

  /** The versions of so many keys, picked by chance. */
  async some(most: number, random: Pick<Random, 'fraction'>): Promise<readonly (readonly [string, string | null])[]> {
    const all = [...(await this.#notes.all('blocks'))];
    const from = all.length <= most ? 0 : Math.floor(random.fraction() * all.length);
    return [...all.slice(from), ...all.slice(0, from)].slice(0, most).map(([key, text]) => [key, parse(text)?.version ?? null]);
  }

  drop(key: string): Promise<void> {
    return this.#notes.drop('blocks', key);
  }
}

function parse(text: string | null): (Blocks & { readonly version: string }) | null {
  if (text === null) return null;
  try {
    const { version, partBytes, hashes } = JSON.parse(text) as Record<string, unknown>;
    if (typeof version !== 'string' || typeof partBytes !== 'number' || !Array.isArray(hashes)) return null;
    return { version, partBytes, hashes: hashes.map(String) };
  } catch {
    return null;
  }
}
