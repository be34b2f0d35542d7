import type { PlannedAction } from './action.ts';
import { type LeafEntry, sameContent, sameMode } from './entry.ts';
import { compareRelPaths, nameOf, type RelPath } from './rel-path.ts';

/**
 * Turns a removal and a creation of the same content on the same side into one move, so that a rename costs no bytes and is no deletion (C8, C10, scenario 59). Only files with bytes: everything empty is
 * equal. The removal keeps its precondition; the same name is preferred, then order, so the result does not depend on how the trees were listed.
 */
export function matchRenames(actions: readonly PlannedAction[]): readonly PlannedAction[] {
  return matchSide(matchSide(actions, 'remote'), 'local');
}

type Gone = Extract<PlannedAction['action'], { kind: 'remove-remote' | 'remove-local' }>;

function matchSide(actions: readonly PlannedAction[], side: 'local' | 'remote'): readonly PlannedAction[] {
  const gone = new Map<string, Gone[]>();
  for (const { stage, action } of actions) {
    const isGone = side === 'remote' ? action.kind === 'remove-remote' : action.kind === 'remove-local';
    if (!isGone || stage !== 'delete' || (action.kind !== 'remove-remote' && action.kind !== 'remove-local')) continue;
    if (action.entry.kind !== 'file' || action.entry.size === 0) continue;
    const list = gone.get(action.entry.hash);
    if (list === undefined) gone.set(action.entry.hash, [action]);
    else list.push(action);
  }
  if (gone.size === 0) return actions;
  const moved = new Map<RelPath, PlannedAction>();
  const replaced = new Set<PlannedAction>();
  const sorted = [...actions].sort((a, b) => compareRelPaths(a.action.path, b.action.path));
  for (const planned of sorted) {
    const { action } = planned;
    const isNew = side === 'remote' ? action.kind === 'upload' && action.replaces === null : action.kind === 'download' && action.replaces === null;
    if (!isNew || (action.kind !== 'upload' && action.kind !== 'download') || action.entry.kind !== 'file') continue;
    const source = take(gone.get(action.entry.hash), action.entry, action.path);
    if (source === undefined) continue;
    const move = asMove(source, action);
    if (move === null) continue;
    moved.set(source.path, move);
    replaced.add(planned);
  }
  return actions.flatMap((planned) => {
    if (replaced.has(planned)) return [];
    const isRemoval = side === 'remote' ? planned.action.kind === 'remove-remote' : planned.action.kind === 'remove-local';
    const move = isRemoval ? moved.get(planned.action.path) : undefined;
    return [move ?? planned];
  });
}

function take(candidates: Gone[] | undefined, entry: LeafEntry, target: RelPath): Gone | undefined {
  if (candidates === undefined) return undefined;
  // A local move keeps the bits the file has; other bits on the other side are no plain rename.
  const fits = (g: Gone): boolean => sameContent(g.entry, entry) && (g.kind === 'remove-remote' || sameMode(g.entry, entry));
  let index = candidates.findIndex((g) => fits(g) && nameOf(g.path) === nameOf(target));
  if (index < 0) index = candidates.findIndex(fits);
  return index < 0 ? undefined : candidates.splice(index, 1)[0];
}

function asMove(gone: Gone, made: Extract<PlannedAction['action'], { kind: 'upload' | 'download' }>): PlannedAction | null {
  if (gone.kind === 'remove-remote' && made.kind === 'upload') {
    return { stage: 'move', action: { kind: 'move-remote', path: gone.path, to: made.path, entry: made.entry, version: gone.version, stamp: made.stamp, reason: 'renamed here' } };
  }
  if (gone.kind === 'remove-local' && made.kind === 'download') {
    return {
      stage: 'move',
      action: { kind: 'move-local', path: gone.path, to: made.path, entry: made.entry, version: made.version, stamp: gone.stamp, reason: 'renamed on the other side' },
    };
  }
  return null;
}
