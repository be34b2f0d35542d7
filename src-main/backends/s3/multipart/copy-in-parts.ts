import type { CallOptions } from '../../backend.ts';
import type { Part, S3Api, S3Object } from '../s3-api.ts';
import { inParallel } from './in-parallel.ts';
import { LARGEST_PART, MOST_PARTS, rangesOf } from './part-plan.ts';

const MIB = 1024 * 1024;
/** Large enough for few requests, small enough that each is answered within minutes. */
export const COPY_BYTES = 512 * MIB;

export interface CopyTarget extends CallOptions {
  readonly key: string;
  readonly uploadId: string;
  readonly parallel: number;
  readonly partBytes: number;
}

/** Fills an upload with what lies elsewhere in the store. Null: the source is another by now, or the upload is gone. */
export async function copyInParts(api: Pick<S3Api, 'copyPart'>, from: S3Object, target: CopyTarget): Promise<readonly Pick<Part, 'number' | 'etag'>[] | null> {
  const { key, uploadId, parallel, signal } = target;
  const ranges = rangesOf(from.size, Math.min(LARGEST_PART, Math.max(target.partBytes, Math.ceil(from.size / MOST_PARTS))));
  const parts = ranges.map(({ number }) => ({ number, etag: '' }));
  const ended = await inParallel(ranges, parallel, async ({ number, first, last }) => {
    const answer = await api.copyPart({ key: from.key, etag: from.etag, first, last }, key, { uploadId, number, ...(signal === undefined ? {} : { signal }) });
    if (typeof answer === 'string') return 'stop';
    parts[number - 1] = { number, etag: answer.etag };
    return 'next';
  });
  return ended === 'ended' ? parts : null;
}
