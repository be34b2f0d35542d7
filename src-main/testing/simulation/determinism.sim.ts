import { expect, it } from 'vitest';
import { SHAPES } from './shapes.ts';
import { simulate } from './simulation.ts';

const SEEDS = [1, 2, 3];

for (const [name, shape] of Object.entries(SHAPES)) {
  it(`${name}: the same seed gives the same trace, another seed another`, async () => {
    const hashes = new Set<string>();
    for (const seed of SEEDS) {
      const [first, second] = [await simulate({ ...shape, seed }), await simulate({ ...shape, seed })];
      expect(first.traceHash).toBe(second.traceHash);
      expect(first.failures).toEqual([]);
      hashes.add(first.traceHash);
    }
    expect(hashes.size).toBe(SEEDS.length);
  });
}
