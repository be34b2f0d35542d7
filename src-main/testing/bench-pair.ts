import type { Backend } from '../backends/backend.ts';
import { createMemoryStore, type MemoryStore } from '../backends/memory/memory-backend.ts';
import { nameRules } from '../core/name-rules.ts';
import { DEFAULT_PAIR_SETTINGS, type PairSettings } from '../core/settings.ts';
import { silentLog } from '../engine/log.ts';
import { SyncEngine } from '../engine/sync-engine.ts';
import { openLocalTree } from '../local/open-local-tree.ts';
import { PART_RULES, type PartRules } from '../local/part-file.ts';
import { trashFinder } from '../local/trash-finder.ts';
import { type TrashReader, trashReader } from '../local/trash-reader.ts';
import type { Clock } from '../platform/clock.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import { openRemoteTree } from '../remote/remote-tree-on-backend.ts';
import { type MemoryStorage, memoryStateStore, memoryStorage } from '../state/memory-store.ts';
import type { Watcher, WatchHint } from '../watch/watcher.ts';
import type { DiskOptions } from './fake-disk.ts';
import { FakeFs, type Step } from './fake-fs.ts';
import { SeededRandom } from './random.ts';

export interface BenchMachine {
  /** A disk of its own; without, the world's. */
  readonly disk?: Omit<DiskOptions, 'clock'>;
  /** How far this machine's clock is off, ms. */
  readonly clockOffBy?: number;
  readonly parts?: PartRules;
}

/** A whole engine on a simulated disk and a store in memory, for tests that want to look closely. Time stands still but for `tick`. */
export class BenchPair {
  readonly root: string;
  readonly storage: MemoryStorage = memoryStorage();
  readonly watcher = new HandWatcher();
  /** Runs before every file system call of this device. */
  step: Step | undefined;
  /** Runs right before and right after every change of this device's state. */
  stateStep: ((at: string) => Promise<void> | void) | undefined;
  readonly #world: BenchWorld;
  readonly #name: string;
  readonly #settings: Partial<PairSettings>;
  readonly #clock: Clock;
  readonly #parts: PartRules;
  readonly fs: FakeFs;
  /** How far this machine's clock is off, ms. */
  clockOffBy: number;

  constructor(world: BenchWorld, name: string, settings: Partial<PairSettings>, machine: BenchMachine) {
    this.#world = world;
    this.#name = name;
    this.#settings = settings;
    this.clockOffBy = machine.clockOffBy ?? 0;
    this.#parts = machine.parts ?? PART_RULES;
    const { clock } = world;
    this.#clock = { now: () => clock.now() + this.clockOffBy, monotonic: () => clock.monotonic(), sleep: (ms, signal) => clock.sleep(ms, signal) };
    this.fs = machine.disk === undefined && machine.clockOffBy === undefined ? world.fs : new FakeFs({ clock: this.#clock, ...machine.disk });
    this.root = `/${name}`;
    this.fs.edit.mkdir(this.root);
  }

  async open(backend: Backend = this.#world.store.client(), changed: Partial<PairSettings> = {}): Promise<SyncEngine> {
    const { random } = this.#world;
    const clock = this.#clock;
    const settings: PairSettings = { ...DEFAULT_PAIR_SETTINGS, deviceName: this.#name, ...this.#settings, ...changed };
    const view = this.fs.view((label, path) => this.step?.(label, path));
    const local = await openLocalTree({ fs: view, clock, random, newHasher: nodeHasher, root: this.root, trashDays: settings.trashDays, parts: this.#parts });
    const remote = openRemoteTree({ backend, newHasher: nodeHasher, clock, random, device: this.#name, keepVersions: true });
    const state = memoryStateStore({ storage: this.storage, step: async (at) => this.stateStep?.(at) });
    return SyncEngine.open({ local, remote, state, watcher: this.watcher, clock, random, newHasher: nodeHasher, log: silentLog, settings });
  }

  write(path: string, text: string): void {
    this.#world.tick(60_000);
    this.fs.edit.replace(`${this.root}/${path}`, text);
    this.#world.tick(60_000);
  }
  remove(path: string): void {
    this.fs.edit.remove(`${this.root}/${path}`);
  }
  rename(from: string, to: string): void {
    this.fs.edit.rename(`${this.root}/${from}`, `${this.root}/${to}`);
  }
  get tree(): Record<string, string> {
    return this.fs.tree(this.root);
  }
  get trash(): TrashReader {
    return trashReader({ fs: this.fs.view(), newHasher: nodeHasher, root: this.root, names: nameRules('posix') });
  }
  get findTrashed(): ReturnType<typeof trashFinder> {
    return trashFinder(this.trash);
  }
  /** Everything, our own folder with the trash included. */
  get everything(): readonly string[] {
    return Object.values(this.fs.tree(this.root, { all: true }));
  }
}

/** One disk, one store, one clock for the devices of a test. */
export class BenchWorld {
  #now = 1_700_000_000_000;
  readonly random = new SeededRandom(1);
  readonly clock: Clock;
  readonly fs: FakeFs;
  readonly store: MemoryStore;

  /** With a clock of the test's own, only that moves time. */
  constructor(clock?: Clock) {
    this.clock = clock ?? this.#stillClock();
    this.fs = new FakeFs({ clock: this.clock });
    this.store = createMemoryStore(this.clock);
  }

  #stillClock(): Clock {
    return {
      now: (): number => this.#now,
      monotonic: (): number => this.#now,
      sleep: async (ms: number, signal?: AbortSignal): Promise<void> => {
        if (ms > 10_000) return new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
        this.#now += ms;
      },
    };
  }

  device(name: string, settings: Partial<PairSettings> = {}, machine: BenchMachine = {}): BenchPair {
    return new BenchPair(this, name, settings, machine);
  }

  tick(ms: number): void {
    this.#now += ms;
  }

  /** What the store holds, without what is ours. */
  get stored(): Record<string, string> {
    const keys = this.store.keys.filter((key) => !key.startsWith('.file-sync/')).sort();
    return Object.fromEntries(keys.map((key) => [key, this.bytes(key)]));
  }
  get versions(): readonly string[] {
    return this.store.keys.filter((key) => key.startsWith('.file-sync/versions/')).map((key) => this.bytes(key));
  }
  bytes(key: string): string {
    return Buffer.from(this.store.peek(key)?.body ?? []).toString();
  }
}

/** A watcher that says what a test tells it to. */
export class HandWatcher implements Watcher {
  #tell: ((hint: WatchHint) => void) | null = null;

  async start(_root: string, onHint: (hint: WatchHint) => void): Promise<void> {
    this.#tell = onHint;
  }
  mode(): { readonly kind: 'events' } {
    return { kind: 'events' };
  }
  async stop(): Promise<void> {
    this.#tell = null;
  }
  tell(hint: WatchHint): void {
    this.#tell?.(hint);
  }
}
