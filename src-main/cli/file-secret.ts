import { parseEncryptionKey } from '../codec/secret-key.ts';
import type { VaultSecret } from '../codec/vault-secret.ts';
import { SyncError } from '../core/errors.ts';
import { parseEnvFile } from '../settings/env-file.ts';
import { readSettingsFile, type Session } from './session.ts';

/** ENCRYPTION_KEY of the environment or of the settings file, whatever else that file says: these commands need no folder and no storage. */
export async function givenSecret(session: Session): Promise<VaultSecret | undefined> {
  const fromEnv = session.context.env['ENCRYPTION_KEY'];
  const file = fromEnv ? null : await readSettingsFile(session);
  return fromEnv ? environmentSecret(session) : parsed(file === null ? undefined : parseEnvFile(file.text).values.get('ENCRYPTION_KEY')?.value, file?.path ?? '');
}

/** ENCRYPTION_KEY of the environment alone. */
export function environmentSecret({ context }: Session): VaultSecret | undefined {
  return parsed(context.env['ENCRYPTION_KEY'], 'environment');
}

function parsed(text: string | undefined, where: string): VaultSecret | undefined {
  if (text === undefined || text === '') return undefined;
  const read = parseEncryptionKey(text);
  if ('fault' in read) throw new SyncError('config', `ENCRYPTION_KEY (${where}) ${read.fault}`);
  return read.secret;
}
