import type { Secret } from '../core/secret.ts';

/**
 * The system's keychain: texts by account, under the service `File Sync`. Every failure is a SyncError that says what to do: `refused` when the keychain is not there, is locked, says no or does not answer (C74).
 * Nothing waits for it for ever.
 */
export interface Keychain {
  /** Null when nothing is kept for the account. */
  get(account: string): Promise<Secret | null>;
  set(account: string, secret: Secret): Promise<void>;
  /** Fine too when nothing was kept. */
  delete(account: string): Promise<void>;
}

export const KEYCHAIN_SERVICE = 'File Sync';
