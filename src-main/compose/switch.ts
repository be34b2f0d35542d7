import { join } from 'node:path';
import type { Backend } from '../backends/backend.ts';
import type { SealedCodec } from '../backends/wrap/sealed-ports.ts';
import { SwitchOver } from '../backends/wrap/switch-over.ts';
import { SwitchingBackend } from '../backends/wrap/switching.ts';
import { ContentKeys } from '../codec/content-keys.ts';
import type { Keyring } from '../codec/keyring.ts';
import { plainNames } from '../codec/names.ts';
import type { CodedDocument } from '../codec/vault-document.ts';
import { SyncError } from '../core/errors.ts';
import type { Notes } from '../core/notes.ts';
import type { Journal } from '../migrate/journal.ts';
import { type JournalFile, openJournalFile } from '../migrate/journal-file.ts';
import { type ReEncryptOptions, type ReEncryptReport, reEncrypt } from '../migrate/re-encrypt.ts';
import { switchOf } from '../migrate/switch-vault.ts';
import type { Platform } from '../platform/platform.ts';
import { defaultStateFolder, ensureStateFolder } from '../state/state-dir.ts';
import type { Survey } from './re-encrypt.ts';
import { compressionOf, namesOf } from './vault.ts';

export interface SwitchingPorts extends Pick<Platform, 'newHasher' | 'random'> {
  readonly notes: Notes;
  /** False: for looking only. */
  readonly settles?: boolean;
  /** How hard to compress what is written. Left out: the usual. */
  readonly compressionLevel?: number | undefined;
}

/** A vault in the middle of a switch, on a store as it lies there; `keyring` null where nothing is encrypted. Does not close the store. */
export function openSwitching(
  store: Backend,
  document: CodedDocument,
  keyring: Keyring | null,
  { newHasher, random, notes, settles = true, compressionLevel }: SwitchingPorts,
): SwitchingBackend {
  const switching = switchOf(document);
  if (switching === null) throw new SyncError('internal', 'the vault is not being switched');
  return new SwitchingBackend(store, codecOf(document, keyring, compressionLevel), switching.from, { notes, random, newHasher, settles });
}

export function codecOf(document: CodedDocument, keyring: Keyring | null, compressionLevel?: number): SealedCodec {
  const common = { vaultId: document.vault, compression: compressionOf(document.codec, compressionLevel) };
  if (keyring === null) return { ...common, names: plainNames, hidesNames: false, keys: null };
  const keys = new Map(keyring.document.keyring.epochs.map(({ id }) => [id, new ContentKeys(keyring.keysOf(id))]));
  const current = keys.get(keyring.currentEpoch);
  if (current === undefined) throw new RangeError('a keyring has an epoch');
  return { ...common, names: namesOf(keyring), hidesNames: document.codec.names !== 'plain', keys: { current: () => current, find: (epoch) => keys.get(epoch) ?? null } };
}

/** The record of what was seen to be of the new form, in the state folder: of this switch of this vault, at this place. */
export async function openSwitchJournal({ fs, home, random, newHasher }: Platform, stateDir: string | null, store: Backend, document: CodedDocument): Promise<JournalFile> {
  const folder = stateDir ?? defaultStateFolder(home);
  await ensureStateFolder(fs, folder, random);
  const hasher = newHasher();
  hasher.update(Buffer.from(`${document.vault}\0${store.id}\0switch`));
  return openJournalFile(fs, join(folder, `switch-${hasher.digest().slice(0, 16)}.journal`), `file-sync 1 vault ${document.vault} switched ${switchOf(document)?.began ?? 0}`);
}

/** Brings what is of the old form into the new one, and says whether a whole listing found none of it any more. */
export async function switchObjects(vault: SwitchingBackend, journal: Journal, options: ReEncryptOptions): Promise<ReEncryptReport> {
  const report = await reEncrypt({ backend: new SwitchOver(vault), journal, newHasher: vault.newHasher }, options);
  // A folder's journals name every file there was.
  if (report.complete) await vault.store.forgetHints?.();
  return report;
}

/** What is still to be looked at, and its bytes as stored where a listing tells them. */
export async function surveySwitch(vault: SwitchingBackend, signal: AbortSignal): Promise<Survey> {
  let [objects, bytes] = [0, 0];
  for await (const { key, size } of new SwitchOver(vault).list('', { signal })) {
    if (key.endsWith('/')) continue;
    objects++;
    bytes += size ?? 0;
  }
  return { objects, bytes };
}

/** Whether something lies under the one name that hidden names keep for themselves (codec/FORMAT.md, "Too long"). */
export async function hidesFolderNames(store: Backend, signal: AbortSignal): Promise<boolean> {
  for await (const _ of store.list('.l/', { signal })) return true;
  return false;
}
