import type { Operation } from './operation.ts';

/** What a store does with a precondition it is given: judges it, takes no notice, or answers 501 NotImplemented. */
export type Honour = 'enforced' | 'ignored' | 'refused';

/** Where stores differ. The values of `aws` are those of Amazon S3. */
export interface Quirks {
  /** If-Match and If-None-Match of PutObject, of CompleteMultipartUpload, of CopyObject's target, of DeleteObject and DeleteObjects; x-amz-copy-source-if-*. */
  readonly putConditions: Honour;
  readonly completeConditions: Honour;
  readonly copyConditions: Honour;
  readonly deleteConditions: Honour;
  readonly copySourceConditions: Honour;
  /** `against-nothing`: in a bucket with versioning, conditions of writes are judged as if the key were not there, so If-None-Match always passes and If-Match never. */
  readonly versionedConditions: 'enforced' | 'against-nothing';
  /** `unquoted`: an ETag in quotes never matches in a write. */
  readonly ifMatchForm: 'any' | 'unquoted';
  /** What If-None-Match of a write may name; anything else is answered 501. */
  readonly ifNoneMatchForm: 'star' | 'star-or-etags';
  /** Status of a write with If-Match to a key that is not there. */
  readonly ifMatchOnMissing: 404 | 412;
  /** Headers that hold the conditions of CopyObject's target. */
  readonly copyConditionPrefix: 'if-' | 'cf-copy-destination-if-';
  /** `empty`: the answer of CompleteMultipartUpload has an empty ETag. */
  readonly completeEtag: 'given' | 'empty';
  /** A second CompleteMultipartUpload of the same upload: NoSuchUpload, or the same answer again. */
  readonly completeTwice: 'refused' | 'answered';
  /** CompleteMultipartUpload of an upload that is not there. */
  readonly completeUnknown: 'NoSuchUpload' | 'InternalError';
  /** `opaque`: ETags are not the MD5 of the body, as with KMS keys. */
  readonly etag: 'md5' | 'opaque';
  /** `always`: buckets are versioned from their creation and stay so. */
  readonly versioning: 'on-request' | 'always' | 'never';
  /** Order of listings; pages follow it. */
  readonly listOrder: 'utf8' | 'utf16' | 'case-insensitive';
  /** `nfc`: a key is stored in its NFC form, so two forms are one object. */
  readonly keyForm: 'exact' | 'nfc';
  /** All parts but the last must have one size. */
  readonly equalPartSizes: boolean;
  readonly smallestPartBytes: number;
  readonly largestPutBytes: number;
  /** Names and values of x-amz-meta-* together. */
  readonly metadataBytes: number;
  /** Precision of LastModified in listings; the header always has seconds. */
  readonly lastModified: 'seconds' | 'milliseconds';
  /** `refused`: a body with a checksum trailer is answered 411 MissingContentLength. */
  readonly checksumTrailers: 'accepted' | 'refused';
  /** `ignored`: x-amz-checksum-* is neither verified nor kept. */
  readonly checksums: 'verified' | 'ignored';
  readonly storageClasses: 'all' | 'standard-only';
  /** Signatures may name any region. */
  readonly anyRegion: boolean;
  /** Answered 501 NotImplemented. */
  readonly unsupported: readonly Operation[];
}

const AWS: Quirks = {
  putConditions: 'enforced',
  completeConditions: 'enforced',
  copyConditions: 'enforced',
  deleteConditions: 'enforced',
  copySourceConditions: 'enforced',
  versionedConditions: 'enforced',
  ifMatchForm: 'any',
  ifNoneMatchForm: 'star',
  ifMatchOnMissing: 404,
  copyConditionPrefix: 'if-',
  completeEtag: 'given',
  completeTwice: 'refused',
  completeUnknown: 'NoSuchUpload',
  etag: 'md5',
  versioning: 'on-request',
  listOrder: 'utf8',
  keyForm: 'exact',
  equalPartSizes: false,
  smallestPartBytes: 5 * 1024 * 1024,
  largestPutBytes: 5 * 1024 ** 3,
  metadataBytes: 2048,
  lastModified: 'seconds',
  checksumTrailers: 'accepted',
  checksums: 'verified',
  storageClasses: 'all',
  anyRegion: false,
  unsupported: [],
};

const CEPH16: Quirks = {
  ...AWS,
  completeConditions: 'ignored',
  copyConditions: 'ignored',
  deleteConditions: 'ignored',
  copySourceConditions: 'ignored',
  versionedConditions: 'against-nothing',
  ifMatchForm: 'unquoted',
  ifMatchOnMissing: 412,
  completeEtag: 'empty',
  completeTwice: 'answered',
  completeUnknown: 'InternalError',
  metadataBytes: Number.POSITIVE_INFINITY,
  lastModified: 'milliseconds',
  checksumTrailers: 'refused',
  checksums: 'ignored',
  storageClasses: 'standard-only',
  anyRegion: true,
  unsupported: ['GetObjectAttributes'],
};

/** Stores as documented or measured. What nobody has verified is set to the less helpful answer: a client that is safe with that is safe with the store. */
export const PROFILES = {
  aws: AWS,
  r2: {
    ...AWS,
    deleteConditions: 'ignored',
    ifNoneMatchForm: 'star-or-etags',
    copyConditionPrefix: 'cf-copy-destination-if-',
    versioning: 'never',
    keyForm: 'nfc',
    equalPartSizes: true,
    lastModified: 'milliseconds',
    anyRegion: true,
    unsupported: ['PutBucketVersioning', 'ListObjectVersions', 'GetObjectTagging', 'PutObjectTagging', 'DeleteObjectTagging', 'GetObjectAttributes'],
  },
  b2: {
    ...AWS,
    putConditions: 'refused',
    completeConditions: 'refused',
    copyConditions: 'refused',
    deleteConditions: 'ignored',
    versioning: 'always',
    lastModified: 'milliseconds',
    unsupported: ['GetObjectTagging', 'PutObjectTagging', 'DeleteObjectTagging', 'GetObjectAttributes'],
  },
  wasabi: {
    ...AWS,
    putConditions: 'ignored',
    completeConditions: 'ignored',
    copyConditions: 'ignored',
    deleteConditions: 'ignored',
    lastModified: 'milliseconds',
    unsupported: ['GetObjectAttributes'],
  },
  minio: { ...AWS, copyConditions: 'ignored', deleteConditions: 'ignored', lastModified: 'milliseconds', anyRegion: true },
  ceph16: CEPH16,
  'ceph16-versioned': { ...CEPH16, versioning: 'always' },
} as const satisfies Record<string, Quirks>;

export type Profile = keyof typeof PROFILES;

export function quirksOf(profile: Profile, changes: Partial<Quirks> = {}): Quirks {
  return { ...PROFILES[profile], ...changes };
}
