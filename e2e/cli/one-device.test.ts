import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Device, expectSameTree, expectSound, World } from './world.ts';

let world: World;
let device: Device;
beforeEach(() => {
  world = new World();
  device = world.device('laptop');
});
afterEach(() => world.end());

describe('one device', () => {
  it('is set up, synced and asked how it is', async () => {
    const cwd = world.folder('elsewhere');
    device.write('docs/a.txt', 'hello');
    const env = { XDG_STATE_HOME: join(world.root, 'xdg') };
    const init = await world.run(['init', '--source', device.source, '--backup-dir', join(world.root, 'new'), '--create'], { cwd, env });
    expect(init, init.err).toMatchObject({ code: 0 });
    const sync = await world.run(['sync'], { cwd, env });
    expect(sync, sync.err).toMatchObject({ code: 0, out: expect.stringContaining('In sync: 1 created folder, 1 uploaded') });
    expect(readFileSync(join(world.root, 'new/docs/a.txt'), 'utf8')).toBe('hello');
    const status = await world.run(['status'], { cwd, env });
    expect(status).toMatchObject({ code: 0, out: expect.stringMatching(/State {6}In sync\nLast sync {2}\d+ s ago/) });
    expect(status.out).toContain('1 file, 5 B');
    const state = join(world.root, 'xdg/file-sync');
    expect(statSync(state).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(state)) expect([name, statSync(join(state, name)).mode & 0o077]).toEqual([name, 0]);
    expect(readFileSync(join(world.root, 'xdg/file-sync/logs/file-sync.log'), 'utf8')).toContain('"path":"docs/a.txt"');
  });

  it('C16 C17 C22 keeps names, links, folders, times and permissions', async () => {
    for (const name of ['with space', 'q\'u"o`te', 'per%cent', 'a+b&c#d?e', 'back\\slash', 'new\nline', '-dash', '.hidden', '😀', 'שלום', 'x'.repeat(255), 'ctrl\x01'])
      device.write(`names/${name}`, name);
    mkdirSync(device.path('empty/folder'), { recursive: true });
    device.write('empty file', '');
    device.write('script.sh', '#!/bin/sh\n');
    chmodSync(device.path('script.sh'), 0o750);
    utimesSync(device.path('script.sh'), 1_000_000_000, 1_000_000_000.123);
    symlinkSync('script.sh', device.path('link'));
    symlinkSync('/etc', device.path('link out'));
    symlinkSync('nowhere', device.path('dangling'));
    await device.sync();
    expectSameTree(device.source, world.backup);
    await expectSound(device);
    const again = await device.json<{ done: number }>('sync');
    expect(again).toMatchObject({ exitCode: 0, done: 0 });
  });

  it('a dry run changes nothing anywhere', async () => {
    device.write('a', '1');
    const dry = await device.json<{ planned: unknown[] }>('sync', '--dry-run');
    expect(dry.planned).toEqual([expect.objectContaining({ path: 'a', action: 'upload', direction: 'up', size: 1 })]);
    expect(existsSync(device.path('.file-sync'))).toBe(false);
    expect(existsSync(join(world.backup, '.file-sync'))).toBe(false);
    expect(existsSync(join(world.backup, 'a'))).toBe(false);
    expect((await device.run('list')).out).toContain('↑ upload a (1 B)');
  });

  it('I11 C30 the first pairing of two full sides is a union', async () => {
    device.write('same', 'equal');
    device.write('here', '1');
    const other = world.device('other');
    other.write('same', 'equal');
    other.write('there', '2');
    await other.sync();
    const sync = await device.json<{ bytesUp: number; bytesDown: number }>('sync');
    expect(sync).toMatchObject({ exitCode: 0, bytesUp: 1, bytesDown: 1 });
    expect(device.names()).toEqual(['here', 'same', 'there']);
  });

  it('C50 S97 the state can be deleted at any time: nothing is sent, nothing conflicts', async () => {
    for (let n = 0; n < 50; n++) device.write(`d${n % 5}/f${n}`, `content ${n}`);
    await device.sync();
    const before = device.names();
    rmSync(device.state, { recursive: true });
    expect(await device.json('sync')).toMatchObject({ exitCode: 0, bytesUp: 0, bytesDown: 0, done: 0 });
    expect(device.names()).toEqual(before);
    expectSameTree(device.source, world.backup);
    await expectSound(device);
  });

  it('C50 S96 a damaged state is set aside, told in the log, and costs nothing but a comparison', async () => {
    device.write('a.txt', 'a');
    await device.sync();
    const name = readdirSync(device.state).find((entry) => entry.endsWith('.db')) ?? '';
    writeFileSync(join(device.state, name), 'garbage');
    device.write('b.txt', 'b');
    expect(await device.json('sync')).toMatchObject({ exitCode: 0, done: 1, bytesUp: 1, conflicts: [] });
    expect(readdirSync(device.state).some((entry) => entry.startsWith(`${name}.damaged-`))).toBe(true);
    expect(readFileSync(join(device.state, 'logs/file-sync.log'), 'utf8')).toContain('the state was damaged');
  });

  it('C67 S60 a path that becomes ignored stays on both sides', async () => {
    device.write('a.log', '1');
    await device.sync();
    device.configure({ IGNORE_PATTERNS: '*.log' });
    await device.sync();
    expect(existsSync(device.path('a.log'))).toBe(true);
    expect(existsSync(join(world.backup, 'a.log'))).toBe(true);
    expect((await device.run('why', 'a.log')).out).toContain('left alone');
  });

  it('--path limits a sync to a folder', async () => {
    device.write('in/a', '1');
    device.write('out/b', '2');
    await device.sync('--path', 'in');
    expect(existsSync(join(world.backup, 'in/a'))).toBe(true);
    expect(existsSync(join(world.backup, 'out'))).toBe(false);
  });

  it('C2 --full finds a change that kept size and time', async () => {
    device.write('a', 'one');
    await device.sync();
    const { atime, mtime } = statSync(device.path('a'));
    device.write('a', 'two');
    utimesSync(device.path('a'), atime, mtime);
    await device.sync('--full');
    expect(readFileSync(join(world.backup, 'a'), 'utf8')).toBe('two');
  });
});
