import type { ErrorCode } from '../core/errors.ts';
import type { Hashed, ScanJob, Seen } from './scan-job.ts';

/** `answer`: the batch was taken in (`seen` is answered with the files to read, `hashed` with none). */
export type ToWorker = { readonly kind: 'scan'; readonly job: ScanJob } | { readonly kind: 'answer'; readonly wanted: readonly number[] };

export type FromWorker =
  | { readonly kind: 'seen'; readonly batch: readonly Seen[] }
  | { readonly kind: 'hashed'; readonly results: readonly Hashed[] }
  | { readonly kind: 'progress'; readonly bytes: number }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string; readonly path?: string; readonly hint?: string };
