import { SyncError } from '../core/errors.ts';
import type { NameRules } from '../core/name-rules.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { FileStat, Fs } from '../platform/fs.ts';

/** Where the paths of the tree lie on disk, and whether it is safe to change something there. */
export class DiskPaths {
  readonly root: string;
  readonly #fs: Fs;
  readonly #names: NameRules;
  #rootId: { readonly dev: bigint; readonly ino: bigint };
  #isMarked = false;

  constructor(root: string, rootStat: FileStat, fs: Fs, names: NameRules) {
    this.root = root;
    this.#rootId = rootStat;
    this.#fs = fs;
    this.#names = names;
  }

  at(path: RelPath): string {
    return `${this.root}/${this.onDisk(path)}`;
  }
  onDisk(path: RelPath): string {
    return path.split('/').map(this.#names.toDisk).join('/');
  }

  /** Whether the root bears our marker, or bore it when it was last looked for. */
  get isMarked(): boolean {
    return this.#isMarked;
  }

  /** The root was found to be ours: from now on it is this one. */
  adoptRoot(stat: FileStat): void {
    this.#rootId = stat;
    this.#isMarked = true;
  }

  /** The root is still the one that was adopted; a folder an unplugged drive left behind is another (C26, C28). */
  async checkRoot(): Promise<void> {
    const stat = await this.#fs.lstat(this.root);
    if (stat === null) throw new SyncError('root-missing', `the folder ${this.root} is not there`, { path: this.root });
    if (stat.kind !== 'folder' || stat.dev !== this.#rootId.dev || stat.ino !== this.#rootId.ino) {
      throw new SyncError('root-replaced', `the folder ${this.root} is not the one that was opened`, { path: this.root });
    }
  }

  /**
   * The place of a path about to be changed: every folder above it is a real folder of the root's file system, none a symlink (I7, C63).
   * RACE: Node has no openat, so somebody who can write to the synced folder may swap a checked folder for a link before the change.
   */
  async forChange(path: RelPath): Promise<string> {
    await this.checkRoot();
    const parts = path.split('/');
    for (let count = 1; count < parts.length; count++) {
      const folder = parts.slice(0, count).join('/') as RelPath;
      const stat = await this.#fs.lstat(this.at(folder));
      if (stat === null) throw new SyncError('not-found', `the folder ${folder} is not there`, { path });
      if (stat.kind !== 'folder') throw new SyncError('not-a-folder', `${folder} is a ${stat.kind}, nothing is written below it`, { path });
      if (stat.dev !== this.#rootId.dev) throw new SyncError('cross-device', `${folder} is another file system, nothing is written below it`, { path });
    }
    return this.at(path);
  }
}

export function folderOf(at: string): string {
  return at.slice(0, at.lastIndexOf('/'));
}
