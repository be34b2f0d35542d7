import { hasCode, SyncError } from '../core/errors.ts';
import { type RelPath, relPath } from '../core/rel-path.ts';
import type { Clock, Random } from '../platform/clock.ts';
import type { FileStat, Fs } from '../platform/fs.ts';
import { readText, writeText } from '../platform/text-file.ts';
import { type ControlPaths, ensureInControl, makeFolder } from './control-folder.ts';
import { type DiskPaths, folderOf } from './disk-paths.ts';

const DAY_MS = 86_400_000;
/** `2026-11-23T05-45-03Z`, or with a number where one second brought the same path twice. */
export const BATCH_NAME = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ(?:-\d+)?$/;
/** Ends the name of something in `tmp/` that may be the only name of a user's file. */
const HELD = '.held';
export function isHeld(name: string): boolean {
  return name.endsWith(HELD);
}
const MOST_TRIES = 1_000;

/** What was kept of a file. */
export interface Kept {
  readonly place: string;
  /** False: it is the same file under a second name, and what is written into it under the first is in both. */
  readonly isCopy: boolean;
}

/** What a remote change replaced or removed, at `.file-sync/trash/<UTC time>/<path>`, where a person finds it. Nothing in it is ever replaced. */
export class Trash {
  readonly #fs: Fs;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #random: Pick<Random, 'id'>;
  readonly #paths: DiskPaths;
  readonly #control: ControlPaths;
  /** Held by this run, which knows what to do with them. */
  readonly #holding = new Set<string>();
  /** Places given out in this second's folders, so that two changes at once never get the same. */
  #reserved = new Set<string>();
  #second = '';

  constructor(fs: Fs, clock: Pick<Clock, 'now'>, random: Pick<Random, 'id'>, paths: DiskPaths, control: ControlPaths) {
    this.#fs = fs;
    this.#clock = clock;
    this.#random = random;
    this.#paths = paths;
    this.#control = control;
  }

  /** A second name for what is at `at`, or a copy where the file system has no hard links, durable when this resolves. The original stays in place. */
  async keep(path: RelPath, at: string, stat: FileStat): Promise<Kept> {
    const place = await this.#place(path);
    const isCopy = stat.kind === 'symlink' ? await this.#linkAlike(at, place) : await this.#linkOrCopy(at, place);
    await this.#fs.syncFolder(folderOf(place));
    return { place, isCopy };
  }

  /** Moves away whatever is at `at` now. The caller looks at what it got. */
  async take(path: RelPath, at: string): Promise<string> {
    const place = await this.#place(path);
    await this.#fs.rename(at, place);
    return place;
  }

  /** A copy of a file that cannot be moved here, durable when this resolves. */
  async copy(path: RelPath, at: string): Promise<string> {
    const place = await this.#place(path);
    await copyDurably(this.#fs, at, place);
    await this.#fs.syncFolder(folderOf(place));
    return place;
  }

  /** Puts something back where it was; false when there is something else by now, and then it stays in the trash. */
  async giveBack(place: string, at: string): Promise<boolean> {
    try {
      await this.#fs.link(place, at);
      await this.#fs.unlink(place);
      return true;
    } catch (error) {
      if (hasCode(error, 'exists')) return false;
      if (!hasCode(error, 'not-supported', 'no-permission')) throw error;
    }
    if ((await this.#fs.lstat(at)) !== null) return false;
    // RACE: without hard links, a file made here since the look is replaced by the one given back.
    await this.#fs.rename(place, at);
    return true;
  }

  /** Moves whatever is at `at` to a holding place that no crash loses (see {@link recover}); null where nothing is. `id`: a name by which the next run finds what this one was about to look at. */
  async hold(at: string, id?: string): Promise<string | null> {
    await ensureInControl(this.#fs, this.#control, this.#paths, this.#control.tmp);
    const isFree = id !== undefined && (await this.#fs.lstat(this.#heldAt(id))) === null;
    const place = this.#heldAt(isFree ? id : this.#random.id());
    this.#holding.add(place);
    try {
      await this.#fs.rename(at, place);
      return place;
    } catch (error) {
      if (hasCode(error, 'not-found')) return null;
      throw error;
    }
  }
  #heldAt(id: string): string {
    return `${this.#control.tmp}/${id}${HELD}`;
  }

  /** What an earlier run held under this name and never looked at; null where there is nothing. From now on it is this run's to settle. */
  async foundHeld(id: string): Promise<{ readonly held: string; readonly stat: FileStat } | null> {
    const held = this.#heldAt(id);
    const stat = await this.#fs.lstat(held);
    if (stat === null || this.#holding.has(held)) return null;
    this.#holding.add(held);
    return { held, stat };
  }

  /** What was held goes to the trash under the path it had. */
  async bury(path: RelPath, held: string): Promise<void> {
    await this.#fs.rename(held, await this.#place(path));
    this.#holding.delete(held);
  }

  /** What a run that crashed left held. */
  async recover(held: string): Promise<void> {
    if (!this.#holding.has(held)) await this.keepHeld(held);
  }
  /** What was held belongs to the user after all: it goes where he finds it. A second name of a file that is elsewhere too is not kept. */
  async keepHeld(held: string): Promise<void> {
    const stat = await this.#fs.lstat(held);
    if (stat?.kind === 'file' && stat.nlink > 1) await this.#fs.unlink(held);
    else if (stat !== null) await this.#fs.rename(held, await this.#place(relPath(`recovered-${held.slice(held.lastIndexOf('/') + 1, -HELD.length)}`)));
  }

  /** Removes what is older than so many days, by the date its folder bears; a folder with another name is not ours to remove. */
  async sweep(days: number, nowMs: number): Promise<void> {
    const before = await this.#ages();
    const ages = new Map<string, number>();
    for (const { name } of await listOrNothing(this.#fs, this.#control.trash)) {
      if (!BATCH_NAME.test(name)) continue;
      const since = before.get(name) ?? nowMs;
      if (since < nowMs - days * DAY_MS) await removeTree(this.#fs, `${this.#control.trash}/${name}`);
      else ages.set(name, since);
    }
    if (ages.size !== before.size || [...ages.keys()].some((name) => !before.has(name))) await this.#rememberAges(ages);
  }

  /** When a sweep first met each batch, by the store's time: the names tell what this device's clock said, which may have been years off (C44). */
  async #ages(): Promise<Map<string, number>> {
    try {
      const stored: unknown = JSON.parse(await readText(this.#fs, this.#control.trashAges));
      const pairs = typeof stored === 'object' && stored !== null ? Object.entries(stored) : [];
      return new Map(pairs.filter((pair): pair is [string, number] => Number.isFinite(pair[1])));
    } catch (error) {
      // None yet, or not to be understood: then everything counts as new, and stays longer.
      if (error instanceof SyncError || error instanceof SyntaxError) return new Map();
      throw error;
    }
  }

  async #rememberAges(ages: ReadonlyMap<string, number>): Promise<void> {
    try {
      await writeText(this.#fs, this.#control.trashAges, JSON.stringify(Object.fromEntries(ages)), 0o600);
    } catch (error) {
      // A full or read-only disk: the next sweep tries again.
      if (!(error instanceof SyncError)) throw error;
    }
  }

  async #linkAlike(at: string, place: string): Promise<true> {
    await this.#fs.symlink(await this.#fs.readLink(at), place);
    return true;
  }

  /** True for a copy. */
  async #linkOrCopy(at: string, place: string): Promise<boolean> {
    try {
      await this.#fs.link(at, place);
      return false;
    } catch (error) {
      if (!hasCode(error, 'not-supported', 'cross-device')) throw error;
      await copyDurably(this.#fs, at, place);
      return true;
    }
  }

  /** A free place with its folders made. */
  async #place(path: RelPath): Promise<string> {
    const second = `${new Date(this.#clock.now()).toISOString().slice(0, 19).replaceAll(':', '-')}Z`;
    if (second !== this.#second) {
      this.#second = second;
      this.#reserved = new Set();
    }
    await ensureInControl(this.#fs, this.#control, this.#paths, this.#control.trash);
    for (let n = 1; n <= MOST_TRIES; n++) {
      const place = `${this.#control.trash}/${second}${n === 1 ? '' : `-${n}`}/${this.#paths.onDisk(path)}`;
      const key = place.normalize('NFC').toLowerCase();
      if (this.#reserved.has(key)) continue;
      this.#reserved.add(key);
      if ((await this.#makeFolders(folderOf(place))) && (await this.#fs.lstat(place)) === null) return place;
    }
    throw new SyncError('exists', `no free place in the trash for ${path}`, { path });
  }

  /** False where a file stands in the way. */
  async #makeFolders(folder: string): Promise<boolean> {
    if (folder === this.#control.trash) return true;
    if ((await this.#fs.lstat(folder))?.kind === 'folder') return true;
    if (!(await this.#makeFolders(folderOf(folder)))) return false;
    try {
      await makeFolder(this.#fs, folder);
      return true;
    } catch (error) {
      if (hasCode(error, 'not-a-folder', 'not-found')) return false;
      throw error;
    }
  }
}

/** Copies bytes, mode and mtime to a new file, all of it durable but for the name. */
export async function copyDurably(fs: Fs, from: string, to: string): Promise<void> {
  const stat = await fs.lstat(from);
  if (stat === null) throw new SyncError('not-found', `${from} is gone`, { path: from });
  await fs.copyFile(from, to);
  // A file that is read-only cannot be opened for its fsync.
  if ((stat.mode & 0o200) === 0) await fs.chmod(to, 0o600);
  const handle = await fs.openAppend(to, 0o600);
  try {
    await fs.setMtime(to, stat.mtimeNs);
    if ((stat.mode & 0o200) === 0) await fs.chmod(to, stat.mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes a tree of ours, links not followed. What cannot be removed stays for another time. */
export async function removeTree(fs: Fs, path: string): Promise<void> {
  try {
    const stat = await fs.lstat(path);
    if (stat === null) return;
    if (stat.kind !== 'folder') return await fs.unlink(path);
    for (const { name } of await fs.readDir(path)) await removeTree(fs, `${path}/${name}`);
    await fs.rmdir(path);
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
  }
}

export async function listOrNothing(fs: Fs, folder: string): Promise<Awaited<ReturnType<Fs['readDir']>>> {
  try {
    return (await fs.lstat(folder))?.kind === 'folder' ? await fs.readDir(folder) : [];
  } catch (error) {
    if (hasCode(error, 'not-found')) return [];
    throw error;
  }
}
