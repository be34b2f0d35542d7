import { createHash } from 'node:crypto';
import type { Hasher, NewHasher } from './clock.ts';

/** SHA-256 by node:crypto. */
export const nodeHasher: NewHasher = (): Hasher => {
  const hash = createHash('sha256');
  return {
    update: (chunk) => void hash.update(chunk),
    digest: () => hash.digest('hex'),
  };
};
