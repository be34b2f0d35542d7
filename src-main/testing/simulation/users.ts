import type { FakeFs } from '../fake-fs.ts';
import type { Ledger } from './ledger.ts';
import type { SimEvent, UserAct } from './sim-event.ts';

const FOLDERS = ['', 'd/', 'd/e/', 'f/'];
const FILES = ['a', 'b', 'c.txt', 'long name.tar.gz'];
/** The same names in other spellings: one file to some disks, several to others (C18, C19). */
const SPELLINGS = ['A', 'C.TXT', 'e\u0301', '\u00e9'];

/** Where a user works. */
export interface Desk {
  readonly who: string;
  readonly fs: FakeFs;
  readonly root: string;
  /** The user keeps to this folder (it ends in `/`; '' for everywhere). */
  readonly area: string;
}

export interface UserOptions {
  readonly spellings: boolean;
}

/** Carries out what users do, and tells the ledger what became of every content. An act that cannot be done where things stand does nothing. */
export class Users {
  readonly ledger: Ledger;
  readonly acts: string[] = [];
  readonly #options: UserOptions;
  #made = 0;

  constructor(ledger: Ledger, options: UserOptions) {
    this.ledger = ledger;
    this.#options = options;
  }

  /** The paths an act touched, for whoever watches the folder. */
  act(desk: Desk, { act, a, b, path, to }: Omit<SimEvent, 'act' | 'who' | 'after'> & { readonly act: UserAct }): readonly string[] {
    const here = new Here(desk);
    const file = path === undefined ? choose(here.files, a) : here.file(path);
    const folder = path === undefined ? choose(here.folders, a) : here.folder(path);
    const place = here.free(path ?? this.#place(desk, b));
    const target = to ?? this.#place(desk, b);
    switch (act) {
      case 'write':
        return this.#write(here, here.free(path ?? this.#place(desk, a)), b);
      case 'overwrite':
        return this.#write(here, file ?? place, b);
      case 'remove':
        return this.#remove(here, file);
      case 'rename':
        return this.#rename(here, file, here.free(target));
      case 'mode':
        return this.#mode(here, file, [0o644, 0o755, 0o600][b % 3] ?? 0o644);
      case 'touch':
        return this.#touch(here, file);
      case 'edit-unseen':
        return this.#editUnseen(here, file);
      case 'make-folder':
        return this.#makeFolder(here, path ?? this.#folder(desk, a));
      case 'rename-folder':
        return this.#renameFolder(here, folder, to ?? this.#folder(desk, b));
      case 'remove-folder':
        return this.#removeFolder(here, folder);
      case 'respell':
        return this.#respell(here, file);
      case 'file-to-folder':
        return this.#fileToFolder(here, file);
      case 'folder-to-file':
        return this.#folderToFile(here, folder);
      case 'symlink':
        return this.#symlink(here, place);
      case 'write-again':
        return this.#write(here, here.free(this.#place(desk, a)), 0, choose([...this.ledger.written], b));
      case 'swap':
        return this.#swap(here, file, to === undefined ? choose(here.files, b) : here.file(to));
    }
  }

  #say(here: Here, what: string, ...paths: string[]): readonly string[] {
    this.acts.push(`${here.desk.who} ${what}`);
    return paths;
  }

  #place(desk: Desk, n: number): string {
    const files = this.#options.spellings ? [...FILES, ...SPELLINGS] : FILES;
    return `${desk.area}${FOLDERS[n % FOLDERS.length] ?? ''}${files[Math.floor(n / 7) % files.length] ?? 'a'}`;
  }
  #folder(desk: Desk, n: number): string {
    return `${desk.area}${['d', 'f', 'g', 'd/h'][n % 4] ?? 'd'}`;
  }
  #content(here: Here): string {
    const n = ++this.#made;
    return `${here.desk.who}${n}${'.'.repeat(n % 3)}`;
  }

  #write(here: Here, path: string | null, way: number, again?: string | null): readonly string[] {
    if (path === null || (again !== undefined && (again === null || here.content(path) === again))) return [];
    const content = again ?? this.#content(here);
    this.#gone(here, path);
    this.ledger.wrote(content);
    // Half of all programs save by a rename, and a link is never written through.
    if (way % 2 === 0 || here.linkAt(path)) here.edit.replace(here.at(path), content);
    else here.edit.write(here.at(path), content);
    return this.#say(here, `writes ${content} to ${path}`, path);
  }

  #remove(here: Here, path: string | null): readonly string[] {
    if (path === null) return [];
    this.#gone(here, path);
    here.edit.remove(here.at(path));
    return this.#say(here, `removes ${path}`, path);
  }

  #rename(here: Here, from: string | null, to: string | null): readonly string[] {
    if (from === null || to === null || here.same(from, to)) return [];
    const content = here.content(from);
    this.#gone(here, to);
    if (content !== null) this.ledger.moved(from, content);
    here.edit.rename(here.at(from), here.at(to));
    return this.#say(here, `renames ${from} to ${to}`, from, to);
  }

  #mode(here: Here, path: string | null, mode: number): readonly string[] {
    if (path === null || here.linkAt(path)) return [];
    here.edit.chmod(here.at(path), mode);
    return this.#say(here, `sets the mode of ${path} to ${mode.toString(8)}`, path);
  }

  #touch(here: Here, path: string | null): readonly string[] {
    if (path === null || here.linkAt(path)) return [];
    here.edit.setMtime(here.at(path), 1_500_000_000_000_000_000n + BigInt(this.#made) * 1_000_000n);
    return this.#say(here, `touches ${path}`, path);
  }

  /** An edit of the same size that puts the time back, as some programs do (C2). */
  #editUnseen(here: Here, path: string | null): readonly string[] {
    if (path === null || here.linkAt(path)) return [];
    // Where times are coarse nothing at all tells of such an edit; only a full comparison finds it.
    if ((here.desk.fs.disk.options.timeStepNs ?? 1n) > 1_000_000n) return [];
    const before = here.desk.fs.disk.need(here.at(path)).mtimeNs;
    const size = here.content(path)?.length ?? 0;
    const content = `${here.desk.who}${++this.#made}`.padEnd(size, '.');
    this.#gone(here, path);
    this.ledger.wrote(content, { unseen: true });
    here.edit.write(here.at(path), content, { mtimeNs: before });
    return this.#say(here, `writes ${content} to ${path} and puts its time back`, path);
  }

  #makeFolder(here: Here, path: string): readonly string[] {
    if (here.has(path) || !here.canHold(path)) return [];
    here.edit.mkdir(here.at(path));
    return this.#say(here, `makes the folder ${path}`, path);
  }

  #renameFolder(here: Here, from: string | null, to: string): readonly string[] {
    if (from === null || here.has(to) || !here.canHold(to) || here.inside(to, from)) return [];
    for (const path of here.below(from)) this.ledger.moved(path, here.content(path) ?? '');
    here.edit.rename(here.at(from), here.at(to));
    return this.#say(here, `renames the folder ${from} to ${to}`, from, to);
  }

  #removeFolder(here: Here, folder: string | null): readonly string[] {
    if (folder === null) return [];
    for (const path of here.below(folder)) this.#gone(here, path);
    here.edit.remove(here.at(folder));
    return this.#say(here, `removes the folder ${folder}`, folder);
  }

  /** Upper case for lower case, or back (C10). */
  #respell(here: Here, from: string | null): readonly string[] {
    if (from === null) return [];
    const cut = from.lastIndexOf('/') + 1;
    const name = from.slice(cut);
    const to = from.slice(0, cut) + (name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase());
    if (to === from || (here.has(to) && !here.same(from, to))) return [];
    this.ledger.moved(from, here.content(from) ?? '');
    here.edit.rename(here.at(from), here.at(to));
    return this.#say(here, `respells ${from} as ${to}`, from, to);
  }

  #fileToFolder(here: Here, path: string | null): readonly string[] {
    if (path === null) return [];
    this.#gone(here, path);
    here.edit.remove(here.at(path));
    const content = this.#content(here);
    this.ledger.wrote(content);
    here.edit.write(here.at(`${path}/in`), content);
    return this.#say(here, `makes ${path} a folder with ${content} in it`, path, `${path}/in`);
  }

  #folderToFile(here: Here, folder: string | null): readonly string[] {
    if (folder === null) return [];
    for (const path of here.below(folder)) this.#gone(here, path);
    here.edit.remove(here.at(folder));
    const content = this.#content(here);
    this.ledger.wrote(content);
    here.edit.write(here.at(folder), content);
    return this.#say(here, `makes ${folder} a file that holds ${content}`, folder);
  }

  #symlink(here: Here, path: string | null): readonly string[] {
    if (path === null || here.desk.fs.disk.options.symlinks === false) return [];
    this.#gone(here, path);
    if (here.has(path)) here.edit.remove(here.at(path));
    const target = this.#content(here);
    this.ledger.wrote(target);
    here.edit.symlink(target, here.at(path));
    return this.#say(here, `links ${path} to ${target}`, path);
  }

  #swap(here: Here, one: string | null, other: string | null): readonly string[] {
    if (one === null || other === null || one === other) return [];
    this.ledger.moved(one, here.content(one) ?? '');
    this.ledger.moved(other, here.content(other) ?? '');
    const aside = here.at(`${one}.swap~`);
    here.edit.rename(here.at(one), aside);
    here.edit.rename(here.at(other), here.at(one));
    here.edit.rename(aside, here.at(other));
    return this.#say(here, `swaps ${one} and ${other}`, one, other);
  }

  /** The user had what is at this path in front of them and let it go. */
  #gone(here: Here, path: string): void {
    const content = here.content(path);
    if (content !== null) this.ledger.letGo(path, content);
  }
}

/** What a user sees at the moment of an act. */
class Here {
  readonly desk: Desk;
  readonly files: readonly string[];
  readonly folders: readonly string[];
  readonly #texts = new Map<string, { readonly path: string; readonly text: string }>();

  constructor(desk: Desk) {
    this.desk = desk;
    const tree = desk.fs.tree(desk.root);
    for (const [path, text] of Object.entries(tree)) this.#texts.set(this.#fold(path.endsWith('/') ? path.slice(0, -1) : path), { path, text });
    const mine = Object.keys(tree).filter((path) => path.startsWith(desk.area) && path !== desk.area);
    this.files = mine.filter((path) => !path.endsWith('/'));
    this.folders = mine.filter((path) => path.endsWith('/')).map((path) => path.slice(0, -1));
  }

  get edit(): FakeFs['edit'] {
    return this.desk.fs.edit;
  }
  at(path: string): string {
    return `${this.desk.root}/${path}`;
  }
  has(path: string): boolean {
    return this.#texts.has(this.#fold(path));
  }
  same(one: string, other: string): boolean {
    return this.#fold(one) === this.#fold(other);
  }
  inside(path: string, folder: string): boolean {
    return this.#fold(`${path}/`).startsWith(this.#fold(`${folder}/`));
  }
  /** The text of a file or link; null for anything else. */
  content(path: string): string | null {
    const found = this.#texts.get(this.#fold(path));
    return found === undefined || found.path.endsWith('/') ? null : withoutArrow(found.text);
  }
  linkAt(path: string): boolean {
    return this.#texts.get(this.#fold(path))?.text.startsWith('-> ') ?? false;
  }
  /** The file or link at this path, as it is spelt; null when there is none. */
  file(path: string): string | null {
    const found = this.#texts.get(this.#fold(path))?.path;
    return found === undefined || found.endsWith('/') ? null : found;
  }
  folder(path: string): string | null {
    const found = this.#texts.get(this.#fold(path))?.path;
    return found?.endsWith('/') ? found.slice(0, -1) : null;
  }
  /** Files below a folder. */
  below(folder: string): readonly string[] {
    return [...this.#texts.values()].map((t) => t.path).filter((path) => !path.endsWith('/') && this.inside(path, folder));
  }
  /** The path if a file can be put there, else null. */
  free(path: string): string | null {
    return !this.#texts.get(this.#fold(path))?.path.endsWith('/') && this.canHold(path) ? path : null;
  }
  /** Whether every folder above is a folder or can be made. */
  canHold(path: string): boolean {
    const parts = path.split('/');
    return parts.slice(0, -1).every((_, i) => this.#texts.get(this.#fold(parts.slice(0, i + 1).join('/')))?.path.endsWith('/') ?? true);
  }
  #fold(path: string): string {
    const { caseInsensitive, normalises } = this.desk.fs.disk.options;
    const normal = normalises ? path.normalize('NFD') : path;
    return caseInsensitive ? normal.toLowerCase() : normal;
  }
}

/** A link is followed by the text it holds, which is as unique as a file's. */
export function withoutArrow(text: string): string {
  return text.startsWith('-> ') ? text.slice(3) : text;
}

function choose<T>(list: readonly T[], n: number): T | null {
  return list[n % Math.max(1, list.length)] ?? null;
}
