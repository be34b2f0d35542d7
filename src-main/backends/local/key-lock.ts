import { hasCode, SyncError, throwIfAborted } from '../../core/errors.ts';
import type { Clock, NewHasher, Random } from '../../platform/clock.ts';
import type { Fs } from '../../platform/fs.ts';

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
}

/**
 * One writer a key: a plain folder has no compare-and-swap, so a check and the rename after it are done under a lock file made with O_EXCL. No clock of another machine is ever compared: a waiter breaks
 * a lock only after it saw the very same one for ten seconds, and breaks it by renaming, so two breakers cannot both win.
 */
export async function withKeyLock<T>(ports: LockPorts, key: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  const hasher = ports.newHasher();
  hasher.update(Buffer.from(key));
  const file = `${ports.folder}/${hasher.digest().slice(0, 40)}`;
  const mine = ports.random.id();
  await acquire(ports, file, mine, key, signal);
  try {
    return await work();
  } finally {
    if ((await holderOf(ports.fs, file)) === mine) await ports.fs.unlink(file).catch(() => undefined);
  }
}

async function acquire(ports: LockPorts, file: string, mine: string, key: string, signal: AbortSignal | undefined): Promise<void> {
  const began = ports.clock.monotonic();
  let seen = { holder: '', since: began };
  for (;;) {
    throwIfAborted(signal);
    if (await tryCreate(ports.fs, file, mine)) return;
    const holder = await holderOf(ports.fs, file);
    const now = ports.clock.monotonic();
    if (holder === null) continue;
    if (seen.holder !== holder) seen = { holder, since: now };
    else if (now - seen.since > STALE_MS) await breakLock(ports, file, holder);
    if (now - began > GIVE_UP_MS) throw new SyncError('busy', 'another device keeps the file locked in the backup folder', { path: key });
    await ports.clock.sleep(WAIT_MS, signal);
  }
}

async function tryCreate(fs: Fs, file: string, mine: string): Promise<boolean> {
  try {
    const handle = await fs.create(file, 0o600);
    await handle.write(Buffer.from(mine));
    await handle.close();
    return true;
  } catch (error) {
    if (hasCode(error, 'exists')) return false;
    throw error;
  }
}

async function breakLock({ fs, random }: LockPorts, file: string, holder: string): Promise<void> {
  const aside = `${file}.broken-${random.id()}`;
  try {
    await fs.rename(file, aside);
    // RACE: the holder may have let go and another taken it since it was read; then its lock is put back, unless a third is faster.
    if ((await holderOf(fs, aside)) !== holder) await fs.link(aside, file).catch(() => undefined);
    await fs.unlink(aside);
  } catch (error) {
    if (!hasCode(error, 'not-found')) throw error;
  }
}

/** Who holds it; an empty text while it is being written; null when it is free. */
async function holderOf(fs: Fs, file: string): Promise<string | null> {
  try {
    const handle = await fs.openRead(file);
    try {
      const buffer = new Uint8Array(64);
      return Buffer.from(buffer.subarray(0, await handle.read(buffer, 0))).toString();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (hasCode(error, 'not-found')) return null;
    throw error;
  }
}
