// The suites too slow for `npm test`, or in need of more than it installs: the contracts on a real S3 server, e2e/slow, and a few known bugs planted to see that they are caught. `.ci/run` runs them after it.
import { ensureBuild, ensureModules, main, tool } from './setup.mjs';
import { runSuites } from './suites.mjs';
import { ensurePeers } from './system-packages.mjs';

await main(() => {
  ensurePeers();
  ensureModules();
  ensureBuild();
  // Each waits half of its time: for disks, clocks, the server. What needs the server is one row.
  return runSuites([
    [
      [
        { name: 'contracts on a real S3 server', command: tool('vitest', 'run', '--project', 'ceph') },
        { name: 'slow, on a real S3 server', command: tool('vitest', 'run', '--project', 'slow-ceph') },
      ],
      [{ name: 'slow', command: tool('vitest', 'run', '--project', 'slow') }],
      [
        { name: 'planted bugs', command: [process.execPath, ['scripts/mutation-check.mjs', '--quick']] },
        { name: 'waiting', command: tool('vitest', 'run', '--project', 'waiting') },
        { name: 'random editors', command: tool('vitest', 'run', '--project', 'editors') },
      ],
    ],
  ]);
});
