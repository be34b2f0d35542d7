import { createHash } from 'node:crypto';
import { openLocalBackend } from '../backends/local/local-backend.ts';
import { type BackendStep, createMemoryStore, type MemoryStore } from '../backends/memory/memory-backend.ts';
import { SyncError } from '../core/errors.ts';
import { DEFAULT_PAIR_SETTINGS, type PairSettings } from '../core/settings.ts';
import { silentLog } from '../engine/log.ts';
import { SyncEngine } from '../engine/sync-engine.ts';
import { openLocalTree } from '../local/open-local-tree.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import { openRemoteTree } from '../remote/remote-tree-on-backend.ts';
import { type MemoryStorage, memoryStateStore, memoryStorage } from '../state/memory-store.ts';
import { FakeFs } from './fake-fs.ts';
import { Users } from './history.ts';
import { SeededRandom } from './random.ts';
import { type Life, Scheduler } from './scheduler.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly devices: number;
  /** A bucket in memory, or a folder on the same simulated disk, every call on which is a step of its own. */
  readonly store: 'bucket' | 'folder';
  /** Users act this often, in all. */
  readonly acts: number;
  /** Chance that a process dies between two steps. */
  readonly crash: number;
  /** Chance that a call to the store fails, half of them after it took effect. */
  readonly fault: number;
  /** Only the first device's user acts: then there is nothing to disagree about, whatever fails (law L4). */
  readonly singleWriter: boolean;
  readonly settings?: Partial<PairSettings>;
}

export interface SimulationResult {
  /** Laws broken, in words; empty is good. */
  readonly failures: readonly string[];
  readonly acts: readonly string[];
  readonly trace: readonly string[];
  /** The same seed gives the same hash, or the engine reaches for time or chance that was not given to it. */
  readonly traceHash: string;
  readonly steps: number;
  readonly crashes: number;
  readonly conflictCopies: number;
}

const SETTLING_ROUNDS = 8;
const STORE = '/store';
/** Chance that a user acts rather than a step is taken: some ten acts while a sync runs. */
const ACT = 0.02;

/** One random history of several devices on one store: users act and processes die between any two steps; then everything heals, and the laws are checked. */
export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const simulation = new Simulation(options);
  await simulation.history();
  return simulation.verdict();
}

class Device {
  readonly name: string;
  readonly root: string;
  readonly storage: MemoryStorage = memoryStorage();
  life: Life;
  running: Promise<unknown> | null = null;

  constructor(name: string) {
    this.name = name;
    this.root = `/${name}`;
    this.life = { name, alive: true };
  }
}

class Simulation {
  readonly #options: SimulationOptions;
  readonly #random: SeededRandom;
  readonly #scheduler: Scheduler;
  readonly #fs: FakeFs;
  readonly #store: MemoryStore;
  readonly #users: Users;
  readonly #devices: readonly Device[];
  readonly #failures: string[] = [];
  #faults = true;
  #crashes = 0;

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.#random = new SeededRandom(options.seed);
    this.#scheduler = new Scheduler(this.#random);
    const clock = { now: () => this.#scheduler.nowMs };
    this.#fs = new FakeFs({ clock });
    this.#store = createMemoryStore(clock);
    this.#users = new Users(this.#random, this.#fs);
    this.#devices = Array.from({ length: options.devices }, (_, i) => new Device('ABCD'[i] ?? `D${i}`));
    for (const device of this.#devices) this.#fs.edit.mkdir(device.root);
    this.#fs.edit.mkdir(STORE);
  }

  async history(): Promise<void> {
    let acts = 0;
    while (acts < this.#options.acts || this.#devices.some((d) => d.running !== null)) {
      const roll = this.#random.fraction();
      if (acts < this.#options.acts && roll < ACT) {
        const device = this.#options.singleWriter ? this.#devices[0] : this.#random.pick(this.#devices);
        if (device !== undefined) this.#users.act(device.name, device.root);
        acts++;
      } else if (roll < ACT + this.#options.crash) this.#crash(this.#random.pick(this.#devices));
      else if (roll < 0.06) this.#startSync(this.#random.pick(this.#devices));
      else if (!(await this.#scheduler.turn())) this.#startSync(this.#random.pick(this.#devices));
    }
  }

  /** Faults stop; devices sync in turn until nothing moves, and the laws must hold. */
  async verdict(): Promise<SimulationResult> {
    this.#faults = false;
    let quiet = 0;
    let rounds = 0;
    while (quiet < this.#devices.length && rounds++ < SETTLING_ROUNDS * this.#devices.length) {
      const device = this.#devices[rounds % this.#devices.length];
      if (device === undefined) break;
      const moved = await this.#settle(device);
      quiet = moved === 0 ? quiet + 1 : 0;
    }
    if (quiet < this.#devices.length) this.#failures.push(`not quiet after ${rounds} syncs (L3, L5)`);
    this.#checkEqual();
    this.#checkOwed();
    const copies = this.#conflictCopies();
    if (this.#options.singleWriter && copies > 0) this.#failures.push(`${copies} conflict copies with a single writer (L4)`);
    const { trace } = this.#scheduler;
    return {
      failures: this.#failures,
      acts: this.#users.acts,
      trace,
      traceHash: createHash('sha256').update(trace.join('\n')).digest('hex').slice(0, 16),
      steps: trace.length,
      crashes: this.#crashes,
      conflictCopies: copies,
    };
  }

  #startSync(device: Device): void {
    if (device.running !== null) return;
    const { life } = device;
    const run = this.#sync(device).catch((error: unknown) => {
      // Places that cannot be reached end a sync; anything else is a defect.
      if (!(error instanceof SyncError) || error.code !== 'unreachable')
        this.#failures.push(`${device.name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return null;
    });
    device.running = run;
    void run.then(() => {
      if (device.life === life) device.running = null;
    });
  }

  async #sync(device: Device): Promise<number> {
    const engine = await this.#open(device);
    const report = await engine.syncAll({ releaseHeld: true });
    for (const failure of report.failures) if (failure.code !== 'unreachable') this.#failures.push(`${device.name}: ${failure.path}: ${failure.code} ${failure.message}`);
    return report.done;
  }

  async #settle(device: Device): Promise<number> {
    let moved: number | null = null;
    this.#crash(device);
    this.#users.acts.push(`${device.name} settles`);
    const run = this.#sync(device).then((n) => {
      moved = n;
    });
    run.catch((error: unknown) => {
      this.#failures.push(`${device.name} cannot settle: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      moved = 0;
    });
    for (let turns = 0; moved === null && turns < 200_000; turns++) await this.#scheduler.turn();
    return moved ?? 1;
  }

  async #open(device: Device): Promise<SyncEngine> {
    const { life } = device;
    let opened = false;
    // Finding out what the disk can do is the same every time; the interesting steps come after.
    const fsStep = (label: string, path: string): Promise<void> | void => (opened || !life.alive ? this.#scheduler.step(life, `${label} ${path}`) : undefined);
    const storeStep: BackendStep = async (when, operation, key) => {
      await this.#scheduler.step(life, `${operation} ${when} ${key}`);
      if (this.#faults && this.#random.fraction() < this.#options.fault / 2) throw new SyncError('unreachable', 'no answer');
    };
    const clock = this.#scheduler.clock(life, 0);
    const settings: PairSettings = { ...DEFAULT_PAIR_SETTINGS, deviceName: device.name, maxConcurrent: 3, ...this.#options.settings };
    const local = await openLocalTree({ fs: this.#fs.view(fsStep), clock, random: this.#random, newHasher: nodeHasher, root: device.root, trashDays: settings.trashDays });
    opened = true;
    const folder = { fs: this.#fs.view(fsStep), clock, random: this.#random, newHasher: nodeHasher, root: STORE, client: device.name };
    const backend = this.#options.store === 'bucket' ? this.#store.client({ step: storeStep }) : await openLocalBackend(folder);
    const remote = openRemoteTree({ backend, newHasher: nodeHasher, clock, device: device.name, keepVersions: true });
    const state = memoryStateStore({ storage: device.storage, step: (at) => this.#scheduler.step(life, `state ${at}`) });
    return SyncEngine.open({ local, remote, state, watcher: null, clock, random: this.#random, log: silentLog, settings });
  }

  #crash(device: Device): void {
    if (device.running !== null) this.#crashes++;
    this.#scheduler.kill(device.life);
    if (device.running !== null) this.#users.acts.push(`${device.name} dies`);
    device.life = { name: device.name, alive: true };
    device.running = null;
  }

  #checkEqual(): void {
    const [first, ...others] = this.#devices;
    if (first === undefined) return;
    const expected = this.#picture(first.root);
    for (const other of others) {
      const actual = this.#picture(other.root);
      if (actual !== expected) this.#failures.push(`${first.name} and ${other.name} differ (L3):\n${expected}\n--\n${actual}`);
    }
    const remote = this.#stored();
    const local = Object.entries(this.#fs.tree(first.root)).map(([path, text]) => `${path} ${text.replace(/^-> /, '')}`);
    if (remote.sort().join('\n') !== local.sort().join('\n')) this.#failures.push(`the store and ${first.name} differ (L3):\n${remote.join('\n')}\n--\n${local.join('\n')}`);
  }

  #stored(): string[] {
    if (this.#options.store === 'folder') return Object.entries(this.#fs.tree(STORE)).map(([path, text]) => `${path} ${text.replace(/^-> /, '')}`);
    return this.#store.keys.filter((k) => !k.startsWith('.file-sync/')).map((k) => `${k} ${Buffer.from(this.#store.peek(k)?.body ?? []).toString()}`);
  }

  #picture(root: string): string {
    return Object.entries(this.#fs.tree(root))
      .map(([path, text]) => `${path} ${text} ${path.endsWith('/') ? '' : (this.#fs.disk.need(`${root}/${path}`).mode & 0o777).toString(8)}`)
      .join('\n');
  }

  #checkOwed(): void {
    const kept = new Set<string>();
    for (const device of this.#devices) for (const text of Object.values(this.#fs.tree(device.root, { all: true }))) kept.add(text);
    const live = new Set<string>();
    for (const device of this.#devices) for (const text of Object.values(this.#fs.tree(device.root))) live.add(text);
    for (const text of Object.values(this.#fs.tree(STORE, { all: true }))) kept.add(text);
    for (const key of this.#store.keys) kept.add(Buffer.from(this.#store.peek(key)?.body ?? []).toString());
    for (const content of this.#users.owed) {
      if (!kept.has(content)) this.#failures.push(`lost: ${content} (L1)`);
      else if (!live.has(content)) this.#failures.push(`hidden: ${content} is only in a trash or a version though nobody let it go (L1)`);
    }
  }

  #conflictCopies(): number {
    return this.#devices.flatMap((d) => Object.keys(this.#fs.tree(d.root))).filter((p) => p.includes('.conflict-')).length;
  }
}
