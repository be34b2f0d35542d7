// The simulation with many seeds, one process a core. `npm run soak -- --minutes N [--first-seed S]` plays fresh seeds for so long;
// `npm run soak -- --rounds N` plays seeds 1 to N of every shape, as `npm test` does; `npm run soak -- --seed S [--shape TEXT] [--trace]` plays one seed alone.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureModules, main, root, SetupError } from './setup.mjs';

const USAGE = 'usage: npm run soak -- [--minutes N] [--first-seed S] [--rounds N] | --seed S [--shape TEXT] [--trace]';

await main(async () => {
  const value = (name) => {
    const at = process.argv.indexOf(name);
    return at < 0 ? undefined : process.argv[at + 1];
  };
  const number = (name, otherwise) => {
    const got = Number(value(name) ?? otherwise);
    if (!(got > 0)) throw new SetupError(USAGE);
    return got;
  };
  ensureModules();
  const program = await bundle();
  const shape = ['--shape', value('--shape') ?? '', ...(process.argv.includes('--trace') ? ['--trace'] : [])];
  try {
    if (value('--seed') !== undefined) return (await play(program, ['--seed', String(number('--seed', 0)), '--rounds', '1', ...shape])).code;
    const players = Math.max(1, Math.min(os.availableParallelism(), number('--players', 64)));
    const rounds = value('--rounds') === undefined ? undefined : Math.ceil(number('--rounds', 1) / players);
    const first = number('--first-seed', rounds === undefined ? (Math.floor(Date.now() / 1000) % 1_000_000) * 1000 : 1);
    const until = rounds === undefined ? ['--seconds', String(60 * number('--minutes', 10))] : ['--rounds', String(rounds)];
    process.stdout.write(`${players} players, seeds from ${first} on\n`);
    const ended = await Promise.all(Array.from({ length: players }, (_, i) => play(program, ['--seed', String(first + i), '--stride', String(players), ...until, ...shape])));
    const sum = (key) => ended.reduce((total, { said }) => total + (said?.[key] ?? 0), 0);
    process.stdout.write(`${sum('histories')} histories of ${ended[0]?.said?.shapes ?? '?'} shapes, ${sum('steps')} steps, ${sum('deaths')} deaths: ${sum('broken')} broken\n`);
    return ended.every(({ code }) => code === 0) ? 0 : 1;
  } finally {
    fs.rmSync(path.dirname(program), { recursive: true, force: true });
  }
});

/** One plain file: several times faster than under a test runner. */
async function bundle() {
  const { build } = await import('vite');
  const outDir = fs.mkdtempSync(path.join(os.tmpdir(), 'file-sync-soak-'));
  const ssr = path.join(root, 'src-main/testing/simulation/soak.ts');
  await build({ root, configFile: false, logLevel: 'error', ssr: { noExternal: true }, build: { ssr, outDir, emptyOutDir: false, minify: false } });
  return path.join(outDir, fs.readdirSync(outDir).find((name) => name.startsWith('soak.')) ?? 'soak.js');
}

/** Passes on what a player says, and takes the line of JSON at its end. */
function play(program, args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    let rest = '';
    let said = null;
    const line = (text) => {
      if (text.startsWith('{"histories"')) said = JSON.parse(text);
      else process.stdout.write(`${text}\n`);
    };
    child.stdout.on('data', (chunk) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const text of lines) line(text);
    });
    child.on('close', (code) => resolve({ code: said === null ? 1 : (code ?? 1), said }));
  });
}
