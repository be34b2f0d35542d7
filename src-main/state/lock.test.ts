import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { nodeClock } from '../platform/node-clock.ts';
import { nodeFs } from '../platform/node-fs.ts';
import { acquireLock, currentHolder, describeHolder } from './lock.ts';

const me = { pid: process.pid, host: 'here', kind: 'cli' as const };
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'file-sync-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const options = () => ({ file: join(folder, 'pair.lock'), fs: nodeFs(), clock: { ...nodeClock, now: () => 1_795_410_000_000 } });

/** Another process that takes the guard as an engine does, and keeps it until it is killed. */
async function otherProcess(file: string): Promise<{ kill(): Promise<void>; pid: number }> {
  const libsql = createRequire(import.meta.url).resolve('libsql');
  const script = `const d = new (require(${JSON.stringify(libsql)}))(${JSON.stringify(`${file}-guard`)}); d.exec('BEGIN IMMEDIATE'); process.stdout.write('held'); setInterval(() => d, 1000);`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  writeFileSync(file, JSON.stringify({ pid: child.pid, host: 'there', kind: 'app', since: 1_795_000_000_000 }));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    pid: child.pid ?? 0,
    kill: () => {
      child.kill('SIGKILL');
      return ended;
    },
  };
}

describe('C60 S99 the lock', () => {
  it('C55 that could not be named, for the disk is full, keeps nobody out', async () => {
    const full = new SyncError('disk-full', 'no room');
    const fs = nodeFs();
    const create = fs.create.bind(fs);
    vi.spyOn(fs, 'create').mockImplementation((path, mode) => (path.endsWith('.new') ? Promise.reject(full) : create(path, mode)));
    await expect(acquireLock({ ...options(), fs }, me)).rejects.toBe(full);
    expect(await currentHolder(options())).toBeNull();
    await (await acquireLock(options(), me)).release();
  });

  it('keeps a second engine out and names the first', async () => {
    const lock = await acquireLock(options(), me);
    await expect(acquireLock(options(), { ...me, kind: 'app' })).rejects.toMatchObject({ code: 'locked', message: expect.stringContaining(`process ${process.pid} on here`) });
    await lock.release();
    const second = await acquireLock(options(), { ...me, kind: 'app' });
    expect(await currentHolder(options())).toEqual({ ...me, kind: 'app', since: 1_795_410_000_000 });
    await second.release();
    expect(await currentHolder(options())).toBeNull();
  });

  it('of another process is respected, and gone the moment that process is killed, whatever the file says', async () => {
    const other = await otherProcess(options().file);
    await expect(acquireLock(options(), me)).rejects.toMatchObject({ code: 'locked', message: expect.stringContaining(`the File Sync app (process ${other.pid} on there`) });
    expect(await currentHolder(options())).toMatchObject({ pid: other.pid, kind: 'app' });
    await other.kill();
    expect(await currentHolder(options())).toBeNull();
    const lock = await acquireLock(options(), me);
    expect(JSON.parse(readFileSync(options().file, 'utf8'))).toMatchObject({ pid: process.pid });
    await lock.release();
  });

  it('is free where the file of a dead holder lies about', async () => {
    writeFileSync(options().file, JSON.stringify({ ...me, since: 1 }));
    expect(await currentHolder(options())).toBeNull();
    await (await acquireLock(options(), me)).release();
  });

  it('is got by exactly one of many at once', async () => {
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => acquireLock(options(), me)));
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBe(1);
  });

  it('is held although the file that names the holder is unreadable', async () => {
    const lock = await acquireLock(options(), me);
    writeFileSync(options().file, 'garbage');
    await expect(acquireLock(options(), me)).rejects.toMatchObject({ code: 'locked' });
    await lock.release();
  });

  it('is looked for without leaving anything behind', async () => {
    expect(await currentHolder({ ...options(), file: join(folder, 'never') })).toBeNull();
  });

  it('names a holder in words', () => {
    expect(describeHolder({ ...me, pid: 12, since: 0 })).toBe('another file-sync command (process 12 on here, since 1970-01-01T00:00:00.000Z)');
  });
});
