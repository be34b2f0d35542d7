import { createHmac, hkdfSync } from 'node:crypto';

/** What every label of ours starts with; a later format gets another number. */
const LABEL = 'file-sync/1/';

/**
 * HKDF-SHA-256 (RFC 5869) for one purpose. The info is the label and then each context text after a zero byte; neither holds a zero byte, so that no two purposes share an info. The caller wipes what it gets.
 */
export function derive({ secret, salt = new Uint8Array(0), label, context, length }: Derivation): Buffer {
  const info = [LABEL + label, ...context].join('\0');
  return Buffer.from(hkdfSync('sha256', secret, salt, info, length));
}

export interface Derivation {
  readonly secret: Uint8Array;
  readonly salt?: Uint8Array;
  readonly label: string;
  readonly context: readonly string[];
  readonly length: number;
}

export function hmac(key: Uint8Array, ...parts: readonly (Uint8Array | string)[]): Buffer {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}

/** Overwrites keys that are not needed any more. The runtime may hold copies: it narrows the window, it does not close it. */
export function wipe(...buffers: readonly Uint8Array[]): void {
  for (const buffer of buffers) buffer.fill(0);
}
