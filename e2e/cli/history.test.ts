import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Device, expectSameTree, expectSound, World } from './world.ts';

let world: World;
let device: Device;
beforeEach(() => {
  world = new World();
  device = world.device('laptop');
});
afterEach(() => world.end());

/** An instant by the clock of the disk, with room on both sides. */
async function instant(): Promise<string> {
  await wait(50);
  const now = new Date().toISOString();
  await wait(50);
  return now;
}

async function madeHistory(): Promise<string> {
  device.write('docs/report.txt', 'first draft');
  device.write('docs/script.sh', '#!/bin/sh');
  chmodSync(device.path('docs/script.sh'), 0o750);
  device.write('gone.txt', 'deleted later');
  device.write('old-name.txt', 'renamed later');
  symlinkSync('gone.txt', device.path('link'));
  mkdirSync(device.path('empty'));
  await device.sync();
  const then = await instant();
  device.write('docs/report.txt', 'second draft');
  rmSync(device.path('gone.txt'));
  rmSync(device.path('empty'), { recursive: true });
  writeFileSync(device.path('new-name.txt'), readFileSync(device.path('old-name.txt')));
  rmSync(device.path('old-name.txt'));
  device.write('later/new.txt', 'made later');
  await device.sync();
  return then;
}

describe('the past on the command line', () => {
  it('lists what is kept of a file, and brings one version back', async () => {
    const then = await madeHistory();
    const listed = await device.json<{ versions: { id: string; size: number; device: string; ended: string; from: number }[] }>('versions', 'docs/report.txt');
    expect(listed).toMatchObject({
      exitCode: 0,
      versions: [
        { size: 12, ended: 'is-there', device: 'laptop' },
        { size: 11, ended: 'replaced', device: 'laptop' },
      ],
    });
    expect(listed.versions[1]?.from).toBeLessThan(Date.parse(then));
    expect((await device.run('versions', 'docs/report.txt')).out).toMatch(/2 kept.*\n.*12 B, by laptop; there now.*\n.*11 B, by laptop; replaced/);
    const back = await device.json('restore', 'docs/report.txt', '--version', listed.versions[1]?.id ?? '?');
    expect(back).toMatchObject({ exitCode: 0, done: 1, left: [] });
    expect(readFileSync(device.path('docs/report.txt'), 'utf8')).toBe('first draft');
    expect(readFileSync(join(world.backup, 'docs/report.txt'), 'utf8')).toBe('first draft');
    expect((await device.json<{ versions: unknown[] }>('versions', 'docs/report.txt')).versions).toHaveLength(3);
    await expectSound(device);
  });

  it('restores the folder to a date in place, after showing what it would do', async () => {
    const then = await madeHistory();
    const dry = await device.json<{ planned: { kind: string; path: string }[] }>('restore', '--date', then, '--dry-run');
    expect(dry.planned.map(({ kind, path }) => `${kind} ${path}`)).toEqual(
      expect.arrayContaining(['write docs/report.txt', 'write gone.txt', 'make-folder empty', 'move new-name.txt', 'remove later/new.txt', 'remove-folder later']),
    );
    expect(existsSync(device.path('gone.txt'))).toBe(false);
    const restored = await device.run('restore', '--date', then);
    expect(restored, restored.err).toMatchObject({ code: 0, out: expect.stringMatching(/^As of 20\d\d-.*, by the store's clock\.(?:.|\n)*changes done and synced/) });
    expect(readFileSync(device.path('docs/report.txt'), 'utf8')).toBe('first draft');
    expect(readFileSync(device.path('old-name.txt'), 'utf8')).toBe('renamed later');
    expect([existsSync(device.path('new-name.txt')), existsSync(device.path('later')), existsSync(device.path('empty'))]).toEqual([false, false, true]);
    expectSameTree(device.source, world.backup);
    expect((await device.json('restore', '--date', then)).exitCode).toBe(0);
    await expectSound(device);
  });

  it('restores into another folder, without a synced folder of its own, and goes on where it was interrupted', async () => {
    const then = await madeHistory();
    const to = join(world.root, 'then');
    const env = { BACKUP_DIR: world.backup, XDG_STATE_HOME: join(world.root, 'fresh') };
    const restored = await world.run(['restore', '--date', then, '--to', to], { env });
    expect(restored, restored.err).toMatchObject({ code: 0 });
    expect(readdirSync(to).sort()).toEqual(['docs', 'empty', 'gone.txt', 'link', 'old-name.txt']);
    expect(readFileSync(join(to, 'docs/report.txt'), 'utf8')).toBe('first draft');
    expect(statSync(join(to, 'docs/script.sh')).mode & 0o777).toBe(0o750);
    rmSync(join(to, 'gone.txt'));
    writeFileSync(join(to, 'docs/report.txt'), 'mine');
    const again = await world.run(['--json', 'restore', '--date', then, '--to', to], { env });
    expect(JSON.parse(again.out)).toMatchObject({ exitCode: 1, planned: [{ kind: 'write', path: 'gone.txt' }], done: 1, left: [{ path: 'docs/report.txt' }] });
    expect(readFileSync(join(to, 'docs/report.txt'), 'utf8')).toBe('mine');
    expect(readFileSync(join(to, 'gone.txt'), 'utf8')).toBe('deleted later');
  });

  it('C75 refuses a time before the first sync, one in the future and one that is none', async () => {
    const then = await madeHistory();
    for (const date of ['2001-02-03', '2999-01-01', 'soon']) {
      const refused = await device.run('restore', '--date', date);
      expect([refused.code, refused.err]).toEqual([2, expect.stringMatching(/nothing is known|lies in the future|is no time/)]);
    }
    const folder = await device.json('restore', '--date', then, '--path', 'docs', '--dry-run');
    expect(folder).toMatchObject({ exitCode: 0, planned: [{ kind: 'write', path: 'docs/report.txt' }] });
    expect((await device.run('versions', 'nothing/here')).code).toBe(2);
    expect((await device.run('restore', 'docs')).code).toBe(2);
  });

  it('lists the trash and puts things back from it', async () => {
    await madeHistory();
    const other = world.device('desk');
    await other.sync();
    other.write('docs/report.txt', 'from the desk');
    rmSync(other.path('new-name.txt'));
    await other.sync();
    await device.sync();
    const trash = await device.json<{ items: { path: string; batch: string }[] }>('trash');
    expect(trash.items.map(({ path }) => path).sort()).toEqual(['docs/report.txt', 'new-name.txt']);
    expect((await device.run('trash', 'restore', 'new-name.txt')).code).toBe(0);
    expect(readFileSync(device.path('new-name.txt'), 'utf8')).toBe('renamed later');
    expect(await device.json('trash', 'restore', 'docs')).toMatchObject({ exitCode: 0, done: 1 });
    expect(readFileSync(device.path('docs/report.txt'), 'utf8')).toBe('second draft');
    await other.sync();
    expectSameTree(device.source, other.source);
    expect((await device.run('status')).out).toMatch(/Versions {3}\d+ kept versions?, \d+ B/);
  });
});
