import type { HeldDeletions } from '../core/action.ts';
import type { Entry } from '../core/entry.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { Past } from '../remote/history/past.ts';
import { findContent, sourceOf } from './restore.ts';
import type { MakeWanted } from './sync-manager.ts';

/** What is held and would change the other side, as both sides agreed on it before: files that vanished or were scrambled here come back, and what came in their place goes to the trash. */
export function asAgreed(past: Past, held: readonly HeldDeletions[]): MakeWanted {
  return async (_seen, base, signal) => {
    const wanted = new Map<RelPath, Entry | null>();
    for (const { side, actions } of held) if (side === 'remote') for (const { path } of actions) wanted.set(path, base.get(path)?.entry ?? null);
    return {
      wanted,
      left: [],
      fetch: async (path) => {
        const entry = wanted.get(path);
        return entry?.kind === 'file' ? sourceOf(past, await findContent(past, path, entry, signal), signal) : null;
      },
    };
  };
}

/** What is held and would change this side: it is here, and only has to be sent again. */
export function stillHere(held: readonly HeldDeletions[]): readonly RelPath[] {
  return held.flatMap(({ side, actions }) => (side === 'local' ? actions.map(({ path }) => path) : []));
}
