// `node simulate.mjs NAME HISTORIES SECONDS`: the simulation with a bug in it, until a law breaks; its last line is the result as JSON. Replaying the seed without the bug must be clean, or the bug is not what broke it.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createServer } from 'vite';
import { MUTATIONS } from './mutations.mjs';
import { planter, root } from './plant.mjs';

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));
const [name, histories = '400', seconds = '180'] = process.argv.slice(2);
const mutation = MUTATIONS.find((m) => m.name === name);
if (mutation === undefined) throw new Error(`there is no mutation ${name}`);
process.stdout.write(`\n${JSON.stringify(await firstBroken(mutation, Number(histories), Number(seconds)))}\n`);
process.exit(0);

async function firstBroken(mutation, most, seconds) {
  let isPlanted = false;
  const broken = await loadSimulation(planter(mutation, () => (isPlanted = true)));
  if (!isPlanted) return { verdict: 'not loaded', histories: 0 };
  const whole = await loadSimulation(planter(undefined));
  const shapes = Object.entries(whole.SHAPES);
  const until = performance.now() + seconds * 1000;
  let ran = 0;
  for (; ran < most && performance.now() < until; ran++) {
    const [shape, options] = shapes[ran % shapes.length];
    const history = { seed: 1 + Math.floor(ran / shapes.length), ...options };
    const law = await lawBroken(broken.simulate, history);
    if (law === null) continue;
    const without = await lawBroken(whole.simulate, history);
    if (without !== null) throw new Error(`seed ${history.seed} of ${shape} breaks without the mutation too: ${without}`);
    return { verdict: 'caught', histories: ran + 1, seed: history.seed, shape, law };
  }
  return { verdict: 'survived', histories: ran };
}

/** The one place that knows how a history is run: its first complaint, or null. */
async function lawBroken(simulate, history) {
  try {
    return (await simulate(history)).failures[0] ?? null;
  } catch (error) {
    return `the simulation ended: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function loadSimulation(plugin) {
  const cacheDir = fs.mkdtempSync(path.join(os.tmpdir(), 'file-sync-mutation-'));
  const server = await createServer({
    root,
    configFile: false,
    logLevel: 'error',
    cacheDir,
    plugins: [plugin],
    appType: 'custom',
    optimizeDeps: { noDiscovery: true, include: [] },
    server: { middlewareMode: true, watch: null, hmr: false, ws: false },
  });
  process.on('exit', () => fs.rmSync(cacheDir, { recursive: true, force: true }));
  const { simulate } = await server.ssrLoadModule('/src-main/testing/simulation/simulation.ts');
  const { SHAPES } = await server.ssrLoadModule('/src-main/testing/simulation/shapes.ts');
  return { simulate, SHAPES };
}
