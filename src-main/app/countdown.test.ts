import { expect, it } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { Countdown } from './countdown.ts';

it('runs once, so long after it was last begun', async () => {
  const clock = new ManualClock();
  const ran: number[] = [];
  const countdown = new Countdown(clock, 1_000, () => ran.push(clock.monotonic()));
  countdown.begin();
  await clock.advance(600);
  countdown.begin();
  await clock.advance(999);
  expect(ran).toEqual([]);
  await clock.advance(5_000);
  expect(ran).toEqual([1_600]);
});

it('does not run once it is called off, and can be begun again', async () => {
  const clock = new ManualClock();
  const ran: number[] = [];
  const countdown = new Countdown(clock, 1_000, () => ran.push(clock.monotonic()));
  countdown.begin();
  await clock.advance(999);
  countdown.callOff();
  await clock.advance(5_000);
  expect(ran).toEqual([]);
  countdown.begin();
  await clock.advance(1_000);
  expect(ran).toEqual([6_999]);
});
