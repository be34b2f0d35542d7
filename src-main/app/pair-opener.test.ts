import { expect, it } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { memoryKeychain } from '../keychain/memory-keychain.ts';
import { ManualClock, settle } from '../testing/manual-clock.ts';
import { SeededRandom } from '../testing/random.ts';
import { PAIR } from '../testing/service-kit.ts';
import { PairKeys } from './pair-keys.ts';
import { PairOpener } from './pair-opener.ts';
import { PairVaults } from './pair-vaults.ts';
import type { PairSetting } from './settings-schema.ts';

const PLACE = {
  kind: 's3',
  provider: 'b2',
  bucket: 'photos',
  prefix: '',
  endpoint: 'https://s3.example.org',
  region: 'r',
  forcePathStyle: null,
  proxy: null,
  caFile: null,
} as const;
const BUCKET: PairSetting = { ...PAIR, backend: { ...PLACE, credentials: { kind: 'profile', name: 'default' } } };

it('a pair waits no longer once the engine thread is given it, though that may take a while; again if it could not be', async () => {
  const keychain = memoryKeychain();
  const answers: { readonly opened: () => void; readonly refused: (error: SyncError) => void }[] = [];
  const clock = new ManualClock();
  const opener = new PairOpener({
    keys: new PairKeys(keychain, new SeededRandom(3)),
    vaults: new PairVaults(keychain),
    clock,
    send: () => new Promise<void>((opened, refused) => void answers.push({ opened, refused })),
    onWaiting: () => undefined,
  });
  const opening = opener.open(BUCKET);
  expect(opener.isWaiting(PAIR.id)).toBe(true);
  await settle();
  expect([answers.length, opener.isWaiting(PAIR.id)]).toEqual([1, false]);
  answers[0]?.refused(new SyncError('busy', 'the engine is being started again'));
  await opening;
  expect(opener.isWaiting(PAIR.id)).toBe(true);
  await clock.advance(15_000);
  expect([answers.length, opener.isWaiting(PAIR.id)]).toEqual([2, false]);
  answers[1]?.opened();
  await settle();
  expect(opener.isWaiting(PAIR.id)).toBe(false);
});
