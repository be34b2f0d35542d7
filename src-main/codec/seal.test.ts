import { createCipheriv, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { seal, unseal } from './seal.ts';

const KEYS = Buffer.from(Array.from({ length: 64 }, (_, n) => n));
const CONTEXT = Buffer.from('what it is for');
const TEXT = Buffer.from('a short text');

/** HKDF-Expand-SHA-256, as FORMAT.md has it. */
function expand(key: Uint8Array, info: Uint8Array, length: number): Buffer {
  let [all, last] = [Buffer.alloc(0), Buffer.alloc(0)];
  for (let n = 1; all.length < length; n++) {
    last = createHmac('sha256', key).update(last).update(info).update(Uint8Array.of(n)).digest();
    all = Buffer.concat([all, last]);
  }
  return all.subarray(0, length);
}

/** Authentic for AES-GCM under whatever check it begins with. */
function crafted(check: Uint8Array): Buffer {
  const once = expand(KEYS.subarray(32), check, 44);
  const cipher = createCipheriv('aes-256-gcm', once.subarray(0, 32), once.subarray(32));
  cipher.setAAD(CONTEXT);
  return Buffer.concat([check, cipher.update(TEXT), cipher.final(), cipher.getAuthTag()]);
}

describe('a sealed text', () => {
  it('is what FORMAT.md says, byte by byte, and opens in its context only', () => {
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(CONTEXT.length));
    const check = createHmac('sha256', KEYS.subarray(0, 32)).update(length).update(CONTEXT).update(TEXT).digest();
    const sealed = seal(KEYS, CONTEXT, TEXT);
    expect(sealed).toEqual(crafted(check));
    expect(unseal(KEYS, CONTEXT, sealed)).toEqual(TEXT);
    expect(unseal(KEYS, Buffer.from('another'), sealed)).toBeNull();
    expect(unseal(Buffer.from(KEYS).fill(1, 0, 1), CONTEXT, sealed)).toBeNull();
  });

  it('C64 is refused where its check is not that of the text, though AES-GCM takes it', () => {
    expect(unseal(KEYS, CONTEXT, crafted(Buffer.alloc(32, 7)))).toBeNull();
  });

  it('with any bit turned or cut off is refused', () => {
    const sealed = seal(KEYS, CONTEXT, TEXT);
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(unseal(KEYS, CONTEXT, changed)).toBeNull();
    }
    for (let length = 0; length < sealed.length; length++) expect(unseal(KEYS, CONTEXT, sealed.subarray(0, length))).toBeNull();
  });
});
