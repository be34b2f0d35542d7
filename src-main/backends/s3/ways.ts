import type { Dialect } from './s3-api.ts';

/** What the store does with a precondition: judges it in one step with the write, takes no notice, or answers that it does not know it. Found by the probe, never by the name of a provider. */
export type Honour = 'enforced' | 'ignored' | 'refused';

/** How a bucket behaves, as the probe found it; kept in the notes (`store`, `ways`) as JSON. */
export interface Ways {
  readonly format: 1;
  /** The store's clock at the probe, ms since the epoch. */
  readonly probedAtMs: number;
  readonly dialect: Dialect;
  /** If-None-Match: * and If-Match of PutObject, also with many at once. */
  readonly put: Honour;
  readonly complete: Honour;
  readonly copy: Honour;
  readonly delete: Honour;
  /** x-amz-copy-source-if-match. */
  readonly copySource: Honour;
  readonly versioning: 'enabled' | 'suspended' | 'off' | 'unknown';
  /** An ETag of a plain put is the MD5 of its bytes. */
  readonly etagIsMd5: boolean;
  /** Last-Modified of HEAD and of a listing name the same second. */
  readonly timesAgree: boolean;
  readonly copyPart: boolean;
  /** Listings come in the order of UTF-8 bytes, and StartAfter follows it. */
  readonly listsInOrder: boolean;
  /** Keys with odd characters come back as they were given; those that do not, as examples. */
  readonly oddKeys: readonly string[];
  /** The device's clock is so far ahead of the store's, ms. */
  readonly clockSkewMs: number;
}

/**
 * How races are decided (docs/s3.md). `conditional` (A): every write is judged by the store. `lineage` (D): no conditional put, but versions: what lies under one's own version is looked at after the write.
 * `best-effort` (E): neither; looked at before and after. Completion (B) and deletion (C) may each be weaker than the put: then a lease, and a tombstone, stand in.
 */
export type Level = 'conditional' | 'lineage' | 'best-effort';

export function levelOf(ways: Pick<Ways, 'put' | 'versioning'>): Level {
  if (ways.put === 'enforced') return 'conditional';
  return ways.versioning === 'enabled' ? 'lineage' : 'best-effort';
}
