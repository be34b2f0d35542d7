import { describe, expect, it } from 'vitest';
import { ManualClock, settle } from '../testing/manual-clock.ts';
import { BandwidthLimiter } from './bandwidth-limiter.ts';
import { TokenBucket } from './token-bucket.ts';

const KIB = 1024;

/** Takes chunk after chunk until told to stop; counts what it got. */
function transfer(take: (bytes: number, signal: AbortSignal) => Promise<void>, chunk: number) {
  const stop = new AbortController();
  const moved = { bytes: 0 };
  const run = async (): Promise<void> => {
    for (;;) {
      await take(chunk, stop.signal);
      moved.bytes += chunk;
    }
  };
  const ended = run().catch((error: unknown) => error);
  const end = (): Promise<unknown> => {
    stop.abort();
    return ended;
  };
  return { moved, end };
}

describe('C71 a bandwidth limit', () => {
  it('holds within 10 % over 30 seconds both ways, with many transfers, and changes while it runs', async () => {
    const clock = new ManualClock();
    const limiter = new BandwidthLimiter(clock, { up: 500 * KIB, down: 2048 * KIB });
    const ups = Array.from({ length: 12 }, (_, i) => transfer((bytes, signal) => limiter.take('up', bytes, signal), (1 + (i % 4)) * 4 * KIB));
    const downs = Array.from({ length: 12 }, (_, i) => transfer((bytes, signal) => limiter.take('down', bytes, signal), (1 + (i % 4)) * 16 * KIB));
    const total = (list: typeof ups): number => list.reduce((sum, { moved }) => sum + moved.bytes, 0);
    await clock.advance(15_000);
    const first = { up: total(ups), down: total(downs) };
    limiter.set({ up: 100 * KIB, down: 4096 * KIB });
    await clock.advance(15_000);
    const second = { up: total(ups) - first.up, down: total(downs) - first.down };
    for (const [seen, wanted] of [
      [first.up, 15 * 500 * KIB],
      [first.down, 15 * 2048 * KIB],
      [second.up, 15 * 100 * KIB],
      [second.down, 15 * 4096 * KIB],
    ] as const)
      expect(Math.abs(seen - wanted) / wanted).toBeLessThan(0.1);
    await Promise.all([...ups, ...downs].map(({ end }) => end()));
  });

  it('of 1 KiB a second lets a file of 3 KiB through in 3 seconds', async () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket(clock, KIB);
    let done = false;
    void bucket.take(3 * KIB).then(() => {
      done = true;
    });
    await clock.advance(2_700);
    expect(done).toBe(false);
    await clock.advance(400);
    expect(done).toBe(true);
  });

  it('counts at once for one who has long to wait, when it is raised and when it is lifted', async () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket(clock, KIB);
    const done: string[] = [];
    void bucket.take(100 * KIB).then(() => done.push('first'));
    void bucket.take(100_000 * KIB).then(() => done.push('second'));
    await clock.advance(1_000);
    expect(done).toEqual([]);
    bucket.setRate(1024 * KIB);
    await clock.advance(500);
    expect(done).toEqual(['first']);
    bucket.setRate(null);
    await settle();
    expect(done).toEqual(['first', 'second']);
    await bucket.take(Number.MAX_SAFE_INTEGER);
  });

  it('set to less, makes those who wait wait for the new rate', async () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket(clock, 1024 * KIB);
    let done = false;
    void bucket.take(1024 * KIB).then(() => {
      done = true;
    });
    bucket.setRate(100 * KIB);
    await clock.advance(9_000);
    expect(done).toBe(false);
    await clock.advance(1_500);
    expect(done).toBe(true);
  });

  it('shares evenly: one who takes much at a time gets no more, and holds up nobody', async () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket(clock, 64 * KIB);
    const big = transfer((bytes, signal) => bucket.take(bytes, signal), 640 * KIB);
    await settle();
    const small = transfer((bytes, signal) => bucket.take(bytes, signal), KIB);
    await clock.advance(4_000);
    expect(small.moved.bytes).toBeGreaterThan(4 * 64 * KIB * 0.4);
    await Promise.all([big.end(), small.end()]);
  });

  it('lets nobody make up for more than a quarter of a second of silence', async () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket(clock, 100 * KIB);
    await clock.advance(60_000);
    const taker = transfer((bytes, signal) => bucket.take(bytes, signal), KIB);
    await settle();
    expect(taker.moved.bytes).toBe(25 * KIB);
    await taker.end();
  });

  it('is left by one who is interrupted, and the others go on', async () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket(clock, 10 * KIB);
    const leaving = new AbortController();
    const left = bucket.take(1000 * KIB, leaving.signal).catch((error: unknown) => error);
    const other = bucket.take(5 * KIB);
    leaving.abort();
    expect(await left).toMatchObject({ code: 'aborted' });
    await clock.advance(1_000);
    await other;
    await expect(bucket.take(1, leaving.signal)).rejects.toMatchObject({ code: 'aborted' });
  });
});
