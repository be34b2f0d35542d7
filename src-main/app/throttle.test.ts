import { expect, it } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { Throttle } from './throttle.ts';

it('runs at once, then at most once an interval, and loses no last call', async () => {
  const clock = new ManualClock();
  const ran: number[] = [];
  const throttle = new Throttle(clock, 250, () => ran.push(clock.monotonic()));
  for (let i = 0; i < 100; i++) {
    throttle.call();
    await clock.advance(10);
  }
  await clock.advance(1_000);
  expect(ran).toEqual([0, 250, 500, 750, 1_000]);
  throttle.call();
  expect(ran.at(-1)).toBe(2_000);
  throttle.call();
  throttle.end();
  await clock.advance(1_000);
  expect(ran).toHaveLength(6);
});
