import { isBurst } from '../core/burst.ts';
import type { Entry, PathProblem } from '../core/entry.ts';
import type { CycleReport, PathFailure } from '../core/events.ts';
import type { IgnoreRule, IgnoreRules } from '../core/ignore.ts';
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
  const known = (local ?? remote ?? base)?.entry.kind;
  // What is left out is on no side that was looked at: it may be a folder.
  const ignoreRule = ignore.ruleFor(path, known === 'folder') ?? (known === undefined ? ignore.ruleFor(path, true) : null);
  return {
    path,
    ignoredBy: ignoreRule === null ? null : ruleInWords(ignoreRule),
    ignoreRule,
    base: base === undefined ? null : inWords(base.entry),
    local: local === undefined ? null : inWords(local.entry),
    remote: remote === undefined ? null : `${inWords(remote.entry)}${remote.device === null ? '' : `, by ${remote.device}`}`,
    decision: ignoreRule !== null ? 'ignored: left alone on both sides' : decision(path, report, base !== undefined),
    lastError: failure === null ? null : `${failure.code}: ${failure.message}`,
    activity,
  };
}

const RULE_PLACES = { leftovers: 'the list of what editors and systems leave behind', settings: 'the settings' } as const;

function ruleInWords({ pattern, from, file }: IgnoreRule): string {
  return `${pattern} in ${from === 'file' ? file : RULE_PLACES[from]}`;
}

function decision(path: RelPath, report: CycleReport, known: boolean): string {
  return decisionsOf(report)(path) ?? (known ? 'nothing: both sides agree' : 'nothing: it is on neither side');
}

/** What a plan does about each path, in words; null: nothing. */
export function decisionsOf({ problems, conflicts, held, planned }: Pick<CycleReport, 'problems' | 'conflicts' | 'held' | 'planned'>): (path: string) => string | null {
  const words = new Map<string, string>();
  const say = (path: string, text: string): void => {
    if (!words.has(path)) words.set(path, text);
  };
  for (const problem of problems) say(problem.path, leftAlone(problem));
  for (const { path } of conflicts) say(path, 'two versions: waiting for you to choose');
  for (const each of held)
    for (const { path } of each.actions) say(path, isBurst(each) ? 'one of many suspicious rewrites that wait for your word' : 'a deletion that waits for your word');
  for (const { path, kind, reason } of planned) say(path, `${kind}: ${reason}`);
  for (const action of planned) if ('to' in action) say(action.to, `${action.kind}: ${action.reason}`);
  const closed = problems.filter((p) => p.subtree);
  return (path) => {
    const above = closed.find((p) => path.startsWith(`${p.path}/`));
    return above === undefined ? (words.get(path) ?? null) : leftAlone(above);
  };
}

function leftAlone({ reason, side, detail }: PathProblem): string {
  return `left alone: ${reason} on the ${side} side${detail === undefined ? '' : ` (${detail})`}`;
}

export function inWords(entry: Entry): string {
  switch (entry.kind) {
    case 'file':
      return `file, ${entry.size} bytes, sha256 ${entry.hash.slice(0, 12)}, modified ${new Date(Number(entry.mtimeNs / 1_000_000n)).toISOString()}${entry.mode === null ? '' : `, mode ${entry.mode.toString(8)}`}`;
    case 'symlink':
      return `symlink to ${entry.target}`;
    case 'folder':
      return 'folder';
  }
}
