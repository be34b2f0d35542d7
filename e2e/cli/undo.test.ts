import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Device, eventually, expectSameTree, expectSound, treeOf, World } from './world.ts';

let world: World;
let desk: Device;
let laptop: Device;
beforeEach(() => {
  world = new World();
  desk = world.device('desk');
  laptop = world.device('laptop');
});
afterEach(() => world.end());

interface Runs {
  readonly runs: readonly { readonly run: number; readonly id: string; readonly changes: number }[];
}

describe('undo on the command line', () => {
  it('shows what it would do, takes back the last run on both sides, and is itself undone', async () => {
    desk.write('report.txt', 'draft');
    desk.write('gone.txt', 'still needed');
    await desk.sync();
    await laptop.sync();
    laptop.write('report.txt', 'rewritten');
    laptop.write('new.txt', 'made there');
    rmSync(laptop.path('gone.txt'));
    await laptop.sync();
    await desk.sync();
    const after = treeOf(desk.source);
    const preview = await desk.json<{ planned: { kind: string; path: string }[]; done: number }>('undo', '--dry-run');
    expect(preview).toMatchObject({ exitCode: 0, done: 0 });
    expect(preview.planned.map(({ kind, path }) => `${kind} ${path}`).sort()).toEqual(['remove new.txt', 'write gone.txt', 'write report.txt']);
    expect(treeOf(desk.source)).toEqual(after);
    const undone = await desk.run('undo');
    expect(undone, undone.err).toMatchObject({ code: 0, out: expect.stringMatching(/^Undoing the run of .*: 3 changes\.\n(?:.|\n)*3 changes done and synced/) });
    expect([desk.read('report.txt'), desk.read('gone.txt'), desk.names()]).toEqual(['draft', 'still needed', ['gone.txt', 'report.txt']]);
    expectSameTree(desk.source, world.backup);
    const { activity } = await desk.json<{ activity: { path: string; reason: string }[] }>('activity', '--limit', '3');
    expect(activity.map(({ path, reason }) => `${path} ${reason}`).sort()).toEqual(['gone.txt', 'new.txt', 'report.txt'].map((path) => `${path} undone on the user’s word`));
    await laptop.sync();
    expectSameTree(desk.source, laptop.source);
    expect(await desk.json('undo')).toMatchObject({ exitCode: 0, done: 3 });
    expect(treeOf(desk.source)).toEqual(after);
    await expectSound(desk);
  });

  it('takes back an earlier run by its number, and leaves what came after it', async () => {
    desk.write('a.txt', 'one');
    desk.write('b.txt', 'one');
    await desk.sync();
    desk.write('a.txt', 'two');
    await desk.sync();
    desk.write('b.txt', 'two');
    await desk.sync();
    const { runs } = await desk.json<Runs>('undo', '--list');
    expect(runs.map(({ run, changes }) => [run, changes])).toEqual([
      [1, 1],
      [2, 1],
      [3, 2],
    ]);
    expect((await desk.run('undo', '--run', '2')).code).toBe(0);
    expect([desk.read('a.txt'), desk.read('b.txt')]).toEqual(['one', 'two']);
    expect((await desk.run('undo', '--run', '99')).code).toBe(2);
    expectSameTree(desk.source, world.backup);
  });

  it('takes back a run that was killed -9 in the middle', async () => {
    const FILES = 300;
    for (let i = 0; i < FILES; i++) desk.write(`d${i % 10}/f${i}`, `old ${i}`);
    await desk.sync();
    await laptop.sync();
    const before = treeOf(desk.source);
    for (let i = 0; i < FILES; i++) laptop.write(`d${i % 10}/f${i}`, `new ${i} ${'.'.repeat(20_000)}`);
    await laptop.sync();
    const isNew = (): number => [...treeOf(desk.source).values()].filter((content) => Buffer.isBuffer(content) && content.subarray(0, 3).toString() === 'new').length;
    const running = desk.start('sync');
    await eventually('some files have come', () => isNew() > 20);
    running.child.kill('SIGKILL');
    await running.ended;
    expect(isNew()).toBeGreaterThan(20);
    // The sync that finishes the work counts with it as one run.
    expect((await desk.run('undo')).code).toBe(0);
    expect(treeOf(desk.source)).toEqual(before);
    expectSameTree(desk.source, world.backup);
    await laptop.sync();
    expectSameTree(desk.source, laptop.source);
    await expectSound(desk);
  });
});
