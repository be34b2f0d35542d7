import { collision, type FoldedNames, foldNames } from './collisions.ts';
import { type Decision, decide } from './decide.ts';
import type { Entry, PathProblem } from './entry.ts';
import { PathSet } from './path-set.ts';
import type { PlanInput } from './plan-input.ts';
import { ancestorsOf, isWithin, parseRelPath, type RelPath } from './rel-path.ts';

export interface Decisions {
  readonly byPath: Map<RelPath, Decision>;
  /** Paths nothing may be done about: unknown on a side, or impossible there. */
  readonly blocked: PathSet;
  readonly problems: PathProblem[];
  /** What the other side holds of ignored paths. */
  readonly ignoredRemote: readonly RelPath[];
}

/** Takes every path of the three trees through {@link decide}, leaving out what is ignored, blocked or out of scope. The folders above the scope are decided too: what lies in them may need them. */
export function decideAll(input: PlanInput): Decisions {
  const problems: PathProblem[] = [...input.local.problems, ...input.remote.problems, ...linksWithoutPlace(input)];
  const blocked = new PathSet();
  for (const problem of problems) {
    const parsed = parseRelPath(problem.path);
    if ('path' in parsed) blocked.add(parsed.path, problem.subtree || !isFolderOn(problem.side, parsed.path, input));
  }
  blockScopeUnderFile(input, blocked, problems);
  const byPath = new Map<RelPath, Decision>();
  const ignoredRemote: RelPath[] = [];
  const consider = (path: RelPath): void => {
    if (byPath.has(path) || !isInReach(path, input.scope)) return;
    const base = input.base.get(path);
    const local = input.local.entries.get(path);
    const remote = input.remote.entries.get(path);
    // The scan left out what is ignored; only paths it did not bring need the question.
    if (local === undefined && input.ignore.ignores(path, (remote ?? base)?.entry.kind === 'folder')) {
      if (remote !== undefined) ignoredRemote.push(path);
      if (base !== undefined && !blocked.covers(path)) byPath.set(path, { kind: 'forget', path, reason: 'ignored: left alone on both sides' });
      return;
    }
    if (blocked.covers(path)) return;
    const decision = decide(path, base, local, remote);
    if (decision !== null) byPath.set(path, decision);
  };
  for (const path of input.local.entries.keys()) consider(path);
  for (const path of input.remote.entries.keys()) if (!input.local.entries.has(path)) consider(path);
  for (const path of input.base.keys()) if (!input.local.entries.has(path) && !input.remote.entries.has(path)) consider(path);
  if (input.localFoldsNames) blockCollisions(input, byPath, blocked, problems);
  return { byPath, blocked, problems, ignoredRemote };
}

/** Links that the other side has no room for: they stay where they are (C14). */
function linksWithoutPlace({ local, remote, holdsLinks }: PlanInput): PathProblem[] {
  const found: PathProblem[] = [];
  const look = (entries: ReadonlyMap<RelPath, { readonly entry: Entry }>, side: PathProblem['side']): void => {
    for (const [path, { entry }] of entries) if (entry.kind === 'symlink') found.push({ path, side, reason: 'symlink-not-supported', subtree: true });
  };
  if (!holdsLinks.local) look(remote.entries, 'local');
  if (!holdsLinks.remote) look(local.entries, 'remote');
  return found;
}

/** Whether this plan decides about a path at all. */
export function isLookedAt(path: RelPath, { scope }: PlanInput, blocked: PathSet): boolean {
  return (scope === null || isWithin(path, scope)) && !blocked.covers(path);
}

/** The scope and the folders above it. */
function isInReach(path: RelPath, scope: RelPath | null): boolean {
  return scope === null || isWithin(path, scope) || isWithin(scope, path);
}

/** What lies below a path is known only if that path is seen as a folder. */
function isFolderOn(side: PathProblem['side'], path: RelPath, input: PlanInput): boolean {
  return input[side].entries.get(path)?.entry.kind === 'folder';
}

/** Nothing can be brought below what is a file on one side and a folder on the other, and to change that is beyond the scope. */
function blockScopeUnderFile({ scope, local, remote }: PlanInput, blocked: PathSet, problems: PathProblem[]): void {
  if (scope === null) return;
  for (const folder of ancestorsOf(scope)) {
    const here = local.entries.get(folder)?.entry.kind;
    const there = remote.entries.get(folder)?.entry.kind;
    if (here === undefined || there === undefined || (here === 'folder') === (there === 'folder')) continue;
    blocked.add(folder, true);
    problems.push({
      path: folder,
      side: here === 'folder' ? 'remote' : 'local',
      reason: 'file-and-folder',
      subtree: true,
      detail: 'a file on one side, a folder on the other: sync it as a whole',
    });
  }
}

function blockCollisions(input: PlanInput, byPath: Map<RelPath, Decision>, blocked: PathSet, problems: PathProblem[]): void {
  const names: FoldedNames = foldNames(input, byPath);
  for (const [path, other] of names.collisions) {
    byPath.delete(path);
    blocked.add(path, true);
    problems.push(collision(path, other));
  }
}
