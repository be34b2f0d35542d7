import { type CorruptReason, type ErrorDetail, SyncError } from '../core/errors.ts';

const HINTS: Partial<Record<CorruptReason, string>> = {
  'newer-format': 'Update File Sync on this device.',
  'wrong-key': 'Check that the key or passphrase is the one of this vault.',
};

/** An object that is not what it should be, by name. */
export function damaged(reason: CorruptReason, what: string, detail: Omit<ErrorDetail, 'reason'> = {}): SyncError {
  const hint = HINTS[reason];
  return new SyncError('corrupt', what, { reason, ...(hint === undefined ? {} : { hint }), ...detail });
}
