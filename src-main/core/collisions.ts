import type { Decision } from './decide.ts';
import type { PlanInput } from './plan-input.ts';
import { compareRelPaths, type RelPath } from './rel-path.ts';

export interface FoldedNames {
  /** Remote path -> the path that already has its place on the local disk. */
  readonly collisions: ReadonlyMap<RelPath, RelPath>;
}

/** What a disk that ignores case or normalisation takes for the same name. */
export function foldName(path: string): string {
  return path.normalize('NFC').toLowerCase().normalize('NFC');
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
 * Local names as the other side spells them, for a disk that gives names back in another normalisation than it took them (C18): a local path without a partner, whose normalised form has exactly
 * one partner without a local entry, is that partner.
 */
export function alignNormalisation<V>(local: ReadonlyMap<RelPath, V>, knows: (path: RelPath) => boolean, partners: Iterable<RelPath>): ReadonlyMap<RelPath, V> {
  const lone = [...local.keys()].filter((path) => !knows(path));
  if (lone.length === 0) return local;
  const byForm = new Map<string, RelPath>();
  for (const path of partners) if (!local.has(path)) byForm.set(path.normalize('NFC'), path);
  const result = new Map(local);
  for (const path of lone) {
    const partner = byForm.get(path.normalize('NFC'));
    const value = local.get(path);
    if (partner === undefined || value === undefined) continue;
    result.delete(path);
    result.set(partner, value);
  }
  return result;
}
