import type { KeepPlace } from '../../src-preload/contract/storage.ts';
import { hasCode } from '../core/errors.ts';
import type { EngineClient } from './engine-client.ts';
import { errorView } from './engine-protocol.ts';
import type { ChosenSignIn, PairKeys } from './pair-keys.ts';
import { planned, type TargetPlan } from './pair-plan.ts';
import { newVaultSetup, type PairVaults, type VaultPlan } from './pair-vaults.ts';
import type { BackendSetting, S3Setting } from './settings-schema.ts';

/** The keychain is in the way: nothing was kept, and the user may choose another place. */
export interface NoKeychain {
  readonly kind: 'no-keychain';
  readonly error: ReturnType<typeof errorView>;
}

export interface SecretsPorts {
  readonly keys: PairKeys;
  readonly vaults: PairVaults;
  readonly client: () => EngineClient;
}

/** What opens a pair's storage and its vault, kept before anything that needs it is made. */
export class PairSecrets {
  readonly #ports: SecretsPorts;

  constructor(ports: SecretsPorts) {
    this.#ports = ports;
  }

  /** The other side as the settings hold it, its keys kept apart. */
  async keepBackend(id: string, target: TargetPlan, keep: KeepPlace): Promise<BackendSetting | NoKeychain> {
    if (target.kind === 'local') return { kind: 'local', folder: target.folder };
    const { signIn, ...place } = target;
    const credentials = await this.keepSignIn(id, signIn, keep);
    return credentials.kind === 'no-keychain' ? credentials : { ...place, credentials };
  }

  keepSignIn(id: string, signIn: ChosenSignIn, keep: KeepPlace): Promise<S3Setting['credentials'] | NoKeychain> {
    return orNoKeychain(this.#ports.keys.keep(id, signIn, keep));
  }

  /** What opens a vault that is there. */
  async keepVault(id: string, vault: Parameters<PairVaults['keep']>[1], keep: KeepPlace): Promise<NoKeychain | null> {
    return (await orNoKeychain(this.#ports.vaults.keep(id, vault, keep))) ?? null;
  }

  /** Keeps what opens the vault and makes the vault if it is new; where that fails, what was kept is taken back. */
  async settleVault(id: string, target: TargetPlan, vault: VaultPlan, keep: KeepPlace): Promise<NoKeychain | null> {
    if (vault.kind === 'plain' || vault.kind === 'compressed') return null;
    const { vaults, client } = this.#ports;
    const noPlace = await this.keepVault(id, vault, keep);
    if (noPlace !== null || vault.kind === 'join') return noPlace;
    try {
      await client().call('vault-create', { backend: planned(target), vault: newVaultSetup(vault) });
      return null;
    } catch (error) {
      await vaults.takeBack(id, vault.vault, keep).catch(() => undefined);
      throw error;
    }
  }
}

async function orNoKeychain<T>(keeping: Promise<T>): Promise<T | NoKeychain> {
  try {
    return await keeping;
  } catch (error) {
    if (!hasCode(error, 'refused')) throw error;
    return { kind: 'no-keychain', error: errorView(error) };
  }
}
