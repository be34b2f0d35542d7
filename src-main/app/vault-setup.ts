import { readStoredSecret, storedSecret } from '../codec/secret-key.ts';
import type { VaultSecret } from '../codec/vault-secret.ts';
import { SyncError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import type { VaultWish } from '../settings/settings.ts';

/** How a pair's vault is to be, and what opens it as one line of text: to the engine thread only, where a `Secret` would not arrive. Never written, never logged, never sent to a window. */
export interface VaultSetup {
  readonly wish: VaultWish;
  /** Null where nothing is encrypted. */
  readonly secret: string | null;
}

/** A vault that is there and was opened; its secret as above. */
export interface OpenedVault {
  /** Its id. */
  readonly vault: string;
  readonly compression: boolean;
  readonly hideNames: boolean;
  readonly secret: string;
}

/** A vault that is to be made; its secrets as above. */
export interface NewVaultSetup extends OpenedVault {
  readonly recovery: string;
}

/** For the message to the engine thread and nothing else. */
export function revealed(secret: VaultSecret): string {
  return storedSecret(secret).reveal();
}

/** The secret on the other side. */
export function concealed(text: string): VaultSecret {
  const secret = readStoredSecret(new Secret(text));
  if (secret === null) throw new SyncError('internal', 'that is no secret of a vault');
  return secret;
}
