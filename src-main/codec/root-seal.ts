import { createCipheriv, createDecipheriv } from 'node:crypto';

/** AES-256-GCM of 32 bytes under a key and nonce that are used once: FORMAT.md, "Keyring". */
const TAG_BYTES = 16;

/** `once`: 32 bytes of key, 12 of nonce. */
export function sealRoot(root: Uint8Array, once: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', once.subarray(0, 32), once.subarray(32, 44));
  return Buffer.concat([cipher.update(root), cipher.final(), cipher.getAuthTag()]);
}

/** Null when it is not authentic. */
export function openRoot(sealed: Uint8Array, once: Uint8Array): Buffer | null {
  const decipher = createDecipheriv('aes-256-gcm', once.subarray(0, 32), once.subarray(32, 44), { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const root = decipher.update(sealed.subarray(0, -TAG_BYTES));
  try {
    decipher.final();
    return root;
  } catch {
    root.fill(0);
    return null;
  }
}
