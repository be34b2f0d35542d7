// The suites too slow for `npm test`: e2e/slow. `.ci/run` runs them after it.
import { ensureBuild, ensureModules, main, tool } from './setup.mjs';
import { runSuites } from './suites.mjs';
import { ensurePeers } from './system-packages.mjs';

await main(() => {
  ensurePeers();
  ensureModules();
  ensureBuild();
  return runSuites([{ name: 'slow', command: tool('vitest', 'run', '--project', 'slow'), files: { folder: 'e2e/slow', ending: '.test.ts' } }]);
});
