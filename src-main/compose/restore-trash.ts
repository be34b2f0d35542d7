import type { Entry } from '../core/entry.ts';
import { SyncError } from '../core/errors.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { MakeWanted } from '../engine/sync-manager.ts';
import type { Source } from '../local/local-tree.ts';
import type { TrashItem, TrashReader } from '../local/trash-reader.ts';

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

/** The latest of each path at or below `path`, or what went at one time. */
export async function trashed(trash: TrashReader, path: RelPath, batch: string | null): Promise<MakeWanted> {
  const chosen = new Map<RelPath, TrashItem>();
  for (const item of await trash.list(path)) if ((batch === null || item.batch === batch) && !chosen.has(item.path)) chosen.set(item.path, item);
  if (chosen.size === 0) throw new SyncError('usage', `nothing of ${path} is in the trash${batch === null ? '' : ` of ${batch}`}`, { hint: '`file-sync trash` lists it.' });
  return fromTrash(trash, chosen.values());
}
