import type { LocalTree } from '../local/local-tree.ts';
import type { StateStore } from '../state/state-store.ts';

/** The state's value that counts the runs which changed anything. */
export const STATE_MARK_VALUE = 'state-mark';

/**
 * Tells a state that was restored from an old backup. State and synced folder each hold a count that goes up, the state's first, before a run changes anything; so the folder's can be ahead only of a state
 * that is older than the folder. Such a state would take files made anew for files deleted elsewhere, and is as good as lost: both sides are compared and nothing is deleted (scenario 38).
 */
export class StateAge {
  readonly #local: LocalTree;
  readonly #state: StateStore;
  #mark: number;

  constructor(local: LocalTree, state: StateStore, stored: string | undefined) {
    this.#local = local;
    this.#state = state;
    this.#mark = Number.isSafeInteger(Number(stored)) ? Number(stored ?? 0) : 0;
  }

  async isBehind(): Promise<boolean> {
    return (await this.#local.stateMark()) > this.#mark;
  }

  /** The state is up to the folder's mark again. */
  async catchUp(): Promise<void> {
    await this.#moveTo(await this.#local.stateMark());
  }

  /** Before a run changes anything. */
  async moveOn(): Promise<void> {
    await this.#moveTo(this.#mark + 1);
    await this.#local.setStateMark(this.#mark);
  }

  async #moveTo(mark: number): Promise<void> {
    await this.#state.commit({ values: { [STATE_MARK_VALUE]: String(mark) } });
    this.#mark = mark;
  }
}
