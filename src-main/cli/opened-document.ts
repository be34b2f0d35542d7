import { dirname, join, resolve } from 'node:path';
import type { Opening } from '../codec/container.ts';
import { ContentKeys } from '../codec/content-keys.ts';
import type { Keyring } from '../codec/keyring.ts';
import { type NameCodec, plainNames } from '../codec/names.ts';
import { parseVaultDocument } from '../codec/read-vault.ts';
import { sealedNames } from '../codec/sealed-names.ts';
import { type CodedDocument, isSealed, MAX_VAULT_BYTES } from '../codec/vault-document.ts';
import { hasCode, SyncError } from '../core/errors.ts';
import { readText } from '../platform/text-file.ts';
import { VAULT_KEY } from '../remote/keys.ts';
import { givenSecret } from './file-secret.ts';
import type { Session } from './session.ts';
import { openWith } from './vault-access.ts';

/** A vault whose `vault.json` lies on this disk, opened: what its objects are read with, offline. */
export interface OpenedDocument {
  readonly vaultId: string;
  readonly opening: Pick<Opening, 'vaultId' | 'find'>;
  readonly names: NameCodec;
  destroy(): void;
}

export async function openDocument(session: Session, file: string): Promise<OpenedDocument> {
  const document = await readDocument(session, file);
  if (!isSealed(document)) return { vaultId: document.vault, opening: { vaultId: document.vault, find: null }, names: plainNames, destroy: () => undefined };
  const { keyring } = await openWith(session, document, await givenSecret(session));
  const keys = new Map(document.keyring.epochs.map(({ id }) => [id, new ContentKeys(keyring.keysOf(id))]));
  const names = namesOf(keyring);
  keyring.wipe();
  return {
    vaultId: document.vault,
    opening: { vaultId: document.vault, find: (epoch) => keys.get(epoch) ?? null },
    names,
    destroy: () => {
      for (const key of keys.values()) key.destroy();
    },
  };
}

async function readDocument({ context }: Session, file: string): Promise<CodedDocument> {
  let text: string;
  try {
    text = await readText(context.platform.fs, file, MAX_VAULT_BYTES);
  } catch (error) {
    if (!hasCode(error, 'not-found')) throw error;
    throw new SyncError('usage', `there is no ${file}, and without it no secret opens anything`, {
      path: file,
      hint: 'Name a copy of the vault’s vault.json by --vault FILE; every device that synced with it can write one (file-sync keys save), if it still reaches the store.',
    });
  }
  const document = parseVaultDocument(Buffer.from(text));
  if (document.format === 1) throw new SyncError('usage', 'this vault is neither encrypted nor compressed: its files lie there as they are', { path: file });
  return document;
}

function namesOf(keyring: Keyring): NameCodec {
  const form = keyring.document.codec.names;
  return form === 'plain' ? plainNames : sealedNames({ vaultId: keyring.vaultId, root: Uint8Array.from(keyring.namesRoot()), form });
}

/** The vault.json that belongs to an object: of the folder it lies in, or the nearest above. */
export async function documentAbove({ context }: Session, file: string): Promise<string | null> {
  for (let folder = dirname(resolve(context.cwd, file)); ; folder = dirname(folder)) {
    const candidate = join(folder, VAULT_KEY);
    if ((await context.platform.fs.lstat(candidate).catch(() => null))?.kind === 'file') return candidate;
    if (dirname(folder) === folder) return null;
  }
}
