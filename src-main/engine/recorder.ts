import type { Intent } from '../core/intent.ts';
import type { Clock } from '../platform/clock.ts';
import type { StateChange, StateStore } from '../state/state-store.ts';

/** Observations wait for company up to this many, or until the last that were written are so old (ms), and are written in one transaction. */
const GROUP = 128;
const WAITS_MS = 2_000;

/**
 * Groups observations into few transactions. Letting them wait is safe: the intent of each was written before its deed, so a crash meanwhile costs a look, never a file (I5).
 */
export class Recorder {
  readonly #state: StateStore;
  readonly #clock: Pick<Clock, 'monotonic'>;
  #writtenAt: number;
  #waiting: StateChange[] = [];
  #writing: Promise<void> = Promise.resolve();

  constructor(state: StateStore, clock: Pick<Clock, 'monotonic'>) {
    this.#state = state;
    this.#clock = clock;
    this.#writtenAt = clock.monotonic();
  }

  /** Resolves when the intents would survive a power cut. */
  async intend(intents: readonly Intent[]): Promise<void> {
    if (intents.length > 0) await this.#state.begin(intents);
  }

  /** Takes an observation; rejects when an earlier one could not be written. */
  async note(change: StateChange): Promise<void> {
    this.#waiting.push(change);
    if (this.#waiting.length >= GROUP || this.#clock.monotonic() - this.#writtenAt >= WAITS_MS) await this.flush();
  }

  async flush(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    this.#writtenAt = this.#clock.monotonic();
    const before = this.#writing;
    this.#writing = (async () => {
      await before;
      if (batch.length > 0) await this.#state.commit(merge(batch));
    })();
    await this.#writing;
  }
}

/** Later changes of a path win over earlier ones. */
function merge(changes: readonly StateChange[]): StateChange {
  const put = new Map<string, NonNullable<StateChange['put']>[number]>();
  const drop = new Set<NonNullable<StateChange['drop']>[number]>();
  for (const change of changes) {
    for (const path of change.drop ?? []) {
      put.delete(path);
      drop.add(path);
    }
    for (const pair of change.put ?? []) {
      drop.delete(pair[0]);
      put.set(pair[0], pair);
    }
  }
  return {
    put: [...put.values()],
    drop: [...drop],
    settled: changes.flatMap((c) => c.settled ?? []),
    putConflicts: changes.flatMap((c) => c.putConflicts ?? []),
    dropConflicts: changes.flatMap((c) => c.dropConflicts ?? []),
    putResolutions: changes.flatMap((c) => c.putResolutions ?? []),
    dropResolutions: changes.flatMap((c) => c.dropResolutions ?? []),
    activity: changes.flatMap((c) => c.activity ?? []),
    values: Object.assign({}, ...changes.map((c) => c.values ?? {})),
  };
}
