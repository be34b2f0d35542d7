// `npm test`: does what set-up is missing, then checks, simulation, CLI end to end, and the app end to end in a real Electron.
import { spawnSync } from 'node:child_process';
import { bin, ensureBuild, ensureElectron, ensureModules, ensureSystemLibraries, main, root, say } from './setup.mjs';

await main(async () => {
  ensureSystemLibraries('test');
  ensureModules();
  ensureBuild();
  const { dist, standIn } = await ensureElectron();
  if (standIn) say('the app is tested on the stand-in Electron');
  const suites = [
    ['check', process.execPath, ['scripts/check.mjs']],
    ['simulation', bin('vitest'), ['run', '--project', 'simulation']],
    ['command line', bin('vitest'), ['run', '--project', 'cli']],
    ['desktop app', process.execPath, ['scripts/test-app.mjs', dist]],
  ];
  const failed = [];
  for (const [name, command, args] of suites) {
    process.stdout.write(`\n=== ${name} ===\n`);
    if (spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status !== 0) failed.push(name);
  }
  process.stdout.write(failed.length === 0 ? '\nAll suites passed.\n' : `\nFAILED: ${failed.join(', ')}\n`);
  return failed.length === 0 ? 0 : 1;
});
