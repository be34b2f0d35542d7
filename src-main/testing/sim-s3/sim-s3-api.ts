import { createHash } from 'node:crypto';
import type { BackendUsage, Body, CallOptions, Meta } from '../../backends/backend.ts';
import type {
  CopySource,
  DeleteAnswer,
  Dialect,
  GetCall,
  ListCall,
  ListPage,
  Part,
  PartBytes,
  PartCall,
  S3Api,
  S3Body,
  S3Object,
  S3Version,
  VersionsCall,
  VersionsPage,
  WriteAnswer,
  WriteCall,
} from '../../backends/s3/s3-api.ts';
import type { RequestKind } from '../../backends/s3/s3-config.ts';
import { SyncError, throwIfAborted } from '../../core/errors.ts';
import type { StoredObject, StoredVersion, Upload } from '../s3-server/bucket.ts';
import { type Content, contentOf, join, slice } from '../s3-server/content.ts';
import { factsOf, type SimS3, type Verdict } from './sim-s3.ts';

/**
 * Runs around every request, also to wait for a turn. Before: a throw is a request that was never sent; `lost` one that never arrived, `late` one that arrives when the store's `landLate` is called, both
 * without an answer. After: `lost` is an effect whose answer never came.
 */
export type S3Step = (when: 'before' | 'after', operation: string, key: string) => Promise<'lost' | 'late' | undefined>;

export interface SimClientOptions {
  readonly step?: S3Step;
  readonly id?: string;
}

const CHUNK = 65536;

export class SimS3Api implements S3Api {
  readonly id: string;
  readonly #store: SimS3;
  readonly #step: S3Step | undefined;
  readonly #requests: Record<string, number> = {};
  #bytesUp = 0;
  #bytesDown = 0;
  #dialect: Dialect = { etags: 'quoted', copyTarget: 'if-' };

  constructor(store: SimS3, { step, id }: SimClientOptions) {
    this.#store = store;
    this.#step = step;
    this.id = id ?? 's3://sim/';
  }

  speak(dialect: Dialect): void {
    this.#dialect = dialect;
  }

  usage(): BackendUsage {
    return { requests: { ...this.#requests }, bytesUp: this.#bytesUp, bytesDown: this.#bytesDown };
  }

  list(prefix: string, options: ListCall = {}): Promise<ListPage> {
    return this.#read('list', prefix, options, () => {
      const { bucket, pageKeys } = this.#store;
      const after = options.continuation ?? options.startAfter ?? '';
      const found = this.#store.keys().filter((key) => key.startsWith(prefix) && (after === '' || bucket.compare(key, after) > 0));
      const page = found.slice(0, Math.min(pageKeys, options.most ?? pageKeys));
      return { objects: page.flatMap((key) => listed(bucket.current(key))), continuation: page.length < found.length ? (page.at(-1) ?? null) : null };
    });
  }

  head(key: string, options: CallOptions & { readonly versionId?: string } = {}): Promise<S3Object | null> {
    return this.#read('head', key, options, () => this.#object(this.#named(key, options.versionId)));
  }

  get(key: string, options: GetCall = {}): Promise<S3Body | null | 'changed'> {
    return this.#read('get', key, options, () => {
      const found = this.#named(key, options.versionId);
      const object = this.#object(found);
      if (found === undefined || object === null) return null;
      if (options.ifMatch !== undefined && options.ifMatch !== found.etag) return 'changed';
      return { object, chunks: this.#chunks(found, options) };
    });
  }

  async put(key: string, body: Body, options: WriteCall & { readonly meta: Meta }): Promise<WriteAnswer> {
    const bytes = await collect(body, options.signal);
    return this.#write('put', key, options, bytes.length, () =>
      this.#judged(this.#store.judge(key, options.precondition, this.#store.quirks.putConditions, this.#dialect), () => this.#stored(key, bytes, options.meta)),
    );
  }

  copy(from: CopySource, to: string, options: WriteCall & { readonly meta: Meta | null }): Promise<WriteAnswer | { readonly kind: 'source-changed' }> {
    return this.#write('copy', to, options, 0, () => {
      const source = this.#source(from);
      if (typeof source === 'string') return { kind: source };
      const honour = this.#dialect.copyTarget === this.#store.quirks.copyConditionPrefix ? this.#store.quirks.copyConditions : 'ignored';
      return this.#judged(this.#store.judge(to, options.precondition, honour, this.#dialect), () => {
        const etag = source.etag.includes('-') ? this.#store.etagOf(Buffer.from(source.etag)) : source.etag;
        const made = this.#store.store(to, { content: source.content, etag, meta: options.meta ?? source.meta });
        return { ...this.#done(made), lastModifiedMs: this.#fullSecond(made) };
      });
    });
  }

  delete(key: string, options: Parameters<S3Api['delete']>[1] = {}): Promise<DeleteAnswer> {
    return this.#write('delete', key, options, 0, () => {
      if (options.versionId !== undefined) {
        const removed = this.#store.bucket.remove(this.#store.keyOf(key), options.versionId);
        return { kind: 'done', versionId: options.versionId, isDeleteMarker: removed?.kind === 'marker' };
      }
      const isThere = this.#current(key) !== undefined;
      const verdict = isThere ? this.#store.judge(key, options.precondition, this.#store.quirks.deleteConditions, this.#dialect) : 'passed';
      if (verdict !== 'passed') return { kind: verdict };
      const marker = this.#store.hide(key);
      return { kind: 'done', versionId: marker?.versionId ?? null, isDeleteMarker: marker !== null };
    });
  }

  async deleteMany(keys: readonly string[], options: CallOptions = {}): Promise<readonly { readonly key: string; readonly code: string }[]> {
    return this.#read('delete', keys[0] ?? '', options, () => {
      for (const key of keys) this.#store.hide(key);
      return [];
    });
  }

  createUpload(key: string, options: CallOptions & { readonly meta: Meta }): Promise<string> {
    return this.#read('createUpload', key, options, () => {
      const id = this.#store.freshId();
      const upload: Upload = {
        id,
        key: this.#store.keyOf(key),
        initiatedMs: this.#store.now(),
        facts: factsOf(options.meta),
        algorithm: undefined,
        checksumType: 'FULL_OBJECT',
        parts: new Map(),
      };
      this.#store.bucket.uploads.set(id, upload);
      return id;
    });
  }

  uploadPart(key: string, part: PartCall & PartBytes): Promise<{ readonly etag: string } | 'no-upload'> {
    const bytes = Buffer.from(part.bytes);
    this.#bytesUp += bytes.length;
    return this.#read('part', key, part, () => this.#addPart(part, contentOf(bytes), this.#store.etagOf(bytes)));
  }

  copyPart(from: CopySource & { readonly first: number; readonly last: number }, key: string, part: PartCall): Promise<{ readonly etag: string } | 'no-upload' | 'source-changed'> {
    return this.#read('copyPart', key, part, () => {
      const source = this.#source(from);
      if (typeof source === 'string') return 'source-changed';
      return this.#addPart(part, slice(source.content, from.first, from.last + 1), this.#store.etagOf(Buffer.from(`${source.etag} ${from.first} ${from.last}`)));
    });
  }

  listParts(key: string, uploadId: string, options: CallOptions = {}): Promise<readonly Part[] | null> {
    return this.#read('listParts', key, options, () => {
      const upload = this.#store.bucket.uploads.get(uploadId);
      if (upload === undefined) return null;
      return [...upload.parts.values()].sort((a, b) => a.number - b.number).map(({ number, etag, content }) => ({ number, etag, size: content.size }));
    });
  }

  complete(key: string, uploadId: string, parts: readonly Pick<Part, 'number' | 'etag'>[], options: WriteCall): Promise<WriteAnswer | { readonly kind: 'no-upload' }> {
    return this.#write('complete', key, options, 0, () => {
      const { bucket, quirks } = this.#store;
      const earlier = bucket.finished.get(uploadId);
      if (earlier !== undefined && quirks.completeTwice === 'answered') return { kind: 'done', etag: earlier, versionId: null, lastModifiedMs: null };
      const upload = bucket.uploads.get(uploadId);
      if (upload === undefined) return { kind: 'no-upload' };
      return this.#judged(this.#store.judge(key, options.precondition, quirks.completeConditions, this.#dialect), () => {
        const chosen = parts.map(({ number, etag }) => {
          const part = upload.parts.get(number);
          if (part?.etag !== etag) throw new SyncError('corrupt', `part ${number} is not the one that was sent`);
          return part;
        });
        const etag = `${createHash('md5')
          .update(chosen.map((part) => part.etag).join())
          .digest('hex')}-${chosen.length}`;
        const made = this.#store.store(key, { content: join(chosen.map((part) => part.content)), etag, meta: upload.facts.meta });
        bucket.uploads.delete(uploadId);
        bucket.finished.set(uploadId, etag);
        return { ...this.#done(made), etag: quirks.completeEtag === 'empty' ? '' : etag };
      });
    });
  }

  abort(key: string, uploadId: string, options: CallOptions = {}): Promise<void> {
    return this.#read('abort', key, options, () => void this.#store.bucket.uploads.delete(uploadId));
  }

  listUploads(prefix: string, options: CallOptions = {}): ReturnType<S3Api['listUploads']> {
    return this.#read('listUploads', prefix, options, () =>
      [...this.#store.bucket.uploads.values()].filter(({ key }) => key.startsWith(prefix)).map(({ key, id, initiatedMs }) => ({ key, uploadId: id, startedAtMs: initiatedMs })),
    );
  }

  versions(key: string, most: number, options: CallOptions = {}): Promise<readonly S3Version[]> {
    return this.#read('versions', key, options, () =>
      this.#store.bucket
        .versionsOf(this.#store.keyOf(key))
        .slice(0, most)
        .map((version, at) => versionRow(version, at === 0)),
    );
  }

  listVersions(prefix: string, options: VersionsCall = {}): Promise<VersionsPage> {
    return this.#read('versions', prefix, options, () => {
      const { bucket, pageKeys } = this.#store;
      const { after } = options;
      const keys = bucket.keys().filter((key) => key.startsWith(prefix) && (after === undefined || bucket.compare(key, after.key) > (after.versionId === undefined ? 0 : -1)));
      const rows = keys.flatMap((key) => {
        const all = bucket.versionsOf(key).map((version, at) => ({ key, ...versionRow(version, at === 0) }));
        return key === after?.key ? all.slice(all.findIndex(({ versionId }) => versionId === after.versionId) + 1) : all;
      });
      const page = rows.slice(0, Math.min(pageKeys, options.most ?? pageKeys));
      return { versions: page, isLast: page.length === rows.length };
    });
  }

  versioning(options: CallOptions = {}): Promise<'enabled' | 'suspended' | 'off'> {
    return this.#read('versioning', '', options, () => (({ Enabled: 'enabled', Suspended: 'suspended', Off: 'off' }) as const)[this.#store.bucket.versioning]);
  }

  async now(): Promise<number> {
    return this.#store.now();
  }

  async close(): Promise<void> {}

  async #read<T>(operation: string, key: string, { signal }: CallOptions, effect: () => T): Promise<T> {
    throwIfAborted(signal);
    this.#count(operation);
    const before = await this.#step?.('before', operation, key);
    if (this.#store.offline || before !== undefined) throw unreachable();
    const result = effect();
    if ((await this.#step?.('after', operation, key)) !== undefined) throw unreachable();
    throwIfAborted(signal);
    return result;
  }

  async #write<T extends { readonly kind: string }>(
    operation: string,
    key: string,
    { signal }: CallOptions,
    bytes: number,
    effect: () => T,
  ): Promise<T | { readonly kind: 'unanswered'; readonly error: SyncError }> {
    throwIfAborted(signal);
    this.#count(operation);
    const before = await this.#step?.('before', operation, key);
    if (this.#store.offline) throw unreachable();
    if (before === 'late') this.#store.late.push(effect);
    if (before !== undefined) return { kind: 'unanswered', error: unreachable() };
    this.#bytesUp += bytes;
    const result = effect();
    const after = await this.#step?.('after', operation, key);
    return after === undefined ? result : { kind: 'unanswered', error: unreachable() };
  }

  #judged<T>(verdict: Verdict, effect: () => T): T | { readonly kind: 'failed' | 'not-implemented' } {
    return verdict === 'passed' ? effect() : { kind: verdict };
  }

  #stored(key: string, bytes: Buffer, meta: Meta): WriteAnswer {
    return this.#done(this.#store.store(key, { content: contentOf(bytes), etag: this.#store.etagOf(bytes), meta }));
  }

  #done({ etag, versionId }: StoredObject): Extract<WriteAnswer, { kind: 'done' }> {
    return { kind: 'done', etag, versionId: this.#store.bucket.isVersioned ? versionId : null, lastModifiedMs: null };
  }

  #addPart({ uploadId, number }: PartCall, content: Content, etag: string): { readonly etag: string } | 'no-upload' {
    const upload = this.#store.bucket.uploads.get(uploadId);
    if (upload === undefined) return 'no-upload';
    upload.parts.set(number, { number, etag, content, checksums: {}, modifiedMs: this.#store.now() });
    return { etag };
  }

  #source(from: CopySource): StoredObject | 'source-changed' | 'not-implemented' {
    const honour = this.#store.quirks.copySourceConditions;
    if (from.etag !== undefined && honour === 'refused') return 'not-implemented';
    const found =
      from.versionId === undefined ? this.#current(from.key) : this.#store.bucket.versionsOf(this.#store.keyOf(from.key)).find(({ versionId }) => versionId === from.versionId);
    if (found?.kind !== 'object') return 'source-changed';
    return from.etag === undefined || honour === 'ignored' || from.etag === found.etag ? found : 'source-changed';
  }

  #named(key: string, versionId: string | undefined): StoredObject | undefined {
    if (versionId === undefined) return this.#current(key);
    const found = this.#store.bucket.versionsOf(this.#store.keyOf(key)).find((version) => version.versionId === versionId);
    return found?.kind === 'object' ? found : undefined;
  }

  #current(key: string): StoredObject | undefined {
    return this.#store.bucket.current(this.#store.keyOf(key));
  }

  #object(found: StoredObject | undefined): S3Object | null {
    if (found === undefined) return null;
    return {
      key: found.key,
      size: found.content.size,
      etag: found.etag,
      lastModifiedMs: this.#fullSecond(found),
      meta: found.meta,
      versionId: this.#store.bucket.isVersioned ? found.versionId : null,
    };
  }

  /** Headers tell whole seconds. */
  #fullSecond({ modifiedMs }: StoredObject): number {
    return Math.floor(modifiedMs / 1000) * 1000;
  }

  async *#chunks(found: StoredObject, { offset = 0, signal }: GetCall): AsyncGenerator<Uint8Array> {
    for await (const bytes of found.content.read(offset, found.content.size)) {
      for (let at = 0; at < bytes.length; at += CHUNK) {
        throwIfAborted(signal);
        if (this.#store.offline) throw unreachable();
        this.#bytesDown += Math.min(CHUNK, bytes.length - at);
        yield bytes.subarray(at, at + CHUNK);
      }
    }
  }

  #count(operation: string): void {
    const kind = KINDS[operation] ?? 'other';
    this.#requests[kind] = (this.#requests[kind] ?? 0) + 1;
  }
}

const KINDS: Readonly<Record<string, RequestKind>> = {
  put: 'put',
  part: 'part',
  copyPart: 'copy',
  copy: 'copy',
  list: 'list',
  versions: 'list',
  get: 'get',
  head: 'head',
  delete: 'delete',
};

function versionRow(version: StoredVersion, isLatest: boolean): S3Version {
  const isDeleteMarker = version.kind === 'marker';
  return {
    versionId: version.versionId,
    isDeleteMarker,
    isLatest,
    etag: isDeleteMarker ? '' : version.etag,
    size: isDeleteMarker ? 0 : version.content.size,
    lastModifiedMs: version.modifiedMs,
  };
}

function unreachable(): SyncError {
  return new SyncError('unreachable', 'the store does not answer');
}

function listed(object: StoredObject | undefined): ListPage['objects'] {
  return object === undefined ? [] : [{ key: object.key, size: object.content.size, etag: object.etag, lastModifiedMs: object.modifiedMs }];
}

/** Reads a body to its end; one that is not as long as it said is refused. */
async function collect(body: Body, signal: AbortSignal | undefined): Promise<Buffer> {
  throwIfAborted(signal);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body.open()) {
    throwIfAborted(signal);
    chunks.push(Uint8Array.from(chunk));
  }
  const bytes = Buffer.concat(chunks);
  if (bytes.length !== body.size) throw new SyncError('corrupt', `the body has ${bytes.length} bytes, not ${body.size}`);
  return bytes;
}
