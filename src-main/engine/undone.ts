import { conflictName } from '../core/conflict-name.ts';
import { type BaseSnapshot, type Entry, sameContent } from '../core/entry.ts';
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
    const back = run.deeds.filter((_, n) => states[n] === 'as before').flatMap((deed) => whatCameBack(deed, run.atMs));
    // The latest first.
    const undo = runs.slice(0, i).find(({ deeds }) => deeds.some((deed) => back.some((one) => one.path === deed.path && broughtBack(deed, one.entry))));
    return { canUndo: false, undoneAt: undo?.atMs ?? null };
  });
}

interface CameBack {
  readonly path: RelPath;
  readonly entry: Entry | null;
}

/** A later deed at the same path that left it as it was is another matter. */
function broughtBack({ before, after }: Deed, entry: Entry | null): boolean {
  return isSame(after, entry) && !isSame(before, entry);
}

function whatCameBack(deed: Deed, atMs: number): readonly CameBack[] {
  const { path, before, settled } = deed;
  if (settled?.kind !== 'gave-way') return [{ path, entry: before }];
  return [path, ...asideOf(deed, atMs)].map((at) => ({ path: at, entry: settled.entry }));
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
