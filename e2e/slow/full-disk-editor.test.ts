import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canMount, Mounts } from '../cli/mounts.ts';
import { expectSameTree, randomFrom, World } from '../cli/world.ts';
import { Contents } from './editor/contents.ts';
import { live, lossesOf, rest } from './editor/lives.ts';
import { User } from './editor/user.ts';

const SEED = Number(process.env['SEED'] ?? 20261123);
const SECONDS = Number(process.env['FULL_DISK_SECONDS'] ?? 12);

describe.skipIf(!canMount)('C55 a disk that fills up while it is used (needs root, to mount a small one)', () => {
  let world: World;
  let mounts: Mounts;
  beforeEach(() => {
    world = new World();
    mounts = new Mounts();
  });
  afterEach(async () => {
    mounts.end();
    await world.end();
  });

  it.each([
    'the backup',
    'one device',
    'both',
  ])(`%s: random edits and kills for ${SECONDS} s, then room is made: nothing is lost and all become equal (seed ${SEED})`, async (which) => {
    const contents = new Contents();
    if (which !== 'one device') mounts.memory(world.backup, '2m');
    if (which !== 'the backup') mounts.memory(`${world.root}/laptop`, '3m');
    const users = ['desk', 'laptop'].map((name, n) => new User(world.device(name, { VERSIONS_KEEP: '100000' }), randomFrom(SEED + n), contents, { maxBytes: 800_000 }));
    const devices = users.map((user) => user.device);
    const full = new Set<string>();
    const began = performance.now();
    // On a busy machine it takes longer until the disk is full for somebody.
    const goesOn = (): boolean => performance.now() - began < (full.size > 0 ? SECONDS : 8 * SECONDS) * 1_000;
    await Promise.all(users.map((user, n) => live(user, randomFrom(SEED * 31 + n), goesOn, { onOutput: (out) => /disk-full|no space/i.test(out) && full.add(user.device.name) })));
    expect([...full], 'the disk was full for somebody').not.toEqual([]);
    for (const at of [world.backup, `${world.root}/laptop`]) if (mounts.has(at)) mounts.resize(at, '128m');
    await rest(devices);
    for (const device of devices) expectSameTree(device.source, world.backup);
    const { missing, torn } = lossesOf(devices, contents);
    const acts = users.flatMap((user) => user.acts).sort();
    expect(missing, `owed and gone (seed ${SEED})\n${acts.join('\n')}`).toEqual([]);
    expect(torn, `what nobody wrote (seed ${SEED})`).toEqual([]);
  });
});
