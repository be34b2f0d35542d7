import { describe, expect, it } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { PairRest } from './pair-rest.ts';

function start(pause: { readonly until: number | null } | null = null) {
  const clock = new ManualClock();
  const calls: string[] = [];
  const engine = { pause: (until?: number) => void calls.push(until === undefined ? 'pause' : `pause ${until - clock.now()}`), resume: () => void calls.push('resume') };
  const rest = new PairRest<'sleep' | 'battery' | 'metered' | 'disk'>(clock, { pause, holds: [] }, () => undefined);
  rest.attach(engine);
  return { clock, calls, rest };
}

describe('a folder at rest', () => {
  it('rests once for several reasons, and goes on when the last one ends', () => {
    const { calls, rest } = start();
    rest.hold(['sleep']);
    rest.hold(['sleep', 'battery']);
    rest.holdOwn('disk', true);
    rest.hold(['battery']);
    rest.hold([]);
    expect(calls).toEqual(['pause']);
    expect(rest.holds).toEqual(['disk']);
    rest.holdOwn('disk', false);
    expect(calls).toEqual(['pause', 'resume']);
  });

  it('keeps the user’s own pause through it', async () => {
    const { calls, clock, rest } = start();
    rest.pause(clock.now() + 60_000);
    rest.hold(['sleep']);
    await clock.advance(10_000);
    rest.hold([]);
    expect(calls).toEqual(['pause 60000', 'pause', 'pause 50000']);
    rest.resume();
    expect(calls.at(-1)).toBe('resume');
  });

  it('does not go back to a pause that ended meanwhile', async () => {
    const { calls, clock, rest } = start();
    rest.pause(clock.now() + 5_000);
    rest.hold(['sleep']);
    await clock.advance(10_000);
    rest.hold([]);
    expect(calls).toEqual(['pause 5000', 'pause', 'resume']);
  });

  it('says until when, where that is known', () => {
    const { clock, rest } = start({ until: clock0 + 5_000 });
    expect(rest.until).toBe(clock0 + 5_000);
    rest.hold(['metered']);
    expect(rest.until).toBeNull();
    rest.hold([]);
    rest.quiet(clock.now() + 9_000);
    expect([rest.until, rest.holds]).toEqual([clock.now() + 9_000, ['quiet']]);
  });

  it('syncs once in quiet hours on demand, and rests again', async () => {
    const { calls, clock, rest } = start();
    rest.quiet(clock.now() + 9_000);
    await rest.despiteQuiet(async () => void calls.push(`sync, ${rest.holds.length} holds`));
    expect([calls, rest.holds]).toEqual([['pause', 'resume', 'sync, 0 holds', 'pause'], ['quiet']]);
    rest.hold(['battery']);
    await rest.despiteQuiet(async () => expect(rest.holds).toEqual(['battery']));
  });

  it('ends quiet hours early on the user’s word, those and no others', async () => {
    const { calls, clock, rest } = start();
    const end = clock.now() + 9_000;
    rest.quiet(end);
    rest.resume();
    rest.quiet(end);
    await rest.despiteQuiet(async () => undefined);
    expect([calls, rest.isResting]).toEqual([['pause', 'resume'], false]);
    rest.quiet(null);
    rest.quiet(end + 86_400_000);
    expect(rest.holds).toEqual(['quiet']);
  });

  it('goes on after a pause in quiet hours when both are over, and not when a timed pause ends', async () => {
    const { clock, rest } = start();
    const stop = new AbortController();
    rest.pause(clock.now() + 5_000);
    void rest.whenFree(stop.signal).catch(() => undefined);
    rest.quiet(clock.now() + 9_000);
    expect(rest.until).toBe(clock.now() + 9_000);
    rest.pause(clock.now() + 20_000);
    expect(rest.until).toBe(clock.now() + 20_000);
    rest.pause(null);
    expect(rest.until).toBeNull();
    rest.pause(clock.now() + 5_000);
    await clock.advance(6_000);
    expect(rest.holds).toEqual(['quiet']);
    rest.hold(['battery']);
    expect(rest.until).toBeNull();
    stop.abort();
  });

  it('ends a timed pause for an engine that does not, and knows an end that went by', async () => {
    const { calls, clock, rest } = start();
    const end = clock.now() + 5_000;
    rest.pause(end);
    await clock.advance(10_000);
    expect([rest.until, rest.isResting]).toEqual([null, true]);
    const stop = new AbortController();
    const ended = rest.endPauses(stop.signal);
    await clock.advance(1);
    expect([calls, rest.isResting]).toEqual([['pause 5000', 'resume'], false]);
    rest.pause(clock.now() + 120_000);
    rest.pause(null);
    await clock.advance(180_000);
    expect(rest.isResting).toBe(true);
    rest.pause(clock.now() + 120_000);
    await clock.advance(120_000);
    expect(calls.slice(2)).toEqual(['pause 120000', 'pause', 'pause 120000', 'resume']);
    stop.abort();
    await ended;
  });

  it('is waited for to its end, also where only a time ends it', async () => {
    const { clock, rest } = start();
    const stop = new AbortController();
    let free = 0;
    rest.pause(clock.now() + 300_000);
    rest.hold(['battery']);
    void rest.whenFree(stop.signal).then(() => free++);
    await clock.advance(60_000);
    rest.hold([]);
    await clock.advance(200_000);
    expect(free).toBe(0);
    await clock.advance(60_000);
    expect(free).toBe(1);
    rest.pause(null);
    const waiting = expect(rest.whenFree(stop.signal)).rejects.toThrow();
    stop.abort();
    await waiting;
  });
});
const clock0 = new ManualClock().now();
