import { z } from 'zod';
import { SyncError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import type { Keychain } from './keychain.ts';

/** An S3 key pair as the keychain keeps it: JSON under one account. */
export interface StoredKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  readonly sessionToken: Secret | null;
}

const shape = z.object({ accessKeyId: z.string().min(1), secretAccessKey: z.string().min(1), sessionToken: z.string().min(1).optional() });

export async function storeKeys(keychain: Keychain, account: string, { accessKeyId, secretAccessKey, sessionToken }: StoredKeys): Promise<void> {
  const text = { accessKeyId, secretAccessKey: secretAccessKey.reveal(), ...(sessionToken === null ? {} : { sessionToken: sessionToken.reveal() }) };
  await keychain.set(account, new Secret(JSON.stringify(text)));
}

/** Throws `config` when the account is unknown, and `refused` when the keychain cannot be used. */
export async function readKeys(keychain: Keychain, account: string): Promise<StoredKeys> {
  const secret = await keychain.get(account);
  const keys = secret === null ? null : parseKeys(secret.reveal());
  if (keys === null)
    throw new SyncError('config', `the keychain holds no S3 keys under the account ${account}`, {
      hint: 'Enter the keys again: file-sync init --force, or the folder’s settings in the app.',
    });
  return keys;
}

function parseKeys(text: string): StoredKeys | null {
  try {
    const { accessKeyId, secretAccessKey, sessionToken } = shape.parse(JSON.parse(text));
    return { accessKeyId, secretAccessKey: new Secret(secretAccessKey), sessionToken: sessionToken === undefined ? null : new Secret(sessionToken) };
  } catch {
    // What cannot be read is a secret all the same, so the reason is not passed on: it may quote it (I9).
    return null;
  }
}
