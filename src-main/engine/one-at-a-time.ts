/** The work on one pair: each piece begins when those before it have ended, and gets its own way to be interrupted. */
export class OneAtATime {
  #queue: Promise<unknown> = Promise.resolve();
  #current: AbortController | null = null;

  /** `given` interrupts it too. Resolves or rejects as the work does. */
  async run<T>(work: (signal: AbortSignal) => Promise<T>, given?: AbortSignal): Promise<T> {
    const before = this.#queue;
    const turn = (async () => {
      await before.catch(() => undefined);
      const controller = new AbortController();
      this.#current = controller;
      try {
        return await work(given === undefined ? controller.signal : AbortSignal.any([controller.signal, given]));
      } finally {
        this.#current = null;
      }
    })();
    this.#queue = turn;
    return turn;
  }

  /** What is at work now; what waits is not touched. */
  interrupt(): void {
    this.#current?.abort();
  }

  /** Resolves when what was asked for so far has ended, whatever came of it. */
  async idle(): Promise<void> {
    await this.#queue.catch(() => undefined);
  }
}
