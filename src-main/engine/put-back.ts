import type { HeldDeletions } from '../core/action.ts';
import { isBurst } from '../core/burst.ts';
import { type Entry, sameContent } from '../core/entry.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { Past } from '../remote/history/past.ts';
import { findContent, sourceOf } from './restore.ts';
import type { MakeWanted, ReviseOptions, ReviseReport, Reviser } from './sync-manager.ts';
import type { Deed } from './undo-log.ts';

/**
 * What is held and would change the other side, as both sides agreed on it before: files that vanished or were scrambled here come back, and what came in their place goes to the trash. The first few of such a burst
 * went over before it was known for one (`passed`): they go back too, where they are still what became of them.
 */
export function asAgreed(past: Past, held: readonly HeldDeletions[], passed: readonly Deed[]): MakeWanted {
  return async (seen, base, signal) => {
    const wanted = new Map<RelPath, Entry | null>();
    const isHeld = held.some((each) => each.side === 'remote' && isBurst(each));
    for (const { path, before, after, settled } of isHeld ? passed : []) if (settled === undefined && isSame(seen.get(path)?.entry ?? null, after)) wanted.set(path, before);
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

function isSame(a: Entry | null, b: Entry | null): boolean {
  return a === null || b === null ? a === b : sameContent(a, b);
}

/** What is held and would change this side: it is here, and only has to be sent again. */
export function stillHere(held: readonly HeldDeletions[]): readonly RelPath[] {
  return held.flatMap(({ side, actions }) => (side === 'local' ? actions.map(({ path }) => path) : []));
}

/** Makes the folder what {@link asAgreed} wants, and has `again`, which is {@link stillHere}, sent once more: first, since the sync that follows would carry it out. What else is held stays so. */
export async function bringBack(
  reviser: Pick<Reviser, 'reclaim' | 'revise'>,
  { wanted, again }: { readonly wanted: MakeWanted; readonly again: readonly RelPath[] },
  options: Pick<ReviseOptions, 'releaseHeld' | 'signal' | 'onBegin'>,
): Promise<ReviseReport> {
  if (again.length > 0) await reviser.reclaim(again);
  return reviser.revise(wanted, { ...options, dryRun: false, keepsHeld: true });
}
