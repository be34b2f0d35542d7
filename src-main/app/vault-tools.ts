import type { VaultLook } from '../../src-preload/contract/vault.ts';
import type { Backend } from '../backends/backend.ts';
import type { BackendConfig } from '../backends/catalog.ts';
import { kindsWanted, openKeyring } from '../codec/keyring.ts';
import { candidatesOf, parseRecoveryWords, RECOVERY_WORDS } from '../codec/secret-key.ts';
import { isSealed, type SealedDocument } from '../codec/vault-document.ts';
import type { VaultSecret } from '../codec/vault-secret.ts';
import { createSealedVault, lookAtPlace } from '../compose/new-vault.ts';
import type { StoreTools } from '../compose/store.ts';
import { hasCode, SyncError } from '../core/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { readVaultDocument } from '../remote/vault.ts';
import { clientName, defaultStateFolder } from '../state/state-dir.ts';
import { concealed, type NewVaultSetup, type OpenedVault, revealed } from './vault-setup.ts';

/** What can be done with the vault of a place before there is a pair with it. */
export interface VaultTools {
  /** What lies there; changes nothing. */
  look(config: BackendConfig): Promise<VaultLook>;
  /** Opens the encrypted vault there with what was typed. `config` when that is wrong; writes nothing either way. */
  open(config: BackendConfig, typed: string): Promise<OpenedVault>;
  /** The same with a secret that is kept; null when it does not open this vault. */
  openKept(config: BackendConfig, secret: string): Promise<OpenedVault | null>;
  /** Makes an encrypted vault at an empty place; fine too when it is there already. `exists` when something else is: nothing was written then. */
  create(config: BackendConfig, vault: NewVaultSetup): Promise<void>;
}

export function vaultTools(tools: StoreTools, platform: Platform): VaultTools {
  const at = async <T>(config: BackendConfig, work: (store: Backend) => Promise<T>): Promise<T> => {
    const { fs, home, random, newHasher } = platform;
    // The same at every run, so that it leaves no new traces each time.
    const client = await clientName({ fs, folder: defaultStateFolder(home), source: '\0vault', host: home.hostname, random, newHasher, create: false });
    const store = await tools.open(config, { client });
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  };
  return {
    look: (config) => at(config, look),
    open: (config, typed) => at(config, (store) => open(store, typed)),
    openKept: (config, secret) => at(config, (store) => openKept(store, concealed(secret))),
    create: (config, { vault, compression, hideNames, secret, recovery }) =>
      at(config, (store) =>
        createSealedVault(
          store,
          { vault, compression, hideNames, secret: concealed(secret), recovery: concealed(recovery) },
          { chance: platform.chance, nowMs: platform.clock.now() },
        ),
      ),
  };
}

async function look(store: Backend): Promise<VaultLook> {
  const there = await lookAtPlace(store);
  if (typeof there === 'string') return { holds: there };
  if (!isSealed(there)) return { holds: there.format === 1 ? 'plain' : 'compressed' };
  const { compression, names } = there.codec;
  return { holds: 'encrypted', vault: there.vault, compression, hideNames: names !== 'plain', wants: kindsWanted(there) };
}

async function open(store: Backend, typed: string): Promise<OpenedVault> {
  const document = (await readVaultDocument(store))?.document ?? null;
  if (!isSealed(document)) throw new SyncError('config', 'the files at this place are not encrypted', { hint: 'Nothing was written. There is nothing to type here.' });
  return openedWith(document, await openTyped(document, typed));
}

async function openKept(store: Backend, secret: VaultSecret): Promise<OpenedVault | null> {
  const document = (await readVaultDocument(store))?.document ?? null;
  if (!isSealed(document)) return null;
  try {
    (await openKeyring(document, secret)).wipe();
    return openedWith(document, secret);
  } catch (error) {
    if (hasCode(error, 'config')) return null;
    throw error;
  }
}

function openedWith({ vault, codec: { compression, names } }: SealedDocument, secret: VaultSecret): OpenedVault {
  return { vault, compression, hideNames: names !== 'plain', secret: revealed(secret) };
}

async function openTyped(document: SealedDocument, typed: string): Promise<VaultSecret> {
  const candidates = candidatesOf(typed);
  try {
    const keyring = await openKeyring(document, ...candidates);
    const { slot } = keyring;
    keyring.wipe();
    const kind = document.keyring.slots.find(({ id }) => id === slot)?.kind;
    const secret = candidates.find((candidate) => candidate.kind === kind);
    if (secret === undefined) throw new SyncError('internal', 'no secret for the slot that was opened');
    return secret;
  } catch (error) {
    throw hasCode(error, 'config') ? (wordsFault(typed, error) ?? error) : error;
  }
}

/** Of 24 words with a slip in them it is said where the slip is; the words themselves are not. */
function wordsFault(typed: string, error: SyncError): SyncError | null {
  if (typed.trim().split(/\s+/).length !== RECOVERY_WORDS) return null;
  const words = parseRecoveryWords(typed);
  return 'fault' in words ? new SyncError('config', `what you typed ${words.fault}`, { cause: error, hint: 'Nothing was written.' }) : null;
}
