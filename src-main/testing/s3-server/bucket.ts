import type { Algorithm, Checksums } from './checksums.ts';
import type { Content } from './content.ts';
import { type Compare, keyOrder } from './key-order.ts';
import type { Quirks } from './quirks.ts';

/** What a client says about an object beside its bytes. */
export interface ObjectFacts {
  /** Content-Type and its like, by header name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Without the x-amz-meta- in front. */
  readonly meta: Readonly<Record<string, string>>;
  readonly storageClass: string;
  readonly tags: readonly (readonly [name: string, value: string])[];
}

export interface StoredObject extends ObjectFacts {
  readonly kind: 'object';
  readonly key: string;
  readonly versionId: string;
  readonly modifiedMs: number;
  readonly content: Content;
  /** Without quotes. */
  readonly etag: string;
  readonly checksums: Checksums;
  readonly checksumType: 'FULL_OBJECT' | 'COMPOSITE';
}

export interface DeleteMarker {
  readonly kind: 'marker';
  readonly key: string;
  readonly versionId: string;
  readonly modifiedMs: number;
}

export type StoredVersion = StoredObject | DeleteMarker;

export interface Part {
  readonly number: number;
  readonly etag: string;
  readonly content: Content;
  readonly checksums: Checksums;
  readonly modifiedMs: number;
}

export interface Upload {
  readonly id: string;
  readonly key: string;
  readonly initiatedMs: number;
  readonly facts: ObjectFacts;
  readonly algorithm: Algorithm | undefined;
  readonly checksumType: 'FULL_OBJECT' | 'COMPOSITE';
  readonly parts: Map<number, Part>;
}

/** One bucket: per key its versions, newest first. Every change is one synchronous step, so a condition judged just before it holds. */
export class Bucket {
  readonly name: string;
  readonly createdMs: number;
  readonly uploads = new Map<string, Upload>();
  /** Answers of finished uploads, for stores that give them again. */
  readonly finished = new Map<string, string>();
  /** Configuration documents as they were put, by sub-resource. */
  readonly configurations = new Map<string, string>();
  versioning: 'Off' | 'Enabled' | 'Suspended';
  readonly compare: Compare;
  readonly #versions = new Map<string, StoredVersion[]>();
  #sorted: readonly string[] | null = null;

  constructor(name: string, createdMs: number, quirks: Quirks) {
    this.name = name;
    this.createdMs = createdMs;
    this.versioning = quirks.versioning === 'always' ? 'Enabled' : 'Off';
    this.compare = keyOrder(quirks.listOrder);
  }

  get isVersioned(): boolean {
    return this.versioning !== 'Off';
  }

  versionsOf(key: string): readonly StoredVersion[] {
    return this.#versions.get(key) ?? [];
  }

  /** What a read without a version finds; a delete marker hides what is below it. */
  current(key: string): StoredObject | undefined {
    const newest = this.versionsOf(key)[0];
    return newest?.kind === 'object' ? newest : undefined;
  }

  /** Keys with at least one version, in the order of listings. */
  keys(): readonly string[] {
    this.#sorted ??= [...this.#versions.keys()].sort(this.compare);
    return this.#sorted;
  }

  /** Index of the first key that is not before `key`. */
  seek(key: string): number {
    const keys = this.keys();
    let [low, high] = [0, keys.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.compare(keys[middle] ?? '', key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Puts a version on top; without versioning, or while it is suspended, the `null` version is replaced. */
  add(version: StoredVersion): void {
    const older = this.versionsOf(version.key).filter(({ versionId }) => versionId !== version.versionId);
    this.#set(version.key, [version, ...older]);
  }

  /** Puts a changed description in a version's place. */
  replace(version: StoredObject): void {
    this.#set(
      version.key,
      this.versionsOf(version.key).map((old) => (old.versionId === version.versionId ? version : old)),
    );
  }

  /** Takes a version away for good; undefined when there was none. */
  remove(key: string, versionId: string): StoredVersion | undefined {
    const versions = this.versionsOf(key);
    const found = versions.find((version) => version.versionId === versionId);
    if (found !== undefined)
      this.#set(
        key,
        versions.filter((version) => version !== found),
      );
    return found;
  }

  #set(key: string, versions: StoredVersion[]): void {
    if (versions.length === 0 || !this.#versions.has(key)) this.#sorted = null;
    if (versions.length === 0) this.#versions.delete(key);
    else this.#versions.set(key, versions);
  }
}
