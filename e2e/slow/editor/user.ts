import {
  chmodSync,
  closeSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Device } from '../../cli/world.ts';
import type { Random } from '../differential/edits.ts';
import { type Contents, textsAt } from './contents.ts';

const FOLDERS = ['', 'd', 'D', 'd/e', 'f', 'Ordner ü', 'we"ird\'s', 'd/e/new\nline'];
const NAMES = ['a', 'A', 'b', 'c.txt', 'naïve ☃.md', 'new\nline', 'quo"te\'s', '-rf', '.hid', '100% + &#?', 'back\\slash', 'e\u0301', `${'long '.repeat(40)}x`];
const MODES = [0o644, 0o755, 0o600];

/** What an editor may be refused: the disk is full, or what it meant has just gone or come. */
const REFUSALS = ['ENOENT', 'EEXIST', 'ENOTEMPTY', 'ENOTDIR', 'EISDIR', 'ENOSPC', 'EINVAL', 'ELOOP', 'ENAMETOOLONG'];

/**
 * One user at one device, who does by chance all that users do. While File Sync runs there, paths that other devices write to as well get only such acts of which it is known, whatever runs beside them, what they replaced:
 * nothing is renamed or made over a name that may be given to another content in the same moment (the open window of docs/guarantees.md).
 */
export class User {
  readonly device: Device;
  readonly acts: string[] = [];
  readonly #random: Random;
  readonly #contents: Contents;
  readonly #away: string;
  readonly #maxBytes: number;
  #count = 0;

  constructor(device: Device, random: Random, contents: Contents, { maxBytes = 3_000_000 } = {}) {
    this.device = device;
    this.#random = random;
    this.#contents = contents;
    this.#maxBytes = maxBytes;
    // On the same file system, so that what is deleted is moved out in one step and looked at there.
    this.#away = join(dirname(device.source), 'away');
    mkdirSync(this.#away, { recursive: true });
  }

  /** One act; `beside`: while File Sync runs at this device. */
  act(beside: boolean): void {
    const own = this.#random.fraction() < 0.3;
    const home = own ? `own-${this.device.name}` : '';
    try {
      if (own) mkdirSync(this.#at(home), { recursive: true });
      if (beside && !own) this.#gentleAct();
      else this.#anyAct(home, beside);
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error) || !REFUSALS.includes(String(error.code))) throw error;
    }
  }

  #anyAct(home: string, beside: boolean): void {
    const roll = this.#random.fraction();
    const file = this.#pick(home, 'file');
    const folder = this.#pick(home, 'folder');
    const path = this.#anyPath(home);
    if (roll < 0.3 || file === null) this.#write(path, false);
    else if (roll < 0.5) this.#write(file, false);
    else if (roll < 0.55) this.#sameTimeAndSize(file, beside);
    else if (roll < 0.64) this.#remove(file);
    else if (roll < 0.74) this.#rename(file, path);
    else if (roll < 0.77) this.#rename(file, otherCase(file));
    else if (roll < 0.81) this.#changeKind(file);
    else if (roll < 0.85) this.#link(path);
    else if (roll < 0.9) this.#chmod(file);
    else if (folder === null) mkdirSync(this.#at(path));
    else if (roll < 0.92) this.#changeKind(folder);
    else if (roll < 0.94) this.#remove(folder);
    else if (roll < 0.96) this.#rename(folder, otherCase(folder));
    else this.#rename(folder, path);
  }

  #gentleAct(): void {
    const roll = this.#random.fraction();
    const file = this.#pick('', 'file');
    const folder = this.#pick('', 'folder');
    const fresh = this.#freshPath();
    if (roll < 0.35 || file === null) this.#write(fresh, false);
    else if (roll < 0.55) this.#writeInPlace(file, true);
    else if (roll < 0.67) this.#remove(file);
    else if (roll < 0.79) this.#rename(file, fresh);
    else if (roll < 0.86) this.#chmod(file);
    else if (roll < 0.9) this.#link(fresh);
    else if (folder === null || roll < 0.93) mkdirSync(this.#at(fresh));
    else if (roll < 0.95) this.#remove(folder);
    else this.#rename(folder, fresh);
  }

  /** Saves as editors do: in place, or by a new file renamed over the old one. */
  #write(path: string, beside: boolean): void {
    const at = this.#at(path);
    const old = lstatSync(at, { throwIfNoEntry: false });
    if (old?.isDirectory()) return;
    mkdirSync(dirname(at), { recursive: true });
    if (old?.isFile() && this.#random.fraction() < 0.5) return this.#writeInPlace(path, beside);
    this.#saveOver(path, this.#newText(), this.#random.fraction() < 0.1 ? 1_500_000_000 + this.#random.below(200_000_000) : null);
  }

  #saveOver(path: string, text: string, time: number | null): void {
    const at = this.#at(path);
    const temp = join(this.#away, `save-${this.#count++}`);
    try {
      writeFileSync(temp, text);
      if (time !== null) utimesSync(temp, time, time);
      const gone = textsAt(at);
      renameSync(temp, at);
      for (const each of gone) this.#contents.letGo(each);
    } finally {
      rmSync(temp, { force: true });
    }
    this.#owe(text, path, false, 'saves');
  }

  #writeInPlace(path: string, beside: boolean, text = this.#newText()): void {
    const file = openSync(this.#at(path), 'r+');
    try {
      const gone = readFileSync(file, 'utf8');
      ftruncateSync(file);
      // A full disk may take a part of it only: then nothing is owed, and the old text is gone by the user's own hand.
      this.#contents.letGo(gone);
      let written = 0;
      const bytes = Buffer.from(text);
      while (written < bytes.length) written += writeSync(file, bytes, written, bytes.length - written, written);
    } finally {
      closeSync(file);
    }
    this.#owe(text, path, beside, 'writes in place');
  }

  /** C2: other bytes, all that a listing shows as before. Beside a sync in one step: a time put back later is no change that is carried over. */
  #sameTimeAndSize(path: string, beside: boolean): void {
    const { mtimeNs, size } = lstatSync(this.#at(path), { bigint: true });
    const text = this.#contents.make(this.device.name, Number(size));
    const time = Number(mtimeNs) / 1e9;
    if (beside) return this.#saveOver(path, text, time);
    this.#writeInPlace(path, false, text);
    utimesSync(this.#at(path), time, time);
  }

  #remove(path: string): void {
    const gone = this.#moveAway(path);
    for (const text of textsAt(gone)) this.#contents.letGo(text);
    rmSync(gone, { recursive: true });
    this.#note(`removes ${path}`);
  }

  #rename(from: string, to: string): void {
    const target = this.#at(to);
    if (from === to || to.startsWith(`${from}/`)) return;
    mkdirSync(dirname(target), { recursive: true });
    const there = lstatSync(target, { throwIfNoEntry: false });
    if (there?.isDirectory()) return;
    const gone = textsAt(target);
    renameSync(this.#at(from), target);
    for (const text of gone) this.#contents.letGo(text);
    this.#note(`renames ${from} to ${to}`);
  }

  /** C7: a file becomes a folder, a folder a file or a link. */
  #changeKind(path: string): void {
    const wasFolder = lstatSync(this.#at(path)).isDirectory();
    this.#remove(path);
    if (!wasFolder) this.#write(`${path}/inside`, false);
    else if (this.#random.fraction() < 0.5) this.#link(path);
    else this.#write(path, false);
  }

  #link(path: string): void {
    const text = this.#contents.make(this.device.name, 0);
    mkdirSync(dirname(this.#at(path)), { recursive: true });
    symlinkSync(text, this.#at(path));
    this.#owe(text, path, false, 'links');
  }

  #chmod(path: string): void {
    if (lstatSync(this.#at(path)).isSymbolicLink()) return;
    chmodSync(this.#at(path), this.#random.pick(MODES));
    this.#note(`changes the mode of ${path}`);
  }

  #moveAway(path: string): string {
    const place = join(this.#away, `gone-${this.#count++}`);
    renameSync(this.#at(path), place);
    return place;
  }

  #newText(): string {
    return this.#contents.make(this.device.name, this.#random.fraction() < 0.04 ? this.#random.below(this.#maxBytes) : this.#random.below(Math.min(20_000, this.#maxBytes)));
  }

  #owe(text: string, path: string, outOfSight: boolean, how: string): void {
    this.#contents.owe(text, `${this.device.name} at ${JSON.stringify(path)}`, outOfSight);
    this.#note(`${how} ${text.slice(0, 30).replace(/\.+$/, '')} at ${path}`);
  }

  #pick(home: string, kind: 'file' | 'folder'): string | null {
    const paths = [...this.#walk(home)].flatMap(([path, stat]) => (stat.isDirectory() === (kind === 'folder') ? [path] : []));
    return paths.length === 0 ? null : this.#random.pick(paths);
  }

  *#walk(below: string): Generator<readonly [string, Stats]> {
    for (const name of names(this.#at(below))) {
      if (below === '' && (name === '.file-sync' || name.startsWith('own-'))) continue;
      const path = below === '' ? name : `${below}/${name}`;
      const stat = lstatSync(this.#at(path), { throwIfNoEntry: false });
      if (stat === undefined) continue;
      yield [path, stat];
      if (stat.isDirectory()) yield* this.#walk(path);
    }
  }

  #anyPath(home: string): string {
    return [home, this.#random.pick(FOLDERS), this.#random.pick(NAMES)].filter((part) => part !== '').join('/');
  }

  /** A name that nobody else ever gives. */
  #freshPath(): string {
    const folder = this.#pick('', 'folder');
    const name = `${this.#random.pick(NAMES).slice(0, 40)} (${this.device.name} ${this.#count++})`;
    return folder === null || this.#random.fraction() < 0.3 ? name : `${folder}/${name}`;
  }

  #at(path: string): string {
    return join(this.device.source, path);
  }

  #note(what: string): void {
    this.acts.push(`${new Date().toISOString().slice(14)} ${this.device.name} ${what}`);
  }
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function otherCase(path: string): string {
  const cut = path.lastIndexOf('/') + 1;
  const name = path.slice(cut);
  return path.slice(0, cut) + (name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase());
}
