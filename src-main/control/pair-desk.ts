import type { StoreReport } from '../backends/backend.ts';
import type { CodecSettings } from '../codec/vault-document.ts';
import type { Choice, Conflict } from '../core/conflict.ts';
import type { CycleReport, PairStatus, SyncEvents } from '../core/events.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { DrillReport } from '../engine/drill.ts';
import type { DrillOptions, PairEngine, RestoredReport, Restorer, SyncOptions, Verifier, VerifyOptions } from '../engine/sync-manager.ts';
import type { VerifyReport } from '../engine/verify-report.ts';
import { type RestoreDone, type RestoreParts, type RestoreRequest, restoreAt } from './restore-request.ts';

/** What a command wants of a pair, wherever its engine runs: in this process, or in the one that owns the folder. */
export interface PairDesk {
  /** The real path of the synced folder. */
  readonly source: string;
  sync(options: SyncOptions): Promise<CycleReport>;
  look(): Promise<PairLook>;
  conflicts(): Promise<readonly Conflict[]>;
  resolve(path: RelPath, choice: Choice): Promise<void>;
  /** In place, as {@link Reviser.revise}. */
  restore(request: RestoreRequest, options: { readonly signal?: AbortSignal }): Promise<RestoreDone>;
  /** What can be undone, the latest first. */
  runs(): Promise<readonly PastRun[]>;
  verify(options: VerifyOptions): Promise<VerifyReport>;
  drill(options: DrillOptions): Promise<DrillReport>;
  acceptRestored(options: Parameters<Restorer['acceptRestored']>[0]): Promise<RestoredReport>;
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
  /** The times it keeps; null: none of its own. */
  readonly schedule: Times | null;
}
export interface Times {
  readonly cron: string | null;
  readonly timeZone: string | null;
  readonly quiet: readonly string[];
}

/** A run that can be undone, and how many paths it changed. */
export interface PastRun {
  readonly id: string;
  readonly atMs: number;
  readonly changes: number;
}

/** The parts of a pair that a desk speaks for. */
export interface DeskParts extends RestoreParts {
  readonly engine: PairEngine;
  readonly verifier: Verifier;
  readonly restorer: Restorer;
  readonly source: string;
  readonly schedule: Times | null;
  storeNow(): Promise<number>;
  protection(): Promise<PairLook['protection']>;
  codec(): PairLook['codec'];
}

/** How the program that runs an engine lets its folder rest, for the user's pause and for reasons of its own; goes before the engine's own. */
export interface DeskRest extends Pick<PairDesk, 'pause' | 'resume'> {
  /** When the rest ends by itself, ms since the epoch; null: nobody knows, or there is none. */
  restsUntil(): number | null;
}

/** The desk of a pair in this process. */
export function deskOf(pair: DeskParts, { restsUntil, ...hold }: Partial<DeskRest> = {}): PairDesk {
  const { engine, reviser, verifier, restorer, source, schedule } = pair;
  return {
    source,
    sync: (options) => engine.syncAll(options),
    look: async () => ({ status: restingUntil(engine.status(), restsUntil?.() ?? null), protection: await pair.protection(), codec: pair.codec(), schedule }),
    conflicts: async () => engine.conflicts(),
    resolve: (path, choice) => engine.resolve(path, choice),
    restore: (request, { signal }) => restoreAt(pair, request, signal ?? new AbortController().signal),
    runs: async () => (await reviser.runs()).map(({ id, atMs, deeds }) => ({ id, atMs, changes: deeds.length })),
    verify: (options) => verifier.verify(options),
    drill: (options) => verifier.drill(options),
    acceptRestored: (options) => restorer.acceptRestored(options),
    storeNow: () => pair.storeNow(),
    pause: async (until) => engine.pause(until ?? undefined),
    resume: async () => engine.resume(),
    ...hold,
    on: (event, listener) => engine.on(event, listener as SyncEvents[typeof event]),
  };
}

/** The status with the end of a rest that the engine was told no end of. */
export function restingUntil(status: PairStatus, until: number | null): PairStatus {
  return status.pausedUntil === null && until !== null ? { ...status, pausedUntil: until } : status;
}
