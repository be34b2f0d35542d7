import { readStoredSecret, storedSecret } from '../codec/secret-key.ts';
import type { VaultSecret } from '../codec/vault-secret.ts';
import { SyncError } from '../core/errors.ts';
import type { Keychain } from './keychain.ts';

/** The secrets of vaults in the keychain, each under its vault's id: whoever finds the vault finds the secret, without a setting. */
const accountOf = (vaultId: string): string => `vault ${vaultId}`;

export function storeVaultSecret(keychain: Keychain, vaultId: string, secret: VaultSecret): Promise<void> {
  return keychain.set(accountOf(vaultId), storedSecret(secret));
}

/** Null when none is kept. `refused` when the keychain cannot be used (C74), `config` when what it holds is none. */
export async function readVaultSecret(keychain: Keychain, vaultId: string): Promise<VaultSecret | null> {
  const text = await keychain.get(accountOf(vaultId));
  if (text === null) return null;
  const secret = readStoredSecret(text);
  if (secret === null)
    throw new SyncError('config', `what the keychain holds under "${accountOf(vaultId)}" is no secret of a vault`, { hint: 'Keep it again: file-sync keys remember.' });
  return secret;
}

export function forgetVaultSecret(keychain: Keychain, vaultId: string): Promise<void> {
  return keychain.delete(accountOf(vaultId));
}
