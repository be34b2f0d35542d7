import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Device, isRoot, ORDINARY_USER, World } from './world.ts';

describe.skipIf(!isRoot || process.platform !== 'linux')('C50 a state folder that cannot be written (needs root, to make one)', () => {
  let world: World;
  let device: Device;
  let mounted = false;
  beforeEach(() => {
    world = new World();
    device = world.device('laptop');
    device.write('a', '1');
  });
  afterEach(async () => {
    if (mounted) spawnSync('umount', ['-l', device.state]);
    mounted = false;
    await world.end();
  });
  const mount = (...options: readonly string[]): void => {
    mkdirSync(device.state, { recursive: true });
    mounted = spawnSync('mount', ['-t', 'tmpfs', ...options, 'tmpfs', device.state]).status === 0;
  };

  it('because its disk is read-only', async (context) => {
    mount();
    if (!mounted) context.skip('mounting is not allowed here');
    await device.sync();
    spawnSync('mount', ['-o', 'remount,ro', device.state]);
    expect(await device.json('sync')).toMatchObject({ exitCode: 1, error: { code: 'read-only', hint: expect.stringContaining('STATE_DIR') } });
  });

  it('because it belongs to somebody else', async () => {
    await device.sync();
    spawnSync('chown', ['-R', String(ORDINARY_USER), device.source, world.backup]);
    const { out } = await world.run(['sync', '--json', '--config', device.config], { uid: ORDINARY_USER });
    expect(JSON.parse(out)).toMatchObject({ exitCode: 1, error: { code: 'no-permission', hint: expect.stringContaining('STATE_DIR') } });
  });
});
