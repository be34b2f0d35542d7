import { SyncError } from '../core/errors.ts';

/** The longest key S3 takes, in bytes of UTF-8; every backend keeps to it. */
export const MAX_KEY_BYTES = 1024;

/** Refuses a key that could mean something outside the store or nothing at all, before anything is done with it (C62). */
export function checkKey(key: string): void {
  const bare = key.endsWith('/') ? key.slice(0, -1) : key;
  const parts = bare.split('/');
  if (bare === '' || parts.some((part) => part === '' || part === '.' || part === '..') || key.includes('\0') || !key.isWellFormed()) {
    throw new SyncError('name-not-allowed', `not a key: ${JSON.stringify(key)}`, { path: key });
  }
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw new SyncError('name-too-long', `the key is longer than ${MAX_KEY_BYTES} bytes`, { path: key });
}
