import type { KeepPlace } from '../../src-preload/contract/storage.ts';
import { assertNever, SyncError } from '../core/errors.ts';
import type { Keychain } from '../keychain/keychain.ts';
import { readKeys, type StoredKeys, storeKeys } from '../keychain/stored-keys.ts';
import type { Random } from '../platform/clock.ts';
import type { BackendSetup } from './engine-protocol.ts';
import { revealKeys, type SetupCredentials } from './s3-setup.ts';
import type { BackendSetting, CredentialsSetting } from './settings-schema.ts';

/** A sign-in as the user chose it, with the keys that were held for it. */
export type ChosenSignIn = { readonly kind: 'profile'; readonly name: string } | { readonly kind: 'keys'; readonly keys: StoredKeys };

/** Where the keys of every pair are: in the system's keychain under a random account, or in memory until the app ends. The settings know only which. */
export class PairKeys {
  readonly #keychain: Keychain;
  readonly #random: Random;
  readonly #session = new Map<string, StoredKeys>();

  constructor(keychain: Keychain, random: Random) {
    this.#keychain = keychain;
    this.#random = random;
  }

  /** Puts the keys where they are to stay and answers what the settings remember. `refused` when the keychain does not take them; then nothing was kept. */
  async keep(pair: string, signIn: ChosenSignIn, place: KeepPlace): Promise<CredentialsSetting> {
    if (signIn.kind === 'profile') return signIn;
    if (place === 'session') {
      this.#session.set(pair, signIn.keys);
      return { kind: 'session' };
    }
    const account = `s3-${this.#random.id()}`;
    await storeKeys(this.#keychain, account, signIn.keys);
    return { kind: 'keychain', account };
  }

  /** The pair's other side with what opens it; asks the keychain for that. */
  async setup(pair: string, backend: BackendSetting): Promise<BackendSetup> {
    if (backend.kind === 'local') return backend;
    const { provider: _, credentials, ...place } = backend;
    return { ...place, credentials: this.#atHand(pair, credentials) ?? (await this.#fetch(credentials)) };
  }

  /** The id of the access key that opens the store, which is no secret; null where it is not kept here. */
  async keyId(pair: string, { credentials }: Extract<BackendSetting, { kind: 's3' }>): Promise<string | null> {
    if (credentials.kind === 'session') return this.#session.get(pair)?.accessKeyId ?? null;
    return credentials.kind === 'keychain' ? (await readKeys(this.#keychain, credentials.account)).accessKeyId : null;
  }

  /** Removes what was kept. Throws when the keychain does not let go of it. */
  async drop(pair: string, credentials: CredentialsSetting): Promise<void> {
    if (credentials.kind === 'session') this.#session.delete(pair);
    if (credentials.kind === 'keychain') await this.#keychain.delete(credentials.account);
  }

  /** What opens the store; null when the keychain must be asked for it. */
  #atHand(pair: string, credentials: CredentialsSetting): SetupCredentials | null {
    switch (credentials.kind) {
      case 'chain':
      case 'profile':
        return credentials;
      case 'session': {
        const keys = this.#session.get(pair);
        if (keys !== undefined) return revealKeys(keys);
        throw new SyncError('config', 'the keys of this bucket were kept for one session only, which has ended', { hint: 'Enter them again in the folder’s settings.' });
      }
      case 'keychain':
        return null;
      default:
        return assertNever(credentials);
    }
  }

  /** What opens the store, from the keychain. */
  async #fetch(credentials: CredentialsSetting): Promise<SetupCredentials> {
    if (credentials.kind !== 'keychain') throw new SyncError('internal', 'these keys are not in the keychain');
    return revealKeys(await readKeys(this.#keychain, credentials.account));
  }
}
