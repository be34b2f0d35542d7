// `npm run soak -- --minutes N [--seed S]`: the simulation with fresh seeds for so long, split over its shapes.
import { spawnSync } from 'node:child_process';
import { ensureModules, main, root, SetupError, tool } from './setup.mjs';

await main(() => {
  const value = (name) => {
    const at = process.argv.indexOf(name);
    return at < 0 ? undefined : process.argv[at + 1];
  };
  const minutes = Number(value('--minutes') ?? 10);
  if (!(minutes > 0)) throw new SetupError('usage: npm run soak -- --minutes N [--seed S]');
  ensureModules();
  const SHAPES = 6;
  const env = { ...process.env, SOAK_SECONDS: String(Math.ceil((minutes * 60) / SHAPES)), ...(value('--seed') === undefined ? {} : { FIRST_SEED: value('--seed') }) };
  const [program, args] = tool('vitest', 'run', '--project', 'simulation', '--testTimeout', String((minutes + 5) * 60_000));
  return spawnSync(program, args, { cwd: root, stdio: 'inherit', env }).status ?? 1;
});
