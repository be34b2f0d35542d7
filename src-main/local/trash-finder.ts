import { type LeafEntry, sameContent } from '../core/entry.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { Source } from './local-tree.ts';
import type { TrashItem, TrashReader } from './trash-reader.ts';

/** Finds a content in the trash that was put there under a path; null where it is not. The trash is listed once, at the first question. */
export function trashFinder(trash: Pick<TrashReader, 'list' | 'read'>): (path: RelPath, entry: LeafEntry) => Promise<Source | null> {
  let items: Promise<readonly TrashItem[]> | null = null;
  return async (path, entry) => {
    items ??= trash.list();
    for (const item of await items) {
      if (item.path !== path || item.kind !== entry.kind || (entry.kind === 'file' && item.size !== entry.size)) continue;
      const found = await trash.read(item);
      if (found !== null && sameContent(found.entry, entry)) return found.source;
    }
    return null;
  };
}
