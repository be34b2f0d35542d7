import { join } from 'node:path';
import { nameRules } from '../core/name-rules.ts';
import type { RelPath } from '../core/rel-path.ts';

/** Where a path of a synced folder lies on this system's disks, name by name (docs/format.md, "Names on disk"): never outside of `root`. */
export function diskPath(root: string, path: RelPath, platform: string): string {
  const { toDisk } = nameRules(platform);
  return join(root, ...path.split('/').map(toDisk));
}
