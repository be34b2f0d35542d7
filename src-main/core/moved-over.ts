import type { Decision } from './decide.ts';
import { type Decisions, isLookedAt } from './decisions.ts';
import { type Base, type Entry, type Local, sameContent } from './entry.ts';
import type { PlanInput } from './plan-input.ts';

const SIDES = ['local', 'remote'] as const;
type Side = (typeof SIDES)[number];
type Moved = { readonly decision: Decision; readonly side: Side; readonly trace: string };

/**
 * A file that took the place of its like looks unchanged, since only contents are compared: `mv q p`, where both held the same. Were `p` then to follow the other side and `q` to be deleted there, nobody would have given up
 * that content, and it would be gone from both sides. So where a path holds what was agreed under another stamp or version, and the same side no longer holds it at another path that did, the path counts as changed (L1, S30).
 * A file seen at both is no longer at the one that was looked at before. What is empty is like everything empty. Where a download was cut short before it was recorded, no stamp is known: there a file that was moved tells by its time.
 */
export function findMovedOver(input: PlanInput, decisions: Decisions): void {
  const moved = candidates(input, decisions);
  if (moved.length === 0) return;
  const left = placesLeft(input, decisions, moved);
  for (const { decision, side, trace } of moved) if (left.has(`${side} ${trace}`)) decisions.byPath.set(decision.path, asChanged(decision));
}

/** What would give up, on one side, a content that was put there anew. */
function candidates({ base }: PlanInput, { byPath }: Decisions): readonly Moved[] {
  const found: Moved[] = [];
  for (const decision of byPath.values()) {
    const agreed = base.get(decision.path);
    const side = givesUp(decision);
    if (agreed === undefined || side === null || !isAnew(decision, side, agreed)) continue;
    const [content, timed = content] = tracesOf(side === 'local' ? (localOf(decision)?.entry ?? agreed.entry) : agreed.entry);
    const trace = side === 'local' && agreed.stamp === null ? timed : content;
    if (trace !== undefined) found.push({ decision, side, trace });
  }
  return found;
}

function givesUp({ kind }: Decision): Side | null {
  if (kind === 'pull' || kind === 'drop-local') return 'local';
  return kind === 'push' || kind === 'drop-remote' ? 'remote' : null;
}

function isAnew(decision: Decision, side: Side, agreed: Base): boolean {
  if (side === 'local') {
    const local = localOf(decision);
    return local !== null && local.lostBytes !== true && local.stamp !== agreed.stamp && sameContent(local.entry, agreed.entry);
  }
  const remote = 'remote' in decision ? decision.remote : null;
  return remote !== null && remote.version !== agreed.version && sameContent(remote.entry, agreed.entry);
}

/** The traces, each by its side, of what was agreed on at a path and is there no longer. */
function placesLeft(input: PlanInput, { blocked }: Decisions, moved: readonly Moved[]): ReadonlySet<string> {
  const { base, local, remote, ignore } = input;
  const wanted = new Set(moved.map(({ trace }) => trace));
  const files = new Map(moved.map(({ decision: { path } }) => [local.entries.get(path)?.fileId ?? null, path]));
  const left = new Set<string>();
  for (const [path, { entry }] of base) {
    const traces = tracesOf(entry).filter((trace) => wanted.has(trace));
    if (traces.length === 0 || !isLookedAt(path, input, blocked) || ignore.ignores(path, false)) continue;
    const [here, there] = [local.entries.get(path), remote.entries.get(path)];
    const movedTo = here === undefined || here.fileId === null ? undefined : files.get(here.fileId);
    const hasLeft = {
      local: here === undefined || !sameContent(here.entry, entry) || (movedTo !== undefined && movedTo !== path),
      remote: there === undefined || !sameContent(there.entry, entry),
    };
    for (const trace of traces) for (const side of SIDES) if (hasLeft[side]) left.add(`${side} ${trace}`);
  }
  return left;
}

/** What tells a content that was moved: itself and, of a file, itself with its time. None of what is like everything empty. */
function tracesOf(entry: Entry): readonly string[] {
  if (entry.kind === 'folder' || (entry.kind === 'file' && entry.size === 0)) return [];
  return entry.kind === 'file' ? [`file ${entry.hash}`, `file ${entry.hash} of ${entry.mtimeNs}`] : [`link ${entry.target}`];
}

function localOf(decision: Decision): Local | null {
  return 'local' in decision ? decision.local : null;
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
