import type { BurstMemories } from './burst.ts';
import type { Conflict, ConflictPolicy, Resolution } from './conflict.ts';
import type { BaseSnapshot, LocalSnapshot, RemoteSnapshot } from './entry.ts';
import type { IgnoreRules } from './ignore.ts';
import type { RelPath } from './rel-path.ts';
import type { Direction, PairSettings } from './settings.ts';

export interface PlanInput {
  readonly base: BaseSnapshot;
  readonly local: LocalSnapshot;
  readonly remote: RemoteSnapshot;
  readonly ignore: IgnoreRules;
  readonly direction: Direction;
  readonly policyFor: (path: RelPath) => ConflictPolicy;
  readonly resolutions: readonly Resolution[];
  /** Conflicts of earlier cycles, for how long they have been waiting. */
  readonly open: readonly Conflict[];
  readonly guard: PairSettings['guard'];
  /** What is remembered of suspicious rewrites; left out: nothing. */
  readonly bursts?: BurstMemories;
  /** The same of deletions. */
  readonly deletions?: BurstMemories;
  readonly releaseHeld: boolean;
  /** Plan only this file or folder and the folders it needs. */
  readonly scope: RelPath | null;
  /** Send every local file again. */
  readonly force: boolean;
  /** The local side holds one of two names that differ in case (or only in normalisation). */
  readonly localFoldsNames: boolean;
  /** Whether a side can hold symlinks at all. */
  readonly holdsLinks: { readonly local: boolean; readonly remote: boolean };
  readonly device: string;
  /** For conflict names and dates only, ms since the epoch. */
  readonly nowMs: number;
}
