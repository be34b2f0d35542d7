import { SyncError } from '../../../core/errors.ts';

const MIB = 1024 * 1024;
/** The strictest that any provider documents; S3, R2, B2 and Ceph share them (S119). */
export const MOST_PARTS = 10_000;
export const SMALLEST_PART = 5 * MIB;
export const LARGEST_PART = 5 * 1024 * MIB;
export const LARGEST_OBJECT = 5 * MIB * MIB;

/** Below this a file goes in one request. */
export const LARGE_FROM = 16 * MIB;
export const PART_BYTES = 8 * MIB;

export interface PartRange {
  /** From 1. */
  readonly number: number;
  readonly first: number;
  /** Within the range. */
  readonly last: number;
}

/** How long each part is, the last one excepted: all are alike (R2 demands it), and they suffice. @throws SyncError `not-supported` beyond what S3 stores in one object */
export function partBytesFor(size: number, wanted = PART_BYTES): number {
  if (size > LARGEST_OBJECT)
    throw new SyncError('not-supported', 'the file is larger than the 5 TiB that S3 stores in one object', { hint: 'Split it, or leave it out by an ignore rule.' });
  return fits(size, wanted) ? wanted : Math.ceil(Math.ceil(size / MOST_PARTS) / MIB) * MIB;
}

/** Whether parts of that length make the object without being too many. */
export function fits(size: number, partBytes: number): boolean {
  return Math.ceil(size / partBytes) <= MOST_PARTS;
}

export function rangesOf(size: number, partBytes: number): readonly PartRange[] {
  return Array.from({ length: Math.ceil(size / partBytes) }, (_, index) => ({
    number: index + 1,
    first: index * partBytes,
    last: Math.min(size, (index + 1) * partBytes) - 1,
  }));
}
