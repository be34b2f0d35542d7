import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectSameTree, randomFrom } from '../../cli/world.ts';
import { Contents } from '../editor/contents.ts';
import { live, lossesOf, rest } from '../editor/lives.ts';
import { User } from '../editor/user.ts';
import { CephWorld, isCephInstalled } from './ceph-world.ts';

const SEED = Number(process.env['SEED'] ?? 20261125);
const DEATHS = Number(process.env['GATEWAY_DEATHS'] ?? 15);

describe.skipIf(!isCephInstalled())('a gateway that is killed in the middle of things (needs Ceph)', () => {
  let there: CephWorld;
  beforeAll(async () => {
    there = await CephWorld.start();
  });
  afterAll(() => there?.end());

  it(`C48 C51 C52 C59 S122 I1 I6 two devices edited at random, killed at random, and the gateway killed ${DEATHS} times: nothing is lost, all equal (SEED=${SEED})`, async () => {
    const contents = new Contents();
    const users = ['desk', 'laptop'].map((name, n) => new User(there.device(name, { VERSIONS_KEEP: '100000' }), randomFrom(SEED + n), contents));
    const devices = users.map((user) => user.device);
    const random = randomFrom(SEED * 7);
    let over = false;
    const dying = (async () => {
      for (let death = 0; death < DEATHS; death++) {
        await new Promise((resolve) => setTimeout(resolve, 200 + random.below(1_500)));
        await there.ceph.crash();
        await new Promise((resolve) => setTimeout(resolve, random.below(600)));
        await there.ceph.start();
      }
      over = true;
    })();
    const [lives] = await Promise.all([Promise.all(users.map((user, n) => live(user, randomFrom(SEED * 31 + n), () => !over, { alsoFine: [4] }))), dying]);
    await there.letClaimsRunOut();
    await rest(devices);
    expectSameTree(devices[0]?.source ?? '', devices[1]?.source ?? '');
    const { missing, torn } = lossesOf(devices, contents, await there.texts());
    expect(missing, `owed and gone (seed ${SEED})\n${users.flatMap((user) => user.acts).join('\n')}`).toEqual([]);
    expect(torn, `what nobody wrote (seed ${SEED})`).toEqual([]);
    there.expectBucketHolds(devices[0]?.source ?? '', { links: true });
    console.info(
      `seed ${SEED}: ${users.reduce((n, user) => n + user.acts.length, 0)} acts, ${lives.reduce((n, { kills }) => n + kills, 0)} kills, ${contents.owedCount} contents owed and there`,
    );
  });
});
