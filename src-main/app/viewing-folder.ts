import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A folder for this user alone, for copies that are only looked at; made when it is needed, gone when the app ends. */
export class ViewingFolder {
  readonly #parent: string;
  #made: Promise<string> | null = null;

  constructor(parent: string) {
    this.#parent = parent;
  }

  /** Made with mode 0700. */
  path(): Promise<string> {
    this.#made ??= mkdtemp(join(this.#parent, 'file-sync-'));
    return this.#made;
  }

  async remove(): Promise<void> {
    const made = this.#made;
    this.#made = null;
    if (made !== null) await rm(await made, { recursive: true, force: true });
  }
}
