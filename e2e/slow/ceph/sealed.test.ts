import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { TamperedVault } from '../../cli/tampering/tampered-vault.ts';
import { TAMPERINGS } from '../../cli/tampering/tamperings.ts';
import { World } from '../../cli/world.ts';
import { playSealedHistory } from '../editor/sealed-history.ts';
import { CephWorld, isCephInstalled } from './ceph-world.ts';

const SEED = Number(process.env['SEED'] ?? 20261126);
const SECONDS = Number(process.env['SEALED_EDITOR_SECONDS'] ?? 20);

describe.skipIf(!isCephInstalled())('an encrypted bucket with hidden names on a real gateway (needs Ceph)', () => {
  let there: CephWorld;
  beforeAll(async () => {
    there = await CephWorld.start();
  });
  afterAll(() => there?.end());

  it(`C48 I1 I6 I9 two devices, edited at random for ${SECONDS} s and killed, lose nothing; the key alone opens a download, and nothing of contents and names is in bodies, names and metadata (SEED=${SEED})`, async () => {
    const folder = join(there.world.root, 'download');
    await playSealedHistory(
      {
        world: there.world,
        device: (name, settings) => there.device(name, settings),
        everything: async () => {
          await there.letClaimsRunOut();
          return { folder, besides: await there.owner.download('our files/', folder) };
        },
        bytesSayAll: false,
        maxBytes: 200_000,
      },
      { seed: SEED, seconds: SECONDS },
    );
  });

  it(`C58 C64 S147 ${TAMPERINGS.length} objects tampered with by hand are each named, and nothing good is written over`, async () => {
    const world = new World();
    try {
      const vault = new TamperedVault({ world, owner: there.owner, bucket: there.settings }, TAMPERINGS);
      await vault.prepare();
      await vault.expectNamedWhereKnown();
      await vault.expectVerifyFindsAll();
      await vault.expectNamedToNewcomer();
    } finally {
      await world.end();
    }
  });
});
