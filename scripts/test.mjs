// `npm test`: does what set-up is missing, then checks, simulation, CLI end to end, and the app end to end in a real Electron.
import { ensureElectron } from './electron-dist.mjs';
import { ensureBuild, ensureModules, main, say, tool } from './setup.mjs';
import { runSuites } from './suites.mjs';
import { ensureSystemLibraries } from './system-packages.mjs';

await main(async () => {
  ensureSystemLibraries('test');
  ensureModules();
  ensureBuild();
  const { dist, standIn } = await ensureElectron();
  if (standIn) say('the app is tested on the stand-in Electron');
  return runSuites([
    { name: 'check', command: [process.execPath, ['scripts/check.mjs']] },
    { name: 'contracts', command: tool('vitest', 'run', '--project', 'contracts') },
    { name: 'simulation', command: [process.execPath, ['scripts/soak.mjs', '--rounds', '60']] },
    // The app's tests wait most of their time.
    [
      [
        { name: 'command line', command: tool('vitest', 'run', '--project', 'cli'), files: { folder: 'e2e/cli', ending: '.test.ts' } },
        { name: 'crash sweep', command: tool('vitest', 'run', '--project', 'simulation'), files: { folder: 'src-main', ending: '.sim.ts' } },
      ],
      [{ name: 'desktop app', command: [process.execPath, ['scripts/test-app.mjs', dist]], files: { folder: 'e2e/app', ending: '.spec.ts' } }],
    ],
  ]);
});
