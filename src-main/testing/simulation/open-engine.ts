import type { Backend } from '../../backends/backend.ts';
import type { BackendStep } from '../../backends/memory/memory-backend.ts';
import { SealedBackend } from '../../backends/wrap/sealed.ts';
import type { SealedCodec } from '../../backends/wrap/sealed-ports.ts';
import { vaultBackend } from '../../backends/wrap/vault-backend.ts';
import { storedSecret } from '../../codec/secret-key.ts';
import { PairVault } from '../../compose/vault.ts';
import { SyncError } from '../../core/errors.ts';
import type { Notes } from '../../core/notes.ts';
import { silentLog } from '../../engine/log.ts';
import { SyncEngine } from '../../engine/sync-engine.ts';
import type { Keychain } from '../../keychain/keychain.ts';
import { openLocalTree } from '../../local/open-local-tree.ts';
import type { Clock } from '../../platform/clock.ts';
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
import { SWITCH_SECRET } from './switcher.ts';
import type { Watchdog } from './watchdog.ts';

export interface EnginePlace {
  readonly scheduler: Scheduler;
  readonly store: SimStore;
  readonly watchdog: Watchdog;
  readonly random: SeededRandom;
  readonly options: Pick<SimulationOptions, 'storeFaults' | 'diskFaults' | 'parts'>;
  /** Of a sealed store; null: a plain one. */
  readonly codec: SealedCodec | null;
  /** The vault's file says how objects lie there, and may say something else by the next cycle. */
  readonly followsVault: boolean;
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
  const vaults = ports.followsVault ? pairVault(client, { clock, random, notes: state.notes }) : null;
  const sealed = codec === null ? client : new SealedBackend(client, codec, { notes: state.notes, random, newHasher: nodeHasher });
  const backend = vaults === null ? sealed : vaultBackend(client, (options) => vaults.open(options));
  const remote = openRemoteTree({ backend, newHasher: nodeHasher, clock, random, device: device.name, keepVersions: true, ...(vaults === null ? {} : { vaults }) });
  device.watcher = new FakeWatcher();
  return SyncEngine.open({ local, remote, state, watcher: device.watcher, clock, random, newHasher: nodeHasher, log: silentLog, settings: device.settings });
}

/** Of somebody who has the secret from the start, and needs it when the vault asks for it. */
const KEYCHAIN: Keychain = {
  get: async () => storedSecret(SWITCH_SECRET),
  set: async () => undefined,
  delete: async () => undefined,
};

function pairVault(store: Backend, { clock, random, notes }: { readonly clock: Clock; readonly random: SeededRandom; readonly notes: Notes }): PairVault {
  const wish = { encryption: false, compression: false, hideNames: false };
  return new PairVault({ store, clock, random, notes, newHasher: nodeHasher, chance: random.bytes, keychain: KEYCHAIN, wish, given: undefined });
}
