import type { StoreReport } from '../backends/backend.ts';
import type { CodecSettings } from '../codec/vault-document.ts';
import type { Choice, Conflict } from '../core/conflict.ts';
import type { CycleReport, PairStatus, SyncEvents } from '../core/events.ts';
import type { RelPath } from '../core/rel-path.ts';
import { lifeById } from '../engine/life-by-id.ts';
import { asInLife, asOf } from '../engine/restore.ts';
import type { MakeWanted, PairEngine, ReviseReport, Reviser, SyncOptions } from '../engine/sync-manager.ts';
import type { Past } from '../remote/history/past.ts';

/** What a command wants of a pair, wherever its engine runs: in this process, or in the one that owns the folder. */
export interface PairDesk {
  /** The real path of the synced folder. */
  readonly source: string;
  sync(options: SyncOptions): Promise<CycleReport>;
  look(): Promise<PairLook>;
  conflicts(): Promise<readonly Conflict[]>;
  resolve(path: RelPath, choice: Choice): Promise<void>;
  /** In place, as {@link Reviser.revise}. */
  restore(request: RestoreRequest, options: { readonly signal?: AbortSignal }): Promise<ReviseReport>;
  /** The store's time, ms. */
  storeNow(): Promise<number>;
  /** Null: until `resume`. */
  pause(until: number | null): Promise<void>;
  resume(): Promise<void>;
  /** `progress` and `action` come while this desk's own work goes on. */
  on<E extends keyof DeskEvents>(event: E, listener: DeskEvents[E]): () => void;
}
export type DeskEvents = Pick<SyncEvents, 'progress' | 'action'>;

/** How things stand, without asking the store. */
export interface PairLook {
  readonly status: PairStatus;
  readonly protection: StoreReport['protection'] | null;
  readonly codec: CodecSettings | null;
}

export interface RestoreRequest {
  readonly what: { readonly kind: 'time'; readonly atMs: number; readonly path: RelPath | null } | { readonly kind: 'version'; readonly path: RelPath; readonly id: string };
  readonly dryRun: boolean;
  readonly releaseHeld: boolean;
}

/** The parts of a pair that a desk speaks for. */
export interface DeskParts {
  readonly engine: PairEngine;
  readonly reviser: Reviser;
  readonly past: Past;
  readonly source: string;
  storeNow(): Promise<number>;
  protection(): Promise<PairLook['protection']>;
  codec(): PairLook['codec'];
}

/** The desk of a pair in this process. `hold` takes a pause further than the engine: the app remembers it. */
export function deskOf(pair: DeskParts, hold: Partial<Pick<PairDesk, 'pause' | 'resume'>> = {}): PairDesk {
  const { engine, reviser, past, source } = pair;
  return {
    source,
    sync: (options) => engine.syncAll(options),
    look: async () => ({ status: engine.status(), protection: await pair.protection(), codec: pair.codec() }),
    conflicts: async () => engine.conflicts(),
    resolve: (path, choice) => engine.resolve(path, choice),
    restore: async ({ what, dryRun, releaseHeld }, { signal }) =>
      reviser.revise(await wantedOf(past, what, signal ?? new AbortController().signal), { dryRun, releaseHeld, ...(signal === undefined ? {} : { signal }) }),
    storeNow: () => pair.storeNow(),
    pause: async (until) => engine.pause(until ?? undefined),
    resume: async () => engine.resume(),
    ...hold,
    on: (event, listener) => engine.on(event, listener as SyncEvents[typeof event]),
  };
}

async function wantedOf(past: Past, what: RestoreRequest['what'], signal: AbortSignal): Promise<MakeWanted> {
  if (what.kind === 'time') return asOf(past, what.atMs, what.path);
  const { life, found } = await lifeById(past, what.path, what.id, signal);
  return asInLife(past, life, found);
}
