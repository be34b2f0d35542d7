import type { Entry } from '../core/entry.ts';
import type { CycleReport, PathFailure } from '../core/events.ts';
import type { IgnoreRules } from '../core/ignore.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { ActivityRecord } from '../state/state-store.ts';
import type { WhyReport } from './sync-manager.ts';
import type { World } from './world.ts';

interface Evidence {
  readonly world: World;
  readonly ignore: IgnoreRules;
  readonly report: CycleReport;
  readonly failure: PathFailure | null;
  readonly activity: readonly ActivityRecord[];
}

/** Everything known about one path, in words. */
export function explain(path: RelPath, { world, ignore, report, failure, activity }: Evidence): WhyReport {
  const base = world.base.get(path);
  const local = world.local.get(path);
  const remote = world.remote.get(path);
  const ignored = ignore.ignores(path, (local ?? remote ?? base)?.entry.kind === 'folder');
  return {
    path,
    ignoredBy: ignored ? 'an ignore rule' : null,
    base: base === undefined ? null : inWords(base.entry),
    local: local === undefined ? null : inWords(local.entry),
    remote: remote === undefined ? null : `${inWords(remote.entry)}${remote.device === null ? '' : `, by ${remote.device}`}`,
    decision: ignored ? 'ignored: left alone on both sides' : decision(path, report, base !== undefined),
    lastError: failure === null ? null : `${failure.code}: ${failure.message}`,
    activity,
  };
}

function decision(path: RelPath, report: CycleReport, known: boolean): string {
  const problem = report.problems.find((p) => p.path === path || (p.subtree && path.startsWith(`${p.path}/`)));
  if (problem !== undefined) return `left alone: ${problem.reason} on the ${problem.side} side${problem.detail === undefined ? '' : ` (${problem.detail})`}`;
  if (report.conflicts.some((c) => c.path === path)) return 'two versions: waiting for you to choose';
  if (report.held.some((h) => h.actions.some((a) => a.path === path))) return 'a deletion that waits for your word';
  const action = report.planned.find((a) => a.path === path || ('to' in a && a.to === path));
  if (action !== undefined) return `${action.kind}: ${action.reason}`;
  return known ? 'nothing: both sides agree' : 'nothing: it is on neither side';
}

function inWords(entry: Entry): string {
  switch (entry.kind) {
    case 'file':
      return `file, ${entry.size} bytes, sha256 ${entry.hash.slice(0, 12)}, modified ${new Date(Number(entry.mtimeNs / 1_000_000n)).toISOString()}${entry.mode === null ? '' : `, mode ${entry.mode.toString(8)}`}`;
    case 'symlink':
      return `symlink to ${entry.target}`;
    case 'folder':
      return 'folder';
  }
}
