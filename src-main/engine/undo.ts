import { type Entry, sameContent, sameMode } from '../core/entry.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { Past } from '../remote/history/past.ts';
import { findContent, sourceOf } from './restore.ts';
import type { MakeWanted, SkippedPath } from './sync-manager.ts';
import type { Run } from './undo-log.ts';

/** What a run changed as it was before that run, here and there. What has changed again since stays as it is now. A run that a crash cut short is asked for when it is needed: by then a sync has finished it. */
export function before(past: Past, run: Run | (() => Promise<Run>)): MakeWanted {
  return async (seen) => {
    const { deeds } = typeof run === 'function' ? await run() : run;
    const wanted = new Map<RelPath, Entry | null>();
    const left: SkippedPath[] = [];
    for (const deed of deeds) {
      const here = seen.get(deed.path)?.entry ?? null;
      if (isSame(here, deed.before)) continue;
      if (isSame(here, deed.after)) wanted.set(deed.path, deed.before);
      else left.push({ path: deed.path, why: 'it has changed since that run, and stays as it is' });
    }
    return {
      wanted,
      left,
      fetch: async (path, signal) => {
        const entry = wanted.get(path);
        return entry?.kind === 'file' ? sourceOf(past, await findContent(past, path, entry, signal), signal) : null;
      },
    };
  };
}

function isSame(a: Entry | null, b: Entry | null): boolean {
  return a === null || b === null ? a === b : sameContent(a, b) && sameMode(a, b);
}
