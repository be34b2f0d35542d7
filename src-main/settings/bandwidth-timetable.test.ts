import { describe, expect, it } from 'vitest';
import { BandwidthLimiter } from '../platform/bandwidth-limiter.ts';
import { ManualClock, settle } from '../testing/manual-clock.ts';
import { limitsAt, parseRate, parseTimetable, strictest } from './bandwidth-timetable.ts';
import { keepTimetable } from './keep-timetable.ts';

const K = 1024;
const M = K * K;
const RCLONE = '08:00,512K 12:00,10M 13:00,512K 18:00,30M 23:00,off';

const at = (time: string, text = RCLONE, timeZone = 'UTC') => limitsAt({ slots: parseTimetable(text) ?? [], timeZone }, Date.parse(time));
const both = (rate: number | null) => ({ up: rate, down: rate });

describe('a timetable of bandwidth, as rclone writes it', () => {
  it.each([
    ['2026-11-26T07:59:59Z', null],
    ['2026-11-26T08:00:00Z', 512 * K],
    ['2026-11-26T12:30:00Z', 10 * M],
    ['2026-11-26T13:00:00Z', 512 * K],
    ['2026-11-26T22:59:00Z', 30 * M],
    ['2026-11-26T23:00:00Z', null],
    ['2026-11-27T03:00:00Z', null],
  ])('at %s is %s', (time, rate) => expect(at(time)).toEqual(both(rate)));

  it('has weekdays, and a rate for each way', () => {
    const text = 'Mon-00:00,512 Fri-23:59,10M 14:00,1M:off Sun-20:00,off';
    expect(at('2026-11-23T00:30Z', text)).toEqual(both(512 * K));
    expect(at('2026-11-23T14:00Z', text)).toEqual({ up: M, down: null });
    expect(at('2026-11-27T23:59Z', text)).toEqual(both(10 * M));
    expect(at('2026-11-29T20:00Z', text)).toEqual(both(null));
    expect(at('2026-11-29T19:59Z', text)).toEqual({ up: M, down: null });
  });

  it('goes by the wall clock of its time zone, through a change to winter time', () => {
    expect(at('2026-07-01T06:00Z', RCLONE, 'Europe/Berlin')).toEqual(both(512 * K));
    expect(at('2026-12-01T06:59Z', RCLONE, 'Europe/Berlin')).toEqual(both(null));
    expect(at('2026-12-01T07:00Z', RCLONE, 'Europe/Berlin')).toEqual(both(512 * K));
  });

  it.each(['', '8,512K', '24:00,1M', '08:60,1M', '08:00', '08:00,fast', '08:00,1M,2M', 'Noday-08:00,1M', '08:00,1M:2M:3M', '08:00,-1M'])('is not %j', (text) => {
    expect(parseTimetable(text)).toBeNull();
  });

  it.each<[string, number | null | undefined]>([
    ['500K', 500 * K],
    ['2m', 2 * M],
    ['512', 512 * K],
    ['100B', 100],
    ['1.5G', 1.5 * K * M],
    ['off', null],
    ['0', null],
    ['x', undefined],
  ])('%s is %s bytes a second', (text, rate) => expect(parseRate(text)).toBe(rate));

  it('never lifts a fixed limit', () => {
    expect(strictest({ up: 5, down: null }, { up: null, down: 7 })).toEqual({ up: 5, down: 7 });
    expect(strictest({ up: 5, down: 9 }, { up: 3, down: 10 })).toEqual({ up: 3, down: 9 });
  });
});

describe('C71 while transfers run', () => {
  it('holds each slot within 10 % over 30 seconds, both ways, with many transfers', async () => {
    const clock = new ManualClock(Date.parse('2026-11-26T11:59:30Z'));
    const limiter = new BandwidthLimiter(clock, both(null));
    const stop = new AbortController();
    const kept = keepTimetable(
      { slots: parseTimetable('08:00,100K:200K 12:00,400K:50K 12:01,off') ?? [], timeZone: 'UTC' },
      both(null),
      { clock, set: (limits) => limiter.set(limits) },
      stop.signal,
    );
    await settle();
    const moved = { up: 0, down: 0 };
    const transfers = Array.from({ length: 20 }, async (_, i) => {
      for (;;) {
        const way = i % 2 === 0 ? 'up' : 'down';
        await limiter.take(way, (1 + (i % 5)) * 2 * K, stop.signal);
        moved[way] += (1 + (i % 5)) * 2 * K;
        if (moved[way] > 500 * M) return;
      }
    }).map((run) => run.catch(() => undefined));
    const over = async (ms: number): Promise<{ up: number; down: number }> => {
      const before = { ...moved };
      await clock.advance(ms);
      return { up: (moved.up - before.up) / (ms / 1000), down: (moved.down - before.down) / (ms / 1000) };
    };
    const first = await over(30_000);
    const second = await over(30_000);
    for (const [seen, wanted] of [
      [first.up, 100 * K],
      [first.down, 200 * K],
      [second.up, 400 * K],
      [second.down, 50 * K],
    ] as const)
      expect(Math.abs(seen - wanted) / wanted).toBeLessThan(0.1);
    // 12:01: no limit from here on.
    await clock.advance(30_000);
    await Promise.all(transfers);
    expect(moved.up).toBeGreaterThan(500 * M);
    stop.abort();
    await kept;
  });

  it('keeps under the fixed limit, and looks at the clock again after a sleep of the machine', async () => {
    const clock = new ManualClock(Date.parse('2026-11-26T11:00:30Z'));
    const seen: unknown[] = [];
    const stop = new AbortController();
    const kept = keepTimetable(
      { slots: parseTimetable('08:00,1M 12:00,off') ?? [], timeZone: 'UTC' },
      { up: 10, down: null },
      { clock, set: (limits) => seen.push(limits) },
      stop.signal,
    );
    await settle();
    await clock.advance(2 * 3_600_000);
    expect(seen).toEqual([
      { up: 10, down: M },
      { up: 10, down: null },
    ]);
    stop.abort();
    await kept;
  });
});
