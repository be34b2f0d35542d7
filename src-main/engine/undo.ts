import { conflictName } from '../core/conflict-name.ts';
import { type Entry, type FileEntry, type LeafEntry, sameContent, sameMode } from '../core/entry.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { Source } from '../local/local-tree.ts';
import { contentsIn, findKept, notKept, type UndoSources } from './kept-content.ts';
import { findContent, sourceOf } from './restore.ts';
import type { MakeWanted, SkippedPath } from './sync-manager.ts';
import type { Deed, Run } from './undo-log.ts';

/**
 * What a run changed as it was before that run, here and there. What has changed again since stays as it is now, and so does what is kept nowhere as it was. Where the run decided between two versions nothing is taken away: the one that gave way comes back beside the other.
 * A run that a crash cut short is asked for when it is needed: by then a sync has finished it.
 */
export function before(kept: UndoSources, run: Run | (() => Promise<Run>)): MakeWanted {
  return async (seen, _base, signal) => {
    const { deeds, atMs } = typeof run === 'function' ? await run() : run;
    const wanted = new Map<RelPath, Entry | null>();
    const left: SkippedPath[] = [];
    const sources = new Map<RelPath, Source>();
    const needed = new Map<RelPath, FileEntry>();
    const contents = contentsIn(seen.values());
    const findGivenUp = finderOf(kept, signal);
    for (const deed of deeds) {
      const here = seen.get(deed.path)?.entry ?? null;
      if (deed.settled?.kind === 'both') left.push({ path: deed.path, why: `both versions were kept: the other one as ${deed.settled.to}` });
      else if (deed.settled?.kind === 'gave-way') {
        const { entry, device } = deed.settled;
        const nameFrom = (taken: (path: RelPath) => boolean): RelPath => conflictName(deed.path, device ?? 'backup', atMs, taken);
        const there = seen.get(nameFrom(() => false))?.entry ?? null;
        if ([here, there].some((each) => each !== null && sameContent(each, entry))) continue;
        const source = entry.kind === 'symlink' ? null : await findGivenUp(deed, entry);
        if (source === null && entry.kind === 'file') left.push({ path: deed.path, why: 'the version that gave way is no longer kept' });
        else
          wanted.set(
            withSource(
              sources,
              nameFrom((path) => seen.has(path) || wanted.has(path)),
              source,
            ),
            entry,
          );
      } else if (isSame(here, deed.before)) continue;
      else if (isSame(here, deed.after)) {
        wanted.set(deed.path, deed.before);
        if (deed.before?.kind === 'file' && !contents.has(deed.before.hash)) needed.set(deed.path, deed.before);
      } else left.push({ path: deed.path, why: 'it has changed since that run, and stays as it is' });
    }
    for (const path of [...(await notKept(kept, needed, signal))].sort()) {
      wanted.delete(path);
      left.push({ path, why: 'its earlier content is not kept' });
    }
    return {
      wanted,
      left,
      fetch: async (path, until) => {
        const entry = wanted.get(path);
        return sources.get(path) ?? (entry?.kind === 'file' ? findKept(kept, path, entry, until) : null);
      },
    };
  };
}

function withSource(sources: Map<RelPath, Source>, path: RelPath, source: Source | null): RelPath {
  if (source !== null) sources.set(path, source);
  return path;
}

type FindGivenUp = (deed: Deed, entry: LeafEntry) => Promise<Source | null>;

/** What gave way here lies in the trash, what gave way there among the versions; each may have gone the other way since. */
function finderOf({ past, findTrashed }: UndoSources, signal: AbortSignal): FindGivenUp {
  const inTrash: FindGivenUp = ({ path }, entry) => findTrashed(path, entry);
  const inPast: FindGivenUp = async ({ path }, entry) => sourceOf(past, await findContent(past, path, entry, signal), signal);
  return async (deed, entry) => {
    const [first, second] = deed.settled?.kind === 'gave-way' && deed.settled.side === 'local' ? [inTrash, inPast] : [inPast, inTrash];
    return (await first(deed, entry)) ?? (await second(deed, entry));
  };
}

export function isSame(a: Entry | null, b: Entry | null): boolean {
  return a === null || b === null ? a === b : sameContent(a, b) && sameMode(a, b);
}
