import { expect, it } from 'vitest';
import { CORPUS } from './corpus.ts';
import { FOUND } from './found.ts';
import { SHAPES } from './shapes.ts';
import { simulate } from './simulation.ts';

/** Other interleavings of the histories written by hand. */
const SCHEDULES = 25;

for (const { name, shape, events } of CORPUS) {
  it(`${name}, in ${SCHEDULES} interleavings`, async () => {
    for (let seed = 1; seed <= SCHEDULES; seed++) {
      const { failures, acts } = await simulate({ ...shape, seed, events });
      expect(failures, `seed ${seed}:\n${acts.join('\n')}\n`).toEqual([]);
    }
  });
}

for (const { shape, what, seed, events } of FOUND) {
  it(`found once: ${what} (${shape})`, async () => {
    const options = SHAPES[shape];
    if (options === undefined) throw new RangeError(`no shape is named ${shape}`);
    const { failures, acts } = await simulate({ ...options, seed, events });
    expect(failures, acts.join('\n')).toEqual([]);
  });
}
