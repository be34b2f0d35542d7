import type { BackendUsage } from '../backends/backend.ts';
import type { Action } from '../core/action.ts';
import type { ErrorCode } from '../core/errors.ts';
import type { CycleReport, SyncEvents } from '../core/events.ts';
import type { KeptVersions } from '../remote/remote-tree.ts';
import type { BurstLedger } from './burst-ledger.ts';
import { type CycleMemory, type CyclePorts, type CycleRequest, type CycleResult, type OutcomeEvent, runCycle } from './cycle.ts';
import type { Emitter } from './emitter.ts';
import { asSyncError } from './execute.ts';
import { NONE, plus } from './kept-count.ts';
import { isUnclear, type Look, leftoversOf, unfinishedIn } from './next-look.ts';
import type { PathFailures } from './path-failures.ts';
import type { Picture } from './picture.ts';
import type { ProgressMeter } from './progress.ts';
import type { Timetable } from './timetable.ts';
import type { UndoLog } from './undo-log.ts';
import type { UsageLedger } from './usage.ts';

export type TurnRequest = Omit<CycleRequest, 'signal'>;

export interface TurnPorts extends Omit<CyclePorts, 'meter' | 'undo' | 'bursts'> {
  readonly undo: UndoLog;
  readonly bursts: BurstLedger;
  readonly memory: CycleMemory;
  readonly picture: Picture;
  readonly failures: PathFailures;
  readonly timetable: Timetable;
  readonly usage: UsageLedger;
  readonly events: Emitter<SyncEvents>;
  meter(): ProgressMeter;
  tellStatus(): void;
  /** Nothing is at work any more. */
  ended(): void;
}

/** Both sides, with nothing out of the ordinary. */
export const FULL_LOOK: TurnRequest = { local: 'all', remote: 'all', rehash: false, force: false, dryRun: false, scope: null, releaseHeld: false };

/** Then nobody can be told anything either. */
const STORE_IS_AWAY: readonly ErrorCode[] = ['aborted', 'unreachable', 'refused', 'remote-missing', 'remote-replaced'];
/** In one run the loop turns at most so often; what is still restless then is left for the next. */
const MAX_TURNS = 8;

/** A run: cycles until nothing is left to do, and what comes after them. */
export class Turns {
  readonly #ports: TurnPorts;

  constructor(ports: TurnPorts) {
    this.#ports = ports;
  }

  /** Cycles until nothing is left to do, or nothing more can be done now. @throws SyncError when the place itself is wrong */
  async run(first: TurnRequest, signal: AbortSignal): Promise<CycleReport> {
    const { announcer, clock, picture, remote, undo, log } = this.#ports;
    const meter = this.#ports.meter();
    const sum: Sum = { done: 0, planned: [], last: null, kept: NONE, wire: remote.usage() };
    let request: CycleRequest = { ...first, signal };
    try {
      for (let turn = 1; turn <= MAX_TURNS; turn++) {
        const result = await this.#oneCycle(request, meter, sum);
        const next = request.dryRun ? null : this.#nextLook(result);
        if (next === null) break;
        if (next.waitMs > 0) await clock.sleep(next.waitMs * turn, signal);
        request = { ...request, rehash: false, force: false, local: next.local, remote: next.remote };
      }
      if (!first.dryRun) {
        await announcer.flush(signal);
        await this.#settled(first, sum, signal);
      }
      return this.#report(sum, meter);
    } catch (error) {
      const problem = asSyncError(error);
      if (problem.code !== 'aborted') picture.error = problem;
      // What was done before a disk was full, say, is news to the others all the same.
      if (!first.dryRun && !STORE_IS_AWAY.includes(problem.code)) await announcer.flush(signal).catch(() => undefined);
      throw problem;
    } finally {
      if (!first.dryRun) await undo.write().catch((error: unknown) => log.line('warn', 'this run cannot be undone', { message: asSyncError(error).message }));
      this.#ports.ended();
    }
  }

  async #oneCycle(request: CycleRequest, meter: ProgressMeter, sum: Sum): Promise<CycleResult> {
    const { clock, timetable, memory, picture, failures } = this.#ports;
    const began = clock.monotonic();
    const before = new Set(memory.conflicts.map((c) => c.path));
    const result = await runCycle(request, { ...this.#ports, meter }, memory, (event) => this.#tell(event));
    if (request.local === 'all' && request.remote === 'all') {
      if (result.outcomes.length === 0) timetable.lookTook(clock.monotonic() - began);
      picture.looked = true;
    }
    sum.last = result;
    sum.kept = plus(sum.kept, result.kept);
    // Where nothing was counted yet, a part is not told for the whole.
    if (picture.kept !== null) picture.kept = plus(picture.kept, result.kept);
    sum.done += result.outcomes.filter((o) => o.outcome === 'done' && o.action.kind !== 'adopt' && o.action.kind !== 'forget').length;
    if (request.dryRun) sum.planned.push(...result.plan.actions.map((p) => p.action));
    else this.#show(result, before);
    picture.problems = result.plan.problems;
    if (request.scope === null) failures.keepOnly(new Set(result.plan.actions.map((p) => p.action.path)));
    picture.error = null;
    this.#leaves(result, request);
    this.#ports.tellStatus();
    return result;
  }

  #tell(event: OutcomeEvent): void {
    const { cycle, action, outcome, error } = event;
    this.#ports.failures.track(event);
    this.#ports.events.emit('action', { cycle, action, outcome, message: error?.message ?? null });
  }

  /** What waits for the user. */
  #show({ plan }: CycleResult, knownConflicts: ReadonlySet<string>): void {
    const { picture, events } = this.#ports;
    picture.held = plan.held;
    for (const held of plan.held) events.emit('held', held);
    for (const conflict of plan.conflicts) if (!knownConflicts.has(conflict.path)) events.emit('conflict', conflict);
  }

  /** What a cycle leaves for the next poll, since no word will come about it. */
  #leaves(result: CycleResult, { dryRun, scope, remote }: CycleRequest): void {
    // What was looked at and not done.
    const passedOver = scope !== null || (dryRun && result.plan.actions.length > 0);
    this.#ports.picture.unfinished = passedOver || result.outcomes.some((o) => o.outcome === 'failed');
    if (isUnclear(result) || remote === 'all') this.#ports.timetable.listSoon(isUnclear(result));
  }

  #nextLook(result: CycleResult): (Look & { readonly waitMs: number }) | null {
    const { picture } = this.#ports;
    const { restless, pending, next } = leftoversOf(result);
    picture.restless = restless;
    picture.pending = pending;
    return next;
  }

  /** After a run: what failed once and is no longer wanted is no failure; times are remembered; old things are swept. */
  async #settled(first: TurnRequest, { last, kept }: Sum, signal: AbortSignal): Promise<void> {
    const { clock, state, local, remote, settings, usage, picture } = this.#ports;
    const now = clock.now();
    const full = first.local === 'all' && first.remote === 'all' && first.scope === null;
    await usage.write('now');
    if (full) picture.lastFullScanAt = now;
    if (picture.pending === 0) picture.lastSyncAt = now;
    if (!full) {
      if (picture.kept !== null && kept.count > 0) await state.commit({ values: picture.versions });
      return;
    }
    await state.commit({ values: picture.times });
    await local.sweep(await remote.now(signal), unfinishedIn(last));
    const { versionsKeep: keep, versionsDays: days, versionsThin: thin = false, versionsMaxBytes: maxBytes = null, versionsPruneBucket: prunesStore = false } = settings;
    picture.kept = await remote.sweep({ keep, days, thin, maxBytes, prunesStore }, signal);
    await state.commit({ values: picture.versions });
  }

  #report(sum: Sum, meter: ProgressMeter): CycleReport {
    const last = sum.last;
    const report: CycleReport = {
      cycle: last?.cycle ?? '',
      done: sum.done,
      stale: last?.outcomes.filter((o) => o.outcome === 'stale').length ?? 0,
      failures: this.#ports.failures.all,
      problems: last?.plan.problems ?? [],
      conflicts: last?.plan.conflicts ?? [],
      held: last?.plan.held ?? [],
      ...this.#moved(sum, meter),
      planned: sum.planned,
    };
    this.#ports.events.emit('cycle', report);
    return report;
  }

  /** Bytes of files; a store's client may have sent or fetched fewer, where the store or an earlier run had parts of them. */
  #moved({ wire }: Sum, meter: ProgressMeter): Pick<CycleReport, 'bytesUp' | 'bytesDown'> {
    const now = this.#ports.remote.usage();
    if (now === null || wire === null) return { bytesUp: meter.up, bytesDown: meter.down };
    return { bytesUp: Math.min(meter.up, now.bytesUp - wire.bytesUp), bytesDown: Math.min(meter.down, now.bytesDown - wire.bytesDown) };
  }
}

interface Sum {
  done: number;
  readonly planned: Action[];
  last: CycleResult | null;
  kept: KeptVersions;
  /** What had been asked of the store before; null where nobody counts. */
  readonly wire: BackendUsage | null;
}
