import { z } from 'zod';
import type { Plan } from '../core/action.ts';
import { BURST_WINDOW_MS, type BurstMemories, type BurstMemory } from '../core/burst.ts';
import type { StateStore } from '../state/state-store.ts';
import type { CycleRequest, OutcomeEvent } from './cycle.ts';

/** The state's value that holds the ledger. */
export const BURSTS_VALUE = 'bursts';

const side = z.object({ done: z.array(z.tuple([z.number(), z.number()])), heldAt: z.number().nullable() });
const stored = z.object({ local: side, remote: side });
type Ledger = z.infer<typeof stored>;
const EMPTY: Ledger = { local: { done: [], heldAt: null }, remote: { done: [], heldAt: null } };
const SIDES = ['local', 'remote'] as const;

/** How many suspicious rewrites went through lately, and whether a burst waits for the user. Written down, so that neither a restart nor patience gets around the guard. */
export class BurstLedger {
  readonly #state: Pick<StateStore, 'commit'>;
  #ledger: Ledger;

  constructor(state: Pick<StateStore, 'commit'>, text: string | undefined) {
    this.#state = state;
    this.#ledger = parse(text);
  }

  at(nowMs: number): BurstMemories {
    const memoryOf = ({ done, heldAt }: Ledger['local']): BurstMemory => ({
      recent: done.filter(([at]) => isRecent(at, nowMs)).reduce((sum, [, n]) => sum + n, 0),
      open: heldAt !== null,
    });
    return { local: memoryOf(this.#ledger.local), remote: memoryOf(this.#ledger.remote) };
  }

  /** After a cycle. The user's word settles everything; so does it when nothing of a burst is left, but not before the window is over. */
  async note(
    { held, passed }: Pick<Plan, 'held' | 'passed'>,
    outcomes: readonly Pick<OutcomeEvent, 'action' | 'outcome'>[],
    { releaseHeld, scope }: Pick<CycleRequest, 'releaseHeld' | 'scope'>,
    nowMs: number,
  ): Promise<void> {
    const before = this.#ledger;
    const next = structuredClone(releaseHeld && scope === null ? EMPTY : before) as Ledger;
    const finished = new Set(outcomes.filter(({ outcome }) => outcome === 'done').map(({ action }) => action.path));
    for (const each of SIDES) {
      const own = next[each];
      own.done = own.done.filter(([at]) => isRecent(at, nowMs));
      const count = passed[each].filter((path) => finished.has(path)).length;
      if (count > 0) own.done.push([nowMs, count]);
      const holds = held.some((one) => one.side === each && (one.why === 'scrambled' || one.why === 'renamed-alike'));
      if (holds && (own.heldAt === null || !isRecent(own.heldAt, nowMs))) own.heldAt = nowMs;
      else if (!holds && scope === null && own.heldAt !== null && !isRecent(own.heldAt, nowMs)) own.heldAt = null;
    }
    const text = JSON.stringify(next);
    if (text === JSON.stringify(before)) return;
    this.#ledger = next;
    await this.#state.commit({ values: { [BURSTS_VALUE]: text === JSON.stringify(EMPTY) ? null : text } });
  }
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
