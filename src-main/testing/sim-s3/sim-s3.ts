import { createHash } from 'node:crypto';
import type { Meta } from '../../backends/backend.ts';
import type { Dialect, Precondition } from '../../backends/s3/s3-api.ts';
import { Bucket, type ObjectFacts, type StoredObject, type StoredVersion } from '../s3-server/bucket.ts';
import { contentOf } from '../s3-server/content.ts';
import { type Honour, type Profile, type Quirks, quirksOf } from '../s3-server/quirks.ts';
import { type SimClientOptions, SimS3Api } from './sim-s3-api.ts';

export interface SimS3Options {
  /** The store it behaves like; `aws` unless given. */
  readonly profile?: Profile;
  readonly quirks?: Partial<Quirks>;
  /** The store's own clock, ms since the epoch. */
  readonly now: () => number;
  /** Keys of a page of a listing, at most. */
  readonly pageKeys?: number;
}

/** What became of a precondition. */
export type Verdict = 'passed' | 'failed' | 'not-implemented';

/** A bucket in memory that any number of clients share, as deterministic as its clock: no timers, no I/O. It behaves as the S3 server of the tests does under the same quirks, without the wire. */
export class SimS3 {
  readonly bucket: Bucket;
  readonly quirks: Quirks;
  readonly now: () => number;
  readonly pageKeys: number;
  /** Requests whose sender stopped waiting, still on their way; each takes effect when it is run. */
  readonly late: (() => void)[] = [];
  /** While true every call fails: the network is gone. */
  offline = false;
  #ids = 0;

  constructor(options: SimS3Options) {
    this.quirks = quirksOf(options.profile ?? 'aws', options.quirks);
    this.now = options.now;
    this.pageKeys = options.pageKeys ?? 1000;
    this.bucket = new Bucket('sim', options.now(), this.quirks);
  }

  client(options: SimClientOptions = {}): SimS3Api {
    return new SimS3Api(this, options);
  }

  landLate(): void {
    for (const land of this.late.splice(0)) land();
  }

  freshId(): string {
    return createHash('md5')
      .update(`id ${this.#ids++}`)
      .digest('hex');
  }

  /** The key as this store keeps it. */
  keyOf(key: string): string {
    return this.quirks.keyForm === 'nfc' ? key.normalize('NFC') : key;
  }

  etagOf(bytes: Uint8Array): string {
    return this.quirks.etag === 'opaque' ? this.freshId() : createHash('md5').update(bytes).digest('hex');
  }

  judge(key: string, precondition: Precondition | undefined, honour: Honour, dialect: Dialect): Verdict {
    if (precondition === undefined || honour === 'ignored') return 'passed';
    if (honour === 'refused') return 'not-implemented';
    const isBlind = this.bucket.isVersioned && this.quirks.versionedConditions === 'against-nothing';
    const current = isBlind ? undefined : this.bucket.current(this.keyOf(key));
    if (precondition.kind === 'absent') return current === undefined ? 'passed' : 'failed';
    const isRead = this.quirks.ifMatchForm === 'any' || dialect.etags === 'unquoted';
    return isRead && current?.etag === precondition.etag ? 'passed' : 'failed';
  }

  store(key: string, object: Pick<StoredObject, 'content' | 'etag'> & { readonly meta: Meta }): StoredObject {
    const stored: StoredObject = {
      kind: 'object',
      ...factsOf(object.meta),
      key: this.keyOf(key),
      versionId: this.#versionId(),
      modifiedMs: this.now(),
      content: object.content,
      etag: object.etag,
      checksums: {},
      checksumType: 'FULL_OBJECT',
    };
    this.bucket.add(stored);
    return stored;
  }

  /** The marker that hides the object; null in a bucket without versions, where it is gone. */
  hide(key: string): StoredVersion | null {
    if (!this.bucket.isVersioned) {
      this.bucket.remove(this.keyOf(key), 'null');
      return null;
    }
    const marker: StoredVersion = { kind: 'marker', key: this.keyOf(key), versionId: this.#versionId(), modifiedMs: this.now() };
    this.bucket.add(marker);
    return marker;
  }

  /** A foreign tool's write, past every condition. */
  foreign(key: string, text: string, meta: Meta = {}): StoredObject {
    const bytes = Buffer.from(text);
    return this.store(key, { content: contentOf(bytes), etag: this.etagOf(bytes), meta });
  }

  /** Keys that a reader finds, in the order of listings. */
  keys(): readonly string[] {
    return this.bucket.keys().filter((key) => this.bucket.current(key) !== undefined);
  }

  #versionId(): string {
    return this.bucket.versioning === 'Enabled' ? this.freshId() : 'null';
  }
}

export function factsOf(meta: Meta): ObjectFacts {
  return { headers: {}, meta, storageClass: 'STANDARD', tags: [] };
}
