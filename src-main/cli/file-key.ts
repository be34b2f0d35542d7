import { parseEncryptionKey, readStoredSecret, storedSecret } from '../codec/secret-key.ts';
import type { VaultSecret } from '../codec/vault-secret.ts';
import { hasCode, SyncError } from '../core/errors.ts';
import { givenSecret } from './file-secret.ts';
import type { Session } from './session.ts';

/** Where the keychain keeps the key of single files. */
const ACCOUNT = 'encrypted files';

export interface FileKeyFlags {
  readonly remember?: boolean;
}

/** The key that `encrypt` and `decrypt` use for single files, as hex: ENCRYPTION_KEY, else the keychain's, else what is typed. Never from the command line. */
export async function fileKey(session: Session, { remember = false }: FileKeyFlags): Promise<string> {
  const secret = (await givenSecret(session)) ?? (await keptKey(session)) ?? (await typedKey(session));
  if (secret.kind !== 'key')
    throw new SyncError('config', `single files are encrypted with a key of 32 bytes, and this is a ${secret.kind}`, {
      hint: 'Make one: openssl rand -hex 32. Keep it well: nothing else opens the files.',
    });
  if (remember) await session.context.keychain.set(ACCOUNT, storedSecret(secret));
  return secret.secret.reveal();
}

/** A keychain that cannot be used is no obstacle where the key can be typed (C74). */
async function keptKey({ context, printer }: Session): Promise<VaultSecret | null> {
  try {
    const text = await context.keychain.get(ACCOUNT);
    return text === null ? null : readStoredSecret(text);
  } catch (error) {
    if (!hasCode(error, 'refused')) throw error;
    if (context.askSecret === null)
      throw new SyncError('config', `there is no key: ENCRYPTION_KEY is not set, and ${error.message}`, {
        cause: error,
        hint: 'Set ENCRYPTION_KEY in the environment or the settings file (openssl rand -hex 32 makes one), or unlock the keychain.',
      });
    printer.warn(`note: ${error.message}`);
    return null;
  }
}

async function typedKey({ context }: Session): Promise<VaultSecret> {
  if (context.askSecret === null)
    throw new SyncError('config', 'there is no key, and nobody is here to type it', { hint: 'Set ENCRYPTION_KEY in the environment or the settings file.' });
  const read = parseEncryptionKey((await context.askSecret('Key (64 hexadecimal digits, base64, or 32 characters): ')).trim());
  if ('fault' in read) throw new SyncError('config', `the key ${read.fault}`);
  return read.secret;
}
