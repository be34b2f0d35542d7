import { COST_FLOOR } from '../codec/kdf.ts';
import type { Keyring } from '../codec/keyring.ts';
import { type ChangeContext, createKeyring } from '../codec/keyring-changes.ts';
import { parseVaultDocument } from '../codec/read-vault.ts';
import { parseEncryptionKey } from '../codec/secret-key.ts';
import { type CodecSettings, encodeVaultDocument, isSealed, type SealedDocument } from '../codec/vault-document.ts';
import type { VaultSecret } from '../codec/vault-secret.ts';
import { SeededRandom } from './random.ts';

export const VAULT_ID = '00112233445566778899aabbccddeeff';
export const SEALED: CodecSettings & { readonly encryption: true } = { encryption: true, compression: true, names: 'base64url' };

export function secretOf(text: string): VaultSecret {
  const read = parseEncryptionKey(text);
  if ('fault' in read) throw new RangeError(read.fault);
  return read.secret;
}

/** A 32-byte key of one digit. */
export const keyOf = (digit: string): VaultSecret => secretOf(digit.repeat(64));
export const PASSPHRASE = secretOf('passphrase:correct horse battery');
/** As cheap as a reader allows. */
export const CHEAP = COST_FLOOR;

export function changeContext(seed = 1): ChangeContext {
  return { chance: new SeededRandom(seed).bytes, nowMs: Date.UTC(2026, 10, 25) };
}

export function keyringOf(secret: VaultSecret, seed = 1, codec = SEALED): Promise<Keyring> {
  return createKeyring(VAULT_ID, codec, { secret, label: 'first', cost: CHEAP }, changeContext(seed));
}

/** As another device reads it from the store. */
export function stored({ document }: Pick<Keyring, 'document'>): SealedDocument {
  const read = parseVaultDocument(encodeVaultDocument(document));
  if (!isSealed(read)) throw new RangeError('it encrypts nothing');
  return read;
}
