import type { HeldDeletions } from '../core/action.ts';
import type { Choice, Conflict } from '../core/conflict.ts';
import type { BaseSnapshot, Entry, Local } from '../core/entry.ts';
import type { SyncError } from '../core/errors.ts';
import type { CycleReport, PairStatus, SyncEvents } from '../core/events.ts';
import type { IgnoreRule } from '../core/ignore.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { Change, Wanted } from '../core/revision.ts';
import type { Sample } from '../core/sample.ts';
import type { ActivityFilter, ActivityIndex, ActivityQuery, ActivityRecord } from '../state/state-store.ts';
import type { DrillReport } from './drill.ts';
import type { FetchContent } from './revise.ts';
import type { Deed, Run } from './undo-log.ts';
import type { VerifyReport } from './verify-report.ts';

export interface SyncOptions {
  /** Re-read every file on both sides. */
  readonly full?: boolean;
  /** Send every local file again. */
  readonly force?: boolean;
  /** Plan only. */
  readonly dryRun?: boolean;
  /** Only this file or folder. */
  readonly path?: RelPath;
  /** Go on with deletions the guard holds. */
  readonly releaseHeld?: boolean;
  readonly signal?: AbortSignal;
}

/** One folder pair. Library users get it through `SyncManager` in index.ts, everyone else through compose.ts. */
export interface PairEngine {
  /** A first sync, then watches both sides until `stop`. */
  start(): Promise<void>;
  /** Finishes the step in flight. */
  stop(): Promise<void>;
  /** Cycles until nothing is left to do (at most 8 in a row); resolves to the sum of them. Rejects with a SyncError when the place itself is wrong (PLACE_ERRORS). */
  syncAll(options?: SyncOptions): Promise<CycleReport>;
  /** No effects until `resume`, or until the time given (ms since the epoch). */
  pause(until?: number): void;
  resume(): void;
  status(): PairStatus;
  resolve(path: RelPath, choice: Choice): Promise<void>;
  conflicts(): readonly Conflict[];
  /** Everything known about one path, for `why`. */
  why(path: RelPath): Promise<WhyReport>;
  activity(query: ActivityQuery): Promise<readonly ActivityRecord[]>;
  activityIndex(filter: ActivityFilter): Promise<ActivityIndex>;
  on<E extends keyof SyncEvents>(event: E, listener: SyncEvents[E]): () => void;
}

export interface VerifyOptions {
  /** Read every content on both sides again, too. */
  readonly content: boolean;
  readonly signal?: AbortSignal;
}

export interface DrillOptions {
  readonly sample: Sample;
  readonly signal?: AbortSignal;
}

/** Checks a pair and changes nothing. */
export interface Verifier {
  /** Takes its turn between syncs. Compares the stored state with fresh looks at both sides. Rejects as `syncAll` does. */
  verify(options: VerifyOptions): Promise<VerifyReport>;
  /** A restore drill: fetches some files, chosen by chance, and proves their bytes. What it found is remembered and shown by `status`. Rejects as `syncAll` does. */
  drill(options: DrillOptions): Promise<DrillReport>;
}

/** Of a pair that nobody watches, since it is synced at its own times. */
export interface Waiter {
  /** Tells how many changes of this side wait for the next sync, and whenever that may be another number, until `signal` fires. Asks the store nothing. */
  watchWaiting(onCount: (count: number) => void, signal: AbortSignal): Promise<void>;
}

/** Changes the synced folder on the user's word, and carries the changes over as any edit. */
export interface Reviser {
  /** Syncs first, so that everything here is agreed; then `wanted` gets what the folder holds and says what it is to hold. What gives way goes to the trash and, by the sync that follows, to the versions. */
  revise(wanted: MakeWanted, options: ReviseOptions): Promise<ReviseReport>;
  /** What the last runs changed, the latest first. */
  runs(): Promise<readonly Run[]>;
  /** What the guard holds since the last look. */
  held(): readonly HeldDeletions[];
  /** Suspicious rewrites of files here that went over before there were enough of them to be held, each as it was and as it became. */
  passed(): Promise<readonly Deed[]>;
  /** These files stay here although they went on the other side: what was agreed on about them is forgotten, so that the next sync sends them like new ones. */
  reclaim(paths: readonly RelPath[]): Promise<void>;
}
/** What is here, and what both sides last agreed on. */
export type MakeWanted = (
  seen: ReadonlyMap<RelPath, Local>,
  base: BaseSnapshot,
  signal: AbortSignal,
) => Promise<{ readonly wanted: Wanted; readonly fetch: FetchContent; readonly left: readonly SkippedPath[] }>;
export interface SkippedPath {
  readonly path: RelPath;
  readonly why: string;
}
export interface ReviseOptions {
  /** Only say what would be done. */
  readonly dryRun: boolean;
  /** Go on although more files go than the guard lets pass. */
  readonly releaseHeld: boolean;
  /** What the syncs before and after hold stays held all the same. */
  readonly keepsHeld?: boolean;
  readonly signal?: AbortSignal;
  /** From here on something may be changed. */
  readonly onBegin?: () => void;
  readonly onChange?: (change: Change) => void;
}
export interface ReviseReport {
  readonly planned: readonly Change[];
  readonly done: readonly Change[];
  /** What could not be done or was left as it is, with the reason. */
  readonly left: readonly SkippedPath[];
  /** So many files would go, more than the guard lets pass; nothing was done. */
  readonly held: number | null;
  /** The sync that carried it over; null in a dry run, or where nothing was to do. */
  readonly report: CycleReport | null;
  /** What ended it before its end, be it `aborted`: what was done until then stays, and the next sync carries it over. */
  readonly cut: SyncError | null;
}

/** For a store that its owner brought back from a backup. */
export interface Restorer {
  /** Looks at what the store lost by that, and, but for a dry run, brings it up to date: what is newer here is sent again, what is there and not here comes. Nothing is deleted on either side. */
  acceptRestored(options: { readonly dryRun: boolean; readonly signal?: AbortSignal }): Promise<RestoredReport>;
}
export interface RestoredReport {
  /** An older version came back there; this device's is sent over it, and it stays as a kept version. */
  readonly older: readonly RelPath[];
  /** Agreed here and gone there: sent again. */
  readonly missing: readonly RelPath[];
  /** Other content than was agreed, of an age that nobody can tell: both are kept, as a conflict. */
  readonly differing: readonly RelPath[];
  /** The sync that followed; null in a dry run. */
  readonly report: CycleReport | null;
}

/** What a pair remembers, given out and taken over (`state export`, `state import`). */
export interface StateBook {
  /** What both sides last agreed on. */
  agreed(): BaseSnapshot;
  /**
   * Takes over what another state remembered, path by path: only where nothing is remembered yet, and only where a side still holds just that. So a difference on the other side becomes an edit or a deletion that came since, instead
   * of a conflict or a new file; what neither side holds any more says nothing.
   */
  adopt(remembered: ReadonlyMap<RelPath, Entry>, options: { readonly dryRun: boolean; readonly signal?: AbortSignal }): Promise<AdoptReport>;
}
export interface AdoptReport {
  readonly adopted: number;
  /** Remembered here already. */
  readonly known: number;
  /** Neither side holds it. */
  readonly passed: readonly RelPath[];
}

export interface WhyReport {
  readonly path: RelPath;
  /** The rule that leaves it out, in words. */
  readonly ignoredBy: string | null;
  readonly ignoreRule: IgnoreRule | null;
  readonly base: string | null;
  readonly local: string | null;
  readonly remote: string | null;
  /** What the next cycle would do with it, and why. */
  readonly decision: string;
  readonly lastError: string | null;
  readonly activity: readonly ActivityRecord[];
  readonly facts: WhyFacts;
}
/** What a program needs of it. */
export interface WhyFacts {
  /** Whether both sides hold the same there, or neither holds anything. */
  readonly agrees: boolean;
  /** This path or the nearest folder above it that is a link: the link is synced, and what lies behind it is not looked at. */
  readonly link: RelPath | null;
  /** The pair's direction does not carry a difference at this path over. */
  readonly oneWay: boolean;
  /** How many paths below this one wait, and for what. */
  readonly below: WaitingBelow;
}
export interface WaitingBelow {
  readonly problems: number;
  readonly conflicts: number;
  readonly held: number;
  /** For the next sync. */
  readonly planned: number;
  /** Differences that the pair's direction does not carry over. */
  readonly oneWay: number;
}
