import type { ActivityItem } from '../../src-preload/contract/model.ts';
import type { Pair } from '../compose.ts';
import type { Conflict } from '../core/conflict.ts';
import { SyncError } from '../core/errors.ts';
import { transferBytes } from '../engine/progress.ts';
import { type BandwidthLimits, NO_LIMITS } from '../platform/bandwidth.ts';
import { BandwidthLimiter } from '../platform/bandwidth-limiter.ts';
import { diskPath } from '../platform/disk-path.ts';
import { keepTimetable } from '../settings/keep-timetable.ts';
import { defaultStateFolder } from '../state/state-dir.ts';
import type { ActivityRecord } from '../state/state-store.ts';
import { activityItem, UNTOLD } from './activity-item.ts';
import { ActivityLists } from './activity-lists.ts';
import { asRelPath } from './asked-path.ts';
import { checkPair, isOneDisk } from './check-pair.ts';
import { writeCopy } from './conflict-copy.ts';
import { type CallName, type EngineCalls, type EngineNews, errorView, type FromWorker, type ToWorker } from './engine-protocol.ts';
import { type FolderLife, FolderScope } from './folder-scope.ts';
import { previewIgnored } from './ignore-preview.ts';
import { checkMoved } from './moved-folder.ts';
import { moreFailures, moreProblems } from './pair-report.ts';
import { PairSlot, type SlotPorts } from './pair-slot.ts';
import { PendingSetups } from './pending-setups.ts';
import { previewConflict, readFile } from './preview.ts';
import { backendConfig, s3Config } from './s3-setup.ts';
import { type Settled, settledByRule, settledIn } from './settled.ts';
import type { StorageTools } from './storage-tools.ts';
import { Throttle } from './throttle.ts';
import type { VaultTools } from './vault-tools.ts';

/** News goes to the main thread four times a second at most. */
const NEWS_EVERY_MS = 250;
/** Of a burst only the newest so many actions are told; the activity list has them all. */
const ACTIVITY_TOLD = 50;
/** So many of a pair's newest records are told for the overview and the tray. */
const RECENT_TOLD = 30;
/** So many of a pair's newest records are looked through for settled conflicts, and so many of those are told. */
const SETTLED_AMONG = 1_000;
const SETTLED_TOLD = 20;
/** A list that is longer nobody reads, and its names are sent at once. */
const HELD_LISTED = 20_000;

export interface HostPorts extends Pick<SlotPorts, 'compose' | 'platform'> {
  readonly storage: StorageTools;
  readonly vaults: VaultTools;
  readonly send: (message: FromWorker) => void;
  /** Ends this thread; another takes its place. */
  readonly end: () => void;
}

type Handlers = { readonly [C in CallName]: (input: EngineCalls[C]['input']) => Promise<EngineCalls[C]['answer']> };

/** The engines of every pair, behind the calls of engine-protocol.ts. Runs in the engine thread; knows no Electron. */
export class EngineHost {
  readonly #ports: HostPorts;
  readonly #slots = new Map<string, PairSlot>();
  readonly #lives = new Map<string, FolderLife>();
  readonly #scope = new FolderScope();
  /** Some runtimes tell of one mistake twice, the second time without saying where. */
  readonly #told = new WeakSet<object>();
  readonly #pending = new PendingSetups();
  readonly #closing = new Map<string, Promise<void>>();
  readonly #changed = new Set<string>();
  readonly #news: Throttle;
  readonly #bandwidth: BandwidthLimiter;
  readonly #lists: ActivityLists;
  #activity: ActivityItem[] = [];
  /** What was told of each as its recent activity. */
  readonly #recent = new WeakMap<PairSlot, string>();
  #settled: Settled[] = [];
  #test = new AbortController();
  #looking = new AbortController();
  #times = new AbortController();

  readonly #handlers: Handlers = {
    open: async (asked) => {
      const pending = this.#pending.begin(asked);
      try {
        await this.#vacate(asked.id);
      } finally {
        this.#pending.end(pending);
      }
      const { setup, wantsSync } = pending;
      const { compose, platform } = this.#ports;
      const onChange = (): void => this.#tell(setup.id);
      const onAction: SlotPorts['onAction'] = (action, outcome, wasOpen) => {
        const at = platform.clock.now();
        const settled = outcome === 'done' ? settledByRule(setup.id, at, action, wasOpen) : null;
        if (settled !== null) this.#settled.push(settled);
        this.#note(setup.id, { at, path: action.path, to: 'to' in action ? action.to : null, what: action.kind, outcome, reason: action.reason, bytes: transferBytes(action) });
      };
      const onPaused: SlotPorts['onPaused'] = (pause) => {
        // A command reaches this engine while it is replaced, too.
        this.#pending.of(setup.id)?.rest(pause);
        this.#ports.send({ kind: 'paused', pair: setup.id, pause });
      };
      const life = { pair: setup.id };
      const onFault: SlotPorts['onFault'] = (error) => void this.#blame(error, life);
      const onStuck: SlotPorts['onStuck'] = (error) => {
        this.#blame(error, life);
        this.#ports.end();
      };
      const ports = { compose, platform, bandwidth: this.#bandwidth, onChange, onAction, onPaused, onFault, onStuck };
      this.#lives.set(setup.id, life);
      const slot = this.#scope.run(life, () => new PairSlot(setup, ports));
      this.#slots.set(setup.id, slot);
      if (wantsSync) slot.sync();
      onChange();
      return null;
    },
    close: async ({ pair }) => {
      await this.#vacate(pair);
      return null;
    },
    pause: async ({ pair, until }) => {
      for (const each of this.#hearers(pair)) each.pause(until);
      return null;
    },
    hold: async ({ pair, reasons }) => {
      for (const each of this.#hearers(pair)) each.hold(reasons);
      return null;
    },
    resume: async ({ pair }) => {
      for (const each of this.#hearers(pair)) each.resume();
      return null;
    },
    sync: async ({ pair }) => {
      for (const each of this.#hearers(pair)) each.sync();
      return null;
    },
    'held-paths': async ({ pair, side, why }) => {
      const held = this.#slot(pair)
        .engine.status()
        .held.find((each) => each.side === side && each.why === why);
      return (held?.paths ?? []).slice(0, HELD_LISTED);
    },
    problems: async ({ pair, from }) => moreProblems(this.#slot(pair).engine.status(), from),
    failures: async ({ pair, from }) => moreFailures(this.#slot(pair).engine.status(), from),
    release: async ({ pair, shown }) => {
      const slot = this.#slot(pair);
      const held = slot.engine.status().held.reduce((sum, { paths }) => sum + paths.length, 0);
      if (held !== shown) throw new SyncError('usage', 'the list of deletions has changed meanwhile', { hint: 'Look at it again, then decide.' });
      slot.sync(true);
      return null;
    },
    resolve: async ({ pair, path, choice }) => {
      await this.#slot(pair).engine.resolve(asRelPath(path), choice);
      return null;
    },
    'resolve-all': async ({ pair, choice, shown }) => {
      const { engine } = this.#slot(pair);
      const conflicts = engine.conflicts();
      if (conflicts.length !== shown) throw new SyncError('usage', 'the list of conflicts has changed meanwhile', { hint: 'Look at it again, then decide.' });
      for (const { path } of conflicts) await engine.resolve(path, choice);
      return null;
    },
    'conflict-copy': async ({ pair, path: text, folder, mark }) => {
      const { conflict, open } = this.#conflict(pair, text);
      const chunks = await open.readRemote(conflict.path, conflict.remoteVersion);
      if (chunks === null || conflict.remote.kind !== 'file')
        throw new SyncError('not-found', `the backup’s version of ${conflict.path} cannot be read any more`, { path: conflict.path });
      return writeCopy(this.#ports.platform, folder, conflict.path, chunks, mark);
    },
    'ignore-preview': ({ folder, patterns, junk }) => {
      this.#looking.abort();
      this.#looking = new AbortController();
      const { signal } = this.#looking;
      return stoppable(previewIgnored(folder, patterns, junk, this.#ports.platform, signal), signal);
    },
    preview: async ({ pair, path: text }) => {
      const { conflict, open, file } = this.#conflict(pair, text);
      const { path } = conflict;
      return previewConflict(
        { entry: conflict.local, open: async () => readFile(this.#ports.platform.fs, file) },
        { entry: conflict.remote, open: () => open.readRemote(path, conflict.remoteVersion) },
      );
    },
    settled: async ({ pair }) => {
      const open = this.#open(pair);
      const all = await Promise.all(open.map(async ({ setup, engine }) => settledIn(setup.id, await engine.activity({ limit: SETTLED_AMONG }))));
      return all
        .flat()
        .toSorted((a, b) => b.at - a.at)
        .slice(0, SETTLED_TOLD);
    },
    activity: async (request) => {
      return this.#lists.page(
        this.#open(request.pair).map((slot) => ({ id: slot.setup.id, engine: slot.engine })),
        request,
      );
    },
    past: ({ pair, ask }) => this.#slot(pair).past.answer(ask),
    'past-stop': async ({ pair }) => {
      this.#slot(pair).past.stop();
      return null;
    },
    'storage-test': (setup) => {
      this.#test.abort();
      this.#test = new AbortController();
      const { signal } = this.#test;
      return stoppable(this.#ports.storage.test(s3Config(setup), signal), signal);
    },
    'storage-stop': async () => {
      this.#test.abort();
      return null;
    },
    'storage-clean-up': async (setup) => {
      await this.#ports.storage.addCleanUpRule(s3Config(setup));
      return null;
    },
    'storage-buckets': (setup) => this.#ports.storage.buckets(s3Config(setup)),
    'storage-sign-in': async (setup) => {
      await this.#ports.storage.signIn(s3Config(setup));
      return null;
    },
    'storage-create': async (setup) => {
      await this.#ports.storage.createBucket(s3Config(setup));
      return null;
    },
    'vault-look': (backend) => this.#ports.vaults.look(backendConfig(backend)),
    'vault-open': ({ backend, text }) => this.#ports.vaults.open(backendConfig(backend), text),
    'vault-open-kept': ({ backend, secret }) => this.#ports.vaults.openKept(backendConfig(backend), secret),
    'vault-create': async ({ backend, vault }) => {
      await this.#ports.vaults.create(backendConfig(backend), vault);
      return null;
    },
    check: ({ others, ...pair }) => checkPair(this.#ports.platform.fs, pair, others, defaultStateFolder(this.#ports.platform.home)),
    'one-disk': ({ one, other }) => isOneDisk(this.#ports.platform.fs, one, other),
    'check-moved': ({ now, side, folder, others }) => checkMoved(this.#ports.platform.fs, now, { side, folder }, others, defaultStateFolder(this.#ports.platform.home)),
    limit: async ({ timetable, ...limits }) => {
      this.#times.abort();
      this.#times = new AbortController();
      const set = (now: BandwidthLimits): void => this.#bandwidth.set(now);
      if (timetable === undefined || timetable.slots.length === 0) set(limits);
      else void keepTimetable(timetable, limits, { clock: this.#ports.platform.clock, set }, this.#times.signal);
      return null;
    },
    stop: async () => {
      this.#test.abort();
      this.#times.abort();
      await Promise.all([...this.#slots.keys()].map((id) => this.#close(id)));
      this.#news.end();
      return null;
    },
  };

  constructor(ports: HostPorts) {
    this.#ports = ports;
    this.#lists = new ActivityLists(ports.platform.clock.now());
    this.#bandwidth = new BandwidthLimiter(ports.platform.clock, NO_LIMITS);
    this.#news = new Throttle(ports.platform.clock, NEWS_EVERY_MS, () => this.#sendNews());
  }

  /** What nobody caught. In the work of a folder it ends only that, for now; false: nobody knows whose it is. */
  fault(error: unknown): boolean {
    return this.#blame(error, this.#scope.current);
  }

  #blame(error: unknown, life: FolderLife | null): boolean {
    if (error instanceof Error) {
      if (this.#told.has(error)) return true;
      if (life !== null) this.#told.add(error);
    }
    const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
    this.#ports.send({ kind: 'fault', message, stack: stack ?? '', pair: life?.pair ?? null });
    if (life === null) return false;
    if (this.#lives.get(life.pair) === life) this.#slots.get(life.pair)?.fail(error);
    return true;
  }

  async receive(message: ToWorker): Promise<void> {
    const { id, call, input } = message;
    try {
      const handler = this.#handlers[call] as (input: unknown) => Promise<unknown>;
      const life = input !== null && 'pair' in input && input.pair !== null ? this.#lives.get(input.pair) : undefined;
      this.#ports.send({ kind: 'answer', id, value: await this.#scope.run(life ?? null, () => handler(input)) });
    } catch (error) {
      this.#ports.send({ kind: 'refusal', id, error: errorView(error) });
    }
  }

  #conflict(pair: string, text: string): { readonly conflict: Conflict; readonly open: Pair; readonly file: string } {
    const path = asRelPath(text);
    const { pair: open, source } = this.#slot(pair);
    const conflict = open.engine.conflicts().find((c) => c.path === path);
    if (conflict === undefined) throw new SyncError('not-found', `there is no open conflict at ${path}`, { path });
    return { conflict, open, file: diskPath(source, path, this.#ports.platform.home.platform) };
  }

  #slot(id: string): PairSlot {
    const slot = this.#slots.get(id);
    if (slot !== undefined) return slot;
    if (this.#pending.of(id) !== undefined) throw new SyncError('busy', 'this folder is still being opened', { hint: 'Try again in a moment.' });
    throw new SyncError('not-found', 'there is no such folder pair');
  }

  /** The engine that is there and the one that is to take its place: what is said of the pair counts for both. */
  #hearers(id: string): readonly Pick<PairSlot, 'pause' | 'hold' | 'resume' | 'sync'>[] {
    const pending = this.#pending.of(id);
    if (pending === undefined) return [this.#slot(id)];
    const slot = this.#slots.get(id);
    return slot === undefined ? [pending] : [slot, pending];
  }

  /** Null: all of them. */
  #open(pair: string | null): readonly PairSlot[] {
    if (pair !== null && !this.#slots.has(pair) && this.#pending.of(pair) !== undefined) return [];
    return (pair === null ? [...this.#slots.values()] : [this.#slot(pair)]).filter((slot) => slot.isOpen);
  }

  /** A pair that is opened twice in a row has one engine in the end, the later one: each waits until its place is free. */
  async #vacate(id: string): Promise<void> {
    do await this.#close(id);
    while (this.#slots.has(id));
  }

  async #close(id: string): Promise<void> {
    const slot = this.#slots.get(id);
    this.#slots.delete(id);
    this.#lives.delete(id);
    const closing = this.#closeAfter(this.#closing.get(id), slot);
    this.#closing.set(id, closing);
    try {
      await closing;
    } finally {
      if (this.#closing.get(id) === closing) this.#closing.delete(id);
    }
  }

  async #closeAfter(before: Promise<void> | undefined, slot: PairSlot | undefined): Promise<void> {
    await before?.catch(() => undefined);
    await slot?.close();
  }

  #tell(id: string): void {
    this.#changed.add(id);
    this.#news.call();
  }

  #note(pair: string, record: Omit<ActivityRecord, 'cycle'>): void {
    if (UNTOLD.includes(record.what) || record.outcome === 'stale') return;
    this.#activity.push(activityItem(pair, record));
    if (this.#activity.length > 2 * ACTIVITY_TOLD) this.#activity.splice(0, ACTIVITY_TOLD);
    this.#tell(pair);
  }

  #sendNews(): void {
    const reports = [...this.#changed].flatMap((pair) => {
      const slot = this.#slots.get(pair);
      try {
        return slot === undefined ? [] : [{ pair, report: slot.report() }];
      } catch (error) {
        this.#blame(error, this.#lives.get(pair) ?? null);
        return [];
      }
    });
    const news: EngineNews = { reports, activity: this.#activity.slice(-ACTIVITY_TOLD), recent: [], settled: this.#settled };
    for (const pair of this.#changed) void this.#tellRecent(pair);
    this.#changed.clear();
    this.#activity = [];
    this.#settled = [];
    this.#ports.send({ kind: 'news', news });
  }

  /** What is on record by now; what is not yet comes with the news of its being done. */
  async #tellRecent(pair: string): Promise<void> {
    const slot = this.#slots.get(pair);
    if (slot?.isOpen !== true) return;
    // What cannot be read now is told with the next news.
    const records = await slot.engine.activity({ limit: RECENT_TOLD, without: UNTOLD }).catch(() => null);
    if (records === null || this.#slots.get(pair) !== slot) return;
    const items = records.map((record) => activityItem(pair, record));
    const told = JSON.stringify(items);
    if (this.#recent.get(slot) === told) return;
    this.#recent.set(slot, told);
    this.#ports.send({ kind: 'news', news: { reports: [], activity: [], recent: [{ pair, items }], settled: [] } });
  }
}

/** Nobody waits for what a stopped work still has to put in order. */
function stoppable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new SyncError('aborted', 'interrupted')), { once: true });
    work.then(resolve, reject);
  });
}
