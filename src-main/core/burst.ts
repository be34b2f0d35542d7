import type { Action, HeldDeletions, PlannedAction } from './action.ts';
import { assertNever } from './errors.ts';
import { promisesContent, strangeEnd, withoutEnd } from './name-promise.ts';
import type { PlanInput } from './plan-input.ts';
import type { RelPath } from './rel-path.ts';

type Side = 'local' | 'remote';

/** What is remembered of a side from one plan to the next, across restarts: of suspicious rewrites, and of deletions. */
export interface BurstMemory {
  /** How many went through within the last {@link BURST_WINDOW_MS}, not counting those the user agreed to. */
  readonly recent: number;
  /** Some were held there and not settled since: everything of its kind waits, however few. */
  readonly open: boolean;
}
export type BurstMemories = Readonly<Record<Side, BurstMemory>>;
export const NO_BURSTS: BurstMemories = { local: { recent: 0, open: false }, remote: { recent: 0, open: false } };

/**
 * Programs that encrypt for ransom do hundreds of files a minute and may be slowed down on purpose; nobody saves more than a few files in ten minutes so that they become unlike what their names promise. Longer would only make
 * honest single deeds add up.
 */
export const BURST_WINDOW_MS = 600_000;

/** Whether what is held are rewrites rather than plain deletions. */
export function isBurst({ why }: Pick<HeldDeletions, 'why'>): boolean {
  switch (why) {
    case 'too-many':
    case 'root-emptied':
    case 'went-back':
      return false;
    case 'scrambled':
    case 'renamed-alike':
      return true;
    default:
      return assertNever(why);
  }
}

/** Files a hold is about: each deletion, each rewrite; the new file that stands for a deleted one counts with it. */
export function filesHeld(held: HeldDeletions): number {
  if (!isBurst(held)) return held.actions.length;
  const comes = held.actions.filter(({ kind }) => kind === 'upload').length;
  return comes > 0 ? comes : held.actions.length;
}

interface Suspects {
  readonly why: HeldDeletions['why'];
  readonly actions: ReadonlySet<Action>;
  /** Files, each counted once. */
  readonly count: number;
}

export interface BurstVerdict {
  readonly actions: readonly PlannedAction[];
  readonly held: readonly HeldDeletions[];
  /** Suspicious rewrites that are let through, to be remembered once they are done. */
  readonly passed: Readonly<Record<Side, readonly RelPath[]>>;
}

/**
 * I8: many files that become noise, or that all get one end to their names which nobody knows, wait for the user with what they replace; everything else goes on. Two signs count, more than `guard.rewrites` of them within the window:
 * - **scrambled**: the new content is noise though the name promises otherwise, and it takes the place of a file (or lies beside it under its name with an end more). What is compressed or encrypted by ordinary means begins in a way
 *   that is known, and new files replace nothing; so photos, archives, builds, checkouts and vaults of other programs are none.
 * - **renamed-alike**: files vanish, and in the same places stand others of their names, with other content and the same strange end. This is all that can be seen of what another device did, whose bytes are not here yet.
 */
export function holdBursts(input: PlanInput, actions: readonly PlannedAction[]): BurstVerdict {
  const held: HeldDeletions[] = [];
  const passed: Record<Side, readonly RelPath[]> = { local: [], remote: [] };
  let rest = actions;
  for (const side of ['remote', 'local'] as const) {
    const { recent, open } = (input.bursts ?? NO_BURSTS)[side];
    const found = side === 'remote' ? suspectsOfOurs(input, rest) : suspectsOfTheirs(rest);
    if (found.count === 0) continue;
    if (input.releaseHeld || !(open || found.count + recent > input.guard.rewrites)) {
      passed[side] = input.releaseHeld ? [] : [...found.actions].filter(({ kind }) => kind === 'upload' || kind === 'download').map(({ path }) => path);
      continue;
    }
    held.push({ side, why: found.why, actions: rest.map(({ action }) => action).filter((action) => found.actions.has(action)) });
    rest = rest.filter(({ action }) => !found.actions.has(action));
  }
  return { actions: rest, held, passed };
}

/** What would go to the other side from here. */
function suspectsOfOurs(input: PlanInput, planned: readonly PlannedAction[]): Suspects {
  const removals = new Map<RelPath, Action>();
  for (const { action } of planned) if (action.kind === 'remove-remote') removals.set(action.path, action);
  const scrambled = new Set<Action>();
  let count = 0;
  for (const { action } of planned) {
    if (action.kind !== 'upload' || input.local.entries.get(action.path)?.noise !== true || !promisesContent(action.path)) continue;
    const original = action.replaces === null ? originalOf(action.path, (path) => input.base.has(path)) : action.path;
    if (original === null) continue;
    count++;
    scrambled.add(action);
    const removal = removals.get(original);
    if (removal !== undefined) scrambled.add(removal);
  }
  const alike = renamedAlike(planned, 'upload', 'remove-remote', scrambled);
  return { why: count >= alike.count ? 'scrambled' : 'renamed-alike', actions: new Set([...scrambled, ...alike.actions]), count: count + alike.count };
}

/** What would be done here. What comes new is no harm; that the files it stands for go is. */
function suspectsOfTheirs(planned: readonly PlannedAction[]): Suspects {
  const { actions, count } = renamedAlike(planned, 'download', 'remove-local', new Set());
  return { why: 'renamed-alike', actions, count };
}

/** Files that go where new ones of their names with the same strange end come: the largest group of one end. */
function renamedAlike(
  planned: readonly PlannedAction[],
  comes: 'upload' | 'download',
  goes: 'remove-remote' | 'remove-local',
  counted: ReadonlySet<Action>,
): Omit<Suspects, 'why'> {
  const gone = new Map<RelPath, Action>();
  for (const { stage, action } of planned) {
    if (action.kind !== goes || stage !== 'delete' || counted.has(action)) continue;
    gone.set(action.path, action);
    // `report.docx` may have become `report.locked` too.
    const stem = withoutEnd(action.path);
    if (stem !== null && !gone.has(stem)) gone.set(stem, action);
  }
  const groups = new Map<string, Set<Action>>();
  for (const { action } of planned) {
    if (action.kind !== comes || action.replaces !== null || action.entry.kind !== 'file' || counted.has(action)) continue;
    const end = strangeEnd(action.path);
    const stem = withoutEnd(action.path);
    const removal = stem === null ? undefined : gone.get(stem);
    if (end === null || removal === undefined) continue;
    const group = groups.get(end) ?? new Set();
    groups.set(end, group.add(removal));
    if (comes === 'upload') group.add(action);
  }
  let largest: ReadonlySet<Action> = new Set();
  for (const group of groups.values()) if (group.size > largest.size) largest = group;
  return { actions: largest, count: [...largest].filter(({ kind }) => kind === goes).length };
}

/** The file whose place a new one takes, or beside which it lies: its name without the last end. */
function originalOf(path: RelPath, exists: (path: RelPath) => boolean): RelPath | null {
  const stem = withoutEnd(path);
  return stem !== null && exists(stem) ? stem : null;
}
