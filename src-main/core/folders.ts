import { collision, foldName } from './collisions.ts';
import type { Decision } from './decide.ts';
import type { Decisions } from './decisions.ts';
import type { PlanInput } from './plan-input.ts';
import { ancestorsOf, isWithin, type RelPath } from './rel-path.ts';

/**
 * A folder that one side deleted lives on while anything below it does: it is made again where it is gone (C39, L8). Called when every path below has its decision.
 */
export function reviveFolders(input: PlanInput, { byPath, blocked, problems, ignoredRemote }: Decisions): void {
  const doomed = new Set<RelPath>();
  for (const d of byPath.values()) {
    if ((d.kind === 'drop-local' && d.local.entry.kind === 'folder') || (d.kind === 'drop-remote' && d.remote.entry.kind === 'folder')) doomed.add(d.path);
  }
  if (doomed.size === 0) return;
  const alive = new Set<RelPath>();
  const spare = (path: RelPath): void => {
    // What is out of scope asks for nothing: its folder is neither removed nor made.
    if (input.scope !== null && !isWithin(path, input.scope)) return;
    for (const folder of ancestorsOf(path)) if (doomed.has(folder)) alive.add(folder);
  };
  const ignored = new Set(ignoredRemote);
  for (const path of input.local.entries.keys()) if (byPath.get(path)?.kind !== 'drop-local') spare(path);
  for (const path of input.remote.entries.keys()) if (byPath.get(path)?.kind !== 'drop-remote' && !ignored.has(path)) spare(path);
  for (const path of blocked.roots()) spare(path);
  // On a disk that takes two names for one it cannot come back where the other spelling is.
  const otherSpellings = alive.size > 0 && input.localFoldsNames ? new Map([...input.local.entries.keys()].map((path) => [foldName(path), path])) : new Map<string, RelPath>();
  for (const path of alive) {
    const d = byPath.get(path);
    if (d?.kind === 'drop-local') byPath.set(path, { kind: 'push', path, local: d.local, remote: null, reason: 'deleted on the other side, but something in it lives on' });
    const other = d?.kind === 'drop-remote' ? otherSpellings.get(foldName(path)) : undefined;
    if (other !== undefined) {
      byPath.delete(path);
      blocked.add(path, true);
      problems.push(collision(path, other));
    } else if (d?.kind === 'drop-remote') byPath.set(path, { kind: 'pull', path, local: null, remote: d.remote, reason: 'deleted here, but something in it lives on' });
  }
}

/**
 * A folder with only ignored things in it is no content: it is not brought to the side that lacks it, and where that side deleted it, it stays and is forgotten, since removing it would take what is
 * out of scope (C67).
 */
export function leaveIgnoredAlone(input: PlanInput, decisions: Decisions): void {
  const { byPath, ignoredRemote } = decisions;
  const holdsLocal = new Set<RelPath>();
  for (const [path, { holdsIgnored }] of input.local.entries) {
    if (holdsIgnored !== true) continue;
    holdsLocal.add(path);
    for (const folder of ancestorsOf(path)) holdsLocal.add(folder);
  }
  const ignored = new Set(ignoredRemote);
  const holdsRemote = new Set<RelPath>();
  for (const path of ignored) for (const folder of ancestorsOf(path)) holdsRemote.add(folder);
  leaveHollow(byPath, holdsLocal, input.local.entries.keys(), (path) => byPath.get(path)?.kind === 'drop-local', ['push', 'drop-local']);
  leaveHollow(byPath, holdsRemote, input.remote.entries.keys(), (path) => ignored.has(path) || byPath.get(path)?.kind === 'drop-remote', ['pull', 'drop-remote']);
}

/** `holding`: the folders of one side with something ignored below them; those with nothing else below, on the side that has them alone, are left as they are. */
function leaveHollow(
  byPath: Map<RelPath, Decision>,
  holding: ReadonlySet<RelPath>,
  entries: Iterable<RelPath>,
  isGoing: (path: RelPath) => boolean,
  kinds: readonly Decision['kind'][],
): void {
  if (![...holding].some((path) => kinds.includes(byPath.get(path)?.kind ?? 'adopt'))) return;
  const filled = new Set<RelPath>();
  for (const path of entries) if (!isGoing(path) && !holding.has(path)) for (const folder of ancestorsOf(path)) filled.add(folder);
  for (const path of holding) {
    const d = byPath.get(path);
    if (d === undefined || filled.has(path)) continue;
    if (d.kind === 'drop-local' || d.kind === 'drop-remote') byPath.set(path, { kind: 'forget', path, reason: 'deleted on one side; what is ignored in it stays on the other' });
    if ((d.kind === 'push' && kinds.includes('push') && d.remote === null) || (d.kind === 'pull' && kinds.includes('pull') && d.local === null)) byPath.delete(path);
  }
}
