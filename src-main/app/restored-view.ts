import type { AcceptReport, LostView } from '../../src-preload/contract/history.ts';
import type { Listed } from '../../src-preload/contract/model.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { RestoredReport } from '../engine/sync-manager.ts';

const SHOWN = 200;

/** What a window is told of a store that was brought back from a backup. */
export function lostView({ older, missing, differing }: RestoredReport): LostView {
  return { older: listed(older), missing: listed(missing), differing: listed(differing) };
}

export function acceptReport({ report }: RestoredReport): AcceptReport {
  return { done: report?.done ?? 0, failed: report?.failures.length ?? 0 };
}

function listed(paths: readonly RelPath[]): Listed<string> {
  return { items: paths.slice(0, SHOWN), total: paths.length };
}
