import { createHash } from 'node:crypto';
import type { Hasher, NewHasher } from './clock.ts';

/** SHA-256 by node:crypto. */
export const nodeHasher: NewHasher = () => hasherOf('sha256');

/** MD5, only for knowing again what a store says of bytes we have; nothing is trusted on its word. */
export const md5Hasher: NewHasher = () => hasherOf('md5');

function hasherOf(algorithm: 'sha256' | 'md5'): Hasher {
  const hash = createHash(algorithm);
  return {
    update: (chunk) => void hash.update(chunk),
    digest: () => hash.digest('hex'),
  };
}
