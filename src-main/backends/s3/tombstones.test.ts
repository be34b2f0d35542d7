import { expect, it } from 'vitest';
import { nodeHasher } from '../../platform/node-hash.ts';
import { bodyOf } from '../../testing/http-api-kit.ts';
import { SeededRandom } from '../../testing/random.ts';
import { HastyClock } from '../../testing/sim-s3/hasty-clock.ts';
import { SimStore } from '../../testing/sim-s3/sim-store.ts';
import { TOMBSTONE_MS } from './tombstone.ts';
import { Tombstones } from './tombstones.ts';

/** As on Linux while the device sleeps. */
class ClockThatSleeps extends HastyClock {
  override monotonic(): number {
    return 0;
  }
}

it('a device that slept over its claim does not take away what others put there meanwhile', async () => {
  const store = new SimStore({ profile: 'minio' });
  const other = store.backend();
  const tombstones = new Tombstones({ api: store.s3.client(), clock: new ClockThatSleeps(), random: new SeededRandom(9), newHasher: nodeHasher, client: 'sleeper' });
  const claim = await tombstones.place('a', { kind: 'absent' }, undefined);
  if (claim === 'stale') throw new Error(claim);
  expect(await tombstones.isHeld(claim)).toBe(true);
  store.clock.advance(TOMBSTONE_MS + 1000);
  expect((await other.put('a', bodyOf('new'), { condition: { kind: 'absent' }, meta: {} })).kind).toBe('done');
  expect(await tombstones.isHeld(claim)).toBe(false);
  await tombstones.drop(claim, false);
  expect((await other.stat('a'))?.size).toBe(3);
});
