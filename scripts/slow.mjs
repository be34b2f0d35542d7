// The suites too slow for `npm test`, or in need of more than it installs: the contracts on a real S3 server, e2e/slow, and a few known bugs planted to see that they are caught. `.ci/run` runs them after it.
import { ensureBuild, ensureModules, main, tool } from './setup.mjs';
import { runSuites } from './suites.mjs';
import { ensurePeers } from './system-packages.mjs';

await main(() => {
  ensurePeers();
  ensureModules();
  ensureBuild();
  return runSuites([
    // The first and the last mostly wait, the other mostly works.
    [
      { name: 'contracts on a real S3 server', command: tool('vitest', 'run', '--project', 'ceph') },
      { name: 'planted bugs', command: [process.execPath, ['scripts/mutation-check.mjs', '--quick']] },
      { name: 'waiting', command: tool('vitest', 'run', '--project', 'waiting') },
    ],
    // Each waits half of its time: for disks, clocks, the server.
    [
      { name: 'slow', command: tool('vitest', 'run', '--project', 'slow') },
      { name: 'random editors', command: tool('vitest', 'run', '--project', 'editors') },
      { name: 'slow, on a real S3 server', command: tool('vitest', 'run', '--project', 'slow-ceph') },
    ],
  ]);
});
