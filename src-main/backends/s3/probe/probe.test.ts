import { describe, expect, it } from 'vitest';
import { SyncError } from '../../../core/errors.ts';
import { SeededRandom } from '../../../testing/random.ts';
import { PROFILES, type Profile } from '../../../testing/s3-server/quirks.ts';
import { SimStore } from '../../../testing/sim-s3/sim-store.ts';
import { waysOf } from '../../../testing/sim-s3/ways-of.ts';
import { storeReport } from '../store-report.ts';
import { probe } from './probe.ts';

function ports({ s3, clock }: SimStore, options = {}): Parameters<typeof probe>[0] {
  return { api: s3.client(options), clock, random: new SeededRandom(7) };
}

describe('the probe', () => {
  it.each(Object.keys(PROFILES) as Profile[])('S112 S113 S115 finds out how %s behaves, and leaves nothing', async (profile) => {
    const store = new SimStore({ profile });
    const { ways, missing, keepsMeta } = await probe(ports(store));
    const foldsNames = store.s3.quirks.keyForm === 'nfc';
    expect(ways).toEqual({ ...waysOf(store.s3.quirks, ways.probedAtMs), ...(foldsNames ? { oddKeys: ['decomposed letters'] } : {}) });
    expect([missing, keepsMeta]).toEqual([[], true]);
    expect(store.s3.bucket.keys()).toEqual([]);
    expect(store.s3.bucket.uploads.size).toBe(0);
  });

  it('sees conditions that hold one at a time and not at once', async () => {
    const store = new SimStore();
    const api = store.s3.client();
    const waiting: (() => void)[] = [];
    // Eight at once: all conditions are judged before any write is done.
    const leakyPut: typeof api.put = async (key, body, { precondition, ...options }) => {
      if (!key.includes('/race-') || precondition === undefined) return api.put(key, body, { ...options, ...(precondition === undefined ? {} : { precondition }) });
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 8) for (const go of waiting.splice(0)) go();
      });
      return api.put(key, body, options);
    };
    const leaky = new Proxy(api, { get: (target, name) => (name === 'put' ? leakyPut : Reflect.get(target, name).bind(target)) });
    expect((await probe({ ...ports(store), api: leaky })).ways.put).toBe('ignored');
  });

  it('names what the credentials may not do', async () => {
    const store = new SimStore();
    const step = async (when: 'before' | 'after', operation: string): Promise<undefined> => {
      if (when === 'before' && operation === 'versioning') throw new SyncError('refused', 'Access denied: s3:GetBucketVersioning');
      return undefined;
    };
    const probed = await probe(ports(store, { step }));
    expect(probed.missing.map(({ what }) => what)).toEqual(['s3:GetBucketVersioning']);
    expect(storeReport(probed).findings).toContainEqual(expect.objectContaining({ check: 'permission', verdict: 'bad' }));
  });
});
