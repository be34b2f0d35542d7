import { hasCode } from '../../core/errors.ts';
import type { Random } from '../../platform/clock.ts';
import type { FileStat, Fs } from '../../platform/fs.ts';
import { identityOf, type StoreLayout } from './store-layout.ts';

const ID = /^[0-9a-f]{16}$/;
const TAKEN = /^taken-(.+)-[0-9a-f]{16}$/;

/** Names of this client's temporary files, and what becomes of those that a crash left. */
export class OwnTemps {
  readonly #fs: Fs;
  readonly #layout: StoreLayout;
  readonly #random: Random;
  readonly #prefix: string;

  constructor(fs: Fs, layout: StoreLayout, random: Random, client: string) {
    this.#fs = fs;
    this.#layout = layout;
    this.#random = random;
    this.#prefix = `${client}-`;
  }

  next(): string {
    return `${this.#layout.temp}/${this.#prefix}${this.#random.id()}`;
  }

  /** Where an object is put aside before it is removed; the name says which one it has to be. */
  taken(stat: FileStat): string {
    return `${this.#layout.temp}/${this.#prefix}taken-${identityOf(stat)}-${this.#random.id()}`;
  }

  /** A name in the tree for what lost its own to a race: everybody gets it as a new file. */
  rescue(folder: string): string {
    return `${folder}/rescued-${this.#random.id()}`;
  }

  /**
   * Clears what this client left behind when it died: half-written files, and objects put aside for removal. One that is not the object that was to be removed came from a program that
   * knows nothing of our locks; it goes back into the tree.
   */
  async sweep(): Promise<void> {
    for (const name of await this.#names()) {
      const rest = name.startsWith(this.#prefix) ? name.slice(this.#prefix.length) : '';
      const path = `${this.#layout.temp}/${name}`;
      const meant = TAKEN.exec(rest)?.[1];
      if (meant === undefined) {
        if (ID.test(rest)) await this.#fs.unlink(path).catch(ignoreGone);
        continue;
      }
      const stat = await this.#fs.lstat(path);
      if (stat === null) continue;
      if (identityOf(stat) === meant) await this.#fs.unlink(path).catch(ignoreGone);
      else await this.#fs.rename(path, this.rescue(this.#layout.root)).catch(ignoreGone);
    }
  }

  async #names(): Promise<readonly string[]> {
    try {
      return (await this.#fs.readDir(this.#layout.temp)).filter(({ valid }) => valid).map(({ name }) => name);
    } catch (error) {
      if (hasCode(error, 'not-found', 'no-permission')) return [];
      throw error;
    }
  }
}

function ignoreGone(error: unknown): void {
  if (!hasCode(error, 'not-found', 'no-permission', 'read-only')) throw error;
}
