import { chmodSync, cpSync, existsSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Device, eventually, expectSameTree, treeOf, World } from './world.ts';

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

async function copyOf(device: Device, name: string): Promise<{ readonly at: string; readonly copy: string }> {
  await wait(50);
  const at = new Date().toISOString();
  await wait(50);
  const copy = join(world.root, name);
  cpSync(device.source, copy, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  rmSync(join(copy, '.file-sync'), { recursive: true, force: true });
  return { at, copy };
}

describe.each(KINDS)('a restore on a machine that has only the backup and the key: $name', ({ settings }) => {
  /** Nothing of the device is left but what the command is told. */
  const fresh = (date: string, to: string): readonly [readonly string[], { readonly env: Readonly<Record<string, string>> }] => [
    ['restore', '--date', date, '--to', to],
    { env: { BACKUP_DIR: world.backup, XDG_STATE_HOME: join(world.root, 'nowhere'), ...settings } },
  ];

  it('brings back each of three instants, as copies made then say', async () => {
    const device = world.device('desk', settings);
    device.write('docs/a.txt', 'one');
    device.write('docs/run.sh', '#!/bin/sh');
    chmodSync(device.path('docs/run.sh'), 0o750);
    symlinkSync('docs/a.txt', device.path('link'));
    await device.sync();
    const first = await copyOf(device, 'first');
    device.write('docs/a.txt', 'two');
    device.write('later/b.txt', 'b');
    await device.sync();
    const second = await copyOf(device, 'second');
    device.remove('docs');
    device.write('later/c.txt', 'c');
    await device.sync();
    const third = await copyOf(device, 'third');
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
    const { at, copy } = await copyOf(device, 'then');
    const to = join(world.root, 'back');
    const count = (): number => (existsSync(to) ? [...treeOf(to).values()].filter((content) => content !== null).length : 0);
    const running = world.start(...fresh(at, to));
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
    const { at } = await copyOf(device, 'then');
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
