import type { Backend, CallOptions } from '../backends/backend.ts';
import { type OlderObjects, SealedBackend } from '../backends/wrap/sealed.ts';
import type { SealedCodec, SealedPorts, VaultKeys } from '../backends/wrap/sealed-ports.ts';
import { SwitchingBackend } from '../backends/wrap/switching.ts';
import { unsealed, vaultMoved } from '../backends/wrap/unsealed.ts';
import { DEFAULT_LEVEL } from '../codec/compression-level.ts';
import { ContentKeys } from '../codec/content-keys.ts';
import { type Keyring, openKeyring } from '../codec/keyring.ts';
import { createKeyring } from '../codec/keyring-changes.ts';
import { plainNames } from '../codec/names.ts';
import { sealedNames } from '../codec/sealed-names.ts';
import { passphraseFault } from '../codec/secret-key.ts';
import { type CodecSettings, encodeVaultDocument, isSealed, type NameForm, type SealedDocument, type SwitchRecord, type VaultDocument } from '../codec/vault-document.ts';
import type { VaultSecret } from '../codec/vault-secret.ts';
import { checkSecretFits, judgeVault } from '../codec/vault-seen.ts';
import { SyncError } from '../core/errors.ts';
import type { Keychain } from '../keychain/keychain.ts';
import { switchOf } from '../migrate/switch-vault.ts';
import type { Platform } from '../platform/platform.ts';
import type { VaultKeeper } from '../remote/remote-tree-on-backend.ts';
import { createVaultDocument, readVaultDocument } from '../remote/vault.ts';
import type { VaultWish } from '../settings/settings.ts';
import { findVaultSecret } from './secret.ts';
import { readSeenVault, rememberVault } from './seen-vault.ts';

export interface PairVaultPorts extends SealedPorts, Pick<Platform, 'chance' | 'clock'> {
  /** As it lies there. */
  readonly store: Backend;
  readonly keychain: Keychain;
  /** What the settings say of a vault that is not there yet. */
  readonly wish: VaultWish;
  /** How hard to compress what is written. Left out: the usual. */
  readonly compressionLevel?: number;
  /** False: for looking only. */
  readonly settles?: boolean;
  /** ENCRYPTION_KEY. */
  readonly given: VaultSecret | undefined;
}

const EPHEMERAL_VAULT = '0'.repeat(32);
/** Lies in the open, so that it says nothing of people or machines. */
const FIRST_SLOT = 'made with the vault';

/**
 * The vault of one pair: read before every cycle, opened when it is first needed, made when there is none. What lies on the store says how objects lie there; the settings only say what a new vault is to be. A vault that is
 * not what was last seen there, needs a key that is not at hand, or lies in the open where it must not, is refused before anything is written (C64, C68, C69).
 */
export class PairVault implements VaultKeeper {
  readonly #ports: PairVaultPorts;
  readonly #ring = new KeyRing();
  #opened: { readonly document: VaultDocument; readonly backend: Backend } | null = null;
  #opening: Promise<void> = Promise.resolve();

  constructor(ports: PairVaultPorts) {
    this.#ports = ports;
  }

  /** How objects lie in the open vault; null for a plain one and one that was not opened yet. */
  get codec(): CodecSettings | null {
    const document = this.#opened?.document;
    return document?.format === 2 ? document.codec : null;
  }

  /** Null where objects say nothing of their age: the vault is in the open, or not open yet. */
  get older(): OlderObjects | null {
    return sealedIn(this.#opened?.backend)?.older ?? null;
  }

  async read(options: CallOptions): Promise<string | null> {
    const stored = await readVaultDocument(this.#ports.store, options);
    if (stored === null) return this.#nothingThere();
    await this.#take(stored.document);
    // A cycle reads the vault again when its look is over: a crash after that forgets nothing it acts on.
    await sealedIn(this.#opened?.backend)?.remember();
    return stored.document.vault;
  }

  /** Where this device opened a vault, its file was lost: said here, since it knows the way back. */
  async #nothingThere(): Promise<null> {
    const { notes, store } = this.#ports;
    if ((this.#opened?.document ?? (await readSeenVault(notes)))?.format !== 2) return null;
    throw new SyncError('remote-missing', `${store.id} does not hold the vault this folder was set up with`, {
      hint: 'It was emptied, or it is another place. Nothing is deleted here. If only .file-sync/vault.json was lost, `file-sync keys restore` puts it back.',
    });
  }

  async create(id: string, options: CallOptions): Promise<string> {
    const { store } = this.#ports;
    const document = await createVaultDocument(store, await this.#newDocument(id), options);
    await this.#take(document);
    return document.vault;
  }

  /** What reads and writes the vault's objects. Where there is no vault yet nothing of ours can lie there, so that it is only looked at. */
  async open(options: CallOptions): Promise<Backend> {
    if (this.#opened === null) await this.read(options);
    if (this.#opened !== null) return this.#opened.backend;
    const { wish, chance, store } = this.#ports;
    if (!wish.encryption && !wish.compression) return store;
    const keys = wish.encryption ? new ContentKeys({ vaultId: EPHEMERAL_VAULT, epoch: 1, root: chance(32) }) : null;
    return this.#sealed({
      vaultId: EPHEMERAL_VAULT,
      names: plainNames,
      hidesNames: false,
      keys: keys === null ? null : { current: () => keys, find: () => keys },
      compression: null,
    });
  }

  /** One after the other: a vault is opened once, whoever asks. */
  #take(document: VaultDocument): Promise<void> {
    const before = this.#opening.catch(() => undefined);
    this.#opening = before.then(() => this.#takeNow(document));
    return this.#opening;
  }

  async #takeNow(document: VaultDocument): Promise<void> {
    if (this.#opened !== null && isSame(this.#opened.document, document)) return;
    const { notes, store } = this.#ports;
    judgeVault(this.#opened?.document ?? (await readSeenVault(notes)), document);
    const backend = isSealed(document) ? await this.#openSealed(document) : this.#openUnsealed(document, store);
    if (document.format === 2) await rememberVault(notes, document);
    this.#opened = { document, backend };
  }

  async #openSealed(document: SealedDocument): Promise<Backend> {
    const { given, keychain } = this.#ports;
    const found = await findVaultSecret(given, keychain, document.vault);
    checkSecretFits(document, found !== null);
    const keyring = await openKeyring(document, ...(found === null ? [] : [found.secret]));
    const names = namesOf(keyring);
    this.#ring.take(keyring);
    keyring.wipe();
    // Of newer keys of the same vault the backend that is in use hears by the ring.
    if (this.#opened !== null && isSealed(this.#opened.document) && isOfOneForm(this.#opened.document, document)) return this.#opened.backend;
    const keys: VaultKeys = { current: () => this.#ring.current, find: (epoch) => this.#ring.find(epoch), refresh: (options) => this.#refresh(options) };
    return this.#coded(
      { vaultId: document.vault, names, hidesNames: document.codec.names !== 'plain', keys, compression: compressionOf(document.codec, this.#ports.compressionLevel) },
      switchOf(document),
    );
  }

  #openUnsealed(document: VaultDocument, store: Backend): Backend {
    const { given, wish } = this.#ports;
    checkSecretFits(document, given !== undefined || wish.encryption);
    const guard = { vaultId: document.vault, confirm: (options: CallOptions) => this.#confirm(document, options) };
    if (document.format === 2) {
      const codec = { vaultId: document.vault, names: plainNames, hidesNames: false, keys: null, compression: compressionOf(document.codec, this.#ports.compressionLevel) };
      return unsealed(this.#coded(codec, switchOf(document)), guard);
    }
    if (wish.compression)
      throw new SyncError('config', 'COMPRESSION_ENABLED is set, but the files at this place are not compressed', {
        hint: 'Nothing was written. Remove the setting to go on as before, or have them compressed: file-sync keys switch --compress.',
      });
    return unsealed(store, guard);
  }

  /** That the vault still is what it was when it was opened; else what keeps it closed, or `busy`. */
  async #confirm(document: VaultDocument, options: CallOptions): Promise<void> {
    await this.read(options);
    if (this.#opened === null || !isSame(this.#opened.document, document)) throw vaultMoved();
  }

  async #refresh(options: CallOptions): Promise<boolean> {
    const before = this.#ring.newest;
    await this.read(options);
    return this.#ring.newest > before;
  }

  #coded(codec: SealedCodec, switching: SwitchRecord | null): Backend {
    return switching === null ? this.#sealed(codec) : new SwitchingBackend(this.#ports.store, codec, switching.from, this.#ports);
  }

  #sealed(codec: SealedCodec): SealedBackend {
    return new SealedBackend(this.#ports.store, codec, this.#ports);
  }

  async #newDocument(id: string): Promise<VaultDocument> {
    const { wish, given, chance, clock } = this.#ports;
    if (!wish.encryption)
      return wish.compression ? { format: 2, vault: id, codec: { encryption: false, compression: true, names: 'plain' }, keyring: null } : { format: 1, vault: id };
    if (given === undefined)
      throw new SyncError('config', 'the files are to be encrypted, and there is no key', { hint: 'Set ENCRYPTION_KEY, or run `file-sync init --encrypt`. Nothing was written.' });
    const fault = given.kind === 'passphrase' ? passphraseFault(given.secret.reveal()) : null;
    if (fault !== null) throw new SyncError('config', `ENCRYPTION_KEY: ${fault}`, { hint: 'Nothing was written.' });
    const codec = { encryption: true, compression: wish.compression, names: nameFormOf(this.#ports.store, wish.hideNames) } as const;
    const keyring = await createKeyring(id, codec, { secret: given, label: FIRST_SLOT }, { chance, nowMs: clock.now() });
    const { document } = keyring;
    keyring.wipe();
    return document;
  }
}

/** Of a new vault: base64url where the store keeps case and long names; folders may do neither. */
export function nameFormOf({ capabilities }: Pick<Backend, 'capabilities'>, hideNames: boolean): NameForm {
  if (!hideNames) return 'plain';
  return capabilities.keepsMeta && !capabilities.caseInsensitive ? 'base64url' : 'base32';
}

/** The keys of the open vault's epochs, which change while it is open. */
class KeyRing {
  #keys = new Map<number, ContentKeys>();

  get newest(): number {
    return Math.max(0, ...this.#keys.keys());
  }

  get current(): ContentKeys {
    const keys = this.#keys.get(this.newest);
    if (keys === undefined) throw new SyncError('internal', 'the vault is not open');
    return keys;
  }

  find(epoch: number): ContentKeys | null {
    return this.#keys.get(epoch) ?? null;
  }

  /** Keys that are in use stay the same objects. */
  take(keyring: Keyring): void {
    const epochs = keyring.document.keyring.epochs.map(({ id }) => id);
    this.#keys = new Map(epochs.map((id) => [id, this.#keys.get(id) ?? new ContentKeys(keyring.keysOf(id))]));
  }
}

export function namesOf(keyring: Keyring): SealedCodec['names'] {
  const form = keyring.document.codec.names;
  return form === 'plain' ? plainNames : sealedNames({ vaultId: keyring.vaultId, root: Uint8Array.from(keyring.namesRoot()), form });
}

export function compressionOf({ compression }: CodecSettings, level = DEFAULT_LEVEL): SealedCodec['compression'] {
  return compression ? { method: 'auto', level } : null;
}

/** What knows the objects of the vault's own form. */
function sealedIn(backend: Backend | undefined): SealedBackend | null {
  if (backend instanceof SwitchingBackend) return backend.next;
  return backend instanceof SealedBackend ? backend : null;
}

/** Whether a backend that was opened for the one serves the other: only keys differ. */
function isOfOneForm(a: SealedDocument, b: SealedDocument): boolean {
  const formOf = ({ vault, codec, switch: switching }: SealedDocument): string => JSON.stringify([vault, codec, switching ?? null]);
  return formOf(a) === formOf(b);
}

function isSame(a: VaultDocument, b: VaultDocument): boolean {
  return encodeVaultDocument(a).equals(encodeVaultDocument(b));
}
