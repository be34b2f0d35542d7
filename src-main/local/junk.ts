import { IgnoreRules } from '../core/ignore.ts';
import type { RelPath } from '../core/rel-path.ts';

const JUNK = IgnoreRules.of([], { junk: true });

/** Whether a name is one that desktops and editors leave behind: where it is ignored too, it does not keep its folder from being removed. */
export function isJunkName(path: RelPath, isFolder: boolean): boolean {
  return JUNK.matches(path, isFolder);
}
