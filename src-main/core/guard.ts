import type { Action, HeldDeletions, PlannedAction } from './action.ts';
import { type BurstMemory, NO_BURSTS } from './burst.ts';
import type { PlanInput } from './plan-input.ts';
import { ancestorsOf, type RelPath } from './rel-path.ts';

/**
 * Mass deletions wait for the user (I8). Counted a side, after renames were matched: more than `guard.files` and more than `guard.fraction` of what both sides agreed on, or all of it (of two files or
 * more). A script that deletes one by one is seen too: what went lately counts with it, and once some wait, all do until it is settled. Here also whichever there are while the store shows older versions than this device has seen. Everything else of the plan goes on; what would take the place of something held waits with it.
 */
export function holdMassDeletions(input: PlanInput, actions: readonly PlannedAction[]): { readonly actions: readonly PlannedAction[]; readonly held: readonly HeldDeletions[] } {
  if (input.releaseHeld) return { actions, held: [] };
  let known = 0;
  for (const base of input.base.values()) if (base.entry.kind !== 'folder') known++;
  const held: HeldDeletions[] = [];
  let rest = actions;
  for (const side of ['local', 'remote'] as const) {
    const kind = side === 'local' ? 'remove-local' : 'remove-remote';
    const removals = rest.filter((p) => p.action.kind === kind);
    const memory = (input.deletions ?? NO_BURSTS)[side];
    const why = side === 'local' && removals.length > 0 && wentBack(input) ? 'went-back' : reason(removals.length, known, memory, input.guard);
    if (why === null) continue;
    const kept = rest.filter((p) => !isDeletion(p.action, side));
    const waiting = rest.filter((p) => isDeletion(p.action, side)).map((p) => p.action);
    const cleared = new Set(rest.filter((p) => p.stage === 'clear' && isDeletion(p.action, side)).map((p) => p.action.path));
    rest = cleared.size === 0 ? kept : kept.filter((p) => !needsRoom(p.action, cleared));
    held.push({ side, why, actions: waiting });
  }
  return { actions: rest, held };
}

/** Somebody brought an older state of the store back. What is missing there now may have come only after it. */
function wentBack({ remote }: PlanInput): boolean {
  return remote.problems.some(({ reason: what }) => what === 'rolled-back');
}

function reason(count: number, known: number, { recent, open }: BurstMemory, guard: PlanInput['guard']): HeldDeletions['why'] | null {
  if (count === 0) return null;
  if (count >= 2 && count >= known) return 'root-emptied';
  const all = count + recent;
  return open || (all > guard.files && all > guard.fraction * (known + recent)) ? 'too-many' : null;
}

function isDeletion(action: Action, side: 'local' | 'remote'): boolean {
  return side === 'local' ? action.kind === 'remove-local' || action.kind === 'remove-local-folder' : action.kind === 'remove-remote' || action.kind === 'remove-remote-folder';
}

/** Whether the action works at or below a path whose present content was to be cleared away for it. */
function needsRoom(action: Action, cleared: ReadonlySet<RelPath>): boolean {
  return isUnder(action.path, cleared) || ('to' in action && isUnder(action.to, cleared));
}

function isUnder(path: RelPath, roots: ReadonlySet<RelPath>): boolean {
  if (roots.has(path)) return true;
  for (const folder of ancestorsOf(path)) if (roots.has(folder)) return true;
  return false;
}
