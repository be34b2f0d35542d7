import { describe, expect, it } from 'vitest';
import { BandwidthLimiter } from '../../platform/bandwidth-limiter.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { bodyWith, textOf } from '../../testing/remote-kit.ts';
import { describeBackend } from '../conformance.ts';
import { createMemoryStore } from '../memory/memory-backend.ts';
import { throttled } from './throttled.ts';

const NONE = { condition: { kind: 'absent' }, meta: {} } as const;

describeBackend('memory without a limit', async () => {
  let now = 1_700_000_000_000;
  const store = createMemoryStore({ now: () => now++ });
  const limiter = new BandwidthLimiter(new ManualClock(), { up: null, down: null });
  return {
    backend: throttled(store.client(), limiter),
    second: throttled(store.client(), limiter),
    vanish: () => {
      store.offline = true;
    },
    comeBack: () => {
      store.offline = false;
    },
  };
});

describe('C71 a backend with a bandwidth limit', () => {
  it('stores and reads no faster, and all that use the limiter share it', async () => {
    const clock = new ManualClock();
    const limiter = new BandwidthLimiter(clock, { up: 1000, down: 500 });
    const [one, two] = [createMemoryStore(clock).client(), createMemoryStore(clock).client()].map((backend) => throttled(backend, limiter));
    if (one === undefined || two === undefined) throw new Error('no backends');
    const seen: string[] = [];
    const puts = Promise.all([one, two].map((backend) => backend.put('a', bodyWith('x'.repeat(1000)), NONE).then(() => seen.push('put'))));
    await clock.advance(1_500);
    expect(seen).toEqual([]);
    await clock.advance(600);
    await puts;
    const get = textOf(one, 'a').then((text) => seen.push(String(text?.length)));
    await clock.advance(1_500);
    expect(seen).toEqual(['put', 'put']);
    await clock.advance(600);
    await get;
    expect(seen).toEqual(['put', 'put', '1000']);
  });

  it('is interrupted while it waits', async () => {
    const clock = new ManualClock();
    const backend = throttled(createMemoryStore(clock).client(), new BandwidthLimiter(clock, { up: 1, down: 1 }));
    const stop = new AbortController();
    const put = backend.put('a', bodyWith('x'.repeat(1000)), { ...NONE, signal: stop.signal });
    const failed = expect(put).rejects.toMatchObject({ code: 'aborted' });
    stop.abort();
    await failed;
    expect(await backend.stat('a')).toBeNull();
  });
});
