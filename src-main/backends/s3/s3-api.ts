import type { SyncError } from '../../core/errors.ts';
import type { BackendUsage, Body, CallOptions, Meta } from '../backend.ts';

/**
 * The calls of the S3 protocol we use, typed, on one bucket and below one prefix. Keys are the vault's own: an implementation adds and removes the prefix. Two implementations: `http/` (the wire) and the simulator's.
 *
 * Errors: what concerns the place or cannot be told otherwise is thrown as SyncError (`unreachable`, `refused`, `throttled`, `quota`, `config`, `corrupt`, ...); what a caller must decide upon is data. Reads are
 * retried inside. A write is retried inside only while it is certain that it had no effect; otherwise the result is `unanswered`: it may have happened, or may still happen.
 */
export interface S3Api {
  /** For people, and for telling pairs apart; no secret: `s3://bucket/prefix` or `s3://bucket/prefix at host`. */
  readonly id: string;

  /** How preconditions are written from the next call on; until then quoted, and `if-`. */
  speak(dialect: Dialect): void;
  /** What this client asked so far, by the kinds of REQUEST_KINDS. */
  usage(): BackendUsage;

  list(prefix: string, options?: ListCall): Promise<ListPage>;
  head(key: string, options?: CallOptions & { readonly versionId?: string }): Promise<S3Object | null>;
  /** `changed`: `ifMatch` does not hold. A body that ends before its Content-Length throws. */
  get(key: string, options?: GetCall): Promise<S3Body | null | 'changed'>;
  put(key: string, body: Body, options: WriteCall & { readonly meta: Meta }): Promise<WriteAnswer>;
  /** `source-changed`: `from.etag` does not hold, or the source is gone. Above 5 GiB the store refuses: see multipart copy. */
  copy(from: CopySource, to: string, options: WriteCall & { readonly meta: Meta | null }): Promise<WriteAnswer | { readonly kind: 'source-changed' }>;
  /** `versionId` removes that very version, for good. */
  delete(key: string, options?: CallOptions & { readonly precondition?: Precondition; readonly versionId?: string }): Promise<DeleteAnswer>;
  /** Up to 1,000 keys at once; the keys that could not be removed, with the store's code. */
  deleteMany(keys: readonly string[], options?: CallOptions): Promise<readonly { readonly key: string; readonly code: string }[]>;

  createUpload(key: string, options: CallOptions & { readonly meta: Meta }): Promise<string>;
  /** `no-upload`: the upload is gone. */
  uploadPart(key: string, part: PartCall & PartBytes): Promise<{ readonly etag: string } | 'no-upload'>;
  copyPart(from: CopySource & { readonly first: number; readonly last: number }, key: string, part: PartCall): Promise<{ readonly etag: string } | 'no-upload' | 'source-changed'>;
  /** Null: the upload is gone. */
  listParts(key: string, uploadId: string, options?: CallOptions): Promise<readonly Part[] | null>;
  complete(key: string, uploadId: string, parts: readonly Pick<Part, 'number' | 'etag'>[], options: WriteCall): Promise<WriteAnswer | { readonly kind: 'no-upload' }>;
  /** Fine too when it is gone already. */
  abort(key: string, uploadId: string, options?: CallOptions): Promise<void>;
  /** Every unfinished upload below the prefix. */
  listUploads(prefix: string, options?: CallOptions): Promise<readonly { readonly key: string; readonly uploadId: string; readonly startedAtMs: number }[]>;

  /** Versions and delete markers of exactly this key, newest first, at most `most`. */
  versions(key: string, most: number, options?: CallOptions): Promise<readonly S3Version[]>;
  /** A page of the versions and delete markers of all keys below a prefix: keys in the order of listings, of each the newest first. */
  listVersions(prefix: string, options?: VersionsCall): Promise<VersionsPage>;
  versioning(options?: CallOptions): Promise<'enabled' | 'suspended' | 'off'>;

  /** The store's clock, ms since the epoch, reckoned on from the last answer's Date header; asks once if there was none. */
  now(options?: CallOptions): Promise<number>;
  close(): Promise<void>;
}

export interface ListCall extends CallOptions {
  /** Only keys after this one in the order of UTF-8 bytes. */
  readonly startAfter?: string;
  readonly continuation?: string;
  /** At most 1,000. */
  readonly most?: number;
}
export interface VersionsCall extends CallOptions {
  /** What comes after this version of this key, or after all of the key's. */
  readonly after?: { readonly key: string; readonly versionId?: string };
  /** At most 1,000. */
  readonly most?: number;
}
export interface VersionsPage {
  readonly versions: readonly (S3Version & { readonly key: string })[];
  readonly isLast: boolean;
}
export interface ListPage {
  readonly objects: readonly ListedObject[];
  /** Null on the last page. */
  readonly continuation: string | null;
}
export interface ListedObject {
  readonly key: string;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  readonly lastModifiedMs: number;
}
export interface S3Object extends ListedObject {
  /** The x-amz-meta-* headers, without that prefix. */
  readonly meta: Meta;
  readonly versionId: string | null;
}
export interface S3Body {
  readonly object: S3Object;
  readonly chunks: AsyncIterable<Uint8Array>;
}
export interface GetCall extends CallOptions {
  readonly ifMatch?: string;
  readonly versionId?: string;
  /** First byte wanted; to the end. */
  readonly offset?: number;
}

/** What must hold at the target. ETags are given without quotes; how they are sent is the store's way. */
export type Precondition = { readonly kind: 'absent' } | { readonly kind: 'etag'; readonly etag: string };

export interface WriteCall extends CallOptions {
  /** Left out: unconditional. */
  readonly precondition?: Precondition;
}
export interface CopySource {
  readonly key: string;
  /** Sent as x-amz-copy-source-if-match; left out: none. */
  readonly etag?: string;
  readonly versionId?: string;
}
export interface PartBytes {
  readonly bytes: Uint8Array;
  /** Their SHA-256 in hex, where it is known already. */
  readonly sha256?: string;
  /** As of {@link Body}. */
  readonly onSent?: (bytes: number) => void;
}
export interface PartCall extends CallOptions {
  readonly uploadId: string;
  /** From 1. */
  readonly number: number;
}
export interface Part {
  readonly number: number;
  readonly etag: string;
  readonly size: number;
}
export interface S3Version {
  readonly versionId: string;
  readonly isDeleteMarker: boolean;
  readonly isLatest: boolean;
  /** Empty for a delete marker. */
  readonly etag: string;
  readonly size: number;
  readonly lastModifiedMs: number;
}

export type WriteAnswer =
  /** `etag` is empty where the store does not tell it; `lastModifiedMs` is null but for a copy. */
  | { readonly kind: 'done'; readonly etag: string; readonly versionId: string | null; readonly lastModifiedMs: number | null }
  /** 412, or 404 with If-Match: the precondition does not hold and nothing was changed. */
  | { readonly kind: 'failed' }
  /** 409 ConditionalRequestConflict: a concurrent request got in between; nothing was changed, ask again. */
  | { readonly kind: 'raced' }
  /** 501, or 400 that names the header: the store does not know the precondition. */
  | { readonly kind: 'not-implemented' }
  | { readonly kind: 'unanswered'; readonly error: SyncError };
export type DeleteAnswer =
  | { readonly kind: 'done'; readonly versionId: string | null; readonly isDeleteMarker: boolean }
  | { readonly kind: 'failed' }
  | { readonly kind: 'raced' }
  | { readonly kind: 'not-implemented' }
  | { readonly kind: 'unanswered'; readonly error: SyncError };

/** How a store wants its preconditions written; found by the probe, told to the implementation. */
export interface Dialect {
  readonly etags: 'quoted' | 'unquoted';
  /** Prefix of the headers that hold a copy's conditions on its target. */
  readonly copyTarget: 'if-' | 'cf-copy-destination-if-';
}
