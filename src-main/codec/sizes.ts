import { damaged } from './damage.ts';
import { FLOE_64K, FLOE_HEADER_BYTES, SEGMENT_EXTRA } from './floe.ts';
import { encodeHead, type Head } from './head.ts';
import { bodyOffset, type Header, type Suite } from './header.ts';

/** FLOE with ENC_SEG_LEN = 64 KiB: FORMAT.md, "Body". */
export const SEGMENT_BYTES = FLOE_64K.segmentBytes;
/** What one segment holds. */
export const SEGMENT_TEXT = SEGMENT_BYTES - SEGMENT_EXTRA;

/** Bytes of the whole container of uncompressed content. */
export function encodedSize(suite: Suite, head: Head): number {
  return bodyOffset({ suite, headBytes: encodeHead(head).length }) + bodySize(suite, head.size);
}

/** Bytes of the body that holds `length` bytes of content or frames. */
export function bodySize(suite: Suite, length: number): number {
  return suite === 'clear' ? length : FLOE_HEADER_BYTES + length + SEGMENT_EXTRA * segmentsOf(length);
}

/** At least one: an empty content has one empty segment. */
export function segmentsOf(length: number): number {
  return Math.max(1, Math.ceil(length / SEGMENT_TEXT));
}

/** Bytes of content or frames in a container of `storedSize` bytes: the inverse of bodySize; `truncated` for a length that no container has. */
export function streamSize(header: Header, storedSize: number): number {
  const body = storedSize - bodyOffset(header);
  if (header.suite === 'clear') {
    if (body >= 0) return body;
  } else {
    const segments = Math.max(1, Math.ceil((body - FLOE_HEADER_BYTES) / SEGMENT_BYTES));
    const length = body - FLOE_HEADER_BYTES - SEGMENT_EXTRA * segments;
    if (length >= 0 && segmentsOf(length) === segments) return length;
  }
  throw damaged('truncated', 'a container of a length that none can have');
}

/** Bytes of content of a container of which only header and length are known; null where it is compressed: the head says it. */
export function plainSize(header: Header, storedSize: number): number | null {
  const length = streamSize(header, storedSize);
  return header.compression === 'none' ? length : null;
}
