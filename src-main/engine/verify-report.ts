import type { Action, HeldDeletions } from '../core/action.ts';
import type { Conflict } from '../core/conflict.ts';
import type { PathProblem } from '../core/entry.ts';
import { assertNever } from '../core/errors.ts';

/** A content is not what it was agreed or described to be. */
export type DamageKind =
  /** Other bytes under the recorded stamp: they rotted, or somebody changed them and hid it (C2). */
  | 'local-damaged'
  /** Other bytes under the recorded time of change: lost in a power cut, or changed by a program that restores times (S95, C2). */
  | 'local-changed-unseen'
  /** The bytes of an object are not those whose SHA-256 it carries. */
  | 'remote-damaged'
  /** The object of the recorded version holds something else than was agreed (S108). */
  | 'remote-differs'
  /** Both sides hold the same under the recorded stamp and version, and the state says otherwise. */
  | 'base-damaged'
  | 'state-damaged';

/** The state lags behind or holds more than it needs; no content is in doubt. */
export type LeftoverKind =
  /** Remembered, and on neither side. */
  | 'base-orphan'
  /** The same on both sides, and not remembered. */
  | 'base-missing'
  /** The same on both sides, and remembered otherwise. */
  | 'base-outdated'
  /** What the running engine holds is not what is stored. */
  | 'base-unsaved'
  | 'stale-intent'
  | 'stale-answer'
  | 'leftover-file';

export interface Compared {
  /** Relative to the synced folder; for a file of ours and the state store, what names them best. */
  readonly path: string;
  /** What each says, in words; null: nothing. */
  readonly base: string | null;
  readonly local: string | null;
  readonly remote: string | null;
  /** What the next sync will do about it. */
  readonly next: string;
}

export type Finding =
  | (Compared & { readonly kind: DamageKind })
  | (Compared & { readonly kind: LeftoverKind })
  /** Left alone, so nothing is known of it. */
  | (Compared & { readonly kind: 'unsyncable'; readonly side: PathProblem['side']; readonly reason: PathProblem['reason'] });

export interface VerifyReport {
  /** Whether every content was read again. */
  readonly content: boolean;
  /** How many paths were compared. */
  readonly checked: { readonly base: number; readonly local: number; readonly remote: number };
  readonly findings: readonly Finding[];
  /** Not synced yet, which is no damage. */
  readonly pending: readonly Action[];
  readonly conflicts: readonly Conflict[];
  readonly held: readonly HeldDeletions[];
}

/** What a finding means for whoever asked: a content in doubt, something harmless that is left over, or a path nothing is known of. */
export type Severity = 'damage' | 'leftover' | 'unsyncable';

export function severityOf({ kind }: Finding): Severity {
  switch (kind) {
    case 'local-damaged':
    case 'local-changed-unseen':
    case 'remote-damaged':
    case 'remote-differs':
    case 'base-damaged':
    case 'state-damaged':
      return 'damage';
    case 'base-orphan':
    case 'base-missing':
    case 'base-outdated':
    case 'base-unsaved':
    case 'stale-intent':
    case 'stale-answer':
    case 'leftover-file':
      return 'leftover';
    case 'unsyncable':
      return 'unsyncable';
    default:
      return assertNever(kind);
  }
}
