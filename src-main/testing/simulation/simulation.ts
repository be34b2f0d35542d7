import { createHash } from 'node:crypto';
import type { SealedCodec } from '../../backends/wrap/sealed-ports.ts';
import type { OpenedKey } from '../../codec/names.ts';
import type { NameForm } from '../../codec/vault-document.ts';
import { CONFLICT_POLICIES, type ConflictPolicy } from '../../core/conflict.ts';
import { assertNever, SyncError } from '../../core/errors.ts';
import type { CycleReport } from '../../core/events.ts';
import type { SyncEngine } from '../../engine/sync-engine.ts';
import type { Clock } from '../../platform/clock.ts';
import { findingsOf } from '../findings.ts';
import { SeededRandom } from '../random.ts';
import { testCodec } from '../sealed-kit.ts';
import { Ledger } from './ledger.ts';
import { PLAIN_LENS, ShiftingLens, sealedLens } from './lens.ts';
import { moodsOf } from './moody-client.ts';
import { openEngine } from './open-engine.ts';
import { S3Store } from './s3-store.ts';
import { Scheduler } from './scheduler.ts';
import { copyOf, copyTree, type DiskTraits, oddDisk, SimDevice } from './sim-device.ts';
import { randomEvents, type SimEvent, USER_ACTS, type UserAct } from './sim-event.ts';
import type { SimulationOptions, SimulationResult } from './simulation-options.ts';
import { BucketStore, FolderStore, type SimStore } from './stores.ts';
import { Switcher } from './switcher.ts';
import { Users } from './users.ts';
import { judge } from './verdict.ts';
import { Watchdog } from './watchdog.ts';

/** One random history of several devices on one store: users act and processes die between any two steps; then everything heals, and the laws are checked. */
export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const simulation = new Simulation(options);
  await simulation.begin();
  await simulation.history();
  const { rounds, conflictCopies } = await judge(simulation);
  simulation.end();
  const { trace } = simulation.scheduler;
  return {
    failures: simulation.failures,
    events: simulation.events,
    acts: simulation.users.acts,
    trace,
    traceHash: createHash('sha256').update(trace.join('\n')).digest('hex').slice(0, 16),
    steps: trace.length,
    crashes: simulation.crashes,
    conflictCopies,
    rounds,
  };
}

/** After the last event watchers get so many steps to notice it. */
const STEPS_FOR_WATCHERS = 200;
const DAY_MS = 86_400_000;
const NOT_OURS = 'no File Sync container';
const NAMES_REMEMBERED = 100_000;

export class Simulation {
  readonly options: SimulationOptions;
  readonly scheduler: Scheduler;
  readonly ledger = new Ledger();
  readonly users: Users;
  readonly store: SimStore;
  readonly watchdog: Watchdog;
  readonly events: readonly SimEvent[];
  readonly devices: SimDevice[];
  readonly failures: string[] = [];
  /** What each device's last sync said. */
  readonly reports = new Map<SimDevice, CycleReport>();
  faults = false;
  crashes = 0;
  readonly #random: SeededRandom;
  readonly #codec: SealedCodec | null;
  readonly #shifting = new ShiftingLens();
  /** Of a vault that is switched in mid-history. */
  readonly switcher: Switcher | null;
  #unplugged = false;
  readonly #engines: SyncEngine[] = [];

  constructor(options: SimulationOptions) {
    this.options = options;
    this.#random = new SeededRandom(options.seed);
    this.scheduler = new Scheduler(this.#random, options.stepMs);
    const clock = { now: () => this.scheduler.nowMs };
    this.#codec = codecOf(options);
    this.store = this.#newStore(clock);
    this.users = new Users(this.ledger, { spellings: options.oddDisks });
    this.watchdog = new Watchdog({
      ledger: this.ledger,
      store: this.store,
      devices: () => this.devices,
      losersMayGo: () => options.oddDisks || this.devices.some((d) => d.settings.conflictPolicy !== 'keep_both') || (options.weights.policy ?? 0) > 0,
      say: (failure) => this.say(failure),
      now: () => this.scheduler.trace.length,
    });
    this.switcher = this.#newSwitcher();
    this.devices = Array.from({ length: options.devices }, (_, i) => this.#newDevice('ABCD'[i] ?? `D${i}`));
    // From a stream of its own, so that the same seed plays the same way when events are left out.
    this.events = options.events ?? randomEvents(new SeededRandom(~options.seed), options.acts, options.weights);
  }

  #newStore(clock: Pick<Clock, 'now'>): SimStore {
    const { options, ledger } = this;
    const random = this.#random;
    const lens = options.switched !== undefined ? this.#shifting : this.#codec === null ? PLAIN_LENS : sealedLens(this.#codec);
    const faulty = (): boolean => this.faults;
    switch (options.store) {
      case 'bucket':
        return new BucketStore(clock, ledger, moodsOf(options, random, faulty), { lens, ...(options.parts === undefined ? {} : { pieceBytes: 1 }) });
      case 'folder':
        return new FolderStore(clock, lens);
      case 's3':
        return new S3Store(clock, ledger, { servers: options.servers ?? ['aws'], random, late: () => this.faults && options.moods === 'any', lens });
      default:
        return assertNever(options.store);
    }
  }

  #newSwitcher(): Switcher | null {
    const { options, scheduler, store, watchdog } = this;
    if (options.switched === undefined) return null;
    const names = options.switched === 'plain names' ? 'plain' : 'base64url';
    const fails = (): boolean => this.faults && this.#random.fraction() < options.storeFaults / 2;
    const ports = { scheduler, store, watchdog, random: this.#random, lens: this.#shifting, fails, say: (failure: string) => this.say(failure) };
    return new Switcher({ ...ports, to: { encryption: true, compression: true, names } });
  }

  say(failure: string): void {
    this.failures.push(failure);
    this.users.acts.push(`!! ${failure}`);
  }

  /** Trees grown from one, and, where asked for, a first sync of them all. */
  async begin(): Promise<void> {
    const { start, writers } = this.options;
    if (start === 'empty') return;
    const seeds = randomEvents(this.#random, 4, { write: 8, 'make-folder': 1, symlink: 1 });
    const [first, ...others] = this.devices;
    if (first === undefined) return;
    for (const event of seeds) this.#userActs(first, { ...event, act: event.act as UserAct });
    for (const other of others) if (writers === 'all') copyTree(first, other);
    if (start === 'synced') for (let round = 0; round < 2; round++) for (const device of this.devices) await this.settle(device);
    else for (const device of this.devices) for (const event of randomEvents(this.#random, 2, { write: 1, overwrite: 3, remove: 1, rename: 1 })) this.#userActs(device, event);
  }

  async history(): Promise<void> {
    this.faults = true;
    for (const event of this.events) {
      await this.#work(event.after);
      this.#happens(event);
    }
    await this.#work(this.devices.some((d) => d.mode === 'watching') ? STEPS_FOR_WATCHERS : 0);
    while (this.devices.some((d) => d.mode === 'syncing')) if (!(await this.#turn())) break;
  }

  async #work(steps: number): Promise<void> {
    for (let n = 0; n < steps; n++) {
      if (await this.#turn()) continue;
      if (this.options.restless) this.startSync(this.#random.pick(this.devices));
      return;
    }
  }

  /** Lets whoever runs go on for so long. */
  async pass(ms: number): Promise<void> {
    const end = this.scheduler.nowMs + ms;
    while (this.scheduler.nowMs < end) if (!(await this.#turn())) return;
  }

  async #turn(): Promise<boolean> {
    const went = await this.scheduler.turn();
    const { crashAfter } = this.options;
    if (went && crashAfter?.includes(this.scheduler.trace.length) === true) this.#dies(this.scheduler.last?.name);
    return went;
  }

  #dies(name: string | undefined): void {
    for (const device of this.devices) if (device.life === this.scheduler.last && device.name === name) this.crash(device);
  }

  #happens(event: SimEvent): void {
    const device = this.devices[event.who % this.devices.length];
    if (device === undefined) return;
    const { act } = event;
    if (isUserAct(act)) return this.#userActs(device, { ...event, act });
    const said = this.users.acts.length;
    this.#worldActs(device, { ...event, act });
    if (this.users.acts.length === said) this.users.acts.push(`${device.name}: ${act}`);
  }

  #userActs(device: SimDevice, event: (SimEvent & { readonly act: UserAct }) | SimEvent): void {
    const { writers } = this.options;
    const who = writers === 'one' ? this.devices[0] : device;
    if (who === undefined || !who.mounted || !isUserAct(event.act)) return;
    const area = writers === 'apart' ? `${who.name}/` : '';
    const paths = this.users.act({ who: who.name, fs: who.fs, root: who.root, area }, { ...event, act: event.act });
    this.watchdog.touched(who, paths);
    // One hint in eight is lost.
    if (this.#random.below(8) > 0) who.watcher?.tell(paths);
  }

  #worldActs(device: SimDevice, event: SimEvent): void {
    const { act, a, b } = event;
    switch (act) {
      case 'sync':
        return this.startSync(device);
      case 'watch':
        return this.startWatching(device);
      case 'die':
        return this.crash(device);
      case 'power-cut':
        this.crash(device);
        if (b % 4 === 0) this.#storeLosesPower();
        return device.fs.powerCut({ holes: a % 2 === 1 });
      case 'weeks-pass':
        this.crash(device);
        return this.scheduler.pass((1 + (a % 60)) * DAY_MS);
      case 'ignore':
        this.crash(device);
        device.settings = { ...device.settings, ignorePatterns: device.settings.ignorePatterns.length > 0 ? [] : [['a', 'd/', '*.txt', 'f/*'][a % 4] ?? 'a'] };
        return;
      case 'policy':
        this.crash(device);
        device.settings = { ...device.settings, conflictPolicy: CONFLICT_POLICIES[a % CONFLICT_POLICIES.length] as ConflictPolicy };
        return;
      case 'resolve':
        return this.#resolve(device, event);
      case 'save-state':
        device.saved = copyOf(device.storage);
        return;
      case 'old-state':
        this.crash(device);
        if (device.saved !== null) device.storage = copyOf(device.saved);
        return;
      case 'clone':
        return this.#clone(device);
      case 'unmount':
        return device.mount(!device.mounted);
      case 'unplug':
        return this.plug(this.#unplugged);
      case 'switch':
        if (this.switcher?.isRunning === true) return this.switcher.kill();
        return this.switcher?.start();
      case 'foreign':
        this.watchdog.touched(this.store, this.store.foreign(this.users, event));
        return this.watchdog.onStore(null, act);
      default:
        return;
    }
  }

  /** Whoever was writing there notices. */
  #storeLosesPower(): void {
    for (const device of this.devices) this.crash(device);
    this.store.powerCut();
  }

  startSync(device: SimDevice): void {
    if (device.mode !== 'idle') return;
    this.#run(device, 'syncing', async (engine) => {
      const report = await engine.syncAll();
      this.#complain(device, report);
    });
  }

  startWatching(device: SimDevice): void {
    if (device.mode !== 'idle') return;
    this.#run(device, 'watching', async (engine) => {
      await engine.start();
      await new Promise(() => undefined);
    });
  }

  #run(device: SimDevice, mode: 'syncing' | 'watching', work: (engine: SyncEngine) => Promise<void>): void {
    const { life } = device;
    device.mode = mode;
    const run = async (): Promise<void> => {
      const engine = await this.open(device);
      device.engine = engine;
      await work(engine);
    };
    void run()
      .catch((error: unknown) => {
        if (!(error instanceof SyncError) || error.code === 'internal' || error.code === 'corrupt') this.say(`${device.name} failed: ${inWords(error)}`);
      })
      .then(() => {
        if (device.life === life) device.mode = 'idle';
      });
  }

  /** While nothing fails on purpose, nothing may fail. */
  #complain(device: SimDevice, report: CycleReport): void {
    const { storeFaults, diskFaults, moods, store, sealed, switched, weights } = this.options;
    for (const { code, path, message } of report.failures) {
      // An answer that was lost, and somebody else wrote there since: nobody can tell whether the write was done.
      const isInDoubt = storeFaults > 0 && store === 's3' && code === 'io';
      const isOfStore = isInDoubt || (storeFaults > 0 && code === 'unreachable') || (moods !== 'none' && (code === 'throttled' || code === 'unreachable'));
      // On S3 a key may wait for a claim of somebody who died.
      // What another program just put over an object of a sealed store is named, and left as it is.
      if (this.faults && sealed !== undefined && (weights.foreign ?? 0) > 0 && code === 'corrupt' && message.includes(NOT_OURS)) continue;
      const meant = this.faults && (diskFaults > 0 || isOfStore || ((store === 's3' || switched !== undefined) && code === 'busy'));
      if (!meant || code === 'internal' || code === 'corrupt') this.say(`${device.name}: ${path}: ${code} ${message}`);
    }
  }

  /** A sync on its own, with nothing else going on. */
  async settle(device: SimDevice): Promise<number> {
    let moved: number | null = null;
    this.crash(device);
    this.users.acts.push(`${device.name} settles`);
    const { life } = device;
    device.mode = 'syncing';
    const run = async (): Promise<void> => {
      const engine = await this.open(device);
      const report = await engine.syncAll({ releaseHeld: true });
      this.#complain(device, report);
      this.reports.set(device, report);
      moved = report.done;
    };
    run().catch((error: unknown) => {
      if (device.life !== life) return;
      this.say(`${device.name} cannot settle: ${inWords(error)}`);
      moved = 0;
    });
    for (let turns = 0; moved === null && turns < 200_000; turns++) {
      await this.#turn();
      // Killed by plan: it starts again.
      if (device.life !== life) return 1;
    }
    device.mode = 'idle';
    return moved ?? 1;
  }

  /** The command that switches the vault is run until it says that it is over; nobody else is at work. */
  async endSwitch(): Promise<void> {
    const { switcher } = this;
    switcher?.kill();
    for (let runs = 0; switcher !== null && !switcher.hasEnded && runs < 5; runs++) {
      switcher.start({ isLast: true });
      for (let turns = 0; switcher.isRunning && turns < 200_000; turns++) await this.#turn();
    }
    if (switcher?.hasEnded === false) this.say('the switch does not end (C68)');
  }

  /** What `verify --state` says of a device at rest. */
  async findings(device: SimDevice): Promise<readonly string[]> {
    const { life } = device;
    let found: readonly string[] | null = null;
    const run = async (): Promise<void> => {
      found = await findingsOf(await this.open(device));
    };
    run().catch((error: unknown) => {
      found = [inWords(error)];
    });
    for (let turns = 0; found === null && turns < 50_000; turns++) {
      if (!(await this.#turn())) break;
      // Killed by plan: asked again.
      if (device.life !== life) return this.findings(device);
    }
    return found ?? ['verify does not end'];
  }

  async open(device: SimDevice): Promise<SyncEngine> {
    const { scheduler, store, watchdog, options } = this;
    const engine = await openEngine(device, {
      scheduler,
      store,
      watchdog,
      options,
      random: this.#random,
      codec: this.#codec,
      followsVault: options.switched !== undefined,
      faults: () => this.faults,
    });
    this.#engines.push(engine);
    return engine;
  }

  /** Node holds on to whoever listens for an abort that may still come (AbortSignal.any). Engines that were killed listen for ever, and would keep their whole history in memory. */
  end(): void {
    this.switcher?.kill();
    for (const { life } of this.devices) this.scheduler.kill(life);
    for (const engine of this.#engines) engine.stop().catch(() => undefined);
  }

  crash(device: SimDevice): void {
    if (device.mode !== 'idle') {
      this.crashes++;
      this.users.acts.push(`${device.name} dies`);
    }
    this.scheduler.kill(device.life);
    device.life = { name: device.name, alive: true };
    device.mode = 'idle';
    device.engine = null;
    device.watcher = null;
  }

  #resolve(device: SimDevice, { a, b }: SimEvent): void {
    const conflicts = device.engine?.conflicts() ?? [];
    const conflict = conflicts[a % Math.max(1, conflicts.length)];
    if (conflict === undefined) return;
    const choice = (['local', 'remote', 'both'] as const)[b % 3] ?? 'both';
    this.users.acts.push(`${device.name} keeps ${choice} of ${conflict.path}`);
    device.engine?.resolve(conflict.path, choice).catch((error: unknown) => {
      if (!(error instanceof SyncError) || error.code !== 'not-found') this.say(`${device.name} cannot resolve: ${inWords(error)}`);
    });
  }

  /** A second machine made from a copy of the first, state and name included (C43). */
  #clone(device: SimDevice): void {
    if (this.devices.length >= 4 || !device.mounted) return;
    const clone = this.#newDevice(device.name, device.fs.disk.options, `/${device.name}${this.devices.length}`);
    copyTree(device, clone);
    clone.storage = copyOf(device.storage);
    this.devices.push(clone);
  }

  plug(there: boolean): void {
    if (there === !this.#unplugged) return;
    this.store.plug(there);
    this.#unplugged = !there;
  }

  #newDevice(name: string, traits?: DiskTraits, root?: string): SimDevice {
    const { oddDisks, skew, settings } = this.options;
    const random = this.#random;
    const years = 365 * DAY_MS;
    const skewMs = skew ? random.pick([0, 0, 3_600_000, -7_200_000, 9 * years, -9 * years]) : 0;
    return new SimDevice(name, traits ?? (oddDisks ? oddDisk(random) : {}), { now: () => this.scheduler.nowMs }, skewMs, settings ?? {}, root);
  }
}

/** Made once: they depend on the form alone, and remember the few names that all histories have. */
const CODECS = new Map<NameForm, SealedCodec>();

/** Folders take base32, as a pair would choose. */
function codecOf({ sealed, store }: SimulationOptions): SealedCodec | null {
  if (sealed === undefined) return null;
  const names = sealed === 'plain names' ? 'plain' : store === 'folder' ? 'base32' : 'base64url';
  const codec = CODECS.get(names) ?? rememberingNames(testCodec({ encryption: true, compression: true, names }));
  CODECS.set(names, codec);
  return codec;
}

/** Names that were sealed or opened once are not reckoned again: a third of such a history's time. */
function rememberingNames(codec: SealedCodec): SealedCodec {
  const { names } = codec;
  const [sealed, opened] = [new Map<string, string>(), new Map<string, OpenedKey>()];
  const once =
    <T>(known: Map<string, T>, of: (key: string) => T) =>
    (key: string): T => {
      const value = known.get(key) ?? of(key);
      if (known.size < NAMES_REMEMBERED) known.set(key, value);
      return value;
    };
  return {
    ...codec,
    names: { sealKey: once(sealed, (key) => names.sealKey(key)), openKey: once(opened, (key) => names.openKey(key)), sealPrefix: (prefix) => names.sealPrefix(prefix) },
  };
}

function isUserAct(act: string): act is UserAct {
  return (USER_ACTS as readonly string[]).includes(act);
}

function inWords(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
