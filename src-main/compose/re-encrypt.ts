import { join } from 'node:path';
import type { Backend } from '../backends/backend.ts';
import { SealedBackend } from '../backends/wrap/sealed.ts';
import { passes } from '../backends/wrap/sealed-keys.ts';
import { ContentKeys } from '../codec/content-keys.ts';
import type { Keyring } from '../codec/keyring.ts';
import { type JournalFile, openJournalFile } from '../migrate/journal-file.ts';
import { type ReEncryptOptions, type ReEncryptReport, reEncrypt } from '../migrate/re-encrypt.ts';
import type { Platform } from '../platform/platform.ts';
import { defaultStateFolder, ensureStateFolder } from '../state/state-dir.ts';
import { passingNotes } from './store.ts';
import { compressionOf, namesOf } from './vault.ts';

/** What is to be looked at: objects that have a container, and their bytes as stored. */
export interface Survey {
  readonly objects: number;
  readonly bytes: number;
}

export async function surveyStore(store: Backend, signal: AbortSignal): Promise<Survey> {
  let [objects, bytes] = [0, 0];
  for await (const { key, size } of store.list('', { signal })) {
    if (passes(key) || key.endsWith('/')) continue;
    objects++;
    bytes += size ?? 0;
  }
  return { objects, bytes };
}

export interface ResealingPorts extends Pick<Platform, 'newHasher' | 'random'> {
  /** How hard to compress what is written. Left out: the usual. */
  readonly compressionLevel?: number | undefined;
}

/** An opened vault on a store as it lies there. Does not close the store. */
export function openResealable(store: Backend, keyring: Keyring, { newHasher, random, compressionLevel }: ResealingPorts): SealedBackend {
  const keys = new Map(keyring.document.keyring.epochs.map(({ id }) => [id, new ContentKeys(keyring.keysOf(id))]));
  const current = keys.get(keyring.currentEpoch);
  if (current === undefined) throw new RangeError('a keyring has an epoch');
  const { codec } = keyring.document;
  return new SealedBackend(
    store,
    {
      vaultId: keyring.vaultId,
      names: namesOf(keyring),
      hidesNames: codec.names !== 'plain',
      keys: { current: () => current, find: (epoch) => keys.get(epoch) ?? null },
      compression: compressionOf(codec, compressionLevel),
    },
    { notes: passingNotes(), random, newHasher },
  );
}

/** The record of what is done, in the state folder: of this vault, at this place, for this epoch. */
export async function openReEncryptJournal({ fs, home, random, newHasher }: Platform, stateDir: string | null, store: Backend, keyring: Keyring): Promise<JournalFile> {
  const folder = stateDir ?? defaultStateFolder(home);
  await ensureStateFolder(fs, folder, random);
  const hasher = newHasher();
  hasher.update(Buffer.from(`${keyring.vaultId}\0${store.id}`));
  return openJournalFile(fs, join(folder, `reencrypt-${hasher.digest().slice(0, 16)}.journal`), `file-sync 1 vault ${keyring.vaultId} epoch ${keyring.currentEpoch}`);
}

export function reEncryptStore(store: Backend, keyring: Keyring, journal: JournalFile, ports: ResealingPorts, options: ReEncryptOptions): Promise<ReEncryptReport> {
  return reEncrypt({ backend: openResealable(store, keyring, ports), journal, newHasher: ports.newHasher }, options);
}
