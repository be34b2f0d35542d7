import { S3Error } from './s3-error.ts';

/** Bytes from `start` up to, not including, `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The one range of a GET; null for none, and for forms that S3 passes over. @throws InvalidRange */
export function parseRange(header: string | undefined, size: number): Range | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (first === '' && last === '') return null;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return null;
  const start = first === '' ? Math.max(size - Number(last), 0) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(Number(last) + 1, size);
  if (start >= end) throw new S3Error('InvalidRange', { ActualObjectSize: `${size}` }, { 'content-range': `bytes */${size}` });
  return { start, end };
}

/** The range of UploadPartCopy, which must lie within the source. */
export function parseCopyRange(header: string | undefined, size: number): Range {
  if (header === undefined) return { start: 0, end: size };
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(header) ?? [];
  if (first === undefined || last === undefined) throw new S3Error('InvalidArgument', { ArgumentName: 'x-amz-copy-source-range' });
  if (Number(last) >= size || Number(first) > Number(last)) throw new S3Error('InvalidArgument', { Message: `Range specified is not valid for source object of size: ${size}` });
  return { start: Number(first), end: Number(last) + 1 };
}
