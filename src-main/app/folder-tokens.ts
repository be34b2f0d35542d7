import { basename } from 'node:path';
import type { ChosenFolder } from '../../src-preload/contract/model.ts';
import { SyncError } from '../core/errors.ts';
import type { Random } from '../platform/clock.ts';
import { shownPath } from './shown-path.ts';

/** A window names folders by what it got from the system's dialog, never by a path of its own making. */
export class FolderTokens {
  readonly #random: Random;
  readonly #homeDir: string;
  readonly #paths = new Map<string, string>();

  constructor(random: Random, homeDir: string) {
    this.#random = random;
    this.#homeDir = homeDir;
  }

  give(path: string): ChosenFolder {
    const token = this.#random.id();
    this.#paths.set(token, path);
    return { token, path: shownPath(path, this.#homeDir), name: basename(path) || path };
  }

  path(token: string): string {
    const path = this.#paths.get(token);
    if (path === undefined) throw new SyncError('usage', 'choose the folder again');
    return path;
  }

  /** After a pair was made of them. */
  forgetAll(): void {
    this.#paths.clear();
  }
}
