import type { Notes } from '../../core/notes.ts';
import type { NewHasher } from '../../platform/clock.ts';

/** Paths are spread over so many notes, so that one more path rewrites little. */
const BUCKET_DIGITS = 2;
/** 64 bits of a path's hash name it. */
const NAME_DIGITS = 16;
/** Of each note the latest so many paths are kept. */
const MOST_IN_A_BUCKET = 16_384;

interface Bucket {
  readonly generations: Map<string, number>;
  isDirty: boolean;
}

/**
 * The highest generation this device has met at each path, over all its runs: what tells an older version that came back. Paths that are gone stay, since what was deleted may come back too. Lost notes cost only that: until a path
 * changes again, a roll-back of it is not noticed.
 */
export class SeenGenerations {
  readonly #notes: Notes;
  readonly #newHasher: NewHasher;
  readonly #buckets = new Map<string, Promise<Bucket>>();
  #flushing: Promise<void> = Promise.resolve();

  constructor(notes: Notes, newHasher: NewHasher) {
    this.#notes = notes;
    this.#newHasher = newHasher;
  }

  async highest(path: string): Promise<number | null> {
    const { bucket, name } = await this.#find(path);
    return bucket.generations.get(name) ?? null;
  }

  /** On record only after `flush`. */
  async saw(path: string, generation: number): Promise<void> {
    const { bucket, name } = await this.#find(path);
    const known = bucket.generations.get(name);
    if (known !== undefined && known >= generation) return;
    bucket.generations.set(name, generation);
    bucket.isDirty = true;
    if (bucket.generations.size > MOST_IN_A_BUCKET) dropOldest(bucket.generations);
  }

  /** What was seen until this call is on record when it returns. */
  flush(): Promise<void> {
    const before = this.#flushing.catch(() => undefined);
    this.#flushing = before.then(() => this.#write());
    return this.#flushing;
  }

  async #write(): Promise<void> {
    for (const [digits, opening] of this.#buckets) {
      const bucket = await opening.catch(() => null);
      if (bucket?.isDirty !== true) continue;
      bucket.isDirty = false;
      try {
        await this.#notes.put('seen', digits, JSON.stringify(Object.fromEntries(bucket.generations)));
      } catch (error) {
        bucket.isDirty = true;
        throw error;
      }
    }
  }

  async #find(path: string): Promise<{ readonly bucket: Bucket; readonly name: string }> {
    const hasher = this.#newHasher();
    hasher.update(Buffer.from(path));
    const hash = hasher.digest();
    const digits = hash.slice(0, BUCKET_DIGITS);
    const opening = this.#buckets.get(digits) ?? this.#load(digits);
    this.#buckets.set(digits, opening);
    return { bucket: await opening, name: hash.slice(BUCKET_DIGITS, BUCKET_DIGITS + NAME_DIGITS) };
  }

  async #load(digits: string): Promise<Bucket> {
    try {
      return { generations: parse(await this.#notes.get('seen', digits)), isDirty: false };
    } catch (error) {
      this.#buckets.delete(digits);
      throw error;
    }
  }
}

/** A note that does not read is as good as none. */
function parse(text: string | null): Map<string, number> {
  try {
    const value: unknown = text === null ? {} : JSON.parse(text);
    const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    return new Map(entries.filter((entry): entry is [string, number] => Number.isSafeInteger(entry[1])));
  } catch {
    return new Map();
  }
}

function dropOldest(generations: Map<string, number>): void {
  const byAge = [...generations].sort(([, a], [, b]) => a - b);
  for (const [name] of byAge.slice(0, Math.ceil(byAge.length / 8))) generations.delete(name);
}
