import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Device, described, World } from './world.ts';

let world: World;
let device: Device;
beforeEach(() => {
  world = new World();
  device = world.device('laptop', { CONFLICT_RESOLUTION: 'manual' });
});
afterEach(() => world.end());

it('every document of a pair with changes, a conflict and a file that cannot be synced is as docs/schema describes it', async () => {
  const other = world.device('desk');
  device.write('both.txt', 'one');
  device.write('old.txt', 'goes');
  await device.sync();
  await other.sync();
  other.write('both.txt', 'two, longer');
  await other.sync();
  device.write('both.txt', 'three, longest');
  device.write('new.txt', 'x');
  expect(await device.json('sync', '--dry-run')).toMatchObject({ exitCode: 3, dryRun: true });
  expect(await device.json('sync')).toMatchObject({ exitCode: 3 });
  device.write('later.txt', 'x');
  for (const args of [
    ['status'],
    ['list'],
    ['conflicts'],
    ['why', 'both.txt'],
    ['verify'],
    ['doctor'],
    ['verify-backend', '--quick'],
    ['activity'],
    ['service', 'install', '--print'],
    ['service', 'remove'],
    ['completion', 'bash'],
  ]) {
    expect([0, 3], args.join(' ')).toContain((await device.json(...args)).exitCode);
  }
  expect(await device.json('conflicts', 'resolve', 'both.txt', '--keep', 'both')).toMatchObject({ exitCode: 0, resolved: true });
});

it('so are those of what fails', async () => {
  expect(await device.json('why', '../outside')).toMatchObject({ exitCode: 2, error: { code: 'usage' } });
  expect(described((await world.run(['bogus', '--json'])).out)).toMatchObject({ command: null, exitCode: 2 });
  expect(described((await world.run(['sync', '--json', '--config', 'none.env'])).out)).toMatchObject({ command: 'sync', exitCode: 2 });
});
