import type { BackendStep } from '../../backends/memory/memory-backend.ts';
import { SealedBackend } from '../../backends/wrap/sealed.ts';
import type { SealedCodec } from '../../backends/wrap/sealed-ports.ts';
import { SyncError } from '../../core/errors.ts';
import { silentLog } from '../../engine/log.ts';
import { SyncEngine } from '../../engine/sync-engine.ts';
import { openLocalTree } from '../../local/open-local-tree.ts';
import { nodeHasher } from '../../platform/node-hash.ts';
import { openRemoteTree } from '../../remote/remote-tree-on-backend.ts';
import { memoryStateStore } from '../../state/memory-store.ts';
import type { Step } from '../fake-fs.ts';
import type { SeededRandom } from '../random.ts';
import { diskMayFail } from './disk-faults.ts';
import type { Scheduler } from './scheduler.ts';
import { FakeWatcher, type SimDevice } from './sim-device.ts';
import type { SimulationOptions } from './simulation-options.ts';
import type { SimStore } from './stores.ts';
import type { Watchdog } from './watchdog.ts';

export interface EnginePlace {
  readonly scheduler: Scheduler;
  readonly store: SimStore;
  readonly watchdog: Watchdog;
  readonly random: SeededRandom;
  readonly options: Pick<SimulationOptions, 'storeFaults' | 'diskFaults' | 'parts'>;
  /** Of a sealed store; null: a plain one. */
  readonly codec: SealedCodec | null;
  /** Whether disks and the store may fail just now. */
  readonly faults: () => boolean;
}

/** The real engine for one life of a device: every call of its ports is a step of the scheduler, seen by the watchdog. */
export async function openEngine(device: SimDevice, ports: EnginePlace): Promise<SyncEngine> {
  const { life } = device;
  const { random } = ports;
  let opened = false;
  const step = (label: string): Promise<void> => ports.scheduler.step(life, label);
  // Finding out what the disk can do is the same every time; the interesting steps come after.
  const onDisk =
    (fails: boolean): Step =>
    async (label, path) => {
      if (!opened && life.alive) return;
      await step(`${label} ${path}`);
      if (fails && ports.faults()) diskMayFail(random, ports.options.diskFaults, label, path);
    };
  const call: BackendStep = async (when, operation, key) => {
    await step(`${operation} ${when} ${key}`);
    if (ports.faults() && random.fraction() < ports.options.storeFaults / 2) throw new SyncError('unreachable', 'no answer');
  };
  const clock = ports.scheduler.clock(life, device.skewMs);
  const observe = ports.watchdog.onDisk({ place: device, fs: device.fs, root: device.root }, device);
  const fs = device.fs.view(onDisk(true), { observe, readsAtMost: (path) => (path.includes('/.file-sync/') ? 4096 : 2) });
  const local = await openLocalTree({
    fs,
    clock,
    random,
    newHasher: nodeHasher,
    root: device.root,
    trashDays: device.settings.trashDays,
    ...(ports.options.parts === undefined ? {} : { parts: ports.options.parts }),
  });
  opened = true;
  const state = memoryStateStore({ storage: device.storage, step: (at) => step(`state ${at}`) });
  const client = await ports.store.client({ device, clock, random, watchdog: ports.watchdog, call, disk: onDisk(false) });
  const { codec } = ports;
  const backend = codec === null ? client : new SealedBackend(client, codec, { notes: state.notes, random, newHasher: nodeHasher });
  const remote = openRemoteTree({ backend, newHasher: nodeHasher, clock, random, device: device.name, keepVersions: true });
  device.watcher = new FakeWatcher();
  return SyncEngine.open({ local, remote, state, watcher: device.watcher, clock, random, newHasher: nodeHasher, log: silentLog, settings: device.settings });
}
