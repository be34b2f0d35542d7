import { conflictName } from '../core/conflict-name.ts';
import { type BaseSnapshot, sameContent } from '../core/entry.ts';
import type { RelPath } from '../core/rel-path.ts';
import { isSame } from './undo.ts';
import type { Deed, Run } from './undo-log.ts';

export interface Undone {
  /** Whether undoing it would change anything, by what both sides agree on now; whether what it takes is kept is another question (kept-content.ts). */
  readonly canUndo: boolean;
  /** When the last of it became again what it was before; null where none of it is, or something could still be undone. */
  readonly undoneAt: number | null;
}

/** Those of its deeds that an undo would take back. */
export function leftToUndo({ deeds, atMs }: Run, base: BaseSnapshot): readonly Deed[] {
  return deeds.filter((deed) => stateOf(deed, atMs, base) === 'as after');
}

/** What is left of each run, given the latest first, to be undone: the same question that `before` (undo.ts) answers for the folder as it is. */
export function whatIsUndone(runs: readonly Run[], base: BaseSnapshot): readonly Undone[] {
  return runs.map((run, i) => {
    const states = run.deeds.map((deed) => stateOf(deed, run.atMs, base));
    if (states.includes('as after')) return { canUndo: true, undoneAt: null };
    const back = new Set(run.deeds.filter((_, n) => states[n] === 'as before').flatMap((deed) => [deed.path, ...asideOf(deed, run.atMs)]));
    // The latest first.
    const undo = runs.slice(0, i).find(({ deeds }) => deeds.some(({ path }) => back.has(path)));
    return { canUndo: false, undoneAt: undo?.atMs ?? null };
  });
}

function stateOf(deed: Deed, atMs: number, base: BaseSnapshot): 'as before' | 'as after' | 'other' {
  const here = base.get(deed.path)?.entry ?? null;
  const { settled } = deed;
  if (settled?.kind === 'both') return 'other';
  if (settled?.kind === 'gave-way') {
    const there = [deed.path, ...asideOf(deed, atMs)].map((path) => base.get(path)?.entry);
    return there.some((entry) => entry !== undefined && sameContent(entry, settled.entry)) ? 'as before' : 'as after';
  }
  return isSame(here, deed.before) ? 'as before' : isSame(here, deed.after) ? 'as after' : 'other';
}

/** Where an undo puts the version that gave way. */
function asideOf({ path, settled }: Deed, atMs: number): readonly RelPath[] {
  return settled?.kind === 'gave-way' ? [conflictName(path, settled.device ?? 'backup', atMs, () => false)] : [];
}
