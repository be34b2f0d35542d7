import { play, type Tally } from './play.ts';
import { SHAPES, type Shape } from './shapes.ts';
import { shrink } from './shrink.ts';
import { simulate } from './simulation.ts';

/** The program behind `npm run soak` (scripts/soak.mjs); prints what it found, and one line of JSON at the end. Exit code 1 when a law was broken. */
const value = (name: string, otherwise: string): string => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise);
};
const SHRINK_SECONDS = Number(value('shrink-seconds', '20'));
/** A broken law is printed in full so often; more of them rarely say more. */
const SHOWN = 3;

async function show(name: string, shape: Shape, seed: number): Promise<void> {
  // The events first, the stack of an unexpected error with them.
  Error.stackTraceLimit = 10;
  const first = await simulate({ ...shape, seed });
  const events = await shrink(shape, seed, first.events, SHRINK_SECONDS);
  const least = await simulate({ ...shape, seed, events });
  process.stdout.write(
    `\nBROKEN: ${name}, seed ${seed}\n${least.acts.join('\n')}\n${JSON.stringify(events)}\nreplay: npm run soak -- --seed ${seed} --shape '${name.slice(0, 24)}'\n`,
  );
  if (process.argv.includes('--trace')) process.stdout.write(`${least.trace.join('\n')}\n`);
}

const broken: { readonly name: string; readonly shape: Shape; readonly seed: number }[] = [];
const began = performance.now();
const seconds = Number(value('seconds', 'Infinity'));
let told = began;
Error.stackTraceLimit = 0;
const tally: Tally = await play({
  shape: value('shape', ''),
  firstSeed: Number(value('seed', '1')),
  stride: Number(value('stride', '1')),
  rounds: Number(value('rounds', 'Infinity')),
  until: () => performance.now() - began > seconds * 1000,
  onFailure: ({ name, shape, seed, failures }) => {
    broken.push({ name, shape, seed });
    process.stdout.write(`broken: ${name}, seed ${seed}: ${(failures[0] ?? '').split('\n')[0]}\n`);
  },
  onRound: ({ histories }, seed) => {
    if (performance.now() - told < 60_000) return;
    told = performance.now();
    process.stdout.write(`${histories} histories, seed ${seed}, ${broken.length} broken\n`);
  },
});
for (const { name, shape, seed } of broken.slice(0, SHOWN)) await show(name, shape, seed);
process.stdout.write(`${JSON.stringify({ ...tally, shapes: Object.keys(SHAPES).length, broken: broken.length })}\n`);
process.exitCode = broken.length === 0 ? 0 : 1;
