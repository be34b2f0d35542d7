import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canMount, Mounts } from './mounts.ts';
import { type Device, expectSameTree, expectSound, treeOf, World } from './world.ts';

const MIB = 1024 * 1024;

describe.skipIf(!canMount)('C55 a full disk (needs root, to mount a small one)', () => {
  let world: World;
  let device: Device;
  let mounts: Mounts;
  beforeEach(() => {
    world = new World();
    mounts = new Mounts();
    device = world.device('laptop');
  });
  afterEach(async () => {
    mounts.end();
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
    mounts.memory(world.backup, '4m');
    fill(device);
    const full = await device.json<{ error?: { code: string } }>('sync');
    expect(full.exitCode).toBe(1);
    expectNoHalfFile(world.backup, device.source);
    expect(treeOf(device.source).size).toBe(8);
    mounts.resize(world.backup, '64m');
    await device.sync();
    expectSameTree(device.source, world.backup);
    await expectSound(device);
  });

  it('S102 here: whole files or none, nothing is deleted in the backup, and it goes on once there is room', async () => {
    fill(device);
    await device.sync();
    const other = world.device('small');
    mounts.memory(other.source, '4m');
    expect((await other.json('sync')).exitCode).toBe(1);
    expectNoHalfFile(other.source, device.source);
    expect(treeOf(world.backup).size).toBe(8);
    mounts.resize(other.source, '64m');
    await other.sync();
    expectSameTree(other.source, world.backup);
    await expectSound(other);
  });

  it('S98 under the state: it says so, syncs nothing unrecorded, and goes on once there is room', async () => {
    mounts.memory(device.state, '64k');
    for (let n = 0; n < 500; n++) device.write(`d/${n}`, `content ${n}`);
    const full = await device.run('sync');
    expect(full.code).toBe(1);
    expect(full.err).toMatch(/space/);
    mounts.resize(device.state, '64m');
    await device.sync();
    expectSameTree(device.source, world.backup);
    await expectSound(device);
    expect(existsSync(device.path('d/499'))).toBe(true);
  });
});
