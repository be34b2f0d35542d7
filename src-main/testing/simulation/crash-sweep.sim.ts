import { expect, it } from 'vitest';
import { SeededRandom } from '../random.ts';
import { CORPUS, type FixedHistory } from './corpus.ts';
import { simulate } from './simulation.ts';

/** A death after every so many steps; `SWEEP_EVERY=1` is all of them. */
const EVERY = Number(process.env['SWEEP_EVERY'] ?? 4);
const DOUBLE_CRASHES = 40;

async function play({ name, shape, seed, events }: FixedHistory, crashAfter: readonly number[]): Promise<number> {
  const result = await simulate({ ...shape, seed, events, crashAfter });
  expect(result.failures, `${name}, death after step ${crashAfter.join(' and ')}:\n${result.acts.join('\n')}\n`).toEqual([]);
  return result.steps;
}

for (const history of CORPUS) {
  it(`${history.name}: a death after each step, and after two`, async () => {
    const steps = await play(history, []);
    for (let step = 1; step <= steps; step += EVERY) await play(history, [step]);
    const random = new SeededRandom(steps);
    for (let n = 0; n < DOUBLE_CRASHES / EVERY; n++) {
      const first = 1 + random.below(steps);
      await play(history, [first, first + 1 + random.below(200)]);
    }
    process.stdout.write(`${history.name}: ${steps} steps\n`);
  });
}
