import { withoutEnd } from '../core/name-promise.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { Passed } from './burst-ledger.ts';
import type { Deed, Run } from './undo-log.ts';

/** What became of files by suspicious rewrites that went over, and of those that such a rewrite took the place of under another name. `runs`: the latest first. */
export function passedDeeds(passed: readonly Passed[], runs: readonly Run[]): readonly Deed[] {
  const deeds = new Map<RelPath, Deed>();
  const inOrder = [...runs].reverse();
  for (const [atMs, name] of passed) {
    const since = inOrder.filter((run) => run.atMs >= atMs);
    const own = firstAt(since, name as RelPath);
    if (own === undefined) continue;
    deeds.set(own.path, { ...own, before: deeds.has(own.path) ? (deeds.get(own.path)?.before ?? null) : own.before });
    const original = withoutEnd(own.path);
    const gone = own.before !== null || original === null ? undefined : firstAt(since, original);
    if (gone !== undefined && gone.after === null) deeds.set(gone.path, gone);
  }
  return [...deeds.values()];
}

function firstAt(runs: readonly Run[], path: RelPath): Deed | undefined {
  for (const run of runs) {
    const deed = run.deeds.find((each) => each.path === path);
    if (deed !== undefined) return deed;
  }
  return undefined;
}
