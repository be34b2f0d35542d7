import { type Plan, type PlannedAction, STAGES } from './action.ts';
import { holdBursts } from './burst.ts';
import { findBuriedFolders, judgeClashes } from './clashes.ts';
import { respellFolders } from './collisions.ts';
import { conflictName } from './conflict-name.ts';
import type { Decision } from './decide.ts';
import { type Decisions, decideAll, isLookedAt } from './decisions.ts';
import { emit } from './emit.ts';
import { type LeafEntry, sameContent } from './entry.ts';
import { leaveIgnoredAlone, reviveFolders } from './folders.ts';
import { holdMassDeletions } from './guard.ts';
import { findMovedOver } from './moved-over.ts';
import type { PlanInput } from './plan-input.ts';
import { compareRelPaths, isWithin, type RelPath } from './rel-path.ts';
import { matchRenames } from './renames.ts';

/**
 * The three-way planner: pure and deterministic. From what both sides last agreed on and what each holds now it says what to do, in which order, and what must wait for the user. It never plans to lose a
 * content: what it replaces is either what the user replaced, or stays as a version, in the trash or under a conflict name.
 */
export function plan(input: PlanInput): Plan {
  const decisions = decideAll(input);
  findMovedOver(input, decisions);
  findBuriedFolders(input, decisions);
  const { verdicts, conflicts } = judgeClashes(input, decisions);
  reviveFolders(input, decisions);
  leaveIgnoredAlone(input, decisions);
  obeyDirection(input, decisions);
  obeyScope(input, decisions);

  const respelt = respellFolders(input, decisions.byPath, (path) => decisions.blocked.covers(path));

  const named = new Set<RelPath>();
  const asideName = (path: RelPath, device: string): RelPath => {
    const taken = (name: RelPath): boolean =>
      named.has(name) || decisions.blocked.covers(name) || input.local.entries.has(name) || input.remote.entries.has(name) || input.base.has(name);
    const name = conflictName(path, device, input.nowMs, taken);
    named.add(name);
    return name;
  };
  const raw: PlannedAction[] = [...respelt];
  for (const path of [...decisions.byPath.keys()].sort(compareRelPaths)) {
    const decision = decisions.byPath.get(path);
    if (decision !== undefined && !decisions.blocked.covers(path)) raw.push(...emit(decision, verdicts.get(path), input, asideName));
  }
  raw.push(...freeFolderNames(input, decisions, asideName));
  if (input.force) raw.push(...resend(input, decisions));
  const bursts = holdBursts(input, matchRenames(clearUnderKindChanges(raw)));
  const deletions = holdMassDeletions(input, bursts.actions);
  const waiting = new Set(conflicts.map((c) => c.path));
  return {
    actions: inOrder(deletions.actions),
    conflicts,
    settledConflicts: input.open.map((c) => c.path).filter((path) => !waiting.has(path)),
    problems: decisions.problems,
    held: [...bursts.held, ...deletions.held],
    passed: bursts.passed,
  };
}

/** One-way pairs: what would change the other way is left as it is. */
function obeyDirection(input: PlanInput, { byPath }: Decisions): void {
  if (input.direction === 'two_way') return;
  const against = input.direction === 'upload_only' ? ['pull', 'drop-local', 'mode-down'] : ['push', 'drop-remote'];
  for (const [path, decision] of byPath) if (against.includes(decision.kind)) byPath.delete(path);
}

/** Outside the scope only those folders are made that something in it needs. */
function obeyScope({ scope }: PlanInput, { byPath }: Decisions): void {
  if (scope === null) return;
  const needed = new Set<Decision['kind']>();
  for (const { path, kind } of byPath.values()) if (isWithin(path, scope)) needed.add(kind);
  for (const [path, decision] of byPath) {
    if (!isWithin(path, scope) && !(makesFolder(decision) && needed.has(decision.kind))) byPath.delete(path);
  }
}

function makesFolder(decision: Decision): boolean {
  if (decision.kind === 'push') return decision.remote === null && decision.local.entry.kind === 'folder';
  return decision.kind === 'pull' && decision.local === null && decision.remote.entry.kind === 'folder';
}

/** A file of ours that bears a folder's name steps aside, as in any clash of the two (S33, S34). */
function freeFolderNames(input: PlanInput, { blocked }: Decisions, asideName: (path: RelPath, device: string) => RelPath): PlannedAction[] {
  if (input.direction === 'download_only') return [];
  return [...input.remote.besideFolders]
    .filter(([path]) => isLookedAt(path, input, blocked) && !input.ignore.ignores(path, false))
    .map(([path, { entry, version, device }]) => {
      const to = asideName(path, device ?? 'remote');
      const reason = 'it bears the name of a folder: both are kept';
      return { stage: 'set-aside', action: { kind: 'set-aside-remote', path, to, entry: entry as LeafEntry, version, reason } };
    });
}

/** `--force`: what is in sync is sent once more. */
function resend(input: PlanInput, { byPath, blocked }: Decisions): PlannedAction[] {
  const result: PlannedAction[] = [];
  if (input.direction === 'download_only') return result;
  for (const [path, local] of input.local.entries) {
    const remote = input.remote.entries.get(path);
    const decided = byPath.get(path)?.kind;
    if (remote === undefined || local.entry.kind === 'folder' || !sameContent(local.entry, remote.entry) || !isLookedAt(path, input, blocked)) continue;
    if (decided !== undefined && decided !== 'adopt') continue;
    result.push({ stage: 'transfer', action: { kind: 'upload', path, entry: local.entry, stamp: local.stamp, replaces: remote.version, reason: 'sent again by order' } });
  }
  return result;
}

/** What lies in a folder that gives way to a file goes before the file comes. */
function clearUnderKindChanges(actions: readonly PlannedAction[]): readonly PlannedAction[] {
  const cleared = new Set<string>();
  for (const { stage, action } of actions) if (stage === 'clear') cleared.add(`${sideOf(action.kind)}/${action.path}`);
  if (cleared.size === 0) return actions;
  const below = (side: string, path: string): boolean => {
    for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) if (cleared.has(`${side}/${path.slice(0, cut)}`)) return true;
    return false;
  };
  return actions.map((planned) => {
    const removes = planned.stage === 'delete' || planned.stage === 'remove-folders';
    return removes && below(sideOf(planned.action.kind), planned.action.path) ? { ...planned, stage: 'clear' as const } : planned;
  });
}

function sideOf(kind: string): 'local' | 'remote' {
  return kind.includes('local') ? 'local' : 'remote';
}

function inOrder(actions: readonly PlannedAction[]): readonly PlannedAction[] {
  const byStage = new Map<string, PlannedAction[]>(STAGES.map((stage) => [stage, []]));
  for (const planned of actions) byStage.get(planned.stage)?.push(planned);
  return STAGES.flatMap((stage) => {
    const list = (byStage.get(stage) ?? []).sort((a, b) => compareRelPaths(a.action.path, b.action.path));
    return stage === 'clear' || stage === 'remove-folders' ? list.reverse() : list;
  });
}
