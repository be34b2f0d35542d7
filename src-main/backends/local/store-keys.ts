import { hasCode, SyncError } from '../../core/errors.ts';
import { isWindowsName } from '../../core/name-rules.ts';
import { CONTROL_FOLDER, isControlName } from '../../core/rel-path.ts';
import type { Random } from '../../platform/clock.ts';
import type { FileStat, Fs } from '../../platform/fs.ts';
import { checkKey } from '../key-rules.ts';
import { folderOf, PRIVATE_PREFIX, type StoreLayout } from './store-layout.ts';
import { ensureStore, type StorePresence } from './store-presence.ts';

/** Keys as paths below the root, and never anywhere else (C62, C63). */
export class StoreKeys {
  readonly #fs: Fs;
  readonly #layout: StoreLayout;
  readonly #presence: StorePresence;
  readonly #random: Random;
  readonly #isWindows: boolean;

  constructor(fs: Fs, layout: StoreLayout, presence: StorePresence, random: Random, platform: string) {
    this.#fs = fs;
    this.#layout = layout;
    this.#presence = presence;
    this.#random = random;
    this.#isWindows = platform === 'win32';
  }

  /** Refuses a key that leads out of the store, or into the part of it that is not for keys, whatever its case; on Windows one that would mean another file there. */
  check(key: string): void {
    checkKey(key);
    const [first = '', ...below] = key.split('/');
    if (this.#isWindows && ![first, ...below].every(isWindowsName))
      throw new SyncError('name-not-allowed', `Windows cannot hold this name in a backup folder: ${key}`, {
        path: key,
        hint: 'Give it a name without \\ : * ? " < > | or a dot or space at the end.',
      });
    const folded = `${key.normalize('NFC').toLowerCase()}/`;
    if ((isControlName(first) && first !== CONTROL_FOLDER) || folded.startsWith(PRIVATE_PREFIX))
      throw new SyncError('name-not-allowed', `a name of the store's own: ${key}`, { path: key });
  }

  path(key: string): string {
    const bare = key.endsWith('/') ? key.slice(0, -1) : key;
    return bare === '' ? this.#layout.root : `${this.#layout.root}/${bare}`;
  }

  /** What lies at a key. Behind a link lies nothing of the store's, as a listing says too (C63). An absence counts only while the store is there. */
  async look(key: string): Promise<FileStat | null> {
    this.check(key);
    const stat = (await this.#isBehindLink(key)) ? null : await this.#fs.lstat(this.path(key));
    const isFolder = stat?.kind === 'folder';
    if (stat !== null && stat.kind !== 'other' && isFolder === key.endsWith('/')) return stat;
    await this.#presence.require();
    return null;
  }

  /** RACE: a link may be put on the way after the look; only openat would tell. */
  async #isBehindLink(key: string): Promise<boolean> {
    for (const folder of foldersAbove(key)) {
      const stat = await this.#fs.lstat(this.path(folder));
      if (stat === null || stat.kind === 'symlink') return stat !== null;
    }
    return false;
  }

  /** Makes the store and the folders a key needs. False where something that is no folder lies on the way. */
  async prepare(key: string): Promise<boolean> {
    await this.ensure();
    for (const folder of foldersAbove(key)) {
      const path = this.path(folder);
      let stat = await this.#fs.lstat(path);
      if (stat === null) {
        await this.#makeFolder(path);
        stat = await this.#fs.lstat(path);
      }
      if (stat?.kind === 'symlink') throw linkInTheWay(key);
      if (stat !== null && stat.kind !== 'folder') return false;
    }
    return true;
  }

  async ensure(): Promise<void> {
    await this.#presence.require();
    if (!this.#presence.known) await ensureStore(this.#fs, this.#layout, this.#random, this.#presence);
  }

  /** Does what needs the folders above a key, again where somebody removed one of them as empty meanwhile. Null where the key cannot be: something that is no folder lies on the way. */
  async withFolders<T>(key: string, work: () => Promise<T>): Promise<T | null> {
    for (let tries = 3; ; tries--) {
      if (!(await this.prepare(key))) return null;
      try {
        return await work();
      } catch (error) {
        if (tries === 1 || !hasCode(error, 'not-found') || (await this.#fs.lstat(folderOf(this.path(key)))) !== null) throw error;
      }
    }
  }

  async #makeFolder(path: string): Promise<void> {
    try {
      await this.#fs.mkdir(path);
    } catch (error) {
      if (hasCode(error, 'exists')) return;
      throw error;
    }
    await this.#fs.syncFolder(folderOf(path));
  }
}

function foldersAbove(key: string): readonly string[] {
  const parts = key.split('/').slice(0, key.endsWith('/') ? -2 : -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}

function linkInTheWay(key: string): SyncError {
  return new SyncError('name-not-allowed', `a link lies on the way to ${key}`, { path: key });
}
