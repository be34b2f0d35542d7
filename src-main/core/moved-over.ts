import type { Decision } from './decide.ts';
import { type Decisions, isLookedAt } from './decisions.ts';
import { type Base, type Entry, sameContent } from './entry.ts';
import type { PlanInput } from './plan-input.ts';

type Side = 'local' | 'remote';
type Moved = { readonly decision: Decision; readonly side: Side; readonly content: string };

/**
 * A file that took the place of its like looks unchanged, since only contents are compared: `mv q p`, where both held the same. Were `p` then to follow the other side and `q` to be deleted there, nobody would have given up
 * that content, and it would be gone from both sides. So where a path holds what was agreed under another stamp or version, and the same side no longer holds it at another path that did, the path counts as changed (L1, S30).
 * A file seen at both is no longer at the one that was looked at before. What is empty is like everything empty.
 */
export function findMovedOver(input: PlanInput, decisions: Decisions): void {
  const moved = candidates(input, decisions);
  if (moved.length === 0) return;
  const left = placesLeft(input, decisions, moved);
  for (const { decision, side, content } of moved) if (left.has(`${side} ${content}`)) decisions.byPath.set(decision.path, asChanged(decision));
}

/** What would give up, on one side, a content that was put there anew. */
function candidates({ base }: PlanInput, { byPath }: Decisions): readonly Moved[] {
  const found: Moved[] = [];
  for (const decision of byPath.values()) {
    const agreed = base.get(decision.path);
    const side = givesUp(decision);
    if (agreed === undefined || side === null || !isAnew(decision, side, agreed)) continue;
    const content = contentKey(agreed.entry);
    if (content !== null) found.push({ decision, side, content });
  }
  return found;
}

function givesUp({ kind }: Decision): Side | null {
  if (kind === 'pull' || kind === 'drop-local') return 'local';
  return kind === 'push' || kind === 'drop-remote' ? 'remote' : null;
}

function isAnew(decision: Decision, side: Side, agreed: Base): boolean {
  if (side === 'local') {
    const local = 'local' in decision ? decision.local : null;
    return local !== null && local.lostBytes !== true && local.stamp !== agreed.stamp && sameContent(local.entry, agreed.entry);
  }
  const remote = 'remote' in decision ? decision.remote : null;
  return remote !== null && remote.version !== agreed.version && sameContent(remote.entry, agreed.entry);
}

/** The contents, each by its side, that were agreed on at a path and are there no longer. */
function placesLeft(input: PlanInput, { blocked }: Decisions, moved: readonly Moved[]): ReadonlySet<string> {
  const { base, local, remote, ignore } = input;
  const wanted = new Set(moved.map(({ content }) => content));
  const files = new Map(moved.map(({ decision: { path } }) => [local.entries.get(path)?.fileId ?? null, path]));
  const left = new Set<string>();
  for (const [path, { entry }] of base) {
    const content = contentKey(entry);
    if (content === null || !wanted.has(content) || !isLookedAt(path, input, blocked) || ignore.ignores(path, false)) continue;
    const [here, there] = [local.entries.get(path), remote.entries.get(path)];
    const movedTo = here === undefined || here.fileId === null ? undefined : files.get(here.fileId);
    if (here === undefined || !sameContent(here.entry, entry) || (movedTo !== undefined && movedTo !== path)) left.add(`local ${content}`);
    if (there === undefined || !sameContent(there.entry, entry)) left.add(`remote ${content}`);
  }
  return left;
}

function contentKey(entry: Entry): string | null {
  if (entry.kind === 'folder' || (entry.kind === 'file' && entry.size === 0)) return null;
  return entry.kind === 'file' ? `file ${entry.hash}` : `link ${entry.target}`;
}

function asChanged(decision: Decision): Decision {
  const { path } = decision;
  if (decision.kind === 'drop-local')
    return { kind: 'push', path, local: decision.local, remote: null, reason: 'moved here over its like, deleted on the other side: it survives' };
  if (decision.kind === 'drop-remote')
    return { kind: 'pull', path, local: null, remote: decision.remote, reason: 'deleted here, moved over its like on the other side: it survives' };
  if ((decision.kind !== 'push' && decision.kind !== 'pull') || decision.local === null || decision.remote === null) return decision;
  return { kind: 'clash', path, local: decision.local, remote: decision.remote, reason: 'edited on one side, moved over its like on the other' };
}
