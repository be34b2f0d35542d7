import { expect, it } from 'vitest';
import { SHAPES } from './shapes.ts';
import { simulate } from './simulation.ts';

const FIRST = Number(process.env['FIRST_SEED'] ?? 1);
const RUNS = Number(process.env['RUNS'] ?? 20);

for (const [name, shape] of Object.entries(SHAPES)) {
  it(name, async () => {
    for (let seed = FIRST; seed < FIRST + RUNS; seed++) {
      const result = await simulate({ seed, ...shape });
      expect(result.failures, `seed ${seed}, ${name}:\n${result.acts.join('\n')}\n`).toEqual([]);
    }
  });
}
