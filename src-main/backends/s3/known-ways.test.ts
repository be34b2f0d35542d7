import { describe, expect, it } from 'vitest';
import { memoryStateStore } from '../../state/memory-store.ts';
import { SeededRandom } from '../../testing/random.ts';
import { SimStore } from '../../testing/sim-s3/sim-store.ts';
import { failing } from '../conformance/kit.ts';
import { KnownWays, type KnownWaysPorts } from './known-ways.ts';
import { storeReport } from './store-report.ts';

const DAY = 86_400_000;

function scene(): { readonly ports: KnownWaysPorts; readonly store: SimStore; requests(): number } {
  const store = new SimStore({ profile: 'ceph16' });
  const api = store.s3.client();
  const ports = { api, clock: store.clock, random: new SeededRandom(3), notes: memoryStateStore().notes };
  return { ports, store, requests: () => Object.values(api.usage().requests).reduce((sum, count) => sum + count, 0) };
}

describe('what a bucket honours', () => {
  it('is found out before the first write, once for all who wait, and remembered', async () => {
    const { ports, requests } = scene();
    const ways = await KnownWays.load(ports);
    expect([ways.known, requests()]).toEqual([null, 0]);
    const [first, second] = await Promise.all([ways.forWriting(), ways.forWriting()]);
    expect(first).toBe(second);
    const spent = requests();
    expect(spent).toBeLessThan(120);
    const again = await KnownWays.load(ports);
    expect(await again.forWriting()).toEqual(first);
    expect([again.known?.dialect.etags, requests()]).toEqual(['unquoted', spent]);
  });

  it('is looked at again after 30 days, and in another bucket', async () => {
    const { ports, store, requests } = scene();
    await (await KnownWays.load(ports)).forWriting();
    const spent = requests();
    store.clock.advance(31 * DAY);
    await (await KnownWays.load(ports)).forWriting();
    expect(requests()).toBeGreaterThan(spent);
    const other = await KnownWays.load({ ...ports, api: store.s3.client({ id: 's3://other/' }) });
    expect(other.known).toBeNull();
  });

  it('nothing is written to a store that gives back no metadata, or other times in listings; doctor says why', async () => {
    for (const spoil of [{ meta: {} }, { lastModifiedMs: 1_000 }]) {
      const { ports } = scene();
      const { api } = ports;
      const head: typeof api.head = async (key, options) => {
        const found = await api.head(key, options);
        return found === null ? null : { ...found, ...spoil };
      };
      const odd = new Proxy(api, {
        get: (target, name) => {
          const value: unknown = name === 'head' ? head : Reflect.get(target, name, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
      const ways = await KnownWays.load({ ...ports, api: odd });
      await expect(ways.forWriting()).rejects.toEqual(failing('config'));
      expect(ways.known).toBeNull();
      const { findings } = storeReport(await ways.look());
      expect(findings.filter(({ verdict }) => verdict === 'bad').map(({ check }) => check)).toEqual(['meta' in spoil ? 'metadata' : 'times']);
    }
  });

  it('a note that does not read is as good as none', async () => {
    const { ports } = scene();
    await ports.notes.put('store', 'ways', '{"store":"s3://sim/","ways":{"put":"perhaps"}}');
    expect((await KnownWays.load(ports)).known).toBeNull();
  });

  it('one who stops waiting does not stop the others', async () => {
    const { ports } = scene();
    const ways = await KnownWays.load(ports);
    const stop = new AbortController();
    const stopped = ways.forWriting(stop.signal);
    const other = ways.forWriting();
    stop.abort();
    await expect(stopped).rejects.toEqual(failing('aborted'));
    expect((await other).put).toBe('enforced');
  });
});
