import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Device, isRoot, ORDINARY_USER, treeOf, World } from './world.ts';

let world: World;
let device: Device;
beforeEach(() => {
  world = new World();
  device = world.device('laptop');
  device.write('a.txt', 'a');
});
afterEach(() => world.end());

/** Nothing was written: neither side is marked. */
const untouched = (): void => {
  expect(existsSync(device.path('.file-sync'))).toBe(false);
  expect([...treeOf(world.backup, true).keys()]).toEqual([]);
};

describe('exit code 2, nothing touched', () => {
  it.each<[string, Record<string, string>, string]>([
    ['an unknown setting', { WATCHDIR: '/x' }, 'WATCHDIR (line 5 of'],
    ['a malformed number', { MAX_CONCURRENT: 'many' }, 'must be a whole number from 1 to 64'],
    ['C70 a key of 31 bytes', { ENCRYPTION_KEY: 'k'.repeat(31) }, 'ENCRYPTION_KEY (line 5 of'],
    ['hidden names in a vault that is not encrypted', { ENCRYPT_NAMES: 'true' }, 'ENCRYPT_NAMES is for a vault that is encrypted'],
    ['another backend', { BACKEND_TYPE: 'gdrive' }, 'not available in this version'],
    ['a missing source', { WATCH_DIR: '/nowhere/at/all' }, 'there is no folder /nowhere/at/all'],
  ])('for %s', async (_name, settings, message) => {
    device.configure(settings);
    for (const command of ['sync', 'watch', 'status', 'list']) {
      const { code, err } = await device.run(command);
      expect(err).toContain(message);
      expect(err).not.toContain('kkkk');
      expect(code).toBe(2);
    }
    untouched();
  });

  it('for a source that is a file', async () => {
    device.configure({ WATCH_DIR: device.path('a.txt') });
    expect(await device.run('sync')).toMatchObject({ code: 2, err: expect.stringContaining('is not a folder') });
  });

  it('C29 for folders of which one lies in the other, symlinks included', async () => {
    mkdirSync(device.path('inner'));
    symlinkSync(device.path('inner'), join(world.root, 'link'));
    for (const target of [device.path('inner'), device.source, join(world.root, 'link'), join(world.root, 'laptop')]) {
      device.configure({ BACKUP_DIR: target });
      expect(await device.json('sync')).toMatchObject({ exitCode: 2, error: { code: 'overlap' } });
    }
    untouched();
  });

  it('C29 for a source inside another pair, and one around it', async () => {
    await device.sync();
    const inner = world.device('inner', { WATCH_DIR: world.folder('laptop/source/inner'), BACKUP_DIR: world.folder('b2') });
    expect(await inner.json('sync')).toMatchObject({ exitCode: 2, error: { code: 'overlap' } });
    const outer = world.device('outer', { WATCH_DIR: join(world.root, 'laptop'), BACKUP_DIR: world.folder('b3'), STATE_DIR: join(world.root, 'outer-state') });
    expect(await outer.json('sync')).toMatchObject({ exitCode: 2, error: { code: 'overlap' } });
  });

  it('for wrong usage', async () => {
    for (const args of [['bogus'], ['sync', '--nonsense'], []]) expect(await world.run(args)).toMatchObject({ code: 2 });
  });

  it('C50 S40 for a state of a newer version', async () => {
    await device.sync();
    const file = readdirSync(device.state).find((name) => name.endsWith('.db')) ?? '';
    const Database = createRequire(import.meta.url)('libsql') as new (file: string) => { exec(sql: string): void; close(): void };
    const db = new Database(join(device.state, file));
    db.exec('PRAGMA user_version = 99');
    db.close();
    expect(await device.json('sync')).toMatchObject({ exitCode: 2, error: { code: 'state-newer' } });
  });
});

describe('exit code 1', () => {
  const root = isRoot ? it : it.skip;
  root('C13 for a file and a folder that may not be read; the rest is synced, and nothing is deleted (needs root, to become an ordinary user)', async () => {
    device.write('folder/b.txt', 'b');
    await device.sync();
    device.write('c.txt', 'c');
    spawnSync('chown', ['-R', String(ORDINARY_USER), world.root]);
    chmodSync(device.path('a.txt'), 0);
    chmodSync(device.path('folder'), 0);
    device.write('a2.txt', 'x');
    spawnSync('chown', ['-R', String(ORDINARY_USER), device.path('a2.txt')]);
    const { code, out } = await world.run(['sync', '--full', '--config', device.config], { uid: ORDINARY_USER });
    expect(out).toContain('cannot sync folder: unreadable');
    expect(code).toBe(1);
    expect([...treeOf(world.backup).keys()].sort()).toEqual(['a.txt', 'a2.txt', 'c.txt', 'folder', 'folder/b.txt']);
  });

  root('for a source that may not be entered (needs root, to become an ordinary user)', async () => {
    chmodSync(device.source, 0o700);
    expect(await world.run(['sync', '--config', device.config, '--set', `STATE_DIR=/tmp/file-sync-none-${process.pid}`], { uid: ORDINARY_USER })).toMatchObject({
      code: 1,
      err: expect.stringContaining('may not be read'),
    });
  });

  it('C15 not for a FIFO: it is left out and named', async () => {
    spawnSync('mkfifo', [device.path('pipe')]);
    expect(await device.run('sync')).toMatchObject({ code: 0, out: expect.stringContaining('left out pipe: special-file') });
  });
});

describe('exit code 3', () => {
  it('I8 C26 for mass deletion, which is held until --yes; the rest goes on', async () => {
    for (let n = 0; n < 80; n++) device.write(`many/${n}`, `content ${n}`);
    await device.sync();
    rmSync(device.path('many'), { recursive: true });
    device.write('new.txt', 'goes on');
    const held = await device.run('sync');
    expect(held).toMatchObject({ code: 3, out: expect.stringContaining('held') });
    expect(existsSync(join(world.backup, 'many/79'))).toBe(true);
    expect(existsSync(join(world.backup, 'new.txt'))).toBe(true);
    expect((await device.run('status')).code).toBe(3);
    expect(await device.run('sync', '--yes')).toMatchObject({ code: 0 });
    expect(existsSync(join(world.backup, 'many'))).toBe(false);
  });
});

describe('exit code 4', () => {
  it('C28 for a backup folder that is not there; nothing is created in its place', async () => {
    await device.sync();
    renameSync(world.backup, `${world.backup}-away`);
    for (const command of ['sync', 'list', 'status']) expect(await device.run(command), command).toMatchObject({ code: 4 });
    expect(existsSync(world.backup)).toBe(false);
    expect(device.read('a.txt')).toBe('a');
    renameSync(`${world.backup}-away`, world.backup);
    await device.sync();
  });

  it('C26 C27 S54 S143 for an emptied backup folder (an unmounted drive): nothing is deleted here', async () => {
    await device.sync();
    renameSync(world.backup, `${world.backup}-away`);
    mkdirSync(world.backup);
    expect(await device.json('sync')).toMatchObject({ exitCode: 4, error: { code: 'remote-missing' } });
    expect(device.read('a.txt')).toBe('a');
  });

  it('C27 S54 S143 for the backup of somebody else', async () => {
    await device.sync();
    const other = world.device('other', { BACKUP_DIR: world.folder('b2') });
    await other.sync();
    device.configure({});
    renameSync(world.backup, `${world.backup}-away`);
    renameSync(join(world.root, 'b2'), world.backup);
    expect(await device.json('sync')).toMatchObject({ exitCode: 4, error: { code: 'remote-replaced' } });
  });
});

describe('a source that is gone', () => {
  it('C26 S46 emptied (an unmounted drive) it is refused, and nothing is deleted in the backup', async () => {
    await device.sync();
    renameSync(device.source, `${device.source}-away`);
    mkdirSync(device.source);
    expect(await device.json('sync')).toMatchObject({ exitCode: 2, error: { code: 'root-replaced' } });
    rmSync(device.source, { recursive: true });
    writeFileSync(device.source, 'a file instead');
    expect(await device.json('sync')).toMatchObject({ exitCode: 2 });
    expect(existsSync(join(world.backup, 'a.txt'))).toBe(true);
  });
});
