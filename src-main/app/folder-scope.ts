import { AsyncLocalStorage } from 'node:async_hooks';

/** One life of a folder pair in the engine thread. Compared by identity: what an earlier one left behind is not of the one that followed it. */
export interface FolderLife {
  readonly pair: string;
}

/** Whose work is under way: it goes with every timer, watcher and promise that a folder's work begins, so that a mistake which nobody caught is known to be of that folder. */
export class FolderScope {
  readonly #storage = new AsyncLocalStorage<FolderLife | null>();

  /** `life` null: of no folder. */
  run<T>(life: FolderLife | null, work: () => T): T {
    return this.#storage.run(life, work);
  }

  get current(): FolderLife | null {
    return this.#storage.getStore() ?? null;
  }
}
