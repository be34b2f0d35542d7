import { z } from 'zod';
import type { Plan } from '../core/action.ts';
import { BURST_WINDOW_MS, type BurstMemories, type BurstMemory, isBurst } from '../core/burst.ts';
import type { StateStore } from '../state/state-store.ts';
import type { CycleRequest, OutcomeEvent } from './cycle.ts';

/** The state's value that holds the ledger. */
export const BURSTS_VALUE = 'bursts';

const side = z.object({ done: z.array(z.tuple([z.number(), z.number()])), heldAt: z.number().nullable() });
/** Rewrites of files here that went through, and when. */
const passedPaths = z.array(z.tuple([z.number(), z.string()]));
export type Passed = z.infer<typeof passedPaths>[number];
const sides = z.object({ local: side, remote: side });
const stored = z.object({ rewrites: sides, deletions: sides, passed: passedPaths.default([]) });
type Sides = z.infer<typeof sides>;
type Ledger = z.infer<typeof stored>;
const NOTHING: Sides = { local: { done: [], heldAt: null }, remote: { done: [], heldAt: null } };
const EMPTY: Ledger = { rewrites: NOTHING, deletions: NOTHING, passed: [] };
/** Paths remembered at most; the counts are of all. */
const PASSED_KEPT = 1_000;
const SIDES = ['local', 'remote'] as const;

/** How many suspicious rewrites and deletions went through lately, and whether some wait for the user. Written down, so that neither a restart nor patience gets around the guard. */
export class BurstLedger {
  readonly #state: Pick<StateStore, 'commit'>;
  #ledger: Ledger;

  constructor(state: Pick<StateStore, 'commit'>, text: string | undefined) {
    this.#state = state;
    this.#ledger = parse(text);
  }

  at(nowMs: number): { readonly bursts: BurstMemories; readonly deletions: BurstMemories } {
    const { rewrites, deletions } = this.#ledger;
    return { bursts: memoriesOf(rewrites, nowMs), deletions: memoriesOf(deletions, nowMs) };
  }

  /** Files here whose suspicious rewrites went through before the others were held: they belong to what is held. Nothing while none is. */
  get passed(): readonly Passed[] {
    const { rewrites, passed } = this.#ledger;
    return rewrites.remote.heldAt === null ? [] : passed;
  }

  /** After a cycle. The user's word settles everything, and what he agreed to does not count; so does it when nothing that was held is left: for rewrites, which come again, not before the window is over. */
  async note(
    { held, passed }: Pick<Plan, 'held' | 'passed'>,
    outcomes: readonly Pick<OutcomeEvent, 'action' | 'outcome'>[],
    { releaseHeld, scope }: Pick<CycleRequest, 'releaseHeld' | 'scope'>,
    nowMs: number,
  ): Promise<void> {
    const before = this.#ledger;
    const next = structuredClone(releaseHeld && scope === null ? EMPTY : before) as Ledger;
    const done = outcomes.filter(({ outcome }) => outcome === 'done').map(({ action }) => action);
    const finished = new Set(done.map(({ path }) => path));
    for (const each of SIDES) {
      const [rewrites, deletions] = [next.rewrites[each], next.deletions[each]];
      count(rewrites, passed[each].filter((path) => finished.has(path)).length, nowMs);
      count(deletions, releaseHeld ? 0 : done.filter(({ kind }) => kind === (each === 'local' ? 'remove-local' : 'remove-remote')).length, nowMs);
      const own = held.filter((one) => one.side === each);
      if (own.some(({ why }) => why === 'too-many' || why === 'root-emptied')) deletions.heldAt ??= nowMs;
      else if (scope === null) deletions.heldAt = null;
      if (rewrites.heldAt !== null && isRecent(rewrites.heldAt, nowMs)) continue;
      if (own.some(isBurst)) rewrites.heldAt = nowMs;
      else if (scope === null) rewrites.heldAt = null;
    }
    const { heldAt } = next.rewrites.remote;
    const news = passed.remote.filter((path) => finished.has(path)).map((path): Passed => [nowMs, path]);
    next.passed = [...next.passed.filter(([at]) => heldAt !== null || isRecent(at, nowMs)), ...news].slice(-PASSED_KEPT);
    const text = JSON.stringify(next);
    if (text === JSON.stringify(before)) return;
    this.#ledger = next;
    await this.#state.commit({ values: { [BURSTS_VALUE]: text === JSON.stringify(EMPTY) ? null : text } });
  }
}

function memoriesOf({ local, remote }: Sides, nowMs: number): BurstMemories {
  const memoryOf = ({ done, heldAt }: Sides['local']): BurstMemory => ({
    recent: done.filter(([at]) => isRecent(at, nowMs)).reduce((sum, [, n]) => sum + n, 0),
    open: heldAt !== null,
  });
  return { local: memoryOf(local), remote: memoryOf(remote) };
}

function count(own: Sides['local'], many: number, nowMs: number): void {
  own.done = own.done.filter(([at]) => isRecent(at, nowMs));
  if (many > 0) own.done.push([nowMs, many]);
}

/** A clock that was set back makes old deeds lie ahead: they count as done now, on the safe side. */
function isRecent(at: number, nowMs: number): boolean {
  return nowMs - at < BURST_WINDOW_MS;
}

function parse(text: string | undefined): Ledger {
  try {
    return text === undefined ? EMPTY : stored.parse(JSON.parse(text));
  } catch {
    return EMPTY;
  }
}
