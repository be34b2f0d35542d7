import type { Action, HeldDeletions, PlannedAction } from './action.ts';
import type { PlanInput } from './plan-input.ts';
import { isWithin, type RelPath } from './rel-path.ts';

/**
 * Mass deletions wait for the user (I8). Counted a side, after renames were matched: more than `guard.files` and more than `guard.fraction` of what both sides agreed on, or all of it (of two files or
 * more). Everything else of the plan goes on; what would take the place of something held waits with it.
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
    const why = reason(removals.length, known, input.guard);
    if (why === null) continue;
    const kept = rest.filter((p) => !isDeletion(p.action, side));
    const waiting = rest.filter((p) => isDeletion(p.action, side)).map((p) => p.action);
    const cleared = rest.filter((p) => p.stage === 'clear' && isDeletion(p.action, side)).map((p) => p.action.path);
    rest = cleared.length === 0 ? kept : kept.filter((p) => !cleared.some((path) => touches(p.action, path)));
    held.push({ side, why, actions: waiting });
  }
  return { actions: rest, held };
}

function reason(count: number, known: number, guard: PlanInput['guard']): HeldDeletions['why'] | null {
  if (count >= 2 && count >= known) return 'root-emptied';
  return count > guard.files && count > guard.fraction * known ? 'too-many' : null;
}

function isDeletion(action: Action, side: 'local' | 'remote'): boolean {
  return side === 'local' ? action.kind === 'remove-local' || action.kind === 'remove-local-folder' : action.kind === 'remove-remote' || action.kind === 'remove-remote-folder';
}

/** Whether the action works at a path whose present content was to be cleared away for it. */
function touches(action: Action, cleared: RelPath): boolean {
  return isWithin(action.path, cleared) || isWithin(cleared, action.path) || ('to' in action && (isWithin(action.to, cleared) || isWithin(cleared, action.to)));
}
