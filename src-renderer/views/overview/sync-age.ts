import type { PairView } from '../../../src-preload/contract/model.ts';

/** So long a folder may be without a full sync before that is said. */
export const OLD_MS = 24 * 3_600_000;

/** Whether it has been too long since both sides were last in step. The user's own pause and a schedule that is kept are no reason to worry; a hold of the app's, an error or a backup that is away are. */
export function isTooOld({ lastSyncAt, files, state, holds, nextSyncAt }: PairView, now: number): boolean {
  if (state === 'not-set-up' || state === 'syncing' || (state === 'paused' && holds.length === 0)) return false;
  // Never in step, and nothing seen: it is only just being set up.
  if (lastSyncAt === null) return false;
  if (files === 0) return false;
  if (nextSyncAt !== null && nextSyncAt > now && state === 'ok') return false;
  return now - lastSyncAt > OLD_MS;
}
