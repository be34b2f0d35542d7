import type { Decisions } from './decisions.ts';
import type { PlanInput } from './plan-input.ts';
import { ancestorsOf, type RelPath } from './rel-path.ts';

/**
 * A folder that one side deleted lives on while anything below it does: it is made again where it is gone (C39, L8). Called when every path below has its decision.
 */
export function reviveFolders(input: PlanInput, { byPath, blocked }: Decisions): void {
  const doomed = new Set<RelPath>();
  for (const d of byPath.values()) {
    if ((d.kind === 'drop-local' && d.local.entry.kind === 'folder') || (d.kind === 'drop-remote' && d.remote.entry.kind === 'folder')) doomed.add(d.path);
  }
  if (doomed.size === 0) return;
  const alive = new Set<RelPath>();
  const spare = (path: RelPath): void => {
    for (const folder of ancestorsOf(path)) if (doomed.has(folder)) alive.add(folder);
  };
  for (const path of input.local.entries.keys()) if (byPath.get(path)?.kind !== 'drop-local') spare(path);
  for (const path of input.remote.entries.keys()) if (byPath.get(path)?.kind !== 'drop-remote') spare(path);
  for (const path of blocked.roots()) spare(path);
  for (const path of alive) {
    const d = byPath.get(path);
    if (d?.kind === 'drop-local') byPath.set(path, { kind: 'push', path, local: d.local, remote: null, reason: 'deleted on the other side, but something in it lives on' });
    if (d?.kind === 'drop-remote') byPath.set(path, { kind: 'pull', path, local: null, remote: d.remote, reason: 'deleted here, but something in it lives on' });
  }
}

/**
 * A folder with only ignored things in it is no content: it is not sent, and where the other side deleted it, it stays here and is forgotten, since removing it would take what is out of scope.
 */
export function leaveIgnoredAlone(input: PlanInput, { byPath }: Decisions): void {
  const candidates = [...byPath.values()].filter(
    (d) => (d.kind === 'drop-local' || (d.kind === 'push' && d.remote === null)) && d.local.entry.kind === 'folder' && d.local.holdsIgnored === true,
  );
  if (candidates.length === 0) return;
  const filled = new Set<RelPath>();
  for (const path of input.local.entries.keys()) {
    const kind = byPath.get(path)?.kind;
    const isHollow = kind === 'drop-local' || input.local.entries.get(path)?.holdsIgnored === true;
    if (!isHollow) for (const folder of ancestorsOf(path)) filled.add(folder);
  }
  for (const d of candidates) {
    if (filled.has(d.path)) continue;
    if (d.kind === 'push') byPath.delete(d.path);
    else {
      byPath.set(d.path, { kind: 'forget', path: d.path, reason: 'deleted on the other side; what is ignored in it stays here' });
      for (const folder of ancestorsOf(d.path)) {
        const above = byPath.get(folder);
        if (above?.kind === 'drop-local') byPath.set(folder, { kind: 'forget', path: folder, reason: 'deleted on the other side; what is ignored in it stays here' });
      }
    }
  }
}
