import { type Choice, type Conflict, type ConflictPolicy, isAnswerTo, type Resolution } from './conflict.ts';
import type { Decision } from './decide.ts';
import { type Decisions, isLookedAt } from './decisions.ts';
import type { Entry } from './entry.ts';
import type { PlanInput } from './plan-input.ts';
import { ancestorsOf, compareRelPaths, type RelPath } from './rel-path.ts';

export type Clash = Extract<Decision, { kind: 'clash' }>;
export type Verdict = Exclude<ConflictPolicy, 'manual'>;

export interface ClashVerdicts {
  readonly verdicts: ReadonlyMap<RelPath, Verdict>;
  /** In the order of paths. */
  readonly conflicts: readonly Conflict[];
}

/**
 * A kind change that would bury something: the side that put a file in a folder's place does not know of new, edited, ignored or unseen things in that folder. Such a path becomes a clash; the file
 * steps aside (C34, C39, C67).
 */
export function findBuriedFolders(input: PlanInput, { byPath, blocked }: Decisions): void {
  const overRemote = new Set<RelPath>();
  const overLocal = new Set<RelPath>();
  for (const d of byPath.values()) {
    if (d.kind === 'push' && isLeafOver(d.local, d.remote)) overRemote.add(d.path);
    if (d.kind === 'pull' && isLeafOver(d.remote, d.local)) overLocal.add(d.path);
  }
  if (overRemote.size + overLocal.size === 0) return;
  const buried = new Set<RelPath>();
  const bury = (path: RelPath, changes: ReadonlySet<RelPath>): void => {
    for (const folder of ancestorsOf(path)) if (changes.has(folder)) buried.add(folder);
  };
  for (const path of input.remote.entries.keys()) if (byPath.get(path)?.kind !== 'drop-remote') bury(path, overRemote);
  for (const [path, { holdsIgnored }] of input.local.entries) {
    if (byPath.get(path)?.kind !== 'drop-local' || holdsIgnored === true) bury(path, overLocal);
    if (holdsIgnored === true && overLocal.has(path)) buried.add(path);
  }
  for (const path of blocked.roots()) for (const changes of [overRemote, overLocal]) bury(path, changes);
  for (const path of buried) {
    const d = byPath.get(path);
    if ((d?.kind !== 'push' && d?.kind !== 'pull') || d.local === null || d.remote === null) continue;
    byPath.set(path, { kind: 'clash', path, local: d.local, remote: d.remote, reason: 'a file on one side, a folder with news in it on the other' });
  }
}

function isLeafOver(winner: { readonly entry: Entry } | null, loser: { readonly entry: Entry } | null): boolean {
  return winner !== null && loser !== null && winner.entry.kind !== 'folder' && loser.entry.kind === 'folder';
}

/** What is to be done about each clash, by the user's answer, else by policy; `manual` ones wait, with all that lies below them. Open ones that this plan does not look at stay open. */
export function judgeClashes(input: PlanInput, { byPath, blocked, problems }: Decisions): ClashVerdicts {
  const verdicts = new Map<RelPath, Verdict>();
  const open = new Map(input.open.map((c) => [c.path, c]));
  const answers = new Map(input.resolutions.map((r) => [r.path, r]));
  const conflicts = input.open.filter((c) => !isLookedAt(c.path, input, blocked));
  for (const clash of [...byPath.values()]) {
    if (clash.kind !== 'clash' || !isLookedAt(clash.path, input, blocked)) continue;
    if (turnsAgainstDirection(clash, input.direction)) {
      byPath.delete(clash.path);
      blocked.add(clash.path, true);
      problems.push({
        path: clash.path,
        side: 'remote',
        reason: 'file-and-folder',
        subtree: true,
        detail: 'a file on one side, a folder on the other, and this pair goes one way only',
      });
      continue;
    }
    const verdict = judge(input, clash, answers.get(clash.path));
    if (verdict !== 'manual') {
      verdicts.set(clash.path, verdict);
      continue;
    }
    conflicts.push(asConflict(clash, open.get(clash.path)?.since ?? input.nowMs));
  }
  for (const { path } of conflicts) blocked.add(path, true);
  return { verdicts, conflicts: conflicts.sort((a, b) => compareRelPaths(a.path, b.path)) };
}

/** A file steps aside on the side where it is; a one-way pair may not do that on the side it only reads. */
function turnsAgainstDirection({ local, remote }: Clash, direction: PlanInput['direction']): boolean {
  if (direction === 'upload_only') return local.entry.kind !== 'folder' && remote.entry.kind === 'folder';
  return direction === 'download_only' && local.entry.kind === 'folder' && remote.entry.kind !== 'folder';
}

function judge(input: PlanInput, clash: Clash, answer: Resolution | undefined): ConflictPolicy {
  if (input.direction === 'upload_only') return 'keep_local';
  if (input.direction === 'download_only') return 'keep_both';
  // The answer is for the two contents that were shown; if either has moved on, the question is asked anew (C38).
  if (answer !== undefined && isAnswerTo(answer, { path: clash.path, local: clash.local.entry, remoteVersion: clash.remote.version })) return policyOf(answer.choice);
  return input.policyFor(clash.path);
}

function policyOf(choice: Choice): Verdict {
  return choice === 'local' ? 'keep_local' : choice === 'remote' ? 'keep_remote' : 'keep_both';
}

function asConflict({ path, local, remote }: Clash, since: number): Conflict {
  return { path, local: local.entry, remote: remote.entry, remoteVersion: remote.version, remoteDevice: remote.device, remoteStoredAtMs: remote.storedAtMs, since };
}
