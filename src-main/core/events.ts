import type { Action, HeldDeletions } from './action.ts';
import type { Conflict } from './conflict.ts';
import type { PathProblem } from './entry.ts';
import type { ErrorCode } from './errors.ts';
import type { RelPath } from './rel-path.ts';

/** What the engine is doing, one word for the tray and the CLI. Priority of display: error > attention > offline > paused > syncing > ok. */
export type PairState = 'not-set-up' | 'ok' | 'syncing' | 'paused' | 'offline' | 'attention' | 'error';

export interface TransferProgress {
  readonly path: RelPath;
  readonly direction: 'up' | 'down';
  readonly bytes: number;
  readonly totalBytes: number;
}
export interface Progress {
  readonly phase: 'looking' | 'planning' | 'working';
  /** While looking: files seen. While working: actions finished. */
  readonly done: number;
  /** Actions in the plan; 0 while unknown. */
  readonly total: number;
  readonly bytes: number;
  readonly totalBytes: number;
  /** Bytes a second over the last seconds; null when nothing is moving. */
  readonly rate: number | null;
  /** Seconds left, null while unknown. */
  readonly etaSeconds: number | null;
  readonly inFlight: readonly TransferProgress[];
}

export interface PathFailure {
  readonly path: RelPath;
  readonly code: ErrorCode;
  readonly message: string;
  /** How many cycles in a row. */
  readonly attempts: number;
  /** ms since the epoch. */
  readonly since: number;
}

/** What this device asked of the store in one month. */
export interface StoreUsage {
  /** `2026-11`, in UTC. */
  readonly month: string;
  /** By kind, as the store is billed. */
  readonly requests: Readonly<Record<string, number>>;
  /** Bytes of bodies. */
  readonly bytesUp: number;
  readonly bytesDown: number;
}

/** Why the folder waits. */
export interface PairError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | null;
  /** What opens the encrypted vault is missing or wrong. */
  readonly wantsSecret?: true;
}

/** What the last restore drill found. */
export interface DrillStatus {
  /** ms since the epoch, this device's clock. */
  readonly at: number;
  /** Fetched, decrypted and proven. */
  readonly files: number;
  readonly bytes: number;
  readonly failed: number;
  /** The last one in which every file came back; null: there was none. */
  readonly succeededAt: number | null;
}

export interface HeldStatus {
  readonly side: HeldDeletions['side'];
  readonly why: HeldDeletions['why'];
  readonly files: number;
  /** Files of a burst that went over before it was recognised; bringing back covers them too. Absent where there are none. */
  readonly wentOver?: number;
  readonly paths: readonly RelPath[];
}

export interface PairStatus {
  readonly state: PairState;
  /** The state in words. */
  readonly summary: string;
  readonly source: string;
  readonly target: string;
  readonly watching: boolean;
  /** How changes are noticed, and why not by events where it is so. */
  readonly watchMode: string;
  readonly pausedUntil: number | null;
  /** End of the last cycle that left nothing to do or to show, ms since the epoch. */
  readonly lastSyncAt: number | null;
  readonly lastFullScanAt: number | null;
  readonly files: number;
  readonly bytes: number;
  /** Kept versions in the store besides, as the last sweep left them; null when not known yet. */
  readonly kept?: { readonly count: number; readonly bytes: number } | null;
  /** The last restore drill; null when none was made yet. */
  readonly drill?: DrillStatus | null;
  readonly pending: number;
  readonly progress: Progress | null;
  readonly conflicts: readonly Conflict[];
  readonly held: readonly HeldStatus[];
  readonly problems: readonly PathProblem[];
  readonly failures: readonly PathFailure[];
  /** This month so far; null where requests are not counted, as in a folder. */
  readonly usage: StoreUsage | null;
  /** Why the whole folder waits; null when it does not. */
  readonly error: PairError | null;
}

export interface CycleReport {
  readonly cycle: string;
  readonly done: number;
  readonly stale: number;
  readonly failures: readonly PathFailure[];
  readonly problems: readonly PathProblem[];
  readonly conflicts: readonly Conflict[];
  readonly held: readonly HeldDeletions[];
  /** Bytes of files that were really sent and fetched. */
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** For a dry run: what would have been done. */
  readonly planned: readonly Action[];
}

export interface SyncEvents {
  readonly status: (status: PairStatus) => void;
  readonly progress: (progress: Progress) => void;
  /** One action came to its end. */
  readonly action: (event: { readonly cycle: string; readonly action: Action; readonly outcome: 'done' | 'stale' | 'failed'; readonly message: string | null }) => void;
  readonly conflict: (conflict: Conflict) => void;
  readonly held: (held: HeldDeletions) => void;
  readonly cycle: (report: CycleReport) => void;
}
