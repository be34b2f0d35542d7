import Database from 'libsql';
import { z } from 'zod';
import { hasCode, SyncError } from '../core/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Fs } from '../platform/fs.ts';
import { readText, writeText } from '../platform/text-file.ts';
import { isBusy, stateError } from './sqlite-errors.ts';

/** Who keeps a folder's engine. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly kind: 'app' | 'cli' | 'library';
  /** ms since the epoch. */
  readonly since: number;
}

export interface Lock {
  release(): Promise<void>;
}

export interface LockOptions {
  /** Text that names the holder; the lock itself is on `<file>-guard`. */
  readonly file: string;
  readonly fs: Fs;
  readonly clock: Clock;
}

/** Somebody who only asks for the holder keeps the guard for a moment; so a refusal is believed after so many tries. */
const TRIES = 5;
const PAUSE_MS = 60;

/**
 * Keeps two engines off one folder (C60). The lock is the operating system's own on the guard file, taken through SQLite: it ends with the process, however that ends, so it can never be stale,
 * and no process id is ever mistaken for another's. Throws `locked` and names the holder.
 */
export async function acquireLock(options: LockOptions, me: Omit<Holder, 'since'>): Promise<Lock> {
  const { file, fs, clock } = options;
  await makeGuardFile(options);
  const guard = await tryGuard(options);
  if (guard === null) throw lockedBy(await readHolder(options), file);
  const release = async () => {
    await fs.unlink(file).catch(() => undefined);
    guard.exec('ROLLBACK');
    guard.close();
  };
  try {
    await writeText(fs, file, `${JSON.stringify({ ...me, since: clock.now() } satisfies Holder)}\n`, 0o600);
  } catch (error) {
    // Nobody is kept out by a lock that nobody has.
    await release();
    throw error;
  }
  return { release };
}

/** Who holds the folder now; null when nobody does. */
export async function currentHolder(options: LockOptions): Promise<Holder | null> {
  if ((await options.fs.lstat(`${options.file}-guard`)) === null) return null;
  const guard = await tryGuard(options);
  if (guard === null) return readHolder(options);
  guard.exec('ROLLBACK');
  guard.close();
  return null;
}

/** For this user alone from the first moment. */
async function makeGuardFile({ file, fs }: LockOptions): Promise<void> {
  try {
    await (await fs.create(`${file}-guard`, 0o600)).close();
  } catch (error) {
    if (!hasCode(error, 'exists')) throw error;
  }
}

async function tryGuard({ file, clock }: LockOptions): Promise<Database.Database | null> {
  for (let attempt = 1; ; attempt++) {
    let guard: Database.Database | null = null;
    try {
      guard = new Database(`${file}-guard`);
      guard.exec('BEGIN IMMEDIATE');
      return guard;
    } catch (error) {
      guard?.close();
      if (!isBusy(error)) throw stateError(error, file);
      if (attempt === TRIES) return null;
      await clock.sleep(PAUSE_MS);
    }
  }
}

const holderSchema = z.object({ pid: z.number(), host: z.string(), kind: z.enum(['app', 'cli', 'library']), since: z.number() });

/** The holder writes its name right after it got the guard; unreadable text means that very moment. */
async function readHolder({ file, fs, clock }: LockOptions): Promise<Holder> {
  try {
    return holderSchema.parse(JSON.parse(await readText(fs, file)));
  } catch {
    return { pid: 0, host: 'this computer', kind: 'cli', since: clock.now() };
  }
}

export function describeHolder({ pid, host, kind, since }: Holder): string {
  const what = { app: 'the File Sync app', cli: 'another file-sync command', library: 'a program that uses file-sync' }[kind];
  return pid === 0 ? 'another File Sync process that is just starting' : `${what} (process ${pid} on ${host}, since ${new Date(since).toISOString()})`;
}

export function lockedBy(holder: Holder, path: string): SyncError {
  return new SyncError('locked', `this folder is in use by ${describeHolder(holder)}`, {
    path,
    hint: 'Stop it first, or let it do the work. `file-sync status`, `list`, `conflicts` and `why` work meanwhile.',
  });
}
