import type { VaultSecret } from '../codec/vault-secret.ts';
import { hasCode, SyncError } from '../core/errors.ts';
import type { Keychain } from '../keychain/keychain.ts';
import { readVaultSecret } from '../keychain/vault-secrets.ts';

export interface FoundSecret {
  readonly secret: VaultSecret;
  readonly from: 'settings' | 'keychain';
}

/**
 * What is known of an encrypted vault's secret without asking anybody: ENCRYPTION_KEY, else the keychain. Null: nothing is known. `refused`, with the other way out, where the keychain is absent, locked or silent (C74): it may hold the
 * secret, so that this is no "nothing".
 */
export async function findVaultSecret(given: VaultSecret | undefined, keychain: Keychain, vaultId: string): Promise<FoundSecret | null> {
  if (given !== undefined) return { secret: given, from: 'settings' };
  try {
    const secret = await readVaultSecret(keychain, vaultId);
    return secret === null ? null : { secret, from: 'keychain' };
  } catch (error) {
    if (!hasCode(error, 'refused')) throw error;
    throw new SyncError('refused', `the files are encrypted, and ${error.message}`, {
      cause: error,
      hint: 'Unlock the keychain (log in to the desktop, or answer its prompt) and try again, or set ENCRYPTION_KEY in the environment or the settings file.',
    });
  }
}
