import type { Body } from '../backend.ts';
import type { ListedObject, S3Object } from './s3-api.ts';

/**
 * An object that stands for "nothing here, and somebody is at work": put under a condition where the store cannot judge the step that follows it (a deletion, a copy, a completion). Readers take it for
 * absent, writers leave it alone for an hour. All have one size, so that a listing finds them; each has bytes of its own, and so an ETag of its own by which one very tombstone can be replaced.
 */
const LINE = 'File Sync: this file is being removed or replaced; it goes by itself. See docs/s3.md. ';
const MARK_LENGTH = 32;
export const TOMBSTONE_BYTES = LINE.length + MARK_LENGTH + 1;

/** How long a tombstone belongs to its maker, by the store's clock. */
export const TOMBSTONE_MS = 3_600_000;
/** The same for one that an earlier run of this very client left: as long as what it sent may still be on its way. */
export const OWN_TOMBSTONE_MS = 900_000;
/** How long after it was put the maker still acts upon it, by the monotonic clock: far less, for requests on their way. */
export const CLAIM_MS = 120_000;

export const TOMBSTONE_META = 'deleted';

export function tombstoneBody(mark: string): Body {
  const bytes = Buffer.from(`${LINE}${mark.slice(-MARK_LENGTH).padStart(MARK_LENGTH, '.')}\n`);
  return {
    size: bytes.length,
    async *open() {
      yield bytes;
    },
  };
}

export function isTombstone(object: Pick<S3Object, 'size' | 'meta'>): boolean {
  return object.size === TOMBSTONE_BYTES && object.meta[TOMBSTONE_META] === '1';
}

/** A listing tells no metadata: what may be one is asked for. */
export function mayBeTombstone({ size }: Pick<ListedObject, 'size'>): boolean {
  return size === TOMBSTONE_BYTES;
}
