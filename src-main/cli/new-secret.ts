import { resolve, sep } from 'node:path';
import { renderRecoverySheet } from '../codec/recovery-sheet.ts';
import { newKey, newRecoveryKey, parseEncryptionKey, passphraseFault, passphraseOf, recoveryWords } from '../codec/secret-key.ts';
import type { SecretKind, VaultSecret } from '../codec/vault-secret.ts';
import { SyncError } from '../core/errors.ts';
import type { Secret } from '../core/secret.ts';
import type { Config } from '../settings/settings.ts';
import { printable } from './format.ts';
import type { Session } from './session.ts';

export interface NewSecretOptions {
  readonly kind: SecretKind;
  /** Where a key or a recovery sheet is written. */
  readonly out?: string;
  readonly config: Config;
  readonly vaultId: string;
  /** For the sheet. */
  readonly name: string;
}
export interface NewSecret {
  readonly secret: VaultSecret;
  /** What was written; null when it was shown, or is known to the user anyway. */
  readonly file: string | null;
  /** Takes the file back when the vault could not be changed. */
  undo(): Promise<void>;
}

/**
 * A secret to be set. A passphrase is typed twice; a key and recovery words are made, and written to a file for this user alone or shown on the terminal, before the vault is changed: a secret that nobody holds would be worse than none.
 * Where nobody can answer, NEW_ENCRYPTION_KEY has it.
 */
export async function newSecret(session: Session, options: NewSecretOptions): Promise<NewSecret> {
  const { kind, out } = options;
  const given = session.context.env['NEW_ENCRYPTION_KEY'];
  if (given !== undefined && given !== '') {
    const secret = givenSecret(given, kind);
    return out === undefined ? { secret, file: null, undo: async () => undefined } : handOver(session, options, secret);
  }
  if (kind === 'passphrase') {
    if (out !== undefined) throw new SyncError('usage', '--out is for a key or a recovery sheet');
    return { secret: await typedPassphrase(session), file: null, undo: async () => undefined };
  }
  const { chance } = session.context.platform;
  return handOver(session, options, kind === 'key' ? newKey(chance) : newRecoveryKey(chance));
}

function givenSecret(text: string, kind: SecretKind): VaultSecret {
  const read = parseEncryptionKey(text);
  if ('fault' in read) throw new SyncError('config', `NEW_ENCRYPTION_KEY (environment) ${read.fault}`);
  if (read.secret.kind !== kind) throw new SyncError('config', `NEW_ENCRYPTION_KEY (environment) is a ${read.secret.kind}, not a ${kind}`);
  const fault = kind === 'passphrase' ? passphraseFault(read.secret.secret.reveal()) : null;
  if (fault !== null) throw new SyncError('config', `NEW_ENCRYPTION_KEY (environment): ${fault}`);
  return read.secret;
}

export async function typedPassphrase({ context, printer }: Session): Promise<VaultSecret> {
  const { askSecret } = context;
  if (askSecret === null)
    throw new SyncError('usage', 'a passphrase is typed on a terminal', { hint: 'Or set NEW_ENCRYPTION_KEY="passphrase:…" in the environment of this one command.' });
  for (;;) {
    const typed = await askSecret('New passphrase: ');
    const fault = passphraseFault(typed);
    if (fault !== null) {
      printer.warn(fault);
      continue;
    }
    const secret = passphraseOf(typed);
    const again = passphraseOf(await askSecret('Once more: '));
    if (secret !== null && again?.secret.reveal() === secret.secret.reveal()) return secret;
    printer.warn('the two are not the same');
  }
}

/** Gives a secret that was made to the user: as a file for him alone, or on the terminal. */
export async function handOver(session: Session, options: NewSecretOptions, secret: VaultSecret): Promise<NewSecret> {
  const { out, kind } = options;
  const { context, printer } = session;
  if (kind === 'passphrase') return { secret, file: null, undo: async () => undefined };
  if (out !== undefined) {
    const file = await writePrivate(session, options.config, out, kind === 'key' ? keyText(secret) : sheetOf(session, options, secret));
    printer.say(`Written: ${printable(file)}, readable by you alone.`);
    return { secret, file, undo: () => context.platform.fs.unlink(file) };
  }
  if (context.ask === null || printer.json)
    throw new SyncError('usage', `a new ${kind === 'key' ? 'key' : 'recovery key'} has to go somewhere`, { hint: 'Name a file by --out, or run this on a terminal.' });
  if (kind === 'key') printer.say(`The new key. It is shown this once: keep it now.\n\n  ${keyText(secret).reveal().trim()}\n`);
  else await showWords(session, secret);
  return { secret, file: null, undo: async () => undefined };
}

function keyText({ secret }: VaultSecret): Secret {
  return secret;
}

/** The words, once; then two of them are asked back. */
async function showWords(session: Session, secret: VaultSecret): Promise<void> {
  const { printer } = session;
  const words = recoveryWords(secret).map((word) => word.reveal());
  printer.say('The new recovery words. They are shown this once: write them down now.\n');
  for (let row = 0; row < 8; row++) printer.say([row, row + 8, row + 16].map((i) => `  ${String(i + 1).padStart(2)} ${(words[i] ?? '').padEnd(10)}`).join(''));
  printer.say('');
  await askBackWords(session, secret);
}

/** Two of the words, until they are right: what was not written down, or printed, is of no use. */
export async function askBackWords({ context, printer }: Session, secret: VaultSecret): Promise<void> {
  const words = recoveryWords(secret);
  const { random } = context.platform;
  for (const index of [Math.floor(random.fraction() * 12), 12 + Math.floor(random.fraction() * 12)]) {
    while ((await context.ask?.(`Word ${index + 1}: `))?.trim().toLowerCase() !== words[index]?.reveal()) printer.warn('that is another word; look at what you wrote down');
  }
}

export function sheetOf(session: Session, { vaultId, name }: Pick<NewSecretOptions, 'vaultId' | 'name'>, secret: VaultSecret): Secret {
  const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(session.context.platform.clock.now());
  return renderRecoverySheet({ name, vaultId, date, words: recoveryWords(secret) });
}

/** A new file for this user alone; never one that is there, and never where it would be synced. */
export async function writePrivate({ context }: Session, { source, backend }: Config, out: string, text: Secret | string): Promise<string> {
  const { fs } = context.platform;
  const file = resolve(context.cwd, out);
  const folders = [source, ...(backend.kind === 'local' ? [backend.folder] : [])];
  if (folders.some((folder) => `${file}${sep}`.startsWith(`${resolve(folder)}${sep}`)))
    throw new SyncError('usage', `${out} lies in the synced folder or in the backup`, {
      path: file,
      hint: 'Keep it somewhere else: what opens the files must not lie beside them.',
    });
  const handle = await fs.create(file, 0o600);
  try {
    const content = typeof text === 'string' ? text : text.reveal();
    await handle.write(new TextEncoder().encode(content.endsWith('\n') ? content : `${content}\n`));
    await handle.sync();
  } finally {
    await handle.close();
  }
  return file;
}
