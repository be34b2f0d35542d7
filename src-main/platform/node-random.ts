import { randomBytes } from 'node:crypto';
import type { Chance, Random } from './clock.ts';

export const nodeRandom: Random = {
  id: () => randomBytes(8).toString('hex'),
  fraction: () => randomBytes(4).readUInt32BE() / 2 ** 32,
};

export const nodeChance: Chance = (length) => randomBytes(length);
