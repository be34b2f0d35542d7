import os from 'node:os';
import { defineConfig } from 'vitest/config';

// Tests that look at file modes expect the usual mask, whatever the user's is.
process.umask(0o022);

const env = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
/** One core is left alone, as usual, but not one of two. */
const maxWorkers = Math.max(2, os.availableParallelism() - 1);
const shared = { environment: 'node' as const, testTimeout: 30_000, hookTimeout: 30_000, env, maxWorkers };

/** Tests of whole contracts on real disks and threads, of key derivation, of many files, and long random ones: too slow for every check. */
const CONTRACTS = [
  'src-main/app/restore-desk.test.ts',
  'src-main/backends/wrap/switching.test.ts',
  'src-main/backends/wrap/throttled.test.ts',
  'src-main/cli/completion.test.ts',
  'src-main/cli/init-vault.test.ts',
  'src-main/cli/keys.test.ts',
  'src-main/cli/program.test.ts',
  'src-main/cli/secrets.test.ts',
  'src-main/codec/{container,container.fuzz,read-vault}.test.ts',
  'src-main/codec/keyring.test.ts',
  'src-main/codec/sealed-names.test.ts',
  'src-main/compose/switch.test.ts',
  'src-main/compose/vault.test.ts',
  'src-main/core/conflict-name.test.ts',
  'src-main/core/ignore.test.ts',
  'src-main/core/noise.test.ts',
  'src-main/local/local-tree.test.ts',
  'src-main/local/local-tree.{changed,crash,entries,ignored,names,read,remove,scan,write}.test.ts',
  'src-main/core/name-rules.test.ts',
  'src-main/remote/history/read-histories.test.ts',
  'src-main/remote/remote-tree-on-backend.test.ts',
  'src-main/state/lock.test.ts',
  'src-main/state/sqlite-store.test.ts',
  'src-main/backends/s3/check-contract.test.ts',
  'src-main/backends/check-contract.test.ts',
  'src-main/backends/local/crash.test.ts',
  'src-main/backends/local/local-backend.test.ts',
  'src-main/backends/memory/memory-backend.test.ts',
  'src-main/backends/wrap/sealed-*.test.ts',
  'src-main/backends/s3/s3-backend.test.ts',
  'src-main/backends/s3/s3-http.test.ts',
  'src-main/backends/s3/http/http-{answers,faults}.test.ts',
  'src-main/backends/s3/large-files.test.ts',
  'src-main/backends/s3/multipart/large-uploads*.test.ts',
  'src-main/cli/decrypt.test.ts',
  'src-main/core/plan.property.test.ts',
  'src-main/engine/{burst,deletions,faults,feed*,local-edits,names,restore,several-devices,undo}.test.ts',
  'src-main/remote/{scan-remote,settle-removal}.test.ts',
  'src-main/local/part-file.test.ts',
  'src-main/local/pulled-out.test.ts',
  'src-main/local/worker-scanner.test.ts',
  'src-main/compose/re-encrypt.test.ts',
  'src-main/settings/bandwidth-{rows,timetable}.test.ts',
  'src-main/migrate/*.sweep.test.ts',
  'src-main/testing/**/*.sdk.test.ts',
  'src-main/watch/event-watcher.test.ts',
];

/** The same on a real S3 server, which only `.ci/run` installs. */
const CEPH = ['src-main/**/*ceph*.test.ts'];

const SLOW_CEPH = ['e2e/slow/**/ceph/**/*.test.ts'];
/** These wait most of their time, so they run beside what works. */
const WAITING = ['e2e/slow/bandwidth.test.ts', 'e2e/slow/pulled-out.test.ts', 'e2e/slow/watch-limits.test.ts'];
/** Edits at random for set times: these wait as well, but are longer. */
const EDITORS = ['e2e/slow/editor/*.test.ts', 'e2e/slow/full-disk-editor.test.ts'];
const slow = { ...shared, testTimeout: 1_200_000, hookTimeout: 600_000, fileParallelism: false };

/** One process runs many files, so that each module is loaded once; nothing in these tests changes what it shares. */
const together = { ...shared, isolate: false };

/** Suites by cost: `unit` in `npm run check`; the others in `npm test` and `.ci/run`. */
export default defineConfig({
  test: {
    projects: [
      { test: { ...together, name: 'unit', include: ['src-*/**/*.test.{ts,tsx}', 'scripts/**/*.test.mjs'], exclude: [...CONTRACTS, ...CEPH] } },
      { test: { ...together, name: 'contracts', include: CONTRACTS, exclude: CEPH } },
      { test: { ...shared, name: 'ceph', include: CEPH } },
      { test: { ...shared, name: 'simulation', include: ['src-main/**/*.sim.ts'], testTimeout: 600_000 } },
      { test: { ...shared, name: 'cli', include: ['e2e/cli/**/*.test.ts'], testTimeout: 180_000, maxWorkers: 2 } },
      { test: { ...slow, name: 'slow', include: ['e2e/slow/**/*.test.ts'], exclude: [...SLOW_CEPH, ...WAITING, ...EDITORS] } },
      { test: { ...slow, name: 'waiting', include: WAITING } },
      { test: { ...slow, name: 'editors', include: EDITORS } },
      { test: { ...slow, name: 'slow-ceph', include: SLOW_CEPH } },
    ],
  },
});
