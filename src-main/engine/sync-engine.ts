import { absorbIntents } from '../core/absorb.ts';
import type { HeldDeletions } from '../core/action.ts';
import type { Choice, Conflict } from '../core/conflict.ts';
import type { BaseSnapshot, Entry } from '../core/entry.ts';
import { SyncError } from '../core/errors.ts';
import type { CycleReport, PairStatus, SyncEvents } from '../core/events.ts';
import { IgnoreRules } from '../core/ignore.ts';
import type { RelPath } from '../core/rel-path.ts';
import { type Change, planRevision, type Revision, removalsIn } from '../core/revision.ts';
import type { PairSettings } from '../core/settings.ts';
import type { LocalTree } from '../local/local-tree.ts';
import type { Clock, NewHasher, Random } from '../platform/clock.ts';
import type { RemoteTree } from '../remote/remote-tree.ts';
import type { ActivityFilter, ActivityIndex, ActivityQuery, ActivityRecord, StateStore } from '../state/state-store.ts';
import type { Watcher } from '../watch/watcher.ts';
import { acceptRestored } from './accept-restored.ts';
import { adoptable } from './adopt.ts';
import { Announcer, UNTOLD_VALUE } from './announcer.ts';
import { BURSTS_VALUE, BurstLedger } from './burst-ledger.ts';
import { type CycleMemory, type CyclePorts, refuseOldState } from './cycle.ts';
import type { DrillReport } from './drill.ts';
import { DRILL_VALUE } from './drill-log.ts';
import { Drills } from './drills.ts';
import { Emitter } from './emitter.ts';
import { asSyncError } from './execute.ts';
import type { EngineLog } from './log.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { passedDeeds } from './passed-deeds.ts';
import { PathFailures } from './path-failures.ts';
import { Picture } from './picture.ts';
import { Places, VAULT_VALUE } from './places.ts';
import { ProgressMeter } from './progress.ts';
import { Recorder } from './recorder.ts';
import { carryOut, type RevisionOutcome, type RevisionPorts } from './revise.ts';
import { activityOfRevision } from './revised-activity.ts';
import { STATE_MARK_VALUE, StateAge } from './state-age.ts';
import { describeStatus } from './status.ts';
import type {
  AdoptReport,
  DrillOptions,
  MakeWanted,
  PairEngine,
  RestoredReport,
  Restorer,
  ReviseOptions,
  ReviseReport,
  Reviser,
  StateBook,
  SyncOptions,
  Verifier,
  VerifyOptions,
  Waiter,
  WhyReport,
} from './sync-manager.ts';
import { Timetable } from './timetable.ts';
import { FULL_LOOK, type TurnRequest, Turns } from './turns.ts';
import { type Deed, type Run, UndoLog } from './undo-log.ts';
import { UsageLedger } from './usage.ts';
import { verifyPair } from './verify-look.ts';
import type { VerifyReport } from './verify-report.ts';
import { WaitingHere } from './waiting.ts';
import { WatchLoop } from './watch-loop.ts';
import { explain } from './why.ts';
import { World } from './world.ts';

export interface EnginePorts {
  readonly local: LocalTree;
  readonly remote: RemoteTree;
  readonly state: StateStore;
  /** Null where nobody watches: single syncs, tests. */
  readonly watcher: Watcher | null;
  readonly clock: Clock;
  readonly random: Random;
  readonly newHasher: NewHasher;
  readonly log: EngineLog;
  readonly settings: PairSettings;
}

/** One pair at work: what users and programs may ask of it. The deciding and doing is in cycle.ts, runs of it in turns.ts, watching in watch-loop.ts. Opened with {@link SyncEngine.open}. */
export class SyncEngine implements PairEngine, Verifier, Reviser, Restorer, StateBook, Waiter {
  readonly #ports: EnginePorts;
  readonly #world: World;
  readonly #picture: Picture;
  readonly #memory: CycleMemory;
  readonly #failures: PathFailures;
  readonly #undo: UndoLog;
  readonly #bursts: BurstLedger;
  readonly #usage: UsageLedger;
  readonly #drills: Drills;
  /** What a cycle needs and every other look at both sides, too. */
  readonly #parts: Omit<CyclePorts, 'meter' | 'undo' | 'bursts'>;
  readonly #turns: Turns;
  readonly #loop: WatchLoop;
  readonly #waiting: WaitingHere;
  readonly #queue = new OneAtATime();
  readonly #events = new Emitter<SyncEvents>();

  static async open(ports: EnginePorts): Promise<SyncEngine> {
    const stored = await ports.state.load();
    if (stored.rebuilt) ports.log.line('warn', 'the state was damaged; it is set aside and built anew by comparing both sides', {});
    const usage = await UsageLedger.open({ counted: () => ports.remote.usage(), notes: ports.state.notes, clock: ports.clock });
    return new SyncEngine(ports, stored, usage);
  }

  private constructor(ports: EnginePorts, stored: Awaited<ReturnType<StateStore['load']>>, usage: UsageLedger) {
    const { local, remote, state, clock, settings } = ports;
    const { values } = stored;
    this.#ports = ports;
    this.#usage = usage;
    this.#world = new World(stored.base, stored.intents);
    this.#picture = new Picture(values);
    this.#failures = new PathFailures(clock);
    this.#undo = new UndoLog(state.notes, () => clock.now());
    this.#bursts = new BurstLedger(state, values[BURSTS_VALUE]);
    const { ignorePatterns, ignoreJunk } = settings;
    this.#memory = { ignore: IgnoreRules.of(ignorePatterns, { junk: ignoreJunk }), conflicts: stored.conflicts, resolutions: stored.resolutions };
    this.#parts = {
      ...ports,
      world: this.#world,
      places: new Places(local, remote, state, values[VAULT_VALUE] ?? null),
      age: new StateAge(local, state, values[STATE_MARK_VALUE]),
      announcer: new Announcer({ ...ports, feed: remote.feed, world: this.#world }, values[UNTOLD_VALUE]),
    };
    const own = {
      ...ports,
      ...this.#parts,
      picture: this.#picture,
      queue: this.#queue,
      usage,
      meter: () => this.#meter(),
      tellStatus: () => this.#tellStatus(),
      ended: () => this.#ended(),
    };
    const timetable = new Timetable(clock, settings, remote.feed !== null);
    this.#drills = new Drills(own, values[DRILL_VALUE]);
    this.#turns = new Turns({ ...own, timetable, undo: this.#undo, bursts: this.#bursts, memory: this.#memory, failures: this.#failures, events: this.#events });
    this.#loop = new WatchLoop({ ...own, timetable, drills: this.#drills, turns: this.#turns });
    this.#waiting = new WaitingHere({ ...own, ignore: () => this.#memory.ignore.configured() });
  }

  on<E extends keyof SyncEvents>(event: E, listener: SyncEvents[E]): () => void {
    return this.#events.on(event, listener);
  }

  start(): Promise<void> {
    return this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
    await this.#queue.idle();
    await this.#usage.write('now').catch(() => undefined);
  }

  pause(until?: number): void {
    this.#loop.pause(until);
  }

  resume(): void {
    this.#loop.resume();
  }

  async syncAll(options: SyncOptions = {}): Promise<CycleReport> {
    if (this.#loop.paused && options.dryRun !== true) throw new SyncError('usage', 'syncing is paused', { hint: 'Resume it first.' });
    return this.#queue.run((signal) => this.#turns.run({ ...FULL_LOOK, ...asRequest(options) }, signal), options.signal);
  }

  async verify({ content, signal: given }: VerifyOptions): Promise<VerifyReport> {
    return this.#queue.run(async (signal) => {
      try {
        return await verifyPair({ content, signal }, { ...this.#parts, meter: this.#meter(), bursts: this.#bursts }, this.#memory);
      } finally {
        this.#ended();
      }
    }, given);
  }

  async acceptRestored({ dryRun, signal: given }: Parameters<Restorer['acceptRestored']>[0]): Promise<RestoredReport> {
    const lost = await this.#queue.run(async (signal) => {
      try {
        return await acceptRestored({ dryRun, signal }, { ...this.#parts, meter: this.#meter() }, this.#memory);
      } finally {
        this.#ended();
      }
    }, given);
    return { ...lost, report: dryRun ? null : await this.syncAll(given === undefined ? {} : { signal: given }) };
  }

  drill({ sample, signal }: DrillOptions): Promise<DrillReport> {
    return this.#drills.make(sample, signal);
  }

  async revise(wanted: MakeWanted, { dryRun, releaseHeld, keepsHeld = false, signal: given, onBegin, onChange }: ReviseOptions): Promise<ReviseReport> {
    const { settings, local } = this.#ports;
    if (settings.direction === 'download_only')
      throw new SyncError('usage', 'changes made here are not sent by this pair (DIRECTION=download_only)', { hint: 'Restore into another folder: --to DIR.' });
    const call = given === undefined ? {} : { signal: given };
    await this.syncAll({ dryRun, ...call });
    return this.#queue.run(async (signal): Promise<ReviseReport> => {
      const seen = new Map(this.#world.local);
      const asked = await wanted(seen, this.#world.base, signal);
      const revision = planRevision(seen, asked.wanted);
      const nothing = { planned: revision.changes, done: [], left: [...asked.left, ...revision.skipped], held: null, report: null, cut: null };
      const removals = removalsIn(revision);
      const { guard } = settings;
      if (removals > guard.files && removals > guard.fraction * seen.size && !releaseHeld) return { ...nothing, held: removals };
      if (dryRun || revision.changes.length === 0) return nothing;
      onBegin?.();
      const { done, failed, cut } = await this.#carryOut(revision, { local, seen, fetch: asked.fetch, signal, ...(onChange === undefined ? {} : { onChange }) }, keepsHeld);
      const revised = { ...nothing, done, left: [...nothing.left, ...failed] };
      if (cut !== null) this.#isNews(done);
      if (cut !== null || done.length === 0) return { ...revised, cut };
      try {
        // In the same turn: a sync that the watcher asks for meanwhile would carry over a part of it as a run of its own.
        return { ...revised, report: await this.#turns.run({ ...FULL_LOOK, releaseHeld: releaseHeld && !keepsHeld }, signal) };
      } catch (error) {
        this.#isNews(done);
        return { ...revised, cut: asSyncError(error) };
      }
    }, given);
  }

  /** Where no sync will tell of it (`records`), it is written down as it is done. */
  async #carryOut(revision: Revision, ports: RevisionPorts, records: boolean): Promise<RevisionOutcome> {
    const { state, clock, random } = this.#ports;
    const recorder = new Recorder(state, clock);
    const cycle = random.id();
    const record = (change: Change): Promise<void> => recorder.note({ activity: activityOfRevision([change], { at: clock.now(), cycle }) });
    const outcome = await carryOut(revision, { ...ports, meter: this.#meter(), ...(records ? { record } : {}) });
    await recorder.flush();
    this.#ended();
    return outcome;
  }

  /** A watcher may be none, or late: what was changed here waits for no other word. */
  #isNews(done: readonly Change[]): void {
    if (done.length > 0) this.#loop.wake.hear({ kind: 'paths', paths: new Set(done.flatMap((change) => (change.kind === 'move' ? [change.path, change.to] : [change.path]))) });
  }

  agreed(): BaseSnapshot {
    return this.#world.base;
  }

  async adopt(remembered: ReadonlyMap<RelPath, Entry>, { dryRun, signal }: { readonly dryRun: boolean; readonly signal?: AbortSignal }): Promise<AdoptReport> {
    // What is taken over must not be taken for the state that is behind the folder.
    if (!dryRun) await this.#queue.run(() => refuseOldState({ dryRun }, this.#parts));
    // Both sides are looked at; nothing is done.
    await this.syncAll({ dryRun: true, ...(signal === undefined ? {} : { signal }) });
    return this.#queue.run(async () => {
      const { put, ...report } = adoptable(remembered, this.#world);
      if (dryRun || put.length === 0) return report;
      await this.#ports.state.commit({ put });
      for (const [path, base] of put) this.#world.base.set(path, base);
      return report;
    });
  }

  async runs(): Promise<readonly Run[]> {
    // What came of a run that a crash cut short is seen by looking.
    if (!this.#picture.looked && (await this.#undo.isCut())) await this.syncAll({ dryRun: true }).catch(() => undefined);
    const { base, intents, localSnapshot, remoteSnapshot } = this.#world;
    return this.#undo.runs(this.#picture.looked ? absorbIntents(base, intents, localSnapshot, remoteSnapshot) : base);
  }

  held(): readonly HeldDeletions[] {
    return this.#picture.held;
  }

  async passed(): Promise<readonly Deed[]> {
    const { passed } = this.#bursts;
    return passed.length === 0 ? [] : passedDeeds(passed, await this.runs());
  }

  async reclaim(paths: readonly RelPath[]): Promise<void> {
    await this.#queue.run(async () => {
      const drop = paths.filter((path) => this.#world.base.has(path));
      await this.#ports.state.commit({ drop });
      for (const path of drop) this.#world.base.delete(path);
    });
  }

  status(): PairStatus {
    let bytes = 0;
    let files = 0;
    for (const { entry } of this.#world.base.values()) {
      if (entry.kind === 'folder') continue;
      files++;
      if (entry.kind === 'file') bytes += entry.size;
    }
    const { lastSyncAt, lastFullScanAt, kept, pending, progress, held, problems, error } = this.#picture;
    const { watching, watchMode, paused, pausedUntil } = this.#loop;
    return describeStatus({
      source: this.#ports.local.root,
      target: this.#ports.remote.id,
      watching,
      watchMode,
      paused,
      pausedUntil,
      lastSyncAt,
      lastFullScanAt,
      files,
      bytes,
      kept,
      pending,
      progress,
      conflicts: this.#memory.conflicts,
      held,
      wentOver: this.#bursts.passed.length,
      problems: [...problems, ...this.#drills.problems],
      failures: this.#failures.all,
      drill: this.#drills.status,
      usage: this.#usage.thisMonth,
      error,
    });
  }

  conflicts(): readonly Conflict[] {
    return this.#memory.conflicts;
  }

  watchWaiting(onCount: (count: number) => void, signal: AbortSignal): Promise<void> {
    return this.#waiting.watch(onCount, signal);
  }

  async resolve(path: RelPath, choice: Choice): Promise<void> {
    const conflict = this.#memory.conflicts.find((c) => c.path === path);
    if (conflict === undefined) throw new SyncError('not-found', `there is no open conflict at ${path}`, { path });
    const resolution = { path, choice, local: conflict.local, remoteVersion: conflict.remoteVersion };
    await this.#ports.state.commit({ putResolutions: [resolution] });
    this.#memory.resolutions = [...this.#memory.resolutions.filter((r) => r.path !== path), resolution];
    this.#loop.wake.hear({ kind: 'paths', paths: new Set([path]) });
    this.#loop.wake.hearRemote(null);
  }

  async why(path: RelPath): Promise<WhyReport> {
    const report = await this.syncAll({ dryRun: true });
    const activity = await this.#ports.state.activity({ limit: 20, path });
    return explain(path, { world: this.#world, ignore: this.#memory.ignore, direction: this.#ports.settings.direction, report, failure: this.#failures.at(path), activity });
  }

  activity(query: ActivityQuery): Promise<readonly ActivityRecord[]> {
    return this.#ports.state.activity(query);
  }

  activityIndex(filter: ActivityFilter): Promise<ActivityIndex> {
    return this.#ports.state.activityIndex(filter);
  }

  #meter(): ProgressMeter {
    return new ProgressMeter(this.#ports.clock, (progress) => {
      this.#picture.progress = progress;
      this.#events.emit('progress', progress);
    });
  }

  #ended(): void {
    this.#picture.progress = null;
    this.#waiting.nudge();
    this.#tellStatus();
  }

  #tellStatus(): void {
    this.#events.emit('status', this.status());
  }
}

function asRequest(options: SyncOptions): Partial<TurnRequest> {
  return {
    rehash: options.full ?? false,
    force: options.force ?? false,
    dryRun: options.dryRun ?? false,
    scope: options.path ?? null,
    releaseHeld: options.releaseHeld ?? false,
  };
}
