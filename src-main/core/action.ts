import type { BurstVerdict } from './burst.ts';
import type { Conflict } from './conflict.ts';
import type { Entry, FileEntry, LeafEntry, PathProblem, Stamp, Version } from './entry.ts';
import type { RelPath } from './rel-path.ts';

interface Step {
  readonly path: RelPath;
  /** Why, in words for the log and the screen. */
  readonly reason: string;
}

/** One thing to do, with what it expects on both sides. A mismatch when it is done is the outcome `stale`: look again, plan again. */
export type Action =
  | (Step & { readonly kind: 'upload'; readonly entry: LeafEntry; readonly stamp: Stamp; readonly replaces: Version | null })
  | (Step & { readonly kind: 'download'; readonly entry: LeafEntry; readonly version: Version; readonly replaces: Stamp | null })
  /** Remote permission bits, local bytes as they are. */
  | (Step & { readonly kind: 'set-local-mode'; readonly entry: FileEntry; readonly version: Version; readonly stamp: Stamp })
  | (Step & { readonly kind: 'make-remote-folder' })
  | (Step & { readonly kind: 'make-local-folder'; readonly version: Version })
  | (Step & { readonly kind: 'move-remote'; readonly to: RelPath; readonly entry: LeafEntry; readonly version: Version; readonly stamp: Stamp })
  /** A folder moves only to another spelling of its name, on a disk that takes both for one. */
  | (Step & { readonly kind: 'move-local'; readonly to: RelPath; readonly entry: Entry; readonly version: Version; readonly stamp: Stamp })
  /** Conflict: the local version steps aside; it is an ordinary new file from then on. */
  | (Step & { readonly kind: 'set-aside-local'; readonly to: RelPath; readonly entry: LeafEntry; readonly stamp: Stamp })
  /** Conflict with a folder here: the remote file steps aside. */
  | (Step & { readonly kind: 'set-aside-remote'; readonly to: RelPath; readonly entry: LeafEntry; readonly version: Version })
  | (Step & { readonly kind: 'remove-remote'; readonly entry: LeafEntry; readonly version: Version })
  | (Step & { readonly kind: 'remove-local'; readonly entry: LeafEntry; readonly stamp: Stamp })
  | (Step & { readonly kind: 'remove-remote-folder'; readonly version: Version })
  | (Step & { readonly kind: 'remove-local-folder' })
  /** Both sides already agree: only remember it. */
  | (Step & { readonly kind: 'adopt'; readonly entry: Entry; readonly stamp: Stamp; readonly version: Version })
  /** Gone on both sides, or out of scope: only forget it. */
  | (Step & { readonly kind: 'forget' });

export type ActionKind = Action['kind'];

/**
 * The order of work. `set-aside` and `clear` make room where a path changes its kind; `folders` go from the top; deletions come after every transfer, so that nothing is removed
 * before its new place holds it; folders are removed from the bottom. Actions of one stage touch different paths; in `clear`, `folders` and `remove-folders` depth orders them.
 */
export const STAGES = ['record', 'set-aside', 'clear', 'folders', 'move', 'transfer', 'delete', 'remove-folders'] as const;
export type Stage = (typeof STAGES)[number];

export const HELD_REASONS = ['too-many', 'root-emptied', 'went-back', 'scrambled', 'renamed-alike'] as const;
export type HeldReason = (typeof HELD_REASONS)[number];

export interface PlannedAction {
  readonly stage: Stage;
  readonly action: Action;
}

/** What waits for the user's word: deletions on a side (`too-many`; `root-emptied`; `went-back`: the store has an older state, so that what is gone there may only not have been there yet), or rewrites that look like damage with the deletions that go with them (`scrambled`, `renamed-alike`). */
export interface HeldDeletions {
  readonly side: 'local' | 'remote';
  readonly why: HeldReason;
  readonly actions: readonly Action[];
}

/** The whole of what one cycle means to do. Preview, `--dry-run`, the guard, the log and the windows all show this object. */
export interface Plan {
  readonly actions: readonly PlannedAction[];
  /** Conflicts that wait for the user (policy `manual`). */
  readonly conflicts: readonly Conflict[];
  /** Conflicts of earlier cycles that are none any more. */
  readonly settledConflicts: readonly RelPath[];
  readonly problems: readonly PathProblem[];
  readonly held: readonly HeldDeletions[];
  /** Rewrites like those of a burst that are too few to be held, by the side they would change. */
  readonly passed: BurstVerdict['passed'];
}
