import type { Fs } from '../../platform/fs.ts';

/** Makes folders' entries durable. Files placed in one folder at the same time share a call: one that has not begun yet serves everybody who waits for it. */
export class FolderSync {
  readonly #fs: Pick<Fs, 'syncFolder'>;
  readonly #running = new Map<string, Promise<void>>();
  readonly #next = new Map<string, Promise<void>>();

  constructor(fs: Pick<Fs, 'syncFolder'>) {
    this.#fs = fs;
  }

  sync(path: string): Promise<void> {
    const running = this.#running.get(path);
    if (running === undefined) return this.#start(path);
    // The one that runs may have begun before our change.
    const waiting = this.#next.get(path);
    if (waiting !== undefined) return waiting;
    const next = running.then(ignore, ignore).then(() => {
      this.#next.delete(path);
      return this.#start(path);
    });
    this.#next.set(path, next);
    return next;
  }

  #start(path: string): Promise<void> {
    const run = this.#fs.syncFolder(path).finally(() => {
      if (this.#running.get(path) === run) this.#running.delete(path);
    });
    this.#running.set(path, run);
    return run;
  }
}

function ignore(): void {}
