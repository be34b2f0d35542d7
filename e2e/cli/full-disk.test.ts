import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Device, expectSameTree, expectSound, isRoot, treeOf, World } from './world.ts';

const MIB = 1024 * 1024;

/** A small disk of its own; only root can mount one. */
const canMount = ((): boolean => {
  if (!isRoot || process.platform !== 'linux') return false;
  const at = mkdtempSync(join(tmpdir(), 'file-sync-mount-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', at]).status === 0;
  if (mounted) spawnSync('umount', [at]);
  rmSync(at, { recursive: true });
  return mounted;
})();

describe.skipIf(!canMount)('C55 a full disk (needs root, to mount a small one)', () => {
  let world: World;
  let device: Device;
  const mounts: string[] = [];
  const mount = (at: string, size: string): void => {
    mkdirSync(at, { recursive: true });
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=755`, 'tmpfs', at]).status).toBe(0);
    mounts.push(at);
  };
  const grow = (at: string): void => {
    expect(spawnSync('mount', ['-o', 'remount,size=64m', at]).status).toBe(0);
  };
  beforeEach(() => {
    world = new World();
    device = world.device('laptop');
  });
  afterEach(async () => {
    for (const at of mounts.splice(0)) spawnSync('umount', ['-l', at]);
    await world.end();
  });
  const fill = (of: Device): void => {
    for (let n = 0; n < 8; n++) of.write(`file-${n}`, randomBytes(MIB));
  };
  /** What is there is whole. */
  const expectNoHalfFile = (root: string, original: string): void => {
    const whole = treeOf(original);
    for (const [path, content] of treeOf(root)) expect(Buffer.isBuffer(content) && content.equals(whole.get(path) as Buffer), path).toBe(true);
  };

  it('on the backup: whole files or none, and it goes on once there is room', async () => {
    mount(world.backup, '4m');
    fill(device);
    const full = await device.json<{ error?: { code: string } }>('sync');
    expect(full.exitCode).toBe(1);
    expectNoHalfFile(world.backup, device.source);
    expect(treeOf(device.source).size).toBe(8);
    grow(world.backup);
    await device.sync();
    expectSameTree(device.source, world.backup);
    await expectSound(device);
  });

  it('here: whole files or none, nothing is deleted in the backup, and it goes on once there is room', async () => {
    fill(device);
    await device.sync();
    const other = world.device('small');
    mount(other.source, '4m');
    expect((await other.json('sync')).exitCode).toBe(1);
    expectNoHalfFile(other.source, device.source);
    expect(treeOf(world.backup).size).toBe(8);
    grow(other.source);
    await other.sync();
    expectSameTree(other.source, world.backup);
    await expectSound(other);
  });

  it('under the state: it says so, syncs nothing unrecorded, and goes on once there is room', async () => {
    mount(device.state, '64k');
    for (let n = 0; n < 500; n++) device.write(`d/${n}`, `content ${n}`);
    const full = await device.run('sync');
    expect(full.code).toBe(1);
    expect(full.err).toMatch(/space/);
    grow(device.state);
    await device.sync();
    expectSameTree(device.source, world.backup);
    await expectSound(device);
    expect(existsSync(device.path('d/499'))).toBe(true);
  });
});
