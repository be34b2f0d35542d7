import type { PlannedAction } from './action.ts';
import type { Decision } from './decide.ts';
import type { PathProblem } from './entry.ts';
import type { PlanInput } from './plan-input.ts';
import { compareRelPaths, join, nameOf, parentOf, type RelPath } from './rel-path.ts';

export interface FoldedNames {
  /** Remote path -> the path that already has its place on the local disk. */
  readonly collisions: ReadonlyMap<RelPath, RelPath>;
}

/** What a disk that ignores case or normalisation takes for the same name. */
export function foldName(path: string): string {
  return path.normalize('NFC').toLowerCase().normalize('NFC');
}

export function collision(path: RelPath, other: RelPath): PathProblem {
  return { path, side: 'remote', reason: 'name-collision', subtree: true, detail: `this disk cannot hold it beside ${other}` };
}

/**
 * Of several names such a disk takes for one, the one that is on it keeps the place, else the first in order; the others stay remote, untouched and listed (C18, C19). A local name that is about
 * to go gives up its place, which is how a case-only rename from elsewhere arrives.
 */
export function foldNames(input: PlanInput, byPath: ReadonlyMap<RelPath, Decision>): FoldedNames {
  const holder = new Map<string, RelPath>();
  for (const path of input.local.entries.keys()) {
    if (byPath.get(path)?.kind !== 'drop-local') holder.set(foldName(path), path);
  }
  const collisions = new Map<RelPath, RelPath>();
  const incoming = [...byPath.values()].filter((d) => d.kind === 'pull' && d.local === null).map((d) => d.path);
  for (const path of incoming.sort(compareRelPaths)) {
    const key = foldName(path);
    const other = holder.get(key);
    if (other === undefined) holder.set(key, path);
    else if (other !== path) collisions.set(path, other);
  }
  return { collisions };
}

/**
 * A folder that was renamed in case only elsewhere, on a disk that takes both names for one: it takes the new spelling. Made and removed as two folders it would be removed with the new name on it, or come back
 * under the old one (scenario 66). The decisions it stands for are taken out.
 */
export function respellFolders({ localFoldsNames }: PlanInput, byPath: Map<RelPath, Decision>, isBlocked: (path: RelPath) => boolean): readonly PlannedAction[] {
  if (!localFoldsNames) return [];
  const going = new Map<string, Extract<Decision, { kind: 'drop-local' }>>();
  for (const d of byPath.values()) if (d.kind === 'drop-local' && d.local.entry.kind === 'folder' && !isBlocked(d.path)) going.set(foldName(d.path), d);
  if (going.size === 0) return [];
  const moves: PlannedAction[] = [];
  for (const d of [...byPath.values()]) {
    if (d.kind !== 'pull' || d.local !== null || d.remote.entry.kind !== 'folder' || isBlocked(d.path)) continue;
    const old = going.get(foldName(d.path));
    if (old === undefined) continue;
    byPath.delete(old.path);
    byPath.delete(d.path);
    const { entry, version } = d.remote;
    moves.push({
      stage: 'folders',
      action: { kind: 'move-local', path: old.path, to: d.path, entry, version, stamp: old.local.stamp, reason: 'renamed in case only on the other side' },
    });
  }
  return moves;
}

/**
 * Local names as the other side spells them, for a disk that gives names back in another normalisation than it took them (C18): a local path without a partner, whose normalised form has exactly
 * one partner without a local entry, is that partner; what lies below a folder goes with it. Two local paths never become one.
 */
export function alignNormalisation<V>(local: ReadonlyMap<RelPath, V>, knows: (path: RelPath) => boolean, partners: Iterable<RelPath>): ReadonlyMap<RelPath, V> {
  const lone = [...local.keys()].filter((path) => !knows(path));
  if (lone.length === 0) return local;
  const byForm = new Map<string, RelPath | null>();
  for (const path of partners) {
    if (local.has(path)) continue;
    const form = path.normalize('NFC');
    byForm.set(form, byForm.has(form) ? null : path);
  }
  const result = new Map(local);
  const respelt = new Map<RelPath, RelPath>();
  for (const path of lone.sort(compareRelPaths)) {
    const parent = parentOf(path);
    const home = parent === null ? null : (respelt.get(parent) ?? parent);
    const partner = byForm.get(path.normalize('NFC')) ?? null;
    const to = partner !== null && parentOf(partner) === home ? partner : join(home, nameOf(path));
    const value = local.get(path);
    if (to === path || value === undefined || result.has(to)) continue;
    result.delete(path);
    result.set(to, value);
    respelt.set(path, to);
  }
  return result;
}
