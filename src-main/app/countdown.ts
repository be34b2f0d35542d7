import type { Clock } from '../platform/clock.ts';

/** Does something once so much time has passed since it was begun, unless it is called off. Begun anew, it counts from there. */
export class Countdown {
  readonly #clock: Pick<Clock, 'sleep'>;
  readonly #ms: number;
  readonly #then: () => void;
  #running: AbortController | null = null;

  constructor(clock: Pick<Clock, 'sleep'>, ms: number, then: () => void) {
    this.#clock = clock;
    this.#ms = ms;
    this.#then = then;
  }

  begin(): void {
    this.callOff();
    const running = new AbortController();
    this.#running = running;
    this.#clock.sleep(this.#ms, running.signal).then(
      () => {
        if (!running.signal.aborted) this.#then();
      },
      () => undefined,
    );
  }

  callOff(): void {
    this.#running?.abort();
    this.#running = null;
  }
}
