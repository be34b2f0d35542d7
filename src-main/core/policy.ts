import createMatcher from 'ignore';
import type { ConflictPolicy } from './conflict.ts';
import type { RelPath } from './rel-path.ts';
import type { PairSettings } from './settings.ts';

/** The policy for a path: the first override whose pattern matches, else the pair's. */
export function policyFrom(settings: Pick<PairSettings, 'conflictPolicy' | 'conflictOverrides'>): (path: RelPath) => ConflictPolicy {
  const overrides = settings.conflictOverrides.map(({ pattern, policy }) => ({ matcher: createMatcher().add(pattern), policy }));
  return (path) => overrides.find((o) => o.matcher.ignores(path))?.policy ?? settings.conflictPolicy;
}
