import type { PathProblem } from '../core/entry.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { Unfinished } from '../local/local-tree.ts';
import type { CycleRequest, CycleResult } from './cycle.ts';

/** More paths than this are looked at by a scan of everything. */
const MANY = 1000;
const FIRST_WAIT_MS = 50;
/** Problems of a remote path that may be over when it is looked at again. */
const PASSING: readonly PathProblem['reason'][] = ['changing', 'failed'];

export type Look = Pick<CycleRequest, 'local' | 'remote'>;

/** What a cycle left to do. */
export interface Leftovers {
  /** Files that were being written at the look. */
  readonly restless: readonly RelPath[];
  /** Changes that are not done: refused, failed, held. */
  readonly pending: number;
  /** What to look at at once: what was not as expected, or what an aside has made. Null: done for now. */
  readonly next: (Look & { readonly waitMs: number }) | null;
}

export function leftoversOf({ plan, outcomes }: Pick<CycleResult, 'plan' | 'outcomes'>): Leftovers {
  const stale = outcomes.filter((o) => o.outcome === 'stale').map((o) => o.action);
  const failed = outcomes.filter((o) => o.outcome === 'failed').length;
  const changing = plan.problems.filter((p) => p.reason === 'changing');
  const restless = changing.filter((p) => p.side === 'local').map((p) => p.path as RelPath);
  const pending = stale.length + failed + plan.held.reduce((n, h) => n + h.actions.length, 0);
  const done = outcomes.filter((o) => o.outcome === 'done').map((o) => o.action.kind);
  if (stale.length === 0 && changing.length === 0) {
    const aside = done.includes('set-aside-local') || done.includes('set-aside-remote');
    return { restless, pending, next: aside ? { local: 'cached', remote: 'cached', waitMs: 0 } : null };
  }
  const paths = new Set<RelPath>([...restless, ...stale.flatMap((a) => ('to' in a ? [a.path, a.to] : [a.path]))]);
  const remote = stale.length > 0 || restless.length < changing.length ? 'all' : 'cached';
  return { restless, pending, next: { local: paths.size > MANY ? 'all' : paths, remote, waitMs: done.length > 0 ? 0 : FIRST_WAIT_MS } };
}

/** Whether only a full listing can tell how the remote side stands after this. */
export function isUnclear({ plan, outcomes, unsure }: Pick<CycleResult, 'plan' | 'outcomes' | 'unsure'>): boolean {
  return unsure || outcomes.some((o) => o.outcome === 'stale') || plan.problems.some((p) => p.side === 'remote' && PASSING.includes(p.reason));
}

/** The downloads that did not come to their end: what there is of them is gone on from next time. */
export function unfinishedIn(last: CycleResult | null): readonly Unfinished[] {
  return (last?.outcomes ?? []).flatMap(({ action, outcome }) =>
    action.kind === 'download' && outcome !== 'done' && action.entry.kind === 'file' ? [{ path: action.path, entry: action.entry, version: action.version }] : [],
  );
}
