import { afterEach, beforeEach, expect, it } from 'vitest';
import { epochsIn, killAfter } from './rotating.ts';
import { expectSameTree, randomFrom, World } from './world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

const SEED = Number(process.env['KILL_SEED'] ?? 20261126);
const KILLS = 3;
const FILES = 80;
const SETTINGS = { ENCRYPTION_ENABLED: 'true', ENCRYPTION_KEY: '5'.repeat(64), ENCRYPT_NAMES: 'true', COMPRESSION_ENABLED: 'true' };

it(`C48 S149 rotation and re-encryption of a vault in use, through ${KILLS} kills (seed ${SEED}: KILL_SEED repeats it)`, { timeout: 600_000 }, async () => {
  const random = randomFrom(SEED);
  const devices = [world.device('desk', SETTINGS), world.device('laptop', SETTINGS)] as const;
  const [desk, laptop] = devices;
  for (let i = 0; i < FILES; i++) desk.write(`d${i % 6}/f${i}`, `file ${i} `.repeat(1 + random.below(200)));
  await desk.sync();
  await laptop.sync();
  // Something to be kept as a version.
  laptop.write('d0/f0', 'second version');
  await laptop.sync();
  expect(epochsIn(world.backup)).toEqual([1]);

  const rotated = await desk.json('keys', 'rotate', '--yes');
  expect(rotated).toMatchObject({ exitCode: 0 });
  let killed = 0;
  for (let turn = 0; killed < KILLS && turn < 4 * KILLS; turn++) {
    const running = desk.start('keys', 'reencrypt', '--yes');
    killAfter(desk, running, 4 + random.below(25));
    laptop.write(`d1/edited-${turn}`, `turn ${turn}`);
    laptop.write('d1/f1', `turn ${turn}`);
    const [synced, { signal, code, out, err }] = await Promise.all([laptop.run('sync'), running.ended]);
    expect(synced, `${synced.out}${synced.err}`).toMatchObject({ code: 0 });
    if (signal === 'SIGKILL') killed++;
    else expect(code, `re-encryption without a kill: ${out}${err}`).toBe(0);
  }
  expect(killed).toBeGreaterThan(0);
  const end = await desk.json('keys', 'reencrypt', '--yes');
  expect(end).toMatchObject({ exitCode: 0, reencrypted: { complete: true, refused: [] }, retired: [], retireAfter: expect.any(Number) });
  expect(epochsIn(world.backup)).toEqual([2]);
  const retired = await desk.json('keys', 'reencrypt', '--yes', '--retire-now');
  expect(retired).toMatchObject({ exitCode: 0, reencrypted: { resealed: 0 }, retired: [1], keyring: { epochs: [{ id: 2 }] } });

  await desk.sync();
  await laptop.sync();
  expectSameTree(desk.source, laptop.source);
  expect(desk.names()).toContain('d1/edited-0');
  expect(desk.read('d0/f0')).toBe('second version');
  expect(desk.names().filter((name) => name.includes('conflict'))).toEqual([]);
  for (const device of devices) expect(await device.json('verify')).toMatchObject({ exitCode: 0, findings: [] });
});
