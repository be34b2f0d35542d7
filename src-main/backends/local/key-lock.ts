import { hasCode, SyncError, throwIfAborted } from '../../core/errors.ts';
import type { Clock, NewHasher, Random } from '../../platform/clock.ts';
import type { Fs } from '../../platform/fs.ts';
import { readText } from '../../platform/text-file.ts';

/** A lock nobody touched for so long, by our own monotonic clock, is a dead process's. Work under a lock takes milliseconds. */
const STALE_MS = 10_000;
const WAIT_MS = 20;
const GIVE_UP_MS = 60_000;

export interface LockPorts {
  readonly fs: Fs;
  readonly clock: Clock;
  readonly random: Random;
  readonly newHasher: NewHasher;
  readonly folder: string;
  /** Tells this device's locks from others'; only one process at a time bears it. */
  readonly client: string;
}

export interface Held {
  /** Whether the locks are still ours. Asked right before the step that cannot be undone: a holder that slept too long has lost them. */
  still(): Promise<boolean>;
}

interface Lock {
  readonly file: string;
  /** What our lock file says; empty where the disk was too full even for that. */
  readonly mark: string;
}

/**
 * One writer a key: a plain folder has no compare-and-swap, so a check and the rename after it are done under a lock file made with O_EXCL. No clock of another machine is ever compared: a waiter breaks
 * a lock only after it saw the very same one for ten seconds, and breaks it by renaming, so two breakers cannot both win. Several keys are locked in one order for everybody, so no two wait for each other.
 */
export async function withKeyLocks<T>(ports: LockPorts, keys: readonly string[], signal: AbortSignal | undefined, work: (held: Held) => Promise<T>): Promise<T> {
  const files = [...new Set(keys.map((key) => lockFile(ports, key)))].sort();
  const locks: Lock[] = [];
  try {
    for (const file of files) locks.push(await acquire(ports, file, keys[0] ?? '', signal));
    return await work({
      still: async () => {
        for (const { file, mark } of locks) if ((await holderOf(ports.fs, file)) !== mark) return false;
        return true;
      },
    });
  } finally {
    for (const lock of locks) await release(ports.fs, lock).catch(() => undefined);
  }
}

/** Lets go of what an earlier run of this client held when it died. Before its first lock: later the locks would be its own. */
export async function releaseOwnLocks({ fs, folder, client }: LockPorts): Promise<void> {
  for (const { name, valid } of await listed(fs, folder)) {
    if (!valid) continue;
    const mark = await holderOf(fs, `${folder}/${name}`);
    if (mark?.startsWith(`${client}-`)) await release(fs, { file: `${folder}/${name}`, mark });
  }
}

async function listed(fs: Fs, folder: string): ReturnType<Fs['readDir']> {
  try {
    return await fs.readDir(folder);
  } catch (error) {
    if (hasCode(error, 'not-found', 'no-permission')) return [];
    throw error;
  }
}

/** Keys that a case- or normalisation-insensitive file system takes for one share a lock everywhere. */
function lockFile({ newHasher, folder }: LockPorts, key: string): string {
  const hasher = newHasher();
  hasher.update(Buffer.from(key.normalize('NFC').toLowerCase()));
  return `${folder}/${hasher.digest().slice(0, 40)}`;
}

async function acquire(ports: LockPorts, file: string, key: string, signal: AbortSignal | undefined): Promise<Lock> {
  const mine = `${ports.client}-${ports.random.id()}`;
  const began = ports.clock.monotonic();
  let seen = { holder: '', since: began };
  for (;;) {
    throwIfAborted(signal);
    const mark = await tryCreate(ports.fs, file, mine);
    if (mark !== null) return { file, mark };
    const holder = await holderOf(ports.fs, file);
    const now = ports.clock.monotonic();
    if (holder === null) continue;
    if (seen.holder !== holder) seen = { holder, since: now };
    else if (now - seen.since > STALE_MS) await breakLock(ports, file, holder);
    if (now - began > GIVE_UP_MS) throw new SyncError('busy', 'another device keeps the file locked in the backup folder', { path: key });
    await ports.clock.sleep(WAIT_MS, signal);
  }
}

/** RACE: between the look and the removal, a lock of ours that is ten seconds old may be broken and taken by another. */
async function release(fs: Fs, { file, mark }: Lock): Promise<void> {
  if ((await holderOf(fs, file)) === mark) await fs.unlink(file);
}

/** The mark of the lock we now hold, or null when it is somebody's. */
async function tryCreate(fs: Fs, file: string, mine: string): Promise<string | null> {
  try {
    const handle = await fs.create(file, 0o600);
    try {
      await handle.write(Buffer.from(mine));
      return mine;
    } catch (error) {
      // A full disk must not keep anybody from deleting: the file's being there is lock enough.
      if (hasCode(error, 'disk-full')) return '';
      await fs.unlink(file).catch(() => undefined);
      throw error;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (hasCode(error, 'exists')) return null;
    throw error;
  }
}

async function breakLock({ fs, random }: LockPorts, file: string, holder: string): Promise<void> {
  const aside = `${file}.broken-${random.id()}`;
  try {
    await fs.rename(file, aside);
    // RACE: the holder may have let go and another taken it since it was read; then its lock is put back, unless a third is faster. Who lost it so finds out by `still`.
    const taken = await holderOf(fs, aside);
    if (taken !== null && taken !== holder) await tryCreate(fs, file, taken);
    await fs.unlink(aside);
  } catch (error) {
    if (!hasCode(error, 'not-found')) throw error;
  }
}

/** Who holds it; an empty text while it is being written; null when it is free. */
async function holderOf(fs: Fs, file: string): Promise<string | null> {
  try {
    return await readText(fs, file);
  } catch (error) {
    if (hasCode(error, 'not-found')) return null;
    throw error;
  }
}
