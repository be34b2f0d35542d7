import type { Kept, SettledView } from '../../src-preload/contract/model.ts';
import type { Action } from '../core/action.ts';
import type { ActivityRecord } from '../state/state-store.ts';

/** A conflict that was settled: what is kept, and under which name the second version lies. */
export type Settled = SettledView;

/** How the planner ends the reason of what settles a conflict for one side. */
const FOR_ONE_SIDE: readonly (readonly [ActivityRecord['what'], string, Kept])[] = [
  ['upload', 'this side is kept, the other becomes a version', 'local'],
  ['download', 'the other side is kept, this one goes to the trash', 'remote'],
];
const COPY_MARK = '.conflict-';

/** What a deed settled by itself; null for one that settled nothing, or that the user decided: a conflict that was open before waited for the user. */
export function settledByRule(pair: string, at: number, action: Action, wasOpen: (path: string) => boolean): Settled | null {
  const { path, kind, reason } = action;
  const kept = keptBy(kind, reason);
  return kept === null || wasOpen(path) ? null : { pair, at, path, kept, copy: 'to' in action ? action.to : null };
}

/** The conflicts that were settled lately, by a rule or by the user, the latest first. `records`: newest first. */
export function settledIn(pair: string, records: readonly ActivityRecord[]): readonly Settled[] {
  return records.flatMap(({ at, path, to, what, outcome, reason }, i) => {
    const kept = outcome === 'done' ? keptBy(what, reason) : null;
    if (kept === null) return [];
    // Whatever lies beside it since, by the rule or by an undo: until the next two versions of it.
    const next = records.slice(0, i).findLastIndex((later) => later.path === path && later.outcome === 'done' && keptBy(later.what, later.reason) !== null);
    const copy = (kept === 'both' ? to : null) ?? copyOf(path, records.slice(next + 1, i));
    return [{ pair, at, path, kept: copy === null ? kept : 'both', copy }];
  });
}

/** What a deed keeps of two versions; null: it settles none. */
export function keptBy(what: string, reason: string): Kept | null {
  if (what === 'set-aside-local' || what === 'set-aside-remote') return 'both';
  return FOR_ONE_SIDE.find(([kind, end]) => kind === what && reason.endsWith(end))?.[2] ?? null;
}

/** Where the record does not say it: the second version is an ordinary new file from then on: the first one of such a name that was carried over. */
function copyOf(path: string, later: readonly ActivityRecord[]): string | null {
  const copy = later.findLast(({ path: other, outcome }) => {
    const at = other.lastIndexOf(COPY_MARK);
    return outcome === 'done' && at > 0 && !other.includes('/', at) && path.startsWith(other.slice(0, at)) && !path.includes('/', at);
  });
  return copy?.path ?? null;
}
