import type { Action, PlannedAction } from './action.ts';
import { sameContent, sameMode } from './entry.ts';
import { compareRelPaths, nameOf } from './rel-path.ts';

/**
 * Turns a removal and a creation of the same content on the same side into one move, so that a rename costs no bytes and is no deletion (C8, C10, scenario 59). Only files with bytes: everything empty is
 * equal. The removal keeps its precondition; pairs of the same name come first, then order decides, so the result does not depend on how the trees were listed.
 */
export function matchRenames(actions: readonly PlannedAction[]): readonly PlannedAction[] {
  return matchSide(matchSide(actions, 'remote'), 'local');
}

type Gone = Extract<Action, { kind: 'remove-remote' | 'remove-local' }>;
type Made = Extract<Action, { kind: 'upload' | 'download' }>;

function matchSide(actions: readonly PlannedAction[], side: 'local' | 'remote'): readonly PlannedAction[] {
  const gone = removals(actions, side);
  if (gone.length === 0) return actions;
  const made = creations(actions, side, new Set(gone.map((g) => g.entry.kind === 'file' && g.entry.hash)));
  const moves = new Map<Action, PlannedAction>();
  const replaced = new Set<Action>();
  for (const keyOf of [byNameAndContent, byContent]) {
    const free = new Map<string, Gone[]>();
    // Reversed, so that the first in order is the one `pop` gives.
    for (const g of gone.toReversed()) if (!moves.has(g)) listAt(free, keyOf(g)).push(g);
    for (const m of made) {
      if (replaced.has(m)) continue;
      const source = take(free.get(keyOf(m)), m);
      const move = source === undefined ? null : asMove(source, m);
      if (source === undefined || move === null) continue;
      moves.set(source, move);
      replaced.add(m);
    }
  }
  return actions.flatMap((planned) => (replaced.has(planned.action) ? [] : [moves.get(planned.action) ?? planned]));
}

function removals(actions: readonly PlannedAction[], side: 'local' | 'remote'): readonly Gone[] {
  const result: Gone[] = [];
  for (const { stage, action } of actions) {
    if (stage !== 'delete' || (action.kind !== 'remove-remote' && action.kind !== 'remove-local')) continue;
    const isHere = action.kind === (side === 'remote' ? 'remove-remote' : 'remove-local');
    if (isHere && action.entry.kind === 'file' && action.entry.size > 0) result.push(action);
  }
  return result.sort((a, b) => compareRelPaths(a.path, b.path));
}

function creations(actions: readonly PlannedAction[], side: 'local' | 'remote', hashes: ReadonlySet<unknown>): readonly Made[] {
  const result: Made[] = [];
  for (const { action } of actions) {
    if ((action.kind !== 'upload' && action.kind !== 'download') || action.replaces !== null || action.entry.kind !== 'file') continue;
    if (action.kind === (side === 'remote' ? 'upload' : 'download') && hashes.has(action.entry.hash)) result.push(action);
  }
  return result.sort((a, b) => compareRelPaths(a.path, b.path));
}

function byContent({ entry }: Gone | Made): string {
  return entry.kind === 'file' ? entry.hash : '';
}

function byNameAndContent(action: Gone | Made): string {
  return `${byContent(action)}/${nameOf(action.path)}`;
}

function listAt(lists: Map<string, Gone[]>, key: string): Gone[] {
  const known = lists.get(key);
  if (known !== undefined) return known;
  const list: Gone[] = [];
  lists.set(key, list);
  return list;
}

function take(free: Gone[] | undefined, made: Made): Gone | undefined {
  if (free === undefined) return undefined;
  // A local move keeps the bits the file has; other bits on the other side are no plain rename.
  const index = free.findLastIndex((g) => sameContent(g.entry, made.entry) && (g.kind === 'remove-remote' || sameMode(g.entry, made.entry)));
  return index < 0 ? undefined : free.splice(index, 1)[0];
}

function asMove(gone: Gone, made: Made): PlannedAction | null {
  const to = made.path;
  if (gone.kind === 'remove-remote' && made.kind === 'upload') {
    return { stage: 'move', action: { kind: 'move-remote', path: gone.path, to, entry: made.entry, version: gone.version, stamp: made.stamp, reason: 'renamed here' } };
  }
  if (gone.kind === 'remove-local' && made.kind === 'download') {
    return { stage: 'move', action: { kind: 'move-local', path: gone.path, to, entry: made.entry, version: made.version, stamp: gone.stamp, reason: 'renamed on the other side' } };
  }
  return null;
}
