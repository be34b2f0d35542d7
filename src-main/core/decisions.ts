import { type FoldedNames, foldNames } from './collisions.ts';
import { type Decision, decide } from './decide.ts';
import type { PathProblem } from './entry.ts';
import { PathSet } from './path-set.ts';
import type { PlanInput } from './plan-input.ts';
import { isWithin, parseRelPath, type RelPath } from './rel-path.ts';

export interface Decisions {
  readonly byPath: Map<RelPath, Decision>;
  /** Paths nothing may be done about: unknown on a side, or impossible there. */
  readonly blocked: PathSet;
  readonly problems: PathProblem[];
}

/** Takes every path of the three trees through {@link decide}, leaving out what is ignored, blocked or out of scope. */
export function decideAll(input: PlanInput): Decisions {
  const problems: PathProblem[] = [...input.local.problems, ...input.remote.problems];
  const blocked = new PathSet();
  for (const problem of problems) {
    const parsed = parseRelPath(problem.path);
    if ('path' in parsed) blocked.add(parsed.path, problem.subtree);
  }
  const byPath = new Map<RelPath, Decision>();
  const consider = (path: RelPath): void => {
    if (byPath.has(path) || blocked.covers(path) || !inScope(path, input.scope)) return;
    const base = input.base.get(path);
    const local = input.local.entries.get(path);
    const remote = input.remote.entries.get(path);
    // The scan left out what is ignored; only paths it did not bring need the question.
    if (local === undefined && input.ignore.ignores(path, (remote ?? base)?.entry.kind === 'folder')) {
      if (base !== undefined) byPath.set(path, { kind: 'forget', path, reason: 'ignored: left alone on both sides' });
      return;
    }
    const decision = decide(path, base, local, remote);
    if (decision !== null && (input.scope === null || isWithin(path, input.scope) || makesFolder(decision))) byPath.set(path, decision);
  };
  for (const path of input.local.entries.keys()) consider(path);
  for (const path of input.remote.entries.keys()) if (!input.local.entries.has(path)) consider(path);
  for (const path of input.base.keys()) if (!input.local.entries.has(path) && !input.remote.entries.has(path)) consider(path);
  if (input.localFoldsNames) blockCollisions(input, byPath, blocked, problems);
  return { byPath, blocked, problems };
}

function makesFolder(decision: Decision): boolean {
  if (decision.kind === 'push') return decision.remote === null && decision.local.entry.kind === 'folder';
  return decision.kind === 'pull' && decision.local === null && decision.remote.entry.kind === 'folder';
}

/** The scope and the folders above it, which may be needed to hold it. */
function inScope(path: RelPath, scope: RelPath | null): boolean {
  return scope === null || isWithin(path, scope) || isWithin(scope, path);
}

function blockCollisions(input: PlanInput, byPath: Map<RelPath, Decision>, blocked: PathSet, problems: PathProblem[]): void {
  const names: FoldedNames = foldNames(input, byPath);
  for (const [path, other] of names.collisions) {
    byPath.delete(path);
    blocked.add(path, true);
    problems.push({ path, side: 'remote', reason: 'name-collision', subtree: true, detail: `this disk cannot hold it beside ${other}` });
  }
}
