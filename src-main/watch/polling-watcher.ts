import type { Clock } from '../platform/clock.ts';
import type { Watcher, WatchHint, WatchMode } from './watcher.ts';

export interface PollingOptions {
  readonly clock: Clock;
  readonly everyMs: number;
  readonly why: string;
}

/** Asks for a look at everything now and then: for where changes cannot be noticed. */
export class PollingWatcher implements Watcher {
  readonly #options: PollingOptions;
  #stop: AbortController | null = null;

  constructor(options: PollingOptions) {
    this.#options = options;
  }

  async start(_root: string, onHint: (hint: WatchHint) => void): Promise<void> {
    this.#stop?.abort();
    const stop = new AbortController();
    this.#stop = stop;
    const { clock, everyMs, why } = this.#options;
    const turn = (): void => {
      clock.sleep(everyMs, stop.signal).then(
        () => {
          if (stop.signal.aborted) return;
          onHint({ kind: 'everything', why: `regular look, since ${why}` });
          turn();
        },
        () => undefined,
      );
    };
    turn();
  }

  mode(): WatchMode {
    return { kind: 'polling', why: this.#options.why, everyMs: this.#options.everyMs };
  }

  async stop(): Promise<void> {
    this.#stop?.abort();
    this.#stop = null;
  }
}
