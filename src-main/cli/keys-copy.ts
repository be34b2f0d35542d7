import { resolve } from 'node:path';
import { parseVaultDocument } from '../codec/read-vault.ts';
import { type CodedDocument, encodeVaultDocument, isSealed } from '../codec/vault-document.ts';
import { hasCode, SyncError } from '../core/errors.ts';
import { readText } from '../platform/text-file.ts';
import { VAULT_KEY } from '../remote/keys.ts';
import { createVaultDocument, readVaultDocument, replaceVaultDocument } from '../remote/vault.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { printable } from './format.ts';
import { confirm } from './keys-change.ts';
import { writePrivate } from './new-secret.ts';
import { loadConfig, lookerName, type Session, withPair } from './session.ts';
import { openWith, withVault } from './vault-access.ts';

/** A copy of vault.json: with it and one of the secrets the vault opens again when the store's own is lost. */
export async function saveCopyCommand(session: Session, { out }: { readonly out: string }): Promise<ExitCode> {
  return withVault(session, async ({ config, keyring }) => {
    const file = await writePrivate(session, config, out, encodeVaultDocument(keyring.document).toString());
    session.printer.say(`Written: ${printable(file)}. It helps only together with one of the secrets; make a new copy after every change of keys.`);
    session.printer.document({ command: 'keys save', ok: true, exitCode: EXIT.inSync, vault: keyring.vaultId, revision: keyring.document.keyring.revision, file });
    return EXIT.inSync;
  });
}

/** Puts a copy back, or what this device remembers, once it is known to open with a secret of the user's: absent, damaged or replaced ones are mended so. */
export async function restoreCopyCommand(session: Session, from: string | undefined, { yes = false }: { readonly yes?: boolean }): Promise<ExitCode> {
  const { context, printer } = session;
  const config = await loadConfig(session);
  const document = from === undefined ? await remembered(session) : await readCopy(session, from);
  if (isSealed(document)) (await openWith(session, document, config.vaultSecret)).keyring.wipe();
  const backend = await context.stores.open(config.backend, { client: await lookerName(session, config, 'keys') });
  const options = { signal: context.interrupt };
  try {
    const there = await backend.stat(VAULT_KEY, options);
    if (there === null) await createVaultDocument(backend, document, options);
    else {
      const source = from === undefined ? 'what this device remembers' : 'the copy';
      await confirm(session, `${await wordsOf(() => readVaultDocument(backend, options), document, source)} Replace it by ${source}?`, yes);
      await replaceVaultDocument(backend, document, there.version, options);
    }
  } finally {
    await backend.close();
  }
  const revision = isSealed(document) ? document.keyring.revision : null;
  printer.say(`Put back: ${revision === null ? '' : `revision ${revision} of `}the vault ${document.vault}.`);
  printer.document({ command: 'keys restore', ok: true, exitCode: EXIT.inSync, vault: document.vault, revision });
  return EXIT.inSync;
}

/** The vault's file as this folder last opened it. */
async function remembered(session: Session): Promise<CodedDocument> {
  const document = await withPair(session, 'look', (pair) => pair.seenVault());
  if (document?.format !== 2)
    throw new SyncError('usage', 'this device remembers no vault of this folder', {
      hint: 'Name a copy of its vault.json, or run this on a device that synced with it: each remembers the last one it opened.',
    });
  return document;
}

async function readCopy({ context }: Session, from: string): Promise<CodedDocument> {
  const file = resolve(context.cwd, from);
  const text = await readText(context.platform.fs, file).catch((error: unknown) => {
    if (!hasCode(error, 'not-found')) throw error;
    throw new SyncError('usage', `there is no file ${file}`, {
      path: file,
      hint: 'Name a copy that `file-sync keys save` wrote; without a name it is what this device remembers.',
    });
  });
  const document = parseVaultDocument(Buffer.from(text));
  if (document.format === 1) throw new SyncError('usage', `${from} is the file of a vault that is neither encrypted nor compressed`, { path: file });
  return document;
}

/** What stands in the way, for the question. */
async function wordsOf(read: () => ReturnType<typeof readVaultDocument>, copy: CodedDocument, source: string): Promise<string> {
  try {
    const document = (await read())?.document ?? null;
    if (document !== null && document.vault !== copy.vault) return `The store holds ANOTHER vault, ${document.vault}.`;
    if (!isSealed(document)) return 'The store says that its vault is not encrypted.';
    return `The store has revision ${document.keyring.revision} of the same vault, ${source} is ${isSealed(copy) ? `revision ${copy.keyring.revision}` : 'not encrypted'}.`;
  } catch (error) {
    if (!hasCode(error, 'corrupt', 'config')) throw error;
    return `${error.message}.`;
  }
}
