import type { PairState } from '../../src-preload/contract/model.ts';
import type { Clock } from '../platform/clock.ts';

/** A state stays at least so long: icons that flicker tell nothing. */
const HOLD_MS = 1_000;

/** Which state the tray shows: always the newest wanted one, each shown for a second at least. */
export class TrayHold {
  readonly #clock: Clock;
  readonly #show: (state: PairState) => void;
  readonly #ended = new AbortController();
  #shown: PairState | null = null;
  #wanted: PairState | null = null;
  #holding = false;

  constructor(clock: Clock, show: (state: PairState) => void) {
    this.#clock = clock;
    this.#show = show;
  }

  want(state: PairState): void {
    this.#wanted = state;
    if (!this.#holding && state !== this.#shown) void this.#change(state);
  }

  end(): void {
    this.#ended.abort();
  }

  async #change(state: PairState): Promise<void> {
    this.#holding = true;
    this.#shown = state;
    this.#show(state);
    try {
      await this.#clock.sleep(HOLD_MS, this.#ended.signal);
    } catch {
      return;
    }
    this.#holding = false;
    if (this.#wanted !== null && this.#wanted !== this.#shown) void this.#change(this.#wanted);
  }
}
