import type { PairReport } from '../../src-preload/contract/model.ts';
import type { KeepPlace } from '../../src-preload/contract/storage.ts';
import type { ProtectionView } from '../../src-preload/contract/vault.ts';
import type { VaultSecret } from '../codec/vault-secret.ts';
import { hasCode, SyncError } from '../core/errors.ts';
import type { Keychain } from '../keychain/keychain.ts';
import { forgetVaultSecret, readVaultSecret, storeVaultSecret } from '../keychain/vault-secrets.ts';
import type { EncryptedSetting, ProtectionSetting } from './settings-schema.ts';
import { type NewVaultSetup, revealed, type VaultSetup } from './vault-setup.ts';

/** The vault of a pair that is to be. */
export type VaultPlan = { readonly kind: 'plain' } | { readonly kind: 'compressed' } | NewVaultPlan | JoinPlan;
export interface NewVaultPlan extends VaultParts {
  readonly kind: 'new';
  readonly recovery: VaultSecret;
}
export interface JoinPlan extends VaultParts {
  readonly kind: 'join';
}
interface VaultParts {
  /** Its id. */
  readonly vault: string;
  readonly compression: boolean;
  readonly hideNames: boolean;
  readonly secret: VaultSecret;
}

const SHORT_ID = 8;
const PLAIN: VaultSetup = { wish: { encryption: false, compression: false, hideNames: false }, secret: null };

/** Where the secrets of encrypted pairs are: in the system's keychain under the vault's id, or in memory until the app ends. The settings know only which. */
export class PairVaults {
  readonly #keychain: Keychain;
  readonly #session = new Map<string, VaultSecret>();

  constructor(keychain: Keychain) {
    this.#keychain = keychain;
  }

  /** `refused` when the keychain does not take it; then nothing was kept. */
  async keep(pair: string, { vault, secret }: Pick<VaultParts, 'vault' | 'secret'>, place: KeepPlace): Promise<void> {
    if (place === 'session') this.#session.set(pair, secret);
    else await storeVaultSecret(this.#keychain, vault, secret);
  }

  /** Takes back what was just kept for a vault that did not come to be. */
  async takeBack(pair: string, vault: string, place: KeepPlace): Promise<void> {
    if (place === 'session') this.#session.delete(pair);
    else await forgetVaultSecret(this.#keychain, vault);
  }

  /** What the keychain has of a vault, from a pair that was; null where it has nothing, or says nothing now. */
  kept(vault: string): Promise<VaultSecret | null> {
    return readVaultSecret(this.#keychain, vault).catch(() => null);
  }

  /** The pair is gone. What the keychain has stays: it opens files that are still there, and may be the last thing that does. */
  forget(pair: string): void {
    this.#session.delete(pair);
  }

  /** What the engine thread opens the pair's vault with. Throws what the user can do when the secret of an encrypted one cannot be had (C74): such a pair is never opened without. */
  async setup(pair: string, protection: ProtectionSetting): Promise<VaultSetup> {
    if (protection?.kind !== 'encrypted') return openSetup(protection);
    const { compression, hideNames } = protection;
    return { wish: { encryption: true, compression, hideNames }, secret: revealed(await this.#secret(pair, protection)) };
  }

  async #secret(pair: string, { vault, keep }: EncryptedSetting): Promise<VaultSecret> {
    const held = this.#session.get(pair);
    if (held !== undefined) return held;
    if (keep === 'session') throw new SyncError('config', 'what opens the encrypted files was kept for one session only, which has ended', { hint: 'Enter it again.' });
    let kept: VaultSecret | null;
    try {
      kept = await readVaultSecret(this.#keychain, vault);
    } catch (error) {
      if (!hasCode(error, 'refused')) throw error;
      throw new SyncError('refused', `the files are encrypted, and ${error.message}`, {
        cause: error,
        hint: 'Unlock the keychain and try again, or enter the passphrase for this session. Nothing is synced meanwhile.',
      });
    }
    if (kept === null) throw new SyncError('config', 'the keychain does not hold what opens the encrypted files', { hint: 'Enter it again.' });
    return kept;
  }
}

/** What needs no secret. */
export function openSetup(protection: ProtectionSetting): VaultSetup {
  return protection?.kind === 'compressed' ? { wish: { ...PLAIN.wish, compression: true }, secret: null } : PLAIN;
}

/** What the settings remember. */
export function settingOf(plan: VaultPlan, keep: KeepPlace): ProtectionSetting {
  if (plan.kind === 'plain') return null;
  if (plan.kind === 'compressed') return { kind: 'compressed' };
  const { vault, compression, hideNames } = plan;
  return { kind: 'encrypted', vault, compression, hideNames, keep };
}

/** For the engine thread and nothing else. */
export function newVaultSetup({ vault, compression, hideNames, secret, recovery }: NewVaultPlan): NewVaultSetup {
  return { vault, compression, hideNames, secret: revealed(secret), recovery: revealed(recovery) };
}

/** What was found on the other side counts before what the settings expect. */
export function protectionView(protection: ProtectionSetting, codec: PairReport['codec']): ProtectionView | null {
  const known = protection?.kind === 'encrypted' ? protection : null;
  const { encryption, compression, hideNames } = codec ?? { ...openSetup(protection).wish, ...(known === null ? {} : { ...known, encryption: true }) };
  if (!encryption && !compression) return null;
  return { encrypted: encryption, compressed: compression, hidesNames: hideNames, vault: known?.vault.slice(0, SHORT_ID) ?? null, keep: known?.keep ?? null };
}
