import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Device, eventually, expectSound, treeOf, World } from './world.ts';

interface Verdict {
  readonly content: boolean;
  readonly counts: Readonly<Record<string, number>>;
  readonly findings: readonly { readonly severity: string; readonly kind: string; readonly path: string; readonly base: string | null; readonly next: string }[];
  readonly error?: { readonly code: string };
  readonly [more: string]: unknown;
}

let world: World;
let device: Device;
beforeEach(async () => {
  world = new World();
  device = world.device('laptop');
  device.write('docs/one.txt', 'one');
  device.write('two.txt', 'two');
  await device.sync();
});
afterEach(() => world.end());

const database = (): string => join(device.state, readdirSync(device.state).find((name) => name.endsWith('.db')) ?? '');

/** Runs `verify`, and sees to it that nothing at all was changed by it. */
async function verify(...args: readonly string[]): Promise<{ readonly exitCode: number; readonly found: readonly string[] } & Verdict> {
  const picture = (): unknown => [treeOf(device.source, true), treeOf(world.backup, true), readFileSync(database())];
  const before = picture();
  const verdict = await device.json<Verdict>('verify', ...args);
  expect(picture()).toEqual(before);
  return { ...verdict, found: verdict.findings?.map(({ severity, kind, path }) => `${severity} ${kind} ${path}`) ?? [] };
}

/** A change that leaves the time of change as it was. */
function unseen(name: string, change: (path: string) => void): void {
  const { atime, mtime } = statSync(device.path(name));
  change(device.path(name));
  utimesSync(device.path(name), atime, mtime);
}

function onDatabase(sql: string): void {
  const Database = createRequire(import.meta.url)('libsql') as new (file: string) => { exec(text: string): void; close(): void };
  const db = new Database(database());
  db.exec(sql);
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
}

describe('verify', () => {
  it('finds nothing on a pair in sync', async () => {
    await expectSound(device);
    expect(await verify()).toMatchObject({ exitCode: 0, content: true, checked: { base: 3, local: 3, remote: 3 }, found: [] });
    expect(await device.run('verify')).toMatchObject({ code: 0, out: 'Consistent: 3 paths agreed, 3 here, 3 in the backup, every content read\n', err: '' });
  });

  it('C2 S95 a file changed or cut off without its time of change: exit 1, and what the next sync would do', async () => {
    // Whole seconds survive being restored.
    for (const name of ['docs/one.txt', 'two.txt']) utimesSync(device.path(name), 1_700_000_000, 1_700_000_000);
    await device.sync();
    unseen('two.txt', (path) => writeFileSync(path, 'twO'));
    unseen('docs/one.txt', (path) => truncateSync(path, 1));
    const { exitCode, found, findings } = await verify('--state');
    expect({ exitCode, found }).toEqual({ exitCode: 1, found: ['damage local-changed-unseen docs/one.txt', 'damage local-changed-unseen two.txt'] });
    expect(findings[1]?.next).toBe('upload: edited here');
    const { code, out } = await device.run('verify');
    expect(code).toBe(1);
    expect(out).toContain('changed here without its time of change: two.txt\n  agreed     file, 3 bytes');
    expect(out).toContain('2 pending changes (file-sync list shows them)\n2 contents in doubt: ');
  });

  it('C50 rows of the state that were changed, taken away or put in', async () => {
    onDatabase(`UPDATE entries SET hash = '${'0'.repeat(64)}' WHERE path = 'two.txt'`);
    expect(await verify('--state')).toMatchObject({ exitCode: 1, found: ['damage remote-differs two.txt'] });
    expect(await verify()).toMatchObject({ exitCode: 1, found: ['damage base-damaged two.txt'] });
    await device.sync('--full');
    await expectSound(device);
    onDatabase("DELETE FROM entries WHERE path = 'two.txt'; INSERT INTO entries (path, kind, stamp, version) VALUES ('ghost', 'folder', 's', 'v')");
    expect(await verify('--state')).toMatchObject({ exitCode: 0, found: ['leftover base-orphan ghost', 'leftover base-missing two.txt'] });
    await device.sync();
    await expectSound(device);
  });

  it('C50 a state that cannot be read is told and left as it is', async () => {
    writeFileSync(database(), 'no database');
    expect(await verify('--state')).toMatchObject({ exitCode: 1, found: ['damage state-damaged the state store'] });
  });

  it('C46 an object changed by another program is pending, and no damage', async () => {
    writeFileSync(join(world.backup, 'two.txt'), 'by another program');
    expect(await verify()).toMatchObject({ exitCode: 0, found: [], counts: { pending: 1 } });
  });

  it('C49 temporary files of a run that died', async () => {
    mkdirSync(device.path('.file-sync/tmp'), { recursive: true });
    device.write('.file-sync/tmp/0123456789abcdef', 'half');
    expect(await verify('--state')).toMatchObject({ exitCode: 0, found: ['leftover leftover-file .file-sync/tmp/0123456789abcdef'] });
    await device.sync();
    await expectSound(device);
  });

  it('C15 lists what is left alone', async () => {
    spawnSync('mkfifo', [device.path('pipe')]);
    expect(await verify('--state')).toMatchObject({ exitCode: 0, found: ['unsyncable unsyncable pipe'], findings: [{ side: 'local', reason: 'special-file' }] });
  });
});

describe('verify exits with', () => {
  it('C38 3 while a conflict waits', async () => {
    const other = world.device('other');
    await other.sync();
    device.configure({ CONFLICT_RESOLUTION: 'manual' });
    device.write('two.txt', 'mine');
    other.write('two.txt', 'theirs');
    await other.sync();
    expect((await device.run('sync')).code).toBe(3);
    expect(await verify()).toMatchObject({ exitCode: 3, found: [], counts: { conflicts: 1 } });
  });

  it('C28 4 where the backup is away', async () => {
    renameSync(world.backup, `${world.backup}-away`);
    expect(await device.json('verify')).toMatchObject({ exitCode: 4, error: { code: 'unreachable' } });
  });

  it('C60 the File Sync that owns the folder does it between two syncs, and finds the same', async () => {
    utimesSync(device.path('two.txt'), 1_700_000_000, 1_700_000_000);
    await device.sync();
    // Never by itself within this test.
    const watching = device.start('watch', '--set', 'SYNC_SCHEDULE=0 0 1 1 *');
    await eventually('the watch to be there', () => watching.out().includes('next sync at'));
    await expectSound(device);
    unseen('two.txt', (path) => writeFileSync(path, '222'));
    expect(await device.json<Verdict>('verify')).toMatchObject({ exitCode: 1, content: true, findings: [{ path: 'two.txt', severity: 'damage' }] });
    expect(await device.json('verify', '--sample', '2')).toMatchObject({ exitCode: 0, sample: { files: 2, bytes: 6 } });
    watching.child.kill('SIGINT');
    await watching.ended;
  });
});

describe('a restore drill', () => {
  it('proves files of the backup, names one whose bytes are others under the recorded times, and status shows both', async () => {
    expect(await device.json('verify', '--sample', '100%')).toMatchObject({ exitCode: 0, sample: { files: 2, bytes: 6, passed: 0, failed: [] } });
    expect((await device.run('status')).out).toMatch(/Drill {6}2 files, 6 B fetched and proven/);
    expect((await device.run('verify', '--sample', 'all')).code).toBe(2);
    expect((await device.run('verify', '--sample', '2', '--state')).code).toBe(2);
  });
});
