import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Backend } from '../backends/backend.ts';
import type { TestStore } from '../backends/conformance.ts';
import { openLocalBackend } from '../backends/local/local-backend.ts';
import { throwIfAborted } from '../core/errors.ts';
import type { Clock } from '../platform/clock.ts';
import { nodeClock } from '../platform/node-clock.ts';
import { nodeFs } from '../platform/node-fs.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import { nodeRandom } from '../platform/node-random.ts';
import type { DiskOptions } from './fake-disk.ts';
import { FakeFs, type Step } from './fake-fs.ts';
import { SeededRandom } from './random.ts';

/** Time that passes only when somebody sleeps, or 1 ms a reading. */
export function steppingClock(): Clock {
  let now = 1_700_000_000_000;
  return {
    now: () => ++now,
    monotonic: () => ++now,
    sleep: async (ms, signal) => {
      throwIfAborted(signal);
      now += ms;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

export const STORE = '/mnt/backup';

/** A folder as a store, on a simulated disk. */
export class FakeStore {
  readonly fs: FakeFs;
  readonly clock = steppingClock();
  readonly random = new SeededRandom(1);

  constructor(options: Omit<DiskOptions, 'clock'> = {}) {
    this.fs = new FakeFs({ clock: this.clock, ...options });
    this.fs.edit.mkdir(STORE);
  }

  open(client: string, step?: Step, platform = 'linux'): Promise<Backend> {
    return openLocalBackend({ fs: this.fs.view(step), clock: this.clock, random: this.random, newHasher: nodeHasher, root: STORE, client, platform });
  }
}

export async function fakeTestStore(options: Omit<DiskOptions, 'clock'> = {}): Promise<TestStore> {
  const store = new FakeStore(options);
  const { disk } = store.fs;
  let gone = false;
  return {
    backend: await store.open('one'),
    second: await store.open('two'),
    // The mount point stays behind, empty.
    vanish: () => {
      disk.mount(STORE);
      gone = true;
    },
    comeBack: () => {
      if (gone) disk.unmount(STORE);
      gone = false;
    },
    outside: () => Object.keys(store.fs.tree('/', { all: true })).filter((path) => !path.startsWith('mnt/')),
  };
}

/** A folder as a store, on the real disk. */
export async function realTestStore(): Promise<TestStore> {
  const base = mkdtempSync(join(tmpdir(), 'local-store-'));
  const root = join(base, 'store');
  const away = join(base, 'away');
  mkdirSync(root);
  const open = (client: string): Promise<Backend> => openLocalBackend({ fs: nodeFs(), clock: nodeClock, random: nodeRandom, newHasher: nodeHasher, root, client });
  let gone = false;
  return {
    backend: await open('one'),
    second: await open('two'),
    vanish: () => {
      renameSync(root, away);
      mkdirSync(root);
      gone = true;
    },
    comeBack: () => {
      if (!gone) return;
      rmSync(root, { recursive: true });
      renameSync(away, root);
      gone = false;
    },
    outside: () => readdirSync(base).filter((name) => name !== 'store' && name !== 'away'),
    dispose: () => rmSync(base, { recursive: true, force: true }),
  };
}
