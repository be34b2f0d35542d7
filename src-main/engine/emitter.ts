/** A typed list of listeners. A listener that throws is the listener's problem: the others still hear. */
export class Emitter<Events extends { readonly [K in keyof Events]: (argument: never) => void }> {
  readonly #listeners = new Map<keyof Events, Set<(argument: never) => void>>();

  /** Returns the way to stop listening. */
  on<E extends keyof Events>(event: E, listener: Events[E]): () => void {
    const set = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, set.add(listener));
    return () => void set.delete(listener);
  }

  emit<E extends keyof Events>(event: E, argument: Parameters<Events[E]>[0]): void {
    for (const listener of this.#listeners.get(event) ?? []) {
      try {
        listener(argument as never);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
