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
  /** Lower ones that the owner of the store let pass, until the path moves on. */
  readonly accepted: Map<string, number>;
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

  /** What an object at the path has to come up to: the highest, unless an older one was accepted since. */
  async floor(path: string): Promise<number | null> {
    const { bucket, name } = await this.#find(path);
    return bucket.accepted.get(name) ?? bucket.generations.get(name) ?? null;
  }

  /**
   * What the next object at the path counts on from. Over an accepted older one goes what this device has, which is the highest it met and no later one: whoever met a later one is to see that it is not his.
   */
  async countsFrom(path: string): Promise<number | null> {
    const { bucket, name } = await this.#find(path);
    const highest = bucket.generations.get(name) ?? null;
    return highest !== null && bucket.accepted.has(name) ? highest - 1 : highest;
  }

  /** The owner put an older object back himself: from now on it passes. On record only after `flush`. */
  async accept(path: string, generation: number): Promise<void> {
    const { bucket, name } = await this.#find(path);
    if (!bucket.generations.has(name)) return;
    bucket.accepted.set(name, generation);
    bucket.isDirty = true;
  }

  /** On record only after `flush`. */
  async saw(path: string, generation: number): Promise<void> {
    const { bucket, name } = await this.#find(path);
    const known = bucket.generations.get(name) ?? -1;
    if (known > generation || (known === generation && !bucket.accepted.has(name))) return;
    bucket.generations.set(name, generation);
    bucket.accepted.delete(name);
    bucket.isDirty = true;
    if (bucket.generations.size > MOST_IN_A_BUCKET) dropOldest(bucket);
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
        await this.#notes.put('seen', digits, encode(bucket));
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
      return { ...parse(await this.#notes.get('seen', digits)), isDirty: false };
    } catch (error) {
      this.#buckets.delete(digits);
      throw error;
    }
  }
}

/** By name: the highest, or that and the accepted one. */
function encode({ generations, accepted }: Bucket): string {
  const entries = [...generations].map(([name, highest]) => [name, accepted.has(name) ? [highest, accepted.get(name)] : highest]);
  return JSON.stringify(Object.fromEntries(entries));
}

/** A note that does not read is as good as none. */
function parse(text: string | null): Pick<Bucket, 'generations' | 'accepted'> {
  const generations = new Map<string, number>();
  const accepted = new Map<string, number>();
  for (const [name, value] of entriesOf(text)) {
    const [highest, passed] = Array.isArray(value) ? (value as readonly unknown[]) : [value];
    if (isGeneration(highest)) generations.set(name, highest);
    if (isGeneration(highest) && isGeneration(passed)) accepted.set(name, passed);
  }
  return { generations, accepted };
}

function entriesOf(text: string | null): readonly (readonly [string, unknown])[] {
  try {
    const value: unknown = text === null ? {} : JSON.parse(text);
    return typeof value === 'object' && value !== null ? Object.entries(value) : [];
  } catch {
    return [];
  }
}

function isGeneration(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function dropOldest({ generations, accepted }: Bucket): void {
  const byAge = [...generations].sort(([, a], [, b]) => a - b);
  for (const [name] of byAge.slice(0, Math.ceil(byAge.length / 8))) {
    generations.delete(name);
    accepted.delete(name);
  }
}
