import type { VaultLook } from '../../src-preload/contract/vault.ts';
import type { Backend } from '../backends/backend.ts';
import type { BackendConfig } from '../backends/catalog.ts';
import { openKeyring, secretsWanted } from '../codec/keyring.ts';
import { addSlot, type ChangeContext, createKeyring } from '../codec/keyring-changes.ts';
import { candidatesOf, parseRecoveryWords, RECOVERY_WORDS } from '../codec/secret-key.ts';
import { isSealed, type SealedDocument } from '../codec/vault-document.ts';
import type { VaultSecret } from '../codec/vault-secret.ts';
import type { StoreTools } from '../compose-store.ts';
import { nameFormOf } from '../compose-vault.ts';
import { hasCode, SyncError } from '../core/errors.ts';
import { CONTROL_FOLDER } from '../core/rel-path.ts';
import type { Platform } from '../platform/platform.ts';
import { createVaultDocument, readVaultDocument } from '../remote/vault.ts';
import { clientName, defaultStateFolder } from '../state/state-dir.ts';
import { concealed, type NewVaultSetup, type OpenedVault, revealed } from './vault-setup.ts';

const LABELS = { secret: 'made with the vault', recovery: 'recovery sheet' };

/** What can be done with the vault of a place before there is a pair with it. */
export interface VaultTools {
  /** What lies there; changes nothing. */
  look(config: BackendConfig): Promise<VaultLook>;
  /** Opens the encrypted vault there with what was typed. `config` when that is wrong; writes nothing either way. */
  open(config: BackendConfig, typed: string): Promise<OpenedVault>;
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
    create: (config, vault) => at(config, (store) => create(store, vault, { chance: platform.chance, nowMs: platform.clock.now() })),
  };
}

async function look(store: Backend): Promise<VaultLook> {
  const document = (await readVaultDocument(store))?.document ?? null;
  if (isSealed(document)) {
    const { compression, names } = document.codec;
    return { holds: 'encrypted', vault: document.vault, compression, hideNames: names !== 'plain', wants: secretsWanted(document) };
  }
  if (document !== null) return { holds: document.format === 1 ? 'plain' : 'compressed' };
  return { holds: (await hasFiles(store)) ? 'files' : 'nothing' };
}

async function open(store: Backend, typed: string): Promise<OpenedVault> {
  const document = (await readVaultDocument(store))?.document ?? null;
  if (!isSealed(document)) throw new SyncError('config', 'the files at this place are not encrypted', { hint: 'Nothing was written. There is nothing to type here.' });
  const secret = await openTyped(document, typed);
  const { compression, names } = document.codec;
  return { vault: document.vault, compression, hideNames: names !== 'plain', secret: revealed(secret) };
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

async function create(store: Backend, { vault, compression, hideNames, secret, recovery }: NewVaultSetup, context: ChangeContext): Promise<void> {
  const before = (await readVaultDocument(store))?.document ?? null;
  if (before?.vault === vault) return;
  if (before !== null || (await hasFiles(store))) throw notEmpty();
  const codec = { encryption: true, compression, names: nameFormOf(store, hideNames) } as const;
  const first = await createKeyring(vault, codec, { secret: concealed(secret), label: LABELS.secret }, context);
  const whole = await addSlot(first, { secret: concealed(recovery), label: LABELS.recovery }, context);
  const { document } = whole;
  first.wipe();
  whole.wipe();
  if ((await createVaultDocument(store, document)).vault !== vault) throw notEmpty();
}

async function hasFiles(store: Backend): Promise<boolean> {
  for await (const _ of store.list('', { skip: `${CONTROL_FOLDER}/` })) return true;
  return false;
}

function notEmpty(): SyncError {
  return new SyncError('exists', 'something else was put at this place meanwhile', { hint: 'Nothing was written. Go back and look at the place again.' });
}
