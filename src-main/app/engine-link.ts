import { SyncError } from '../core/errors.ts';
import type { EngineClient } from './engine-client.ts';

/** The way to the engine thread, which is made after those that use it. */
export class EngineLink {
  #engine: EngineClient | null = null;

  attach(engine: EngineClient): void {
    this.#engine = engine;
  }

  get isThere(): boolean {
    return this.#engine !== null;
  }

  /** Throws `busy` while there is no thread. */
  get client(): EngineClient {
    if (this.#engine === null) throw new SyncError('busy', 'the app is still starting', { hint: 'Try again in a moment.' });
    return this.#engine;
  }

  /** For what nobody waits on: a thread that is gone is replaced and told everything anew. */
  send(work: (engine: EngineClient) => Promise<unknown>): void {
    if (this.#engine !== null) work(this.#engine).catch(() => undefined);
  }
}
