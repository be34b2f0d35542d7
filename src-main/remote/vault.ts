import type { Backend, CallOptions } from '../backends/backend.ts';
import { parseVaultDocument } from '../codec/read-vault.ts';
import { encodeVaultDocument, MAX_VAULT_BYTES, type VaultDocument } from '../codec/vault-document.ts';
import { checkSecretFits } from '../codec/vault-seen.ts';
import type { Version } from '../core/entry.ts';
import { SyncError } from '../core/errors.ts';
import { VAULT_KEY } from './keys.ts';
import { bodyOf, readSmall } from './small-body.ts';

/** `vault.json` as it lies on a store. */
export interface StoredVault {
  readonly document: VaultDocument;
  readonly version: Version;
}

/** Null where the store says that there is none. Of any format; its MAC is checked when its keyring is opened. */
export async function readVaultDocument(backend: Backend, options: CallOptions = {}): Promise<StoredVault | null> {
  const object = await backend.get(VAULT_KEY, options);
  if (object === null) return null;
  return { document: parseVaultDocument(await readSmall(object.chunks, MAX_VAULT_BYTES)), version: object.info.version };
}

/** Creates the vault if absent; what is there now, of whoever was first. */
export async function createVaultDocument(backend: Backend, document: VaultDocument, options: CallOptions = {}): Promise<VaultDocument> {
  const made = await backend.put(VAULT_KEY, bodyOf(encodeVaultDocument(document)), { condition: { kind: 'absent' }, meta: {}, ...options });
  if (made.kind === 'done') return document;
  const theirs = await readVaultDocument(backend, options);
  if (theirs === null) throw new SyncError('unreachable', 'the vault was made and removed by somebody else');
  return theirs.document;
}

/** Replaces the vault's file by its next revision if it still is `version`. `busy` when another device changed it meanwhile: nothing was written, and the change is to be made again on what is there now. */
export async function replaceVaultDocument(backend: Backend, document: VaultDocument, version: Version, options: CallOptions = {}): Promise<void> {
  const put = await backend.put(VAULT_KEY, bodyOf(encodeVaultDocument(document)), { condition: { kind: 'match', version }, meta: {}, ...options });
  if (put.kind !== 'done') throw new SyncError('busy', 'another device changed the vault at the same moment', { hint: 'Try again.' });
}

/** The id of a plain vault; null where the store says that there is none. `config` for one that takes a secret. */
export async function readVault(backend: Backend, options: CallOptions = {}): Promise<string | null> {
  const stored = await readVaultDocument(backend, options);
  return stored === null ? null : plainId(stored.document);
}

/** Creates a plain vault if absent; the id of whoever was first. */
export async function createVault(backend: Backend, id: string, options: CallOptions = {}): Promise<string> {
  return plainId(await createVaultDocument(backend, { format: 1, vault: id }, options));
}

function plainId(document: VaultDocument): string {
  checkSecretFits(document, false);
  if (document.format !== 1)
    throw new SyncError('config', 'the files at this place are compressed', { hint: 'Set COMPRESSION_ENABLED=true, and sync again. Nothing was written.' });
  return document.vault;
}
