// The quick checks, in parallel: types, lint, layers, the cases and their tests, unit tests.
import { spawn } from 'node:child_process';
import { ensureModules, main, root, tool } from './setup.mjs';

const CHECKS = {
  types: tool('tsc', '--noEmit'),
  lint: tool('biome', 'check', '--error-on-warnings', '.'),
  layers: [process.execPath, ['scripts/check-layers.mjs']],
  guarantees: [process.execPath, ['scripts/guarantees.mjs', '--check']],
  unit: tool('vitest', 'run', '--project', 'unit'),
};

await main(async () => {
  ensureModules();
  const results = await Promise.all(Object.entries(CHECKS).map(([name, command]) => runCheck(name, ...command)));
  for (const { name, ok, output } of results) if (!ok || name === 'unit') process.stdout.write(`\n--- ${name} ---\n${output}`);
  process.stdout.write(`\n${results.map(({ name, ok, seconds }) => `${name}: ${ok ? 'ok' : 'FAILED'} (${seconds} s)`).join('   ')}\n`);
  return results.every((r) => r.ok) ? 0 : 1;
});

function runCheck(name, command, args) {
  return new Promise((resolve) => {
    const began = Date.now();
    const colour = process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' };
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...colour } });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => (output += `${error.message}\n`));
    child.on('close', (code) => resolve({ name, ok: code === 0, output, seconds: ((Date.now() - began) / 1000).toFixed(1) }));
  });
}
