import type { ErrorCode } from '../core/errors.ts';
import { ancestorsOf, type RelPath } from '../core/rel-path.ts';
import type { ActivityRecord } from './state-store.ts';

/** Of the newest record of a path that says anything. */
export interface LastRecord extends Pick<ActivityRecord, 'outcome'> {
  readonly id: number;
  readonly code: ErrorCode | null;
  readonly tries: number;
}

/** Where activity is kept. */
export interface ActivityPlace {
  /** Leaves out what is `stale`. */
  last(path: string): LastRecord | null;
  drop(id: number): void;
  add(record: ActivityRecord): void;
}

/** A path's failure that goes on is one record, the latest, with the number of tries; and that of a folder goes without saying where the same keeps what lies in it. */
export function logActivity(records: readonly ActivityRecord[], place: ActivityPlace): void {
  for (const record of records) {
    const before = record.outcome === 'failed' ? failureAt(record.path, place) : null;
    if (before !== null) place.drop(before.id);
    if (record.outcome === 'failed') dropImplied(record, place);
    place.add(before === null ? record : { ...record, tries: before.tries + 1 });
  }
}

function dropImplied({ path, code }: ActivityRecord, place: ActivityPlace): void {
  if (code === undefined) return;
  for (const folder of ancestorsOf(path as RelPath)) {
    const above = failureAt(folder, place);
    if (above !== null && above.code === code) place.drop(above.id);
  }
}

function failureAt(path: string, place: ActivityPlace): LastRecord | null {
  const last = place.last(path);
  return last?.outcome === 'failed' ? last : null;
}
