import { entropyToMnemonic, mnemonicToEntropy, validateMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { SyncError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import type { Chance } from '../platform/clock.ts';
import { wipe } from './derive.ts';
import type { SecretKind, VaultSecret } from './vault-secret.ts';

export const KEY_BYTES = 32;
export const RECOVERY_WORDS = 24;
/** Of a passphrase that is made; a vault is opened with any. */
const MIN_PASSPHRASE = 12;
const PASSPHRASE_MARK = 'passphrase:';

/**
 * Reads ENCRYPTION_KEY: a key as 64 hex digits, base64 of 32 bytes or 32 ASCII characters; 24 recovery words; or a passphrase after `passphrase:`. A passphrase has to say so, since a key that was cut off would
 * read as one. The fault names what is wrong and never the text.
 */
export function parseEncryptionKey(text: string): { readonly secret: VaultSecret } | { readonly fault: string } {
  if (text.startsWith(PASSPHRASE_MARK)) {
    const secret = passphraseOf(text.slice(PASSPHRASE_MARK.length));
    return secret === null ? { fault: `has no passphrase after "${PASSPHRASE_MARK}"` } : { secret };
  }
  const words = wordsIn(text);
  if (words.length >= 12 && words.every((word) => /^[a-z]+$/.test(word))) return parseRecoveryWords(text);
  const bytes = keyBytes(text);
  if (bytes !== null) return { secret: asSecret('key', bytes) };
  return { fault: keyFault(text) };
}

/** Everything that a typed text may be, the most particular first; a vault's slots tell which it is. */
export function candidatesOf(text: string): readonly VaultSecret[] {
  const words = parseRecoveryWords(text);
  const bytes = keyBytes(text.trim());
  const passphrase = passphraseOf(text);
  return [...('secret' in words ? [words.secret] : []), ...(bytes === null ? [] : [asSecret('key', bytes)]), ...(passphrase === null ? [] : [passphrase])];
}

/** 24 words with their checksum, in any case and with any white space between them. */
export function parseRecoveryWords(text: string): { readonly secret: VaultSecret } | { readonly fault: string } {
  const words = wordsIn(text);
  if (words.length !== RECOVERY_WORDS) return { fault: `has ${words.length} words; a recovery key has ${RECOVERY_WORDS}` };
  const known = new Set(wordlist);
  const unknown = words.findIndex((word) => !known.has(word));
  if (unknown >= 0) return { fault: `is no recovery key: word ${unknown + 1} is not one of the list` };
  const phrase = words.join(' ');
  if (!validateMnemonic(phrase, wordlist)) return { fault: 'is no recovery key: the words do not fit together; look for a wrong word, or two in the wrong order' };
  return { secret: asSecret('recovery', mnemonicToEntropy(phrase, wordlist)) };
}

/** Null for an empty one. */
export function passphraseOf(text: string): VaultSecret | null {
  return text === '' ? null : { kind: 'passphrase', secret: new Secret(text.normalize('NFC')) };
}

/** What is wrong with a passphrase that is about to be set; null when it will do. */
export function passphraseFault(text: string): string | null {
  return [...text].length < MIN_PASSPHRASE ? `a passphrase needs at least ${MIN_PASSPHRASE} characters; four or five random words are good` : null;
}

export function newKey(chance: Chance): VaultSecret {
  return asSecret('key', chance(KEY_BYTES));
}

export function newRecoveryKey(chance: Chance): VaultSecret {
  return asSecret('recovery', chance(KEY_BYTES));
}

/** The words of a recovery key. They are the secret itself. */
export function recoveryWords({ kind, secret }: VaultSecret): readonly Secret[] {
  if (kind !== 'recovery') throw new SyncError('internal', 'only a recovery key has words');
  const entropy = Buffer.from(secret.reveal(), 'hex');
  const phrase = entropyToMnemonic(entropy, wordlist);
  wipe(entropy);
  return phrase.split(' ').map((word) => new Secret(word));
}

/** One line of text for a keychain. */
export function storedSecret({ kind, secret }: VaultSecret): Secret {
  return new Secret(`${kind}:${secret.reveal()}`);
}

/** Null for what is none. */
export function readStoredSecret(text: Secret): VaultSecret | null {
  const [, kind = '', rest = ''] = /^(passphrase|key|recovery):(.+)$/s.exec(text.reveal()) ?? [];
  if (kind === 'passphrase') return passphraseOf(rest);
  if ((kind === 'key' || kind === 'recovery') && /^[0-9a-f]{64}$/.test(rest)) return { kind, secret: new Secret(rest) };
  return null;
}

function wordsIn(text: string): readonly string[] {
  return text
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

function keyBytes(text: string): Uint8Array | null {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  if (/^[A-Za-z0-9+/]{43}=?$|^[A-Za-z0-9_-]{43}=?$/.test(text)) return canonicalBase64(text);
  return /^[\x20-\x7e]{32}$/.test(text) ? Buffer.from(text, 'latin1') : null;
}

/** 43 digits hold two bits more than 32 bytes; they are zero, or a digit is wrong. */
function canonicalBase64(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, 'base64');
  const digits = text.replace('=', '').replaceAll('-', '+').replaceAll('_', '/');
  return bytes.toString('base64').replace('=', '') === digits ? bytes : null;
}

function keyFault(text: string): string {
  const wanted = 'a key is 32 bytes: 64 hexadecimal digits, base64, or 32 ASCII characters';
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return `is no valid base64; ${wanted}`;
  if (/^[0-9a-f]+$/i.test(text) && text.length > 40) return `has ${text.length} hexadecimal digits, not 64; ${wanted}`;
  const size = Buffer.byteLength(text);
  if (size === KEY_BYTES) return `is 32 bytes long but not printable ASCII; ${wanted}`;
  return `is ${size} ${size === 1 ? 'byte' : 'bytes'} long; ${wanted}; a passphrase is written "${PASSPHRASE_MARK}" and the text`;
}

function asSecret(kind: SecretKind, bytes: Uint8Array): VaultSecret {
  const secret = new Secret(Buffer.from(bytes).toString('hex'));
  wipe(bytes);
  return { kind, secret };
}
