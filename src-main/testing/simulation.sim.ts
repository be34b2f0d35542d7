import { expect, it } from 'vitest';
import { type SimulationOptions, simulate } from './simulation.ts';

/** `SEED=123 npx vitest run --project simulation` replays one; `SOAK_SECONDS=600` runs longer. */
const FIRST = Number(process.env['SEED'] ?? process.env['FIRST_SEED'] ?? Math.floor(Date.now() / 1000) % 1_000_000);
const SECONDS = Number(process.env['SOAK_SECONDS'] ?? 20);

const SHAPES: readonly (readonly [string, Omit<SimulationOptions, 'seed'>])[] = [
  ['C48 two devices, crashes between any two steps', { store: 'bucket', devices: 2, acts: 12, crash: 0.005, fault: 0, singleWriter: false }],
  ['C51 C52 two devices, faults and lost replies', { store: 'bucket', devices: 2, acts: 12, crash: 0.003, fault: 0.05, singleWriter: false }],
  ['C37 three devices', { store: 'bucket', devices: 3, acts: 15, crash: 0.003, fault: 0.02, singleWriter: false }],
  ['L4 one writer, whatever fails: no conflict', { store: 'bucket', devices: 2, acts: 12, crash: 0.005, fault: 0.05, singleWriter: true }],
  [
    'C48 L4 one writer on a backup folder, dying between any two file system calls: no conflict',
    { store: 'folder', devices: 2, acts: 12, crash: 0.002, fault: 0, singleWriter: true },
  ],
  ['C40 two devices on one backup folder, crashes between any two file system calls', { store: 'folder', devices: 2, acts: 12, crash: 0.002, fault: 0, singleWriter: false }],
];

for (const [name, shape] of SHAPES) {
  it(name, async () => {
    const until = performance.now() + (process.env['SEED'] === undefined ? SECONDS * 1000 : 0);
    let seed = FIRST;
    let runs = 0;
    do {
      const result = await simulate({ seed, ...shape });
      expect(result.failures, `seed ${seed}, ${name}:\n${result.acts.join('\n')}\n`).toEqual([]);
      seed++;
      runs++;
    } while (performance.now() < until);
    process.stdout.write(`${name}: ${runs} histories, seeds ${FIRST} to ${seed - 1}\n`);
  });
}

it('the same seed gives the same trace', async () => {
  const shape = { seed: FIRST, store: 'folder' as const, devices: 2, acts: 10, crash: 0.005, fault: 0.03, singleWriter: false };
  const [first, second] = [await simulate(shape), await simulate(shape)];
  expect(first.traceHash).toBe(second.traceHash);
});
