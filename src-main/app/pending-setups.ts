import type { HoldReason } from '../../src-preload/contract/desktop.ts';
import type { Pause } from '../compose/pair-rest.ts';
import type { PairSetup } from './engine-protocol.ts';

/** A setup whose place another engine has not left yet. What is said of the folder meanwhile counts for it. */
export class PendingSetup {
  #setup: PairSetup;
  #wantsSync = false;

  constructor(setup: PairSetup) {
    this.#setup = setup;
  }

  get setup(): PairSetup {
    return this.#setup;
  }

  /** Whether a sync was asked for. */
  get wantsSync(): boolean {
    return this.#wantsSync;
  }

  rest(pause: Pause): void {
    this.#setup = { ...this.#setup, pause };
  }

  pause(until: number | null): void {
    this.rest({ until });
  }

  resume(): void {
    this.rest(null);
  }

  hold(holds: readonly HoldReason[]): void {
    this.#setup = { ...this.#setup, holds };
  }

  sync(): void {
    this.#wantsSync = true;
  }
}

/** Of each pair the latest setup that waits for its place. */
export class PendingSetups {
  readonly #latest = new Map<string, PendingSetup>();

  /** A later one knows what was said before it, save for a sync that was asked for. */
  begin(setup: PairSetup): PendingSetup {
    const pending = new PendingSetup(setup);
    if (this.of(setup.id)?.wantsSync === true) pending.sync();
    this.#latest.set(setup.id, pending);
    return pending;
  }

  of(pair: string): PendingSetup | undefined {
    return this.#latest.get(pair);
  }

  end(pending: PendingSetup): void {
    const { id } = pending.setup;
    if (this.#latest.get(id) === pending) this.#latest.delete(id);
  }
}
