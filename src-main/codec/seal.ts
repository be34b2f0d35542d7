import { createCipheriv, createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto';

const CHECK_BYTES = 32;
const TAG_BYTES = 16;
export const SEALED_EXTRA = CHECK_BYTES + TAG_BYTES;

/** 64 bytes: MAC key, then encryption key. */
export type SealKeys = Uint8Array;

/**
 * Seals a small text: check(32) | ciphertext | tag(16). The check is a MAC of everything, and key and nonce of AES-256-GCM are derived from it: equal input gives equal bytes, and no key is ever used for two texts. The check is compared
 * after decryption, which commits the bytes to one key, one context and one text (FORMAT.md, "Sealing").
 */
export function seal(keys: SealKeys, context: Uint8Array, text: Uint8Array): Buffer {
  const check = checkOf(keys, context, text);
  const { key, nonce } = oneTime(keys, check);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(context);
  const body = Buffer.concat([cipher.update(text), cipher.final()]);
  key.fill(0);
  return Buffer.concat([check, body, cipher.getAuthTag()]);
}

/** The text; null when anything is not as sealed. */
export function unseal(keys: SealKeys, context: Uint8Array, sealed: Uint8Array): Buffer | null {
  if (sealed.length < SEALED_EXTRA) return null;
  const check = sealed.subarray(0, CHECK_BYTES);
  const { key, nonce } = oneTime(keys, check);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(context);
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  key.fill(0);
  try {
    const text = Buffer.concat([decipher.update(sealed.subarray(CHECK_BYTES, -TAG_BYTES)), decipher.final()]);
    return timingSafeEqual(checkOf(keys, context, text), check) ? text : null;
  } catch {
    return null;
  }
}

/** The same shape without a key: hash(32) | text. Finds accidents, no attacker. */
export function sealClear(context: Uint8Array, text: Uint8Array): Buffer {
  return Buffer.concat([clearCheck(context, text), text]);
}

export function unsealClear(context: Uint8Array, sealed: Uint8Array): Buffer | null {
  const text = Buffer.from(sealed.subarray(CHECK_BYTES));
  return sealed.length >= CHECK_BYTES && clearCheck(context, text).equals(sealed.subarray(0, CHECK_BYTES)) ? text : null;
}

function checkOf(keys: SealKeys, context: Uint8Array, text: Uint8Array): Buffer {
  return createHmac('sha256', keys.subarray(0, 32)).update(lengthOf(context)).update(context).update(text).digest();
}

function clearCheck(context: Uint8Array, text: Uint8Array): Buffer {
  return createHash('sha256').update(lengthOf(context)).update(context).update(text).digest();
}

function lengthOf(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(bytes.length));
  return length;
}

/** HKDF-Expand-SHA-256 (RFC 5869) of 44 bytes. */
function oneTime(keys: SealKeys, check: Uint8Array): { readonly key: Buffer; readonly nonce: Buffer } {
  const block = (before: Uint8Array, counter: number): Buffer => createHmac('sha256', keys.subarray(32, 64)).update(before).update(check).update(Uint8Array.of(counter)).digest();
  const key = block(new Uint8Array(0), 1);
  return { key, nonce: block(key, 2).subarray(0, 12) };
}
