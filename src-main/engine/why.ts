import { isBurst } from '../core/burst.ts';
import { type Entry, type PathProblem, sameContent } from '../core/entry.ts';
import type { CycleReport, PathFailure } from '../core/events.ts';
import type { IgnoreRule, IgnoreRules } from '../core/ignore.ts';
import { ancestorsOf, isWithin, type RelPath } from '../core/rel-path.ts';
import type { Direction } from '../core/settings.ts';
import type { ActivityRecord } from '../state/state-store.ts';
import type { WaitingBelow, WhyFacts, WhyReport } from './sync-manager.ts';
import type { World } from './world.ts';

interface Evidence {
  readonly world: World;
  readonly ignore: IgnoreRules;
  readonly direction: Direction;
  readonly report: CycleReport;
  readonly failure: PathFailure | null;
  readonly activity: readonly ActivityRecord[];
}

/** Everything known about one path, in words. */
export function explain(path: RelPath, evidence: Evidence): WhyReport {
  const { world, ignore, report, failure, activity, direction } = evidence;
  const base = world.base.get(path);
  const local = world.local.get(path);
  const remote = world.remote.get(path);
  const known = (local ?? remote ?? base)?.entry.kind;
  // What is left out is on no side that was looked at: it may be a folder.
  const ignoreRule = ignore.ruleFor(path, known === 'folder') ?? (known === undefined ? ignore.ruleFor(path, true) : null);
  const facts = factsOf(path, evidence);
  return {
    path,
    ignoredBy: ignoreRule === null ? null : ruleInWords(ignoreRule),
    ignoreRule,
    base: base === undefined ? null : inWords(base.entry),
    local: local === undefined ? null : inWords(local.entry),
    remote: remote === undefined ? null : `${inWords(remote.entry)}${remote.device === null ? '' : `, by ${remote.device}`}`,
    decision: ignoreRule !== null ? 'ignored: left alone on both sides' : (decisionsOf(report)(path) ?? settledWords(facts, base !== undefined, direction)),
    lastError: failure === null ? null : `${failure.code}: ${failure.message}`,
    activity,
    facts,
  };
}

const RULE_PLACES = { leftovers: 'the list of what editors and systems leave behind', settings: 'the settings' } as const;

function ruleInWords({ pattern, from, file }: IgnoreRule): string {
  return `${pattern} in ${from === 'file' ? file : RULE_PLACES[from]}`;
}

/** Of a path for which nothing is planned. */
function settledWords({ agrees, oneWay, link, below }: WhyFacts, known: boolean, direction: Direction): string {
  if (oneWay) return `left alone: this pair ${direction === 'upload_only' ? 'only sends' : 'only fetches'} (DIRECTION=${direction})`;
  if (!agrees) return 'nothing just now, although both sides differ';
  if (known) return belowWords(below) ?? 'nothing: both sides agree';
  return link === null ? 'nothing: it is on neither side' : `not looked at: ${link} is a link, and what lies behind a link is not synced`;
}

function belowWords({ held, conflicts, problems, planned, oneWay }: WaitingBelow): string | null {
  const parts = [
    held > 0 ? `${held} wait for your word` : '',
    conflicts > 0 ? `${conflicts} have two versions` : '',
    problems > 0 ? `${problems} are left alone` : '',
    planned > 0 ? `${planned} wait for the next sync` : '',
    oneWay > 0 ? `${oneWay} differ that the direction does not carry over` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? null : `nothing with itself; of what lies in it ${parts.join(', ')}`;
}

function factsOf(path: RelPath, { world, ignore, report, direction }: Evidence): WhyFacts {
  const { problems, conflicts, held, planned } = report;
  const decided = decisionsOf(report);
  const isOneWay = (at: RelPath): boolean => direction !== 'two_way' && decided(at) === null && differs(at, world) && !ignore.ignores(at, false);
  const isBelow = (at: string): boolean => at !== path && isWithin(at as RelPath, path);
  const count = (paths: Iterable<string>): number => new Set([...paths].filter(isBelow)).size;
  const there = new Set([...world.local.keys(), ...world.remote.keys()].filter(isBelow));
  return {
    agrees: !differs(path, world),
    link: [path, ...ancestorsOf(path)].find((at) => isLink(at, world)) ?? null,
    oneWay: isOneWay(path),
    below: {
      problems: count(problems.map((one) => one.path)),
      conflicts: count(conflicts.map((one) => one.path)),
      held: count(held.flatMap(({ actions }) => actions.map((one) => one.path))),
      planned: count(planned.filter(({ kind }) => kind !== 'adopt' && kind !== 'forget').map((one) => one.path)),
      oneWay: direction === 'two_way' ? 0 : [...there].filter(isOneWay).length,
    },
  };
}

/** A folder that only one side has is no difference anyone can lose something by. */
function differs(path: RelPath, { local, remote }: World): boolean {
  const [here, there] = [local.get(path)?.entry, remote.get(path)?.entry];
  if (here === undefined || there === undefined) return (here ?? there ?? { kind: 'folder' }).kind !== 'folder';
  return !sameContent(here, there);
}

function isLink(path: RelPath, { local, remote }: World): boolean {
  return (local.get(path) ?? remote.get(path))?.entry.kind === 'symlink';
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
