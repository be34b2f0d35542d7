import type { Version } from '../../core/entry.ts';
import { hasCode } from '../../core/errors.ts';
import type { Fs } from '../../platform/fs.ts';
import type { Condition, DeleteResult, WriteResult } from '../backend.ts';
import type { StoreKeys } from './store-keys.ts';
import { folderOf } from './store-layout.ts';

const STALE = { kind: 'stale' } as const;
const FOLDER = { kind: 'done', version: 'folder' as Version } as const;

/** Markers are folders: there or not, without content, and never taken away from above what is in them. */
export class FolderMarkers {
  readonly #fs: Fs;
  readonly #keys: StoreKeys;

  constructor(fs: Fs, keys: StoreKeys) {
    this.#fs = fs;
    this.#keys = keys;
  }

  async make(key: string, condition: Condition): Promise<WriteResult> {
    if (condition.kind !== 'absent') return (await this.#keys.look(key)) === null ? STALE : FOLDER;
    const path = this.#keys.path(key);
    const made = await this.#keys.withFolders(key, async (): Promise<WriteResult> => {
      try {
        await this.#fs.mkdir(path);
      } catch (error) {
        if (hasCode(error, 'exists')) return STALE;
        throw error;
      }
      await this.#fs.syncFolder(folderOf(path));
      return FOLDER;
    });
    return made ?? STALE;
  }

  async remove(key: string): Promise<DeleteResult> {
    if ((await this.#keys.look(key)) === null) return { kind: 'done' };
    try {
      await this.#fs.rmdir(this.#keys.path(key));
      await this.#fs.syncFolder(folderOf(this.#keys.path(key)));
      return { kind: 'done' };
    } catch (error) {
      if (hasCode(error, 'not-empty')) return STALE;
      if (hasCode(error, 'not-found') && (await this.#keys.look(key)) === null) return { kind: 'done' };
      throw error;
    }
  }

  /** A marker moves; what is below it does not. */
  async move(from: string, to: string): Promise<WriteResult> {
    if (!from.endsWith('/') || !to.endsWith('/') || (await this.#keys.look(from)) === null) return STALE;
    const made = await this.make(to, { kind: 'absent' });
    if (made.kind === 'done') await this.remove(from);
    return made;
  }
}
