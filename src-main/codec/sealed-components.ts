import { aessiv } from '@noble/ciphers/aes.js';
import { fromBase32, toBase32 } from './base32.ts';
import { derive, hmac } from './derive.ts';
import type { NameForm } from './vault-document.ts';

export type SealedForm = Exclude<NameForm, 'plain'>;

const BLOCK = 16;
/** The synthetic IV before every sealed component. */
const IV_BYTES = 16;
const BITS: Readonly<Record<SealedForm, number>> = { base64url: 6, base32: 5 };

/** One component of a path, sealed and opened: FORMAT.md, "A component". */
export class SealedComponents {
  readonly #vault: string;
  readonly #form: SealedForm;
  readonly #sivKey: Uint8Array;
  readonly #longKey: Uint8Array;

  constructor(vault: string, root: Uint8Array, form: SealedForm) {
    this.#vault = vault;
    this.#form = form;
    this.#sivKey = derive({ secret: root, label: 'names', context: [vault], length: 64 });
    this.#longKey = derive({ secret: root, label: 'long-names', context: [vault], length: 32 });
  }

  /** How long a component of so many bytes gets, in characters. */
  sealedLength(bytes: number): number {
    return Math.ceil(((IV_BYTES + padded(bytes)) * 8) / BITS[this.#form]);
  }

  seal(component: string, folder: string): string {
    const plain = Buffer.from(component, 'utf8');
    const text = new Uint8Array(padded(plain.length));
    text.set(plain);
    return this.#write(this.#cipher(folder).encrypt(text));
  }

  /** Null for what was not sealed for this folder of this vault, or is not spelled as it would be. */
  open(sealed: string, folder: string): string | null {
    const bytes = this.#read(sealed);
    if (bytes === null || bytes.length < IV_BYTES + BLOCK || bytes.length % BLOCK !== 0) return null;
    try {
      return unpad(this.#cipher(folder).decrypt(bytes));
    } catch {
      return null;
    }
  }

  /** What stands for a key that is too long. */
  hashOf(key: string): string {
    return this.#write(hmac(this.#longKey, key));
  }

  isHash(text: string): boolean {
    return this.#read(text)?.length === 32;
  }

  #cipher(folder: string): ReturnType<typeof aessiv> {
    return aessiv(this.#sivKey, Buffer.from(`file-sync/1/name\0${this.#vault}\0${folder}`, 'utf8'));
  }

  #write(bytes: Uint8Array): string {
    return this.#form === 'base32' ? toBase32(bytes) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64url');
  }

  #read(text: string): Uint8Array | null {
    if (this.#form === 'base32') return fromBase32(text);
    const bytes = Buffer.from(text, 'base64url');
    return bytes.toString('base64url') === text ? bytes : null;
  }
}

function padded(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / BLOCK)) * BLOCK;
}

/** No component has a zero byte, so the zeros at the end are the padding. */
function unpad(text: Uint8Array): string | null {
  const end = text.indexOf(0);
  const length = end < 0 ? text.length : end;
  if (text.subarray(length).some((byte) => byte !== 0) || text.length !== padded(length)) return null;
  let component: string;
  try {
    component = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(text.subarray(0, length));
  } catch {
    return null;
  }
  return isComponent(component) ? component : null;
}

/** What a key may have between its slashes. */
export function isComponent(text: string): boolean {
  return text !== '' && text !== '.' && text !== '..' && !text.includes('/') && !text.includes('\0') && text.isWellFormed();
}
