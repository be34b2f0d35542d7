import type { Choice, Conflict } from '../core/conflict.ts';
import { SyncError } from '../core/errors.ts';
import type { CycleReport, PairStatus, SyncEvents } from '../core/events.ts';
import type { RelPath } from '../core/rel-path.ts';
import { Emitter } from '../engine/emitter.ts';
import type { PairEngine, SyncOptions, WhyReport } from '../engine/sync-manager.ts';
import type { ActivityFilter, ActivityIndex, ActivityQuery, ActivityRecord } from '../state/state-store.ts';

/** A pair's engine without a pair: does nothing, and says what a test wants said. */
export class FakeEngine implements PairEngine {
  readonly #events = new Emitter<SyncEvents>();
  /** Every call, in order. */
  readonly calls: string[] = [];
  /** Oldest first. */
  records: readonly ActivityRecord[] = [];
  #forgotten = 0;
  startError: SyncError | null = null;
  current: PairStatus = calmStatus();

  async start(): Promise<void> {
    this.calls.push('start');
    if (this.startError !== null) throw this.startError;
    // It looks at everything first.
    const { lastFullScanAt } = this.current;
    if (lastFullScanAt !== null) this.current = { ...this.current, lastFullScanAt: lastFullScanAt + 1 };
  }
  async stop(): Promise<void> {
    this.calls.push('stop');
  }
  async syncAll(options: SyncOptions = {}): Promise<CycleReport> {
    this.calls.push(options.releaseHeld === true ? 'sync and release' : 'sync');
    throw new SyncError('aborted', 'a fake engine syncs nothing');
  }
  pause(until?: number): void {
    this.calls.push(`pause ${until ?? 'for good'}`);
    this.say({ state: 'paused', pausedUntil: until ?? null });
  }
  resume(): void {
    this.calls.push('resume');
    this.say({ state: 'ok', pausedUntil: null });
  }
  status(): PairStatus {
    return this.current;
  }
  conflicts(): readonly Conflict[] {
    return this.current.conflicts;
  }
  async resolve(path: RelPath, choice: Choice): Promise<void> {
    this.calls.push(`resolve ${path} ${choice}`);
  }
  async why(path: RelPath): Promise<WhyReport> {
    return {
      path,
      ignoredBy: null,
      ignoreRule: null,
      base: null,
      local: null,
      remote: null,
      decision: 'nothing',
      lastError: null,
      activity: [],
      facts: { agrees: true, link: null, oneWay: false, below: NOTHING_BELOW },
    };
  }
  async activity({ limit, before, ids, without = [] }: ActivityQuery): Promise<readonly ActivityRecord[]> {
    const wanted = ids === undefined ? null : new Set(ids);
    return this.records
      .filter(({ at, what }, i) => !without.includes(what) && (before === undefined || at < before) && (wanted === null || wanted.has(i + 1)) && i >= this.#forgotten)
      .toReversed()
      .slice(0, limit);
  }
  async activityIndex({ search, failedOnly, without, after = 0 }: ActivityFilter): Promise<ActivityIndex> {
    const ids = this.records.flatMap(({ path, to, what, outcome }, i) => {
      const named = [path, to ?? ''].some((name) => name.toLowerCase().includes(search.toLowerCase()));
      const fits = i >= after && i >= this.#forgotten && !without.includes(what) && (!failedOnly || outcome === 'failed') && named;
      return fits ? [i + 1] : [];
    });
    return { ids: Float64Array.from(ids).reverse(), times: Float64Array.from(ids, (id) => this.records[id - 1]?.at ?? 0).reverse() };
  }
  on<E extends keyof SyncEvents>(event: E, listener: SyncEvents[E]): () => void {
    return this.#events.on(event, listener);
  }

  /** Gives up old records, as a store does. */
  forgetBefore(at: number): void {
    this.#forgotten = this.records.filter((record) => record.at < at).length;
  }
  /** Changes the status and tells it. */
  say(change: Partial<PairStatus>): void {
    this.current = { ...this.current, ...change };
    this.#events.emit('status', this.current);
  }
  act(event: Parameters<SyncEvents['action']>[0]): void {
    this.#events.emit('action', event);
  }
}

const NOTHING_BELOW = { problems: 0, conflicts: 0, held: 0, planned: 0, oneWay: 0 };

export function calmStatus(): PairStatus {
  return {
    state: 'ok',
    summary: 'Up to date',
    source: '/home/a/Documents',
    target: 'local:/backup',
    watching: true,
    watchMode: 'events',
    pausedUntil: null,
    lastSyncAt: null,
    lastFullScanAt: 1_700_000_000_000,
    files: 0,
    bytes: 0,
    pending: 0,
    progress: null,
    conflicts: [],
    held: [],
    problems: [],
    failures: [],
    usage: null,
    error: null,
  };
}
