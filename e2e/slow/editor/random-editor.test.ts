import { expect, it } from 'vitest';
import { expectSameTree, randomFrom, World } from '../../cli/world.ts';
import { Contents } from './contents.ts';
import { live, lossesOf, rest } from './lives.ts';
import { User } from './user.ts';

const SEED = Number(process.env['SEED'] ?? 20261123);
const SECONDS = Number(process.env['RANDOM_EDITOR_SECONDS'] ?? 60);

it(`C48 I1 I6 three devices edited at random for ${SECONDS} s, killed and started again, lose nothing and become equal (SEED=${SEED} repeats edits and kill times, as far as they go)`, async () => {
  const world = new World();
  const contents = new Contents();
  const users = ['desk', 'laptop', 'tablet'].map((name, n) => new User(world.device(name, { VERSIONS_KEEP: '100000' }), randomFrom(SEED + n), contents));
  const devices = users.map((user) => user.device);
  const acts = (): string =>
    users
      .flatMap((user) => user.acts)
      .sort()
      .join('\n');
  try {
    const until = performance.now() + SECONDS * 1_000;
    const lives = await Promise.all(users.map((user, n) => live(user, randomFrom(SEED * 31 + n), until)));
    await rest(devices);
    for (const device of devices) expectSameTree(device.source, world.backup);
    const { missing, torn } = lossesOf(devices, contents);
    expect(missing, `owed and gone (seed ${SEED})\n${acts()}`).toEqual([]);
    expect(torn, `what nobody wrote (seed ${SEED})`).toEqual([]);
    console.info(
      `seed ${SEED}: ${users.reduce((n, user) => n + user.acts.length, 0)} acts, ${lives.reduce((n, { kills }) => n + kills, 0)} kills, ${contents.owedCount} contents owed and there`,
    );
  } finally {
    await world.end();
  }
});
