import { type Base, type Entry, type Local, type Remote, sameContent, UNSEEN_VERSION } from '../core/entry.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { AdoptReport } from './sync-manager.ts';

interface Seen {
  readonly base: ReadonlyMap<RelPath, Base>;
  readonly local: ReadonlyMap<RelPath, Local>;
  readonly remote: ReadonlyMap<RelPath, Remote>;
}

/** What may go into the base, by what both sides hold now ({@link StateBook.adopt}). */
export function adoptable(remembered: ReadonlyMap<RelPath, Entry>, { base, local, remote }: Seen): AdoptReport & { readonly put: readonly (readonly [RelPath, Base])[] } {
  const put: (readonly [RelPath, Base])[] = [];
  const passed: RelPath[] = [];
  let known = 0;
  for (const [path, entry] of remembered) {
    if (base.has(path)) {
      known++;
      continue;
    }
    const [here, there] = [local.get(path), remote.get(path)];
    const [isHere, isThere] = [here !== undefined && sameContent(here.entry, entry), there !== undefined && sameContent(there.entry, entry)];
    if (here !== undefined && isHere) put.push([path, { entry: here.entry, stamp: here.stamp, version: there !== undefined && isThere ? there.version : UNSEEN_VERSION }]);
    else if (there !== undefined && isThere) put.push([path, { entry: there.entry, stamp: null, version: there.version }]);
    else passed.push(path);
  }
  return { put, adopted: put.length, known, passed };
}
