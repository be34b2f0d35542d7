import type { Conflict, Resolution } from '../core/conflict.ts';
import type { Base, Hash, Stamp, Version } from '../core/entry.ts';
import type { ErrorCode } from '../core/errors.ts';
import type { Intent } from '../core/intent.ts';
import type { Notes } from '../core/notes.ts';
import type { RelPath } from '../core/rel-path.ts';

/**
 * What one folder pair remembers. Everything in it can be lost at the price of one comparison by hash (I5). A call returns when its change would survive a power cut; calls are applied in
 * the order made. A damaged store is set aside and reported as `rebuilt`, a newer one refused with `state-newer`, one that cannot be written with `read-only`, `disk-full` or `no-permission`.
 */
export interface StateStore {
  /** Lost with the state, and restored with an old one. */
  readonly notes: Notes;
  /** Everything the engine needs at start. */
  load(): Promise<StoredState>;
  /** Records what is about to be done; must be durable before the deed. */
  begin(intents: readonly Intent[]): Promise<void>;
  /** Records what was observed, in one transaction. */
  commit(change: StateChange): Promise<void>;
  /** Newest first. */
  activity(query: ActivityQuery): Promise<readonly ActivityRecord[]>;
  /** Where the records that fit stand, newest first; none of them is read. What was out of date before it began (`stale`) did nothing, and fits none. */
  activityIndex(filter: ActivityFilter): Promise<ActivityIndex>;
  /** What is wrong with the store itself, in words; nothing when it is sound. Writes nothing. */
  faults(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface StoredState {
  /** True when an older store was damaged and had to be set aside. */
  readonly rebuilt: boolean;
  readonly base: ReadonlyMap<RelPath, Base>;
  readonly intents: readonly Intent[];
  readonly conflicts: readonly Conflict[];
  readonly resolutions: readonly Resolution[];
  readonly values: Readonly<Record<string, string>>;
}

export interface StateChange {
  readonly put?: readonly (readonly [RelPath, Base])[];
  readonly drop?: readonly RelPath[];
  /** Operation ids whose intent is settled. */
  readonly settled?: readonly string[];
  readonly putConflicts?: readonly Conflict[];
  readonly dropConflicts?: readonly RelPath[];
  readonly putResolutions?: readonly Resolution[];
  readonly dropResolutions?: readonly RelPath[];
  /** A failure that goes on takes the place of its last record (activity-log.ts). */
  readonly activity?: readonly ActivityRecord[];
  /** Small named values: pair id, vault id, last full sync, ... null removes one. */
  readonly values?: Readonly<Record<string, string | null>>;
}

export interface ActivityRecord {
  /** ms since the epoch, this device's clock. */
  readonly at: number;
  readonly cycle: string;
  readonly path: string;
  /** Where a move takes it; null for all else, and for what was recorded before this was. */
  readonly to: string | null;
  /** The action's kind, or `problem`. */
  readonly what: string;
  readonly outcome: 'done' | 'stale' | 'failed';
  /** Of what failed: how. */
  readonly reason: string;
  readonly bytes: number;
  /** Of what failed. Left out of what was recorded before this was. */
  readonly code?: ErrorCode;
  /** How often it failed, if more than once. Only a store gives it. */
  readonly tries?: number;
}
export interface ActivityQuery {
  readonly limit: number;
  /** This path alone, or what was moved to it. */
  readonly path?: string;
  /** This path and everything below it, and what was moved there. */
  readonly below?: string;
  readonly before?: number;
  /** At this time or later. */
  readonly since?: number;
  /** These of an {@link ActivityIndex}, as far as they are still kept. */
  readonly ids?: readonly number[];
  /** None of these kinds, and nothing `stale`: the newest that an {@link ActivityIndex} has. */
  readonly without?: readonly string[];
}
export interface ActivityFilter {
  /** A part of the path or of where it was moved, in any case; empty: every path. */
  readonly search: string;
  readonly failedOnly: boolean;
  /** Kinds that do not fit. */
  readonly without: readonly string[];
  /** Only what was recorded after this one. */
  readonly after?: number;
}
/** A hundred thousand records in 1.6 MB. */
export interface ActivityIndex {
  /** Never given twice; a later record has a greater one. */
  readonly ids: Float64Array;
  /** ms since the epoch. */
  readonly times: Float64Array;
}
export type { Base, Hash, Stamp, Version };
