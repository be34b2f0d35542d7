import type { Entry } from './core/entry.ts';
import type { RelPath } from './core/rel-path.ts';
import type { MakeWanted } from './engine/sync-manager.ts';
import type { Source } from './local/local-tree.ts';
import type { TrashItem, TrashReader } from './local/trash-reader.ts';

/** What lies in the local trash, back under the paths it had. What is gone from there meanwhile is left out. */
export function fromTrash(trash: TrashReader, items: Iterable<TrashItem>): MakeWanted {
  return async () => {
    const wanted = new Map<RelPath, Entry>();
    const sources = new Map<RelPath, Source | null>();
    for (const item of items) {
      const found = await trash.read(item);
      if (found === null) continue;
      wanted.set(item.path, found.entry);
      sources.set(item.path, found.source);
    }
    return { wanted, left: [], fetch: async (at) => sources.get(at) ?? null };
  };
}
