import type { Version } from '../../core/entry.ts';
import { hasCode, SyncError } from '../../core/errors.ts';
import type { FileStat, Fs } from '../../platform/fs.ts';
import type { DeleteResult, WriteResult } from '../backend.ts';
import type { FolderSync } from './folder-sync.ts';
import { type Held, type LockPorts, withKeyLocks } from './key-lock.ts';
import type { OwnTemps } from './own-temps.ts';
import type { StoreKeys } from './store-keys.ts';
import { folderOf, sameFile, versionOf } from './store-layout.ts';

export interface PlacementPorts {
  readonly fs: Fs;
  readonly locks: LockPorts;
  readonly keys: StoreKeys;
  readonly temps: OwnTemps;
  readonly folders: FolderSync;
}

const STALE = { kind: 'stale' } as const;

/**
 * The steps in which finished files get, change and lose their names. After each single step the old or the new content is under its key, and whatever was to be kept is under both its names before it
 * loses one. Other clients are held off by locks; programs that know none are noticed right before and right after each step, and what they wrote is put back.
 */
export class Placement {
  readonly #fs: Fs;
  readonly #locks: LockPorts;
  readonly #keys: StoreKeys;
  readonly #temps: OwnTemps;
  readonly #folders: FolderSync;

  constructor({ fs, locks, keys, temps, folders }: PlacementPorts) {
    this.#fs = fs;
    this.#locks = locks;
    this.#keys = keys;
    this.#temps = temps;
    this.#folders = folders;
  }

  /** Gives a temporary file a name that is free; a hard link never replaces anything, so this needs no lock. */
  async claim(temp: string, key: string, signal?: AbortSignal): Promise<WriteResult> {
    const target = this.#keys.path(key);
    const stat = await this.#need(temp);
    const named = await this.#giveName(temp, stat, target);
    if (named === 'taken') return STALE;
    if (named === 'done') await this.#fs.unlink(temp);
    else {
      const moved = await withKeyLocks(this.#locks, [key], signal, async (held) => {
        if ((await this.#fs.lstat(target)) !== null || !(await held.still())) return false;
        // RACE: without hard links a program without locks may make the target just now.
        await this.#fs.rename(temp, target);
        return true;
      });
      if (!moved) return STALE;
    }
    await this.#folders.sync(folderOf(target));
    return this.#placed(target, stat, named === 'done');
  }

  /** Puts a temporary file in the place of `version`. */
  async replace(temp: string, key: string, version: Version, keepAs: string | undefined, signal?: AbortSignal): Promise<WriteResult> {
    const target = this.#keys.path(key);
    const stat = await this.#need(temp);
    return withKeyLocks(this.#locks, [key], signal, async (held): Promise<WriteResult> => {
      const now = await this.#keys.look(key);
      if (now === null || versionOf(now) !== version) return STALE;
      const done = await this.#afterKeeping(target, now, keepAs, held, async () => {
        // RACE: what a program without locks puts here between the last look and this rename is replaced.
        await this.#fs.rename(temp, target);
        return true;
      });
      if (!done) return STALE;
      if (keepAs === undefined) await this.#tickPast(target, now);
      await this.#folders.sync(folderOf(target));
      return this.#placed(target, stat, false);
    });
  }

  async remove(key: string, version: Version, keepAs: string | undefined, signal?: AbortSignal): Promise<DeleteResult> {
    const target = this.#keys.path(key);
    return withKeyLocks(this.#locks, [key], signal, async (held): Promise<DeleteResult> => {
      const now = await this.#keys.look(key);
      if (now === null) return { kind: 'done' };
      if (versionOf(now) !== version) return STALE;
      return (await this.#afterKeeping(target, now, keepAs, held, () => this.#takeAway(target, now, keepAs === undefined))) ? { kind: 'done' } : STALE;
    });
  }

  /** `dress` gets the file under its new name and may change its bits and times; it says whether it did. */
  async move(from: string, version: Version, to: string, dress: (path: string, moved: FileStat) => Promise<boolean>, signal?: AbortSignal): Promise<WriteResult> {
    const [source, target] = [this.#keys.path(from), this.#keys.path(to)];
    return withKeyLocks(this.#locks, [from, to], signal, async (held): Promise<WriteResult> => {
      const now = await this.#keys.look(from);
      if (now === null || versionOf(now) !== version) return STALE;
      const there = await this.#fs.lstat(target);
      const onlyCase = there !== null && sameFile(there, now) && from.normalize('NFC').toLowerCase() === to.normalize('NFC').toLowerCase();
      if (!(await held.still())) return STALE;
      const named = onlyCase ? 'no-links' : await this.#giveName(source, now, target);
      if (named === 'taken' || (named === 'no-links' && there !== null && !onlyCase)) return STALE;
      if (named === 'no-links') await this.#fs.rename(source, target);
      else if (!(await this.#holds(target, now))) {
        // A program without locks put another file at the source just before; that one stays where it is.
        await this.#fs.unlink(target);
        return STALE;
      } else await this.#takeAway(source, now, false);
      await this.#folders.sync(folderOf(target));
      if (folderOf(source) !== folderOf(target)) await this.#folders.sync(folderOf(source));
      // RACE: what a program without locks puts here after this look gets the bits of the file it replaces.
      if (!(await this.#holds(target, now)) || !(await dress(target, now))) return this.#placed(target, now, false);
      const dressed = await this.#fs.lstat(target);
      return this.#placed(target, dressed?.ino === now.ino && dressed.size === now.size ? dressed : now, false);
    });
  }

  /** Keeps `target` under a second name if asked to, makes sure that nothing changed, and then does the one step that takes its first name. */
  async #afterKeeping(target: string, now: FileStat, keepAs: string | undefined, held: Held, step: () => Promise<boolean>): Promise<boolean> {
    const kept = keepAs === undefined ? null : this.#keys.path(keepAs);
    const made = kept !== null && (await this.#keep(target, now, kept));
    const undo = async (): Promise<void> => {
      // Only while the content still has its first name.
      if (made && kept !== null && (await this.#holds(target, now))) await this.#fs.unlink(kept);
    };
    try {
      if (kept !== null && made) await this.#folders.sync(folderOf(kept));
      if ((await held.still()) && (await this.#holds(target, now)) && (await step())) return true;
    } catch (error) {
      await undo().catch(() => undefined);
      throw error;
    }
    await undo();
    return false;
  }

  /** A second name for what is at `target`; false when it had that one already. */
  async #keep(target: string, now: FileStat, kept: string): Promise<boolean> {
    const named = await this.#giveName(target, now, kept);
    if (named === 'done') return true;
    if (named === 'taken') {
      if (await this.#holds(kept, now)) return false;
      throw new SyncError('exists', 'another object is kept under that name already', { path: kept });
    }
    const temp = this.#temps.next();
    try {
      await this.copyDurably(target, temp);
      await this.#fs.setMtime(temp, now.mtimeNs).catch(ignoreUnsupported);
      if ((await this.#fs.lstat(kept)) !== null) throw new SyncError('exists', 'another object is kept under that name already', { path: kept });
      await this.#fs.rename(temp, kept);
      return true;
    } finally {
      await this.#fs.unlink(temp).catch(() => undefined);
    }
  }

  async copyDurably(from: string, temp: string): Promise<void> {
    await this.#fs.copyFile(from, temp);
    await this.#fs.chmod(temp, 0o600).catch(ignoreUnsupported);
    const copy = await this.#fs.openAppend(temp, 0o600);
    await copy.sync().finally(() => copy.close());
  }

  /** A second name, never in the place of another. A link is made anew: hard-linking one would, on some systems, link what it points to. */
  async #giveName(from: string, stat: FileStat, to: string): Promise<'done' | 'taken' | 'no-links'> {
    try {
      if (stat.kind === 'symlink') await this.#fs.symlink(await this.#fs.readLink(from), to);
      else await this.#fs.link(from, to);
      return 'done';
    } catch (error) {
      if (hasCode(error, 'exists')) return 'taken';
      if (stat.kind === 'file' && hasCode(error, 'not-supported', 'no-permission')) return 'no-links';
      throw error;
    }
  }

  /** Moves a file aside in one step, makes sure it was the one that was meant, and removes it; another is put back. */
  async #takeAway(target: string, expected: FileStat, lastName: boolean): Promise<boolean> {
    const aside = this.#temps.taken(expected);
    try {
      await this.#fs.rename(target, aside);
    } catch (error) {
      if (hasCode(error, 'not-found')) return false;
      throw error;
    }
    if (!(await this.#isMeant(aside, expected))) {
      await this.#putBack(aside, target);
      return false;
    }
    if (lastName) await this.#tickPast(aside, expected);
    await this.#fs.unlink(aside);
    await this.#folders.sync(folderOf(target));
    return true;
  }

  async #isMeant(aside: string, expected: FileStat): Promise<boolean> {
    const taken = await this.#need(aside);
    if (sameFile(taken, expected)) return true;
    if (!sameFile({ ...taken, ino: expected.ino }, expected)) return false;
    // Some file systems number a file anew with each rename; then its number says nothing.
    const again = this.#temps.taken(expected);
    await this.#fs.rename(aside, again);
    const renumbered = (await this.#need(again)).ino !== taken.ino;
    await this.#fs.rename(again, aside);
    return renumbered;
  }

  async #putBack(aside: string, target: string): Promise<void> {
    const stat = await this.#need(aside);
    const named = await this.#giveName(aside, stat, target);
    if (named === 'done') return this.#fs.unlink(aside);
    const free = named === 'no-links' && (await this.#fs.lstat(target)) === null;
    await this.#fs.rename(aside, free ? target : this.#temps.rescue(folderOf(target)));
  }

  /**
   * A file's inode number is free for the next file once it is gone, and the clock of a file system stands still for up to some milliseconds. What is at `path` gets a change time after `old`'s, so that no later
   * file under this key can be taken for `old` (ABA).
   */
  async #tickPast(path: string, old: FileStat): Promise<void> {
    for (let tries = 0; tries < 10; tries++) {
      const stat = await this.#fs.lstat(path);
      if (stat === null || stat.kind !== 'file' || stat.ctimeNs > old.ctimeNs) return;
      await this.#locks.clock.sleep(2);
      await this.#fs.chmod(path, stat.mode).catch(ignoreUnsupported);
    }
  }

  /** The version of what was just given its name. Where it was replaced already, a version that nobody will see again. */
  async #placed(target: string, stat: FileStat, keepsNumber: boolean): Promise<WriteResult> {
    const now = await this.#fs.lstat(target);
    const ours =
      now !== null && now.kind === stat.kind && now.size === stat.size && (stat.kind === 'symlink' || (now.mtimeNs === stat.mtimeNs && (!keepsNumber || now.ino === stat.ino)));
    return { kind: 'done', version: versionOf(ours ? now : stat) };
  }

  async #holds(path: string, expected: FileStat): Promise<boolean> {
    const stat = await this.#fs.lstat(path);
    if (stat === null) return false;
    return expected.kind === 'symlink' ? stat.kind === 'symlink' && stat.size === expected.size : sameFile(stat, expected);
  }

  async #need(path: string): Promise<FileStat> {
    const stat = await this.#fs.lstat(path);
    if (stat === null) throw new SyncError('not-found', `it is gone: ${path}`, { path });
    return stat;
  }
}

export function ignoreUnsupported(error: unknown): void {
  if (!hasCode(error, 'not-supported', 'no-permission')) throw error;
}
