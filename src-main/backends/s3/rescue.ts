import { SyncError } from '../../core/errors.ts';
import type { S3Version } from './s3-api.ts';
import type { S3Context } from './s3-context.ts';

/** Brings a version that was covered unseen back as a file of its own beside it, which everybody gets as a new file. */
export async function rescue(context: S3Context, key: string, version: S3Version, signal: AbortSignal | undefined): Promise<void> {
  const to = rescuedName(key, version.versionId);
  const call = signal === undefined ? {} : { signal };
  if ((await context.api.head(to, call)) !== null) return;
  const answer = await context.api.copy({ key, versionId: version.versionId }, to, { meta: null, ...call });
  if (answer.kind === 'done') return;
  throw answer.kind === 'unanswered'
    ? answer.error
    : new SyncError('busy', 'what another device wrote could not be brought back yet; it is kept as an older version of the object', { path: key });
}

/** The same for everybody who rescues the same version. */
export function rescuedName(key: string, versionId: string): string {
  const [, stem = key, extension = ''] = /^(.*[^/])(\.[^./]{1,16})$/s.exec(key) ?? [];
  return `${stem}.rescued-${versionId.replace(/[^\w-]/g, '').slice(0, 16)}${extension}`;
}
