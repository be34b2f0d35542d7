import type { FakeFs } from './fake-fs.ts';
import type { SeededRandom } from './random.ts';

const FILES = ['a', 'b', 'c.txt', 'long name.tar.gz'];
const FOLDERS = ['', 'd/', 'd/e/', 'f/'];

/**
 * What users do to their folders, and what became of every content they made. A content is *owed* to them until a user who had it in front of them replaced or deleted it there: then it may go (law L1).
 */
export class Users {
  readonly #random: SeededRandom;
  readonly #fs: FakeFs;
  readonly owed = new Set<string>();
  readonly acts: string[] = [];
  #made = 0;

  constructor(random: SeededRandom, fs: FakeFs) {
    this.#random = random;
    this.#fs = fs;
  }

  /** One random act in the folder `root` of the device `who`. */
  act(who: string, root: string): void {
    const tree = this.#fs.tree(root);
    const files = Object.keys(tree).filter((p) => !p.endsWith('/'));
    const folders = Object.keys(tree).filter((p) => p.endsWith('/'));
    const roll = this.#random.fraction();
    if (roll < 0.45 || files.length === 0) this.#write(who, root, this.#newPath(root));
    else if (roll < 0.62) this.#write(who, root, this.#random.pick(files));
    else if (roll < 0.74) this.#remove(who, root, this.#random.pick(files));
    else if (roll < 0.88) this.#rename(who, root, this.#random.pick(files), this.#newPath(root));
    else if (roll < 0.92) this.#chmod(who, root, this.#random.pick(files));
    else if (folders.length > 0 && roll < 0.96) this.#renameFolder(who, root, this.#random.pick(folders));
    else if (folders.length > 0) this.#removeFolder(who, root, this.#random.pick(folders));
    else this.#makeFolder(who, root);
  }

  #newPath(root: string): string {
    for (let tries = 0; tries < 10; tries++) {
      const path = this.#random.pick(FOLDERS) + this.#random.pick(FILES);
      if (this.#canHold(root, path)) return path;
    }
    return `x${this.#made}`;
  }

  /** Whether every folder above is a folder (or can be made), and the place itself is no folder. */
  #canHold(root: string, path: string): boolean {
    const tree = this.#fs.tree(root);
    if (tree[`${path}/`] !== undefined) return false;
    const parts = path.split('/');
    return parts.slice(0, -1).every((_, i) => tree[parts.slice(0, i + 1).join('/')] === undefined);
  }

  #write(who: string, root: string, path: string): void {
    const content = `${who}${++this.#made}${'.'.repeat(this.#random.below(4))}`;
    this.#gone(root, path);
    this.owed.add(content);
    const way = this.#random.fraction();
    if (way < 0.5 || this.#fs.tree(root)[path]?.startsWith('->')) this.#fs.edit.replace(`${root}/${path}`, content);
    else this.#fs.edit.write(`${root}/${path}`, content);
    this.acts.push(`${who} writes ${content} to ${path}`);
  }

  #remove(who: string, root: string, path: string): void {
    this.#gone(root, path);
    this.#fs.edit.remove(`${root}/${path}`);
    this.acts.push(`${who} removes ${path}`);
  }

  #rename(who: string, root: string, from: string, to: string): void {
    if (from === to || !this.#canHold(root, to)) return;
    this.#gone(root, to);
    this.#fs.edit.rename(`${root}/${from}`, `${root}/${to}`);
    this.acts.push(`${who} renames ${from} to ${to}`);
  }

  #chmod(who: string, root: string, path: string): void {
    if (this.#fs.tree(root)[path]?.startsWith('->')) return;
    const mode = this.#random.pick([0o644, 0o755, 0o600]);
    this.#fs.edit.chmod(`${root}/${path}`, mode);
    this.acts.push(`${who} sets the mode of ${path} to ${mode.toString(8)}`);
  }

  #makeFolder(who: string, root: string): void {
    const name = this.#random.pick(['d', 'f', 'g']);
    const tree = this.#fs.tree(root);
    if (tree[name] !== undefined || tree[`${name}/`] !== undefined) return;
    this.#fs.edit.mkdir(`${root}/${name}`);
    this.acts.push(`${who} makes the folder ${name}`);
  }

  #renameFolder(who: string, root: string, folder: string): void {
    const to = this.#random.pick(['d', 'f', 'g', 'd/h']);
    const from = folder.slice(0, -1);
    const tree = this.#fs.tree(root);
    if (tree[to] !== undefined || tree[`${to}/`] !== undefined || `${to}/`.startsWith(folder)) return;
    if (to.includes('/') && tree[`${to.slice(0, to.lastIndexOf('/'))}/`] === undefined) return;
    this.#fs.edit.rename(`${root}/${from}`, `${root}/${to}`);
    this.acts.push(`${who} renames the folder ${from} to ${to}`);
  }

  #removeFolder(who: string, root: string, folder: string): void {
    for (const path of Object.keys(this.#fs.tree(root))) if (path.startsWith(folder) && !path.endsWith('/')) this.#gone(root, path);
    this.#fs.edit.remove(`${root}/${folder.slice(0, -1)}`);
    this.acts.push(`${who} removes the folder ${folder}`);
  }

  /** The user had this content in front of them and let it go. */
  #gone(root: string, path: string): void {
    const content = this.#fs.tree(root)[path];
    if (content !== undefined) this.owed.delete(content);
  }
}
