import type { BackendUsage } from '../backends/backend.ts';
import { absorbIntents } from '../core/absorb.ts';
import type { Action, HeldDeletions } from '../core/action.ts';
import type { Choice, Conflict } from '../core/conflict.ts';
import type { BaseSnapshot, Entry, PathProblem } from '../core/entry.ts';
import { type ErrorCode, hasCode, PLACE_ERRORS, SyncError } from '../core/errors.ts';
import type { CycleReport, PairStatus, Progress, SyncEvents } from '../core/events.ts';
import { IgnoreRules } from '../core/ignore.ts';
import type { RelPath } from '../core/rel-path.ts';
import { planRevision, removalsIn } from '../core/revision.ts';
import type { Sample } from '../core/sample.ts';
import type { PairSettings } from '../core/settings.ts';
import type { LocalTree } from '../local/local-tree.ts';
import type { Clock, NewHasher, Random } from '../platform/clock.ts';
import type { KeptVersions, RemoteTree } from '../remote/remote-tree.ts';
import type { ActivityFilter, ActivityIndex, ActivityQuery, ActivityRecord, StateStore } from '../state/state-store.ts';
import type { Watcher } from '../watch/watcher.ts';
import { acceptRestored } from './accept-restored.ts';
import { adoptable } from './adopt.ts';
import { Announcer, UNTOLD_VALUE } from './announcer.ts';
import { BURSTS_VALUE, BurstLedger } from './burst-ledger.ts';
import { type CycleMemory, type CycleRequest, type CycleResult, refuseOldState, runCycle } from './cycle.ts';
import { type DrillReport, drill } from './drill.ts';
import { DRILL_VALUE, DrillLog } from './drill-log.ts';
import { Emitter } from './emitter.ts';
import { asSyncError } from './execute.ts';
import type { EngineLog } from './log.ts';
import { isUnclear, type Look, leftoversOf, unfinishedIn } from './next-look.ts';
import { PathFailures } from './path-failures.ts';
import { Places, VAULT_VALUE } from './places.ts';
import { ProgressMeter } from './progress.ts';
import { carryOut } from './revise.ts';
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
  WhyReport,
} from './sync-manager.ts';
import { Timetable } from './timetable.ts';
import { type Run, UndoLog } from './undo-log.ts';
import { UsageLedger } from './usage.ts';
import { verifyPair } from './verify-look.ts';
import type { VerifyReport } from './verify-report.ts';
import { Wake } from './wake.ts';
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

/** Then nobody can be told anything either. */
const STORE_IS_AWAY: readonly ErrorCode[] = ['aborted', 'unreachable', 'refused', 'remote-missing', 'remote-replaced'];
/** In one `syncAll` the loop turns at most so often; what is still restless then is left for the next. */
const MAX_TURNS = 8;
const LAST_SYNC = 'last-sync';
const LAST_FULL_SCAN = 'last-full-scan';
const KEPT_VERSIONS = 'kept-versions';
/** A drill that nobody asked for fetches no more. */
const MOST_DRILL_BYTES = 1024 ** 3;

/** One pair at work: owns the loop and the picture of the pair; the deciding and doing is in cycle.ts. Opened with {@link SyncEngine.open}. */
export class SyncEngine implements PairEngine, Verifier, Reviser, Restorer, StateBook {
  readonly #ports: EnginePorts;
  readonly #world: World;
  readonly #places: Places;
  readonly #age: StateAge;
  readonly #announcer: Announcer;
  readonly #usage: UsageLedger;
  readonly #undo: UndoLog;
  readonly #bursts: BurstLedger;
  readonly #timetable: Timetable;
  readonly #memory: CycleMemory;
  readonly #events = new Emitter<SyncEvents>();
  readonly #wake = new Wake();
  readonly #failures: PathFailures;
  #problems: readonly PathProblem[] = [];
  #held: readonly HeldDeletions[] = [];
  #pending = 0;
  /** Files that were being written at the last look. */
  #restless: readonly RelPath[] = [];
  #progress: Progress | null = null;
  #error: SyncError | null = null;
  #paused = false;
  #pausedUntil: number | null = null;
  #lastSyncAt: number | null;
  /** What the last sweep left. */
  #kept: KeptVersions | null;
  #lastFullScanAt: number | null;
  readonly #drills: DrillLog;
  /** Both sides were looked at in full. */
  #looked = false;
  /** The last turn left something that another may settle, without anybody's word. */
  #unfinished = false;
  #queue: Promise<unknown> = Promise.resolve();
  #current: AbortController | null = null;
  #loop: { readonly ended: Promise<void>; readonly stop: AbortController; unwatch: () => Promise<void> } | null = null;

  static async open(ports: EnginePorts): Promise<SyncEngine> {
    const stored = await ports.state.load();
    if (stored.rebuilt) ports.log.line('warn', 'the state was damaged; it is set aside and built anew by comparing both sides', {});
    const usage = await UsageLedger.open({ counted: () => ports.remote.usage(), notes: ports.state.notes, clock: ports.clock });
    return new SyncEngine(ports, stored, usage);
  }

  private constructor(ports: EnginePorts, stored: Awaited<ReturnType<StateStore['load']>>, usage: UsageLedger) {
    this.#usage = usage;
    this.#undo = new UndoLog(ports.state.notes, () => ports.clock.now());
    this.#ports = ports;
    this.#failures = new PathFailures(ports.clock);
    this.#world = new World(stored.base, stored.intents);
    this.#age = new StateAge(ports.local, ports.state, stored.values[STATE_MARK_VALUE]);
    this.#announcer = new Announcer({ ...ports, feed: ports.remote.feed, world: this.#world }, stored.values[UNTOLD_VALUE]);
    this.#bursts = new BurstLedger(ports.state, stored.values[BURSTS_VALUE]);
    this.#timetable = new Timetable(ports.clock, ports.settings, ports.remote.feed !== null);
    this.#places = new Places(ports.local, ports.remote, ports.state, stored.values[VAULT_VALUE] ?? null);
    const { ignorePatterns, ignoreJunk } = ports.settings;
    this.#memory = { ignore: IgnoreRules.of(ignorePatterns, { junk: ignoreJunk }), conflicts: stored.conflicts, resolutions: stored.resolutions };
    this.#lastSyncAt = asTime(stored.values[LAST_SYNC]);
    this.#lastFullScanAt = asTime(stored.values[LAST_FULL_SCAN]);
    this.#kept = asKept(stored.values[KEPT_VERSIONS]);
    this.#drills = new DrillLog(stored.values[DRILL_VALUE], ports.settings.verifyEveryDays ?? 0);
  }

  on<E extends keyof SyncEvents>(event: E, listener: SyncEvents[E]): () => void {
    return this.#events.on(event, listener);
  }

  async start(): Promise<void> {
    if (this.#loop !== null) return;
    const stop = new AbortController();
    const { watcher, local, remote } = this.#ports;
    // Watching begins before the first look, so that what changes during it is heard.
    await watcher?.start(local.root, (hint) => this.#wake.hear(hint));
    const unwatchRemote = (await remote.watch?.((paths) => this.#wake.hearRemote(paths))) ?? (async () => undefined);
    const unwatch = async (): Promise<void> => {
      await watcher?.stop();
      await unwatchRemote();
    };
    this.#loop = { stop, unwatch, ended: Promise.resolve() };
    const ended = this.#run(stop.signal);
    this.#loop = { stop, unwatch, ended };
    this.#tellStatus();
  }

  async stop(): Promise<void> {
    const loop = this.#loop;
    this.#loop = null;
    loop?.stop.abort();
    this.#current?.abort();
    this.#wake.nudge();
    await loop?.unwatch();
    await loop?.ended;
    await this.#queue.catch(() => undefined);
    await this.#usage.write('now').catch(() => undefined);
  }

  pause(until?: number): void {
    this.#paused = true;
    this.#pausedUntil = until ?? null;
    this.#current?.abort();
    this.#wake.nudge();
    this.#tellStatus();
  }

  resume(): void {
    this.#paused = false;
    this.#pausedUntil = null;
    this.#wake.hear({ kind: 'everything', why: 'resumed' });
    this.#wake.hearRemote(null);
    this.#tellStatus();
  }

  async syncAll(options: SyncOptions = {}): Promise<CycleReport> {
    if (this.#paused && options.dryRun !== true) throw new SyncError('usage', 'syncing is paused', { hint: 'Resume it first.' });
    return this.#exclusive(async (signal) =>
      this.#turns({ ...this.#fullLook(), ...asRequest(options) }, AbortSignal.any(options.signal === undefined ? [signal] : [signal, options.signal])),
    );
  }

  async verify({ content, signal: given }: VerifyOptions): Promise<VerifyReport> {
    return this.#exclusive(async (own) => {
      const signal = given === undefined ? own : AbortSignal.any([own, given]);
      const meter = this.#meter();
      try {
        return await verifyPair(
          { content, signal },
          { ...this.#ports, places: this.#places, age: this.#age, world: this.#world, meter, announcer: this.#announcer, bursts: this.#bursts },
          this.#memory,
        );
      } finally {
        this.#progress = null;
        this.#tellStatus();
      }
    });
  }

  async acceptRestored({ dryRun, signal: given }: Parameters<Restorer['acceptRestored']>[0]): Promise<RestoredReport> {
    const lost = await this.#exclusive(async (own) => {
      const signal = given === undefined ? own : AbortSignal.any([own, given]);
      try {
        const ports = { ...this.#ports, places: this.#places, age: this.#age, world: this.#world, meter: this.#meter(), announcer: this.#announcer };
        return await acceptRestored({ dryRun, signal }, ports, this.#memory);
      } finally {
        this.#progress = null;
        this.#tellStatus();
      }
    });
    return { ...lost, report: dryRun ? null : await this.syncAll(given === undefined ? {} : { signal: given }) };
  }

  async drill({ sample, signal: given }: DrillOptions): Promise<DrillReport> {
    return this.#exclusive((own) => this.#drillNow(sample, Number.POSITIVE_INFINITY, given === undefined ? own : AbortSignal.any([own, given])));
  }

  async #drillNow(sample: Sample, mostBytes: number, signal: AbortSignal): Promise<DrillReport> {
    const { remote, random, newHasher, clock, state } = this.#ports;
    try {
      await this.#places.check(null, signal);
      const report = await drill(sample, mostBytes, { remote, random, newHasher, base: this.#world.base, signal, meter: this.#meter() });
      this.#drills.made(report, clock.now());
      await state.commit({ values: { [DRILL_VALUE]: this.#drills.text } });
      return report;
    } finally {
      this.#progress = null;
      this.#tellStatus();
    }
  }

  /** While watching, when one is due. */
  async #drillWhenDue(): Promise<void> {
    const { clock, state, settings, log } = this.#ports;
    const { verifySample } = settings;
    if (verifySample === undefined || this.#error !== null || !this.#looked || this.#world.base.size === 0) return;
    const due = this.#drills.isDue(clock.now());
    if (due === 'not yet') return;
    try {
      if (due === 'now') await this.#exclusive((signal) => this.#drillNow(verifySample, MOST_DRILL_BYTES, signal));
      else await state.commit({ values: { [DRILL_VALUE]: this.#drills.text } });
    } catch (error) {
      this.#drills.putOff(clock.now());
      const { code, message } = asSyncError(error);
      if (code !== 'aborted') log.line('warn', 'the restore drill could not be made, and is tried again tomorrow', { code, message });
    }
  }

  /** What a drill could not bring back, as long as the backup holds that very version. */
  #drillProblems(): readonly PathProblem[] {
    return this.#drills.failures
      .filter(({ path, version }) => this.#world.base.get(path)?.version === version)
      .map(({ path, why }) => ({ path, side: 'remote', reason: 'corrupt', subtree: false, detail: `the restore drill could not bring it back: ${why}` }));
  }

  async revise(wanted: MakeWanted, { dryRun, releaseHeld, keepsHeld = false, signal: given, onChange }: ReviseOptions): Promise<ReviseReport> {
    const { settings, local } = this.#ports;
    if (settings.direction === 'download_only')
      throw new SyncError('usage', 'changes made here are not sent by this pair (DIRECTION=download_only)', { hint: 'Restore into another folder: --to DIR.' });
    const call = given === undefined ? {} : { signal: given };
    await this.syncAll({ dryRun, ...call });
    const revised = await this.#exclusive(async (own): Promise<ReviseReport> => {
      const signal = given === undefined ? own : AbortSignal.any([own, given]);
      const seen = new Map(this.#world.local);
      const asked = await wanted(seen, this.#world.base, signal);
      const revision = planRevision(seen, asked.wanted);
      const nothing = { planned: revision.changes, done: [], left: [...asked.left, ...revision.skipped], held: null, report: null };
      const removals = removalsIn(revision);
      const { guard } = settings;
      if (removals > guard.files && removals > guard.fraction * seen.size && !releaseHeld) return { ...nothing, held: removals };
      if (dryRun || revision.changes.length === 0) return nothing;
      const { done, failed } = await carryOut(revision, { local, seen, fetch: asked.fetch, signal, meter: this.#meter(), ...(onChange === undefined ? {} : { onChange }) });
      this.#progress = null;
      return { ...nothing, done, left: [...nothing.left, ...failed] };
    });
    return revised.done.length === 0 ? revised : { ...revised, report: await this.syncAll({ releaseHeld: releaseHeld && !keepsHeld, ...call }) };
  }

  agreed(): BaseSnapshot {
    return this.#world.base;
  }

  async adopt(remembered: ReadonlyMap<RelPath, Entry>, { dryRun, signal }: { readonly dryRun: boolean; readonly signal?: AbortSignal }): Promise<AdoptReport> {
    // What is taken over must not be taken for the state that is behind the folder.
    if (!dryRun) await this.#exclusive(() => refuseOldState({ dryRun }, { ...this.#ports, age: this.#age, world: this.#world }));
    // Both sides are looked at; nothing is done.
    await this.syncAll({ dryRun: true, ...(signal === undefined ? {} : { signal }) });
    return this.#exclusive(async () => {
      const { put, ...report } = adoptable(remembered, this.#world);
      if (dryRun || put.length === 0) return report;
      await this.#ports.state.commit({ put });
      for (const [path, base] of put) this.#world.base.set(path, base);
      return report;
    });
  }

  async runs(): Promise<readonly Run[]> {
    // What came of a run that a crash cut short is seen by looking.
    if (!this.#looked && (await this.#undo.isCut())) await this.syncAll({ dryRun: true }).catch(() => undefined);
    const { base, intents, localSnapshot, remoteSnapshot } = this.#world;
    return this.#undo.runs(this.#looked ? absorbIntents(base, intents, localSnapshot, remoteSnapshot) : base);
  }

  held(): readonly HeldDeletions[] {
    return this.#held;
  }

  async reclaim(paths: readonly RelPath[]): Promise<void> {
    await this.#exclusive(async () => {
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
    const mode = this.#ports.watcher?.mode();
    return describeStatus({
      source: this.#ports.local.root,
      target: this.#ports.remote.id,
      watching: this.#loop !== null,
      watchMode: mode === undefined || this.#loop === null ? 'not watching' : mode.kind === 'events' ? 'events' : `looking every ${Math.round(mode.everyMs / 1000)} s: ${mode.why}`,
      paused: this.#paused,
      pausedUntil: this.#pausedUntil,
      lastSyncAt: this.#lastSyncAt,
      lastFullScanAt: this.#lastFullScanAt,
      files,
      bytes,
      kept: this.#kept,
      pending: this.#pending,
      progress: this.#progress,
      conflicts: this.#memory.conflicts,
      held: this.#held,
      problems: [...this.#problems, ...this.#drillProblems()],
      failures: this.#failures.all,
      drill: this.#drills.status,
      usage: this.#usage.thisMonth,
      error: this.#error,
    });
  }

  conflicts(): readonly Conflict[] {
    return this.#memory.conflicts;
  }

  async resolve(path: RelPath, choice: Choice): Promise<void> {
    const conflict = this.#memory.conflicts.find((c) => c.path === path);
    if (conflict === undefined) throw new SyncError('not-found', `there is no open conflict at ${path}`, { path });
    const resolution = { path, choice, local: conflict.local, remoteVersion: conflict.remoteVersion };
    await this.#ports.state.commit({ putResolutions: [resolution] });
    this.#memory.resolutions = [...this.#memory.resolutions.filter((r) => r.path !== path), resolution];
    this.#wake.hear({ kind: 'paths', paths: new Set([path]) });
    this.#wake.hearRemote(null);
  }

  async why(path: RelPath): Promise<WhyReport> {
    const report = await this.syncAll({ dryRun: true });
    const activity = await this.#ports.state.activity({ limit: 20, path });
    return explain(path, { world: this.#world, ignore: this.#memory.ignore, report, failure: this.#failures.at(path), activity });
  }

  activity(query: ActivityQuery): Promise<readonly ActivityRecord[]> {
    return this.#ports.state.activity(query);
  }

  activityIndex(filter: ActivityFilter): Promise<ActivityIndex> {
    return this.#ports.state.activityIndex(filter);
  }

  /** Waits for news, for the next poll or for the next full look, and lets the loop turn. */
  async #run(stop: AbortSignal): Promise<void> {
    let look: Look | null = { local: 'all', remote: 'all' };
    while (!stop.aborted) {
      if (!this.#paused && look !== null) {
        await this.#turnQuietly(look);
        this.#timetable.looked(look);
      }
      if (!this.#paused) await this.#drillWhenDue();
      await this.#sleepUntilNews(Math.max(0, this.#pauseEndsIn() ?? this.#timetable.pollIn), stop);
      if (stop.aborted) return;
      if (this.#paused && (this.#pauseEndsIn() ?? 1) <= 0) this.resume();
      look = await this.#nextTurn();
    }
  }

  /** What the loop has to look at now; null: nothing. */
  async #nextTurn(): Promise<Look | null> {
    const due = this.#timetable.due;
    const recovers = !this.#looked || this.#error !== null;
    const polls = due.poll && !due.list && !recovers && !this.#paused;
    if (polls && !(await this.#poll())) return null;
    if (this.#restless.length > 0) this.#wake.hear({ kind: 'paths', paths: new Set(this.#restless) });
    const heard = this.#wake.take((folder) => this.#world.local.get(folder)?.entry.kind === 'folder');
    // A resume looks at everything, so what was heard during a pause need not be kept.
    if (this.#paused) return null;
    const everywhere = recovers || (due.list && due.scan);
    const look: Look = {
      local: everywhere || due.scan ? 'all' : heard.local,
      remote: everywhere || due.list ? 'all' : heard.remote,
    };
    const retries = due.poll && this.#unfinished;
    return look.local === 'cached' && look.remote === 'cached' && !retries ? null : look;
  }

  /** Asks the feed, which costs one small listing; false when the place itself is wrong. */
  async #poll(): Promise<boolean> {
    const { remote, local, log, clock } = this.#ports;
    this.#timetable.polled();
    try {
      const paths = await this.#exclusive(async (signal) => {
        // A folder that is gone is told at once, as where each poll is a cycle (C26).
        if ((await local.identity()).kind !== 'marked') return null;
        return (await remote.feed?.news((path) => this.#world.remote.get(path)?.version ?? null, signal)) ?? null;
      });
      if (paths === null) log.line('info', 'the feed cannot tell what changed: everything is listed', {});
      this.#wake.hearRemote(paths);
      if (this.#pending === 0 && !this.#wake.any) this.#lastSyncAt = clock.now();
      await this.#usage.write('now and then');
      this.#tellStatus();
      return true;
    } catch (error) {
      const { code, message } = asSyncError(error);
      if (code !== 'aborted') log.line('warn', 'the feed cannot be read', { code, message });
      if (PLACE_ERRORS.includes(code) && code !== 'aborted') this.#error = asSyncError(error);
      this.#tellStatus();
      return !PLACE_ERRORS.includes(code);
    }
  }

  /** Ms until a timed pause ends; null when it has no end or there is no pause. */
  #pauseEndsIn(): number | null {
    if (!this.#paused) return null;
    return this.#pausedUntil === null ? Number.MAX_SAFE_INTEGER : this.#pausedUntil - this.#ports.clock.now();
  }

  async #sleepUntilNews(ms: number, stop: AbortSignal): Promise<void> {
    const awake = new AbortController();
    // Timers hold at most 2^31-1 ms.
    const timer = this.#ports.clock.sleep(Math.min(ms, 2 ** 31 - 1), AbortSignal.any([awake.signal, stop])).catch(() => undefined);
    await Promise.race([this.#wake.next(), timer]);
    awake.abort();
    this.#wake.nudge();
    await timer;
  }

  async #turnQuietly(look: Look): Promise<void> {
    try {
      await this.#exclusive((signal) => this.#turns({ ...this.#fullLook(), ...look }, signal));
    } catch (error) {
      if (!hasCode(error, 'aborted')) this.#ports.log.line('error', 'the folder waits', { code: asSyncError(error).code, message: asSyncError(error).message });
    }
  }

  /** One at a time; each gets its own way to be interrupted. */
  async #exclusive<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const before = this.#queue;
    const turn = (async () => {
      await before.catch(() => undefined);
      const controller = new AbortController();
      this.#current = controller;
      try {
        return await work(controller.signal);
      } finally {
        this.#current = null;
      }
    })();
    this.#queue = turn;
    return turn;
  }

  #meter(): ProgressMeter {
    return new ProgressMeter(this.#ports.clock, (progress) => {
      this.#progress = progress;
      this.#events.emit('progress', progress);
    });
  }

  #fullLook(): Omit<CycleRequest, 'signal'> {
    return { local: 'all', remote: 'all', rehash: false, force: false, dryRun: false, scope: null, releaseHeld: false };
  }

  /** Cycles until nothing is left to do, or nothing more can be done now. */
  async #turns(first: Omit<CycleRequest, 'signal'>, signal: AbortSignal): Promise<CycleReport> {
    const meter = this.#meter();
    const sum: Sum = { done: 0, planned: [], last: null, wire: this.#ports.remote.usage() };
    let request: CycleRequest = { ...first, signal };
    try {
      for (let turn = 1; turn <= MAX_TURNS; turn++) {
        const result = await this.#oneCycle(request, meter, sum);
        const next = request.dryRun ? null : this.#nextLook(result);
        if (next === null) break;
        if (next.waitMs > 0) await this.#ports.clock.sleep(next.waitMs * turn, signal);
        request = { ...request, rehash: false, force: false, local: next.local, remote: next.remote };
      }
      if (!first.dryRun) {
        await this.#announcer.flush(signal);
        await this.#settled(first, sum.last, signal);
      }
      return this.#report(sum, meter);
    } catch (error) {
      const problem = asSyncError(error);
      if (problem.code !== 'aborted') this.#error = problem;
      // What was done before a disk was full, say, is news to the others all the same.
      if (!first.dryRun && !STORE_IS_AWAY.includes(problem.code)) await this.#announcer.flush(signal).catch(() => undefined);
      throw problem;
    } finally {
      if (!first.dryRun) await this.#undo.write().catch((error: unknown) => this.#ports.log.line('warn', 'this run cannot be undone', { message: asSyncError(error).message }));
      this.#progress = null;
      this.#tellStatus();
    }
  }

  async #oneCycle(request: CycleRequest, meter: ProgressMeter, sum: Sum): Promise<CycleResult> {
    const began = this.#ports.clock.monotonic();
    const before = new Set(this.#memory.conflicts.map((c) => c.path));
    const result = await runCycle(
      request,
      { ...this.#ports, places: this.#places, age: this.#age, world: this.#world, meter, announcer: this.#announcer, undo: this.#undo, bursts: this.#bursts },
      this.#memory,
      (event) => {
        this.#failures.track(event);
        const { cycle, action, outcome, error } = event;
        this.#events.emit('action', { cycle, action, outcome, message: error?.message ?? null });
      },
    );
    if (request.local === 'all' && request.remote === 'all') {
      if (result.outcomes.length === 0) this.#timetable.lookTook(this.#ports.clock.monotonic() - began);
      this.#looked = true;
    }
    sum.last = result;
    sum.done += result.outcomes.filter((o) => o.outcome === 'done' && o.action.kind !== 'adopt' && o.action.kind !== 'forget').length;
    if (request.dryRun) sum.planned.push(...result.plan.actions.map((p) => p.action));
    else {
      this.#held = result.plan.held;
      for (const held of result.plan.held) this.#events.emit('held', held);
      for (const conflict of result.plan.conflicts) if (!before.has(conflict.path)) this.#events.emit('conflict', conflict);
    }
    this.#problems = result.plan.problems;
    if (request.scope === null) this.#failures.keepOnly(new Set(result.plan.actions.map((p) => p.action.path)));
    this.#error = null;
    this.#leaves(result, request);
    this.#tellStatus();
    return result;
  }

  /** What a cycle leaves for the next poll, since no word will come about it. */
  #leaves(result: CycleResult, { dryRun, scope, remote }: CycleRequest): void {
    // What was looked at and not done.
    const passedOver = scope !== null || (dryRun && result.plan.actions.length > 0);
    this.#unfinished = passedOver || result.outcomes.some((o) => o.outcome === 'failed');
    if (isUnclear(result) || remote === 'all') this.#timetable.listSoon(isUnclear(result));
  }

  #nextLook(result: CycleResult): (Look & { readonly waitMs: number }) | null {
    const { restless, pending, next } = leftoversOf(result);
    this.#restless = restless;
    this.#pending = pending;
    return next;
  }

  /** After a run: what failed once and is no longer wanted is no failure; times are remembered; old things are swept. */
  async #settled(first: Omit<CycleRequest, 'signal'>, last: CycleResult | null, signal: AbortSignal): Promise<void> {
    const { clock, state, local, remote, settings } = this.#ports;
    const now = clock.now();
    const full = first.local === 'all' && first.remote === 'all' && first.scope === null;
    await this.#usage.write('now');
    if (full) this.#lastFullScanAt = now;
    if (this.#pending === 0) this.#lastSyncAt = now;
    if (!full) return;
    await state.commit({ values: { [LAST_FULL_SCAN]: String(now), ...(this.#lastSyncAt === null ? {} : { [LAST_SYNC]: String(this.#lastSyncAt) }) } });
    await local.sweep(await remote.now(signal), unfinishedIn(last));
    const { versionsKeep: keep, versionsDays: days, versionsThin: thin = false, versionsMaxBytes: maxBytes = null, versionsPruneBucket: prunesStore = false } = settings;
    this.#kept = await remote.sweep({ keep, days, thin, maxBytes, prunesStore }, signal);
    await state.commit({ values: { [KEPT_VERSIONS]: JSON.stringify(this.#kept) } });
  }

  #report(sum: Sum, meter: ProgressMeter): CycleReport {
    const last = sum.last;
    const report: CycleReport = {
      cycle: last?.cycle ?? '',
      done: sum.done,
      stale: last?.outcomes.filter((o) => o.outcome === 'stale').length ?? 0,
      failures: this.#failures.all,
      problems: last?.plan.problems ?? [],
      conflicts: last?.plan.conflicts ?? [],
      held: last?.plan.held ?? [],
      ...this.#moved(sum, meter),
      planned: sum.planned,
    };
    this.#events.emit('cycle', report);
    return report;
  }

  /** Bytes of files; a store's client may have sent or fetched fewer, where the store or an earlier run had parts of them. */
  #moved({ wire }: Sum, meter: ProgressMeter): Pick<CycleReport, 'bytesUp' | 'bytesDown'> {
    const now = this.#ports.remote.usage();
    if (now === null || wire === null) return { bytesUp: meter.up, bytesDown: meter.down };
    return { bytesUp: Math.min(meter.up, now.bytesUp - wire.bytesUp), bytesDown: Math.min(meter.down, now.bytesDown - wire.bytesDown) };
  }

  #tellStatus(): void {
    this.#events.emit('status', this.status());
  }
}

interface Sum {
  done: number;
  readonly planned: Action[];
  last: CycleResult | null;
  /** What had been asked of the store before; null where nobody counts. */
  readonly wire: BackendUsage | null;
}

function asRequest(options: SyncOptions): Partial<CycleRequest> {
  return {
    rehash: options.full ?? false,
    force: options.force ?? false,
    dryRun: options.dryRun ?? false,
    scope: options.path ?? null,
    releaseHeld: options.releaseHeld ?? false,
  };
}

function asKept(text: string | undefined): KeptVersions | null {
  const [, count, bytes] = /^\{"count":(\d+),"bytes":(\d+)\}$/.exec(text ?? '') ?? [];
  return count === undefined ? null : { count: Number(count), bytes: Number(bytes) };
}

function asTime(text: string | undefined): number | null {
  const value = Number(text);
  return text === undefined || !Number.isFinite(value) ? null : value;
}
