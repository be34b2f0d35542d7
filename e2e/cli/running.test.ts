import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { converge, type Device, described, eventually, expectSameTree, expectSound, type Running, World } from './world.ts';

let world: World;
let a: Device;
let b: Device;
beforeEach(async () => {
  world = new World();
  a = world.device('desk');
  b = world.device('laptop');
  a.write('first.txt', '1');
  await a.sync();
  await b.sync();
});
afterEach(() => world.end());

async function watching(device: Device): Promise<Running> {
  const running = device.start('watch');
  await eventually('the first sync', () => running.out().includes('Up to date'));
  return running;
}

async function interrupt(running: Running, signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
  running.child.kill(signal);
  expect(await running.ended).toMatchObject({ code: 130, signal: null });
}

describe('watch', () => {
  it('carries changes from one device to the other, both ways, and ends at Ctrl-C', async () => {
    const first = await watching(a);
    const second = await watching(b);
    a.write('new/from-desk.txt', 'x');
    await eventually('a file on the other side', () => existsSync(b.path('new/from-desk.txt')));
    b.write('first.txt', 'edited on the laptop');
    await eventually('an edit on the other side', () => a.read('first.txt') === 'edited on the laptop');
    a.remove('new/from-desk.txt');
    await eventually('a deletion on the other side', () => !existsSync(b.path('new/from-desk.txt')));
    await interrupt(first);
    await interrupt(second, 'SIGTERM');
    await converge(a, b);
  });

  it('C28 waits for a backup folder that goes away and goes on when it is back; nothing is deleted meanwhile', async () => {
    const running = await watching(a);
    renameSync(world.backup, `${world.backup}-away`);
    a.write('meanwhile.txt', 'x');
    await eventually('that it notices', () => running.out().includes('Waiting for local:'), 45_000);
    expect(a.read('first.txt')).toBe('1');
    renameSync(`${world.backup}-away`, world.backup);
    await eventually('the upload', () => existsSync(join(world.backup, 'meanwhile.txt')), 75_000);
    await interrupt(running);
    await converge(a, b);
  });

  it('prints a JSON document a line', async () => {
    const running = a.start('watch', '--json');
    await eventually('the first cycle', () => running.out().includes('"event":"cycle"'));
    a.write('new.txt', 'x');
    await eventually('the upload', () => running.out().includes('"path":"new.txt"'));
    await interrupt(running);
    const events = running
      .out()
      .trim()
      .split('\n')
      .map((line) => described(line));
    expect(events).toContainEqual(expect.objectContaining({ event: 'action', action: 'upload', direction: 'up' }));
  });

  it('C60 S99 keeps a second engine out, which says who it is; looking still works', async () => {
    const running = await watching(a);
    const { code, err } = await a.run('watch');
    expect(code).toBe(5);
    expect(err).toContain(`another file-sync command (process ${running.child.pid} on `);
    // A single sync is done by the owner.
    await a.sync();
    expect(await a.run('status')).toMatchObject({ code: 0, out: expect.stringContaining(`process ${running.child.pid}`) });
    for (const args of [['list'], ['conflicts'], ['why', 'first.txt'], ['sync', '--dry-run']]) expect((await a.run(...args)).code, args[0]).toBe(0);
    running.child.kill('SIGKILL');
    await running.ended;
    await a.sync();
  });

  it('C60 S99 keeps out an engine with another state folder too, for as long as it lives', async () => {
    await a.sync();
    const running = await watching(a);
    const elsewhere = ['--set', `STATE_DIR=${join(world.root, 'another-state')}`];
    const { code, err } = await a.run('sync', ...elsewhere);
    expect(code).toBe(5);
    expect(err).toContain(`another file-sync command (process ${running.child.pid} on `);
    running.child.kill('SIGKILL');
    await running.ended;
    await a.sync(...elsewhere);
  });

  it('writes a log of its decisions', async () => {
    await interrupt(await watching(a));
    const lines = readFileSync(join(a.state, 'logs/file-sync.log'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toContainEqual(
      expect.objectContaining({ msg: 'plan', path: 'first.txt', action: 'upload', reason: expect.any(String), cycle: expect.any(String), base: null, remote: null }),
    );
  });
});

describe('an interrupted sync', () => {
  it('ends with 130 and leaves no half file; the next one goes on', async () => {
    for (let n = 0; n < 400; n++) a.write(`many/${n}`, Buffer.alloc(40_000, `${n} `));
    const running = a.start('sync');
    await eventually('the first uploads', () => existsSync(join(world.backup, 'many/0')) || running.child.exitCode !== null);
    running.child.kill('SIGINT');
    const { code } = await running.ended;
    expect([0, 130]).toContain(code);
    for (let n = 0; n < 400; n++) {
      const there = join(world.backup, `many/${n}`);
      if (existsSync(there)) expect(readFileSync(there).equals(readFileSync(a.path(`many/${n}`)))).toBe(true);
    }
    await a.sync();
    expectSameTree(a.source, world.backup);
    await expectSound(a);
  });
});
