import { expect, it } from 'vitest';
import { SyncError } from '../../core/errors.ts';
import { nodeHasher } from '../../platform/node-hash.ts';
import { bodyOf } from '../../testing/http-api-kit.ts';
import { SeededRandom } from '../../testing/random.ts';
import { HastyClock } from '../../testing/sim-s3/hasty-clock.ts';
import { SimStore } from '../../testing/sim-s3/sim-store.ts';
import { putText, versionAt } from '../conformance/kit.ts';
import { withLease } from './lease.ts';
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

it('credentials that may put and not delete leave the tombstone, behind which the object is gone for everybody', async () => {
  const store = new SimStore({ profile: 'minio' });
  const other = store.backend();
  await putText(other, 'a', 'old');
  const device = store.backend({
    step: async (when, operation) => {
      if (when === 'before' && operation === 'delete') throw new SyncError('no-permission', 's3:DeleteObject is denied');
      return undefined;
    },
  });
  expect(await device.delete('a', { version: await versionAt(other, 'a') })).toEqual({ kind: 'done' });
  expect(await other.stat('a')).toBeNull();
});

it('a lease that is another device’s by now stays', async () => {
  const store = new SimStore({ profile: 'ceph16' });
  const api = store.s3.client();
  api.speak({ etags: 'unquoted', copyTarget: 'if-' });
  const context = { api, clock: new ClockThatSleeps(), random: new SeededRandom(9), newHasher: nodeHasher, client: 'sleeper' };
  const lease = (): string[] => store.s3.keys().filter((key) => key.startsWith('.file-sync/leases/'));
  await withLease(context, 'a', undefined, async () => {
    const [key = ''] = lease();
    store.s3.foreign(key, 'another device’s', { w: 'other-1' });
  });
  expect(lease()).toHaveLength(1);
  await withLease(context, 'b', undefined, async () => undefined);
  expect(lease()).toHaveLength(1);
});
