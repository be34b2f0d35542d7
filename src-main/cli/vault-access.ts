import type { Backend } from '../backends/backend.ts';
import { type Keyring, openKeyring, secretsWanted } from '../codec/keyring.ts';
import { candidatesOf } from '../codec/secret-key.ts';
import { isSealed, type SealedDocument } from '../codec/vault-document.ts';
import type { VaultSecret } from '../codec/vault-secret.ts';
import { findVaultSecret } from '../compose/secret.ts';
import type { Version } from '../core/entry.ts';
import { hasCode, SyncError } from '../core/errors.ts';
import { readVaultDocument, replaceVaultDocument, type StoredVault } from '../remote/vault.ts';
import type { Config } from '../settings/settings.ts';
import { loadConfig, lookerName, type Session } from './session.ts';

/** The store as it lies there, with its vault; not as a pair sees it. */
export interface VaultStore {
  readonly config: Config;
  readonly backend: Backend;
  /** Null where there is none yet. */
  readonly stored: StoredVault | null;
}

/** A vault that was opened. */
export interface OpenedVault extends VaultStore {
  readonly keyring: Keyring;
  /** What opened it, and where that came from. */
  readonly secret: VaultSecret;
  readonly from: 'settings' | 'keychain' | 'typed';
  /** Writes a change of the keyring if nobody changed it meanwhile. */
  save(changed: Keyring): Promise<void>;
}

export async function withStore<T>(session: Session, work: (store: VaultStore) => Promise<T>): Promise<T> {
  const { context } = session;
  const config = await loadConfig(session);
  const backend = await context.stores.open(config.backend, { client: await lookerName(session, config, 'keys') });
  try {
    return await work({ config, backend, stored: await readVaultDocument(backend, { signal: context.interrupt }) });
  } finally {
    await backend.close();
  }
}

/** Opens the encrypted vault with ENCRYPTION_KEY, the keychain, or what is typed. Throws before anything is changed when it is not encrypted or the secret is wrong. */
export async function withVault<T>(session: Session, work: (vault: OpenedVault) => Promise<T>): Promise<T> {
  return withStore(session, async (store) => {
    const { document, version } = sealedOf(store.stored);
    const opened = await openWith(session, document, store.config.vaultSecret);
    const signal = session.context.interrupt;
    try {
      return await work({ ...store, ...opened, save: (changed) => replaceVaultDocument(store.backend, changed.document, version, { signal }) });
    } finally {
      opened.keyring.wipe();
    }
  });
}

function sealedOf(stored: StoredVault | null): { readonly document: SealedDocument; readonly version: Version } {
  if (stored === null) throw new SyncError('config', 'there is no vault at this place yet', { hint: 'Set the folder up and sync once: file-sync init, file-sync sync.' });
  const { document, version } = stored;
  if (!isSealed(document))
    throw new SyncError('config', 'the files at this place are not encrypted: there are no keys to look after', {
      hint: '`file-sync keys switch --encrypt --dry-run` says what encrypting them would mean.',
    });
  return { document, version };
}

/** The keyring, with what opened it. */
export async function openWith(session: Session, document: SealedDocument, given: VaultSecret | undefined): Promise<Pick<OpenedVault, 'keyring' | 'secret' | 'from'>> {
  const found = await knownSecret(session, document, given);
  const candidates = found === null ? await typedSecrets(session, document) : [found.secret];
  const keyring = await openKeyring(document, ...candidates);
  const kind = document.keyring.slots.find(({ id }) => id === keyring.slot)?.kind;
  const secret = candidates.find((candidate) => candidate.kind === kind);
  if (secret === undefined) throw new SyncError('internal', 'no secret for the slot that was opened');
  return { keyring, secret, from: found?.from ?? 'typed' };
}

/** A keychain that cannot be used is no obstacle where the secret can be typed. */
async function knownSecret({ context, printer }: Session, document: SealedDocument, given: VaultSecret | undefined): ReturnType<typeof findVaultSecret> {
  try {
    return await findVaultSecret(given, context.keychain, document.vault);
  } catch (error) {
    if (context.askSecret === null || !hasCode(error, 'refused')) throw error;
    printer.warn(`note: ${error.message}`);
    return null;
  }
}

async function typedSecrets({ context }: Session, document: SealedDocument): Promise<readonly VaultSecret[]> {
  const wanted = secretsWanted(document);
  if (context.askSecret === null)
    throw new SyncError('config', `opening this vault takes its ${wanted}, and nobody is here to type it`, { hint: 'Set ENCRYPTION_KEY in the environment or the settings file.' });
  const typed = await context.askSecret(`The vault's ${wanted}: `);
  if (typed.trim() === '') throw new SyncError('aborted', 'no answer was given');
  return candidatesOf(typed);
}
