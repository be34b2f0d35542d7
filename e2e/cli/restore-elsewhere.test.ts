import { chmodSync, existsSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually, expectSameTree, treeOf, World } from './world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

const KEY = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';
const KINDS = [
  { name: 'plain', settings: {} },
  { name: 'encrypted, with hidden names', settings: { ENCRYPTION_KEY: KEY, ENCRYPT_NAMES: 'true' } },
];

describe.each(KINDS)('a restore on a machine that has only the backup and the key: $name', ({ settings }) => {
  /** Nothing of the device is left but what the command is told. */
  const fresh = (date: string, to: string, more: Readonly<Record<string, string>> = {}): readonly [readonly string[], { readonly env: Readonly<Record<string, string>> }] => [
    ['restore', '--date', date, '--to', to],
    { env: { BACKUP_DIR: world.backup, XDG_STATE_HOME: join(world.root, 'nowhere'), ...settings, ...more } },
  ];

  it('brings back each of three instants, as copies made then say', async () => {
    const device = world.device('desk', settings);
    device.write('docs/a.txt', 'one');
    device.write('docs/run.sh', '#!/bin/sh');
    chmodSync(device.path('docs/run.sh'), 0o750);
    symlinkSync('docs/a.txt', device.path('link'));
    await device.sync();
    const first = await device.copyNow('first', 50);
    device.write('docs/a.txt', 'two');
    device.write('later/b.txt', 'b');
    await device.sync();
    const second = await device.copyNow('second', 50);
    device.remove('docs');
    device.write('later/c.txt', 'c');
    await device.sync();
    const third = await device.copyNow('third', 50);
    rmSync(join(world.root, 'desk'), { recursive: true });
    for (const { at, copy } of [first, second, third]) {
      const to = `${copy}-restored`;
      const result = await world.run(...fresh(at, to));
      expect(result, result.err).toMatchObject({ code: 0, err: '' });
      expectSameTree(copy, to);
      expect(existsSync(join(to, '.file-sync'))).toBe(false);
    }
    expect(existsSync(join(world.root, 'nowhere'))).toBe(false);
  });

  it('goes on after kill -9 with what is missing, small files and the rest of a large one', async () => {
    const device = world.device('desk', settings);
    for (let i = 0; i < 250; i++) device.write(`d${i % 7}/f${i}`, `${i} ${'.'.repeat(30_000)}`);
    const large = Buffer.alloc(48 * 1024 * 1024, 7);
    for (let at = 0; at < large.length; at += 4096) large.writeUInt32LE(at, at);
    device.write('z/large.bin', large);
    await device.sync();
    const { at, copy } = await device.copyNow('then', 50);
    const to = join(world.root, 'back');
    const count = (): number => (existsSync(to) ? [...treeOf(to).values()].filter((content) => content !== null).length : 0);
    // Slow enough to be caught in the middle.
    const running = world.start(...fresh(at, to, { BANDWIDTH_LIMIT_DOWN: '3M' }));
    await eventually('some files are back', () => count() > 30);
    running.child.kill('SIGKILL');
    await running.ended;
    const there = count();
    expect(there).toBeLessThan(251);
    const [args, options] = fresh(at, to);
    const again = await world.run(['--json', ...args], options);
    const { done } = JSON.parse(again.out) as { done: number };
    expect(done).toBeLessThanOrEqual(251 + 8 - there);
    expectSameTree(copy, to);
    expect(existsSync(join(to, '.file-sync'))).toBe(false);
    expect(statSync(join(to, 'z/large.bin')).size).toBe(large.length);
  });

  it('refuses without the key, or without a backup, and writes nothing', async () => {
    const device = world.device('desk', settings);
    device.write('a', 'a');
    await device.sync();
    const { at } = await device.copyNow('then', 50);
    const [args] = fresh(at, join(world.root, 'x'));
    const none = await world.run(args, { env: { BACKUP_DIR: world.folder('empty'), ...settings } });
    expect([none.code, none.err]).toEqual([4, expect.stringMatching(/holds no vault/)]);
    if (Object.keys(settings).length > 0) {
      const keyless = await world.run(args, { env: { BACKUP_DIR: world.backup } });
      expect([keyless.code, keyless.err]).toEqual([expect.any(Number), expect.stringMatching(/key/)]);
      expect(keyless.code).not.toBe(0);
    }
    expect(existsSync(join(world.root, 'x'))).toBe(false);
  });
});

it('C71 a restore into another folder keeps to the limit of what is fetched', async () => {
  const MIB = 1024 * 1024;
  const device = world.device('desk', {});
  device.write('large', Buffer.alloc(4 * MIB, 7));
  await device.sync();
  const { at, copy } = await device.copyNow('then', 50);
  const to = join(world.root, 'back');
  const began = performance.now();
  const { code } = await world.run(['restore', '--date', at, '--to', to], {
    env: { BACKUP_DIR: world.backup, XDG_STATE_HOME: join(world.root, 'nowhere'), BANDWIDTH_LIMIT_DOWN: '1M' },
  });
  expect(code).toBe(0);
  // A second's worth may pass at once.
  expect(performance.now() - began).toBeGreaterThan(2_900);
  expectSameTree(copy, to);
});
