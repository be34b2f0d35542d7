import fc from 'fast-check';
import type { Shape } from './shapes.ts';
import { type SimEvent, USER_ACTS, WORLD_ACTS } from './sim-event.ts';
import { simulate } from './simulation.ts';

const ANY_EVENT = fc.record<SimEvent>(
  { after: fc.nat(10_000), who: fc.nat(63), act: fc.constantFrom(...USER_ACTS, ...WORLD_ACTS), a: fc.nat(1023), b: fc.nat(1023) },
  { noNullPrototype: true },
);

/** Leaves out and simplifies events as long as the history still breaks a law; gives up after `seconds`. */
export async function shrink(shape: Shape, seed: number, events: readonly SimEvent[], seconds: number): Promise<readonly SimEvent[]> {
  const holds = fc.asyncProperty(fc.array(ANY_EVENT, { maxLength: 200 }), async (fewer) => (await simulate({ ...shape, seed, events: fewer })).failures.length === 0);
  const found = await fc.check(holds, { examples: [[[...events]]], numRuns: 1, interruptAfterTimeLimit: seconds * 1000, markInterruptAsFailure: true });
  return found.counterexample?.[0] ?? events;
}
