import { expect, it } from 'vitest';
import { pauseEnd } from './pause-length.ts';

it.each([
  ['half-hour', 30 * 60_000],
  ['hour', 60 * 60_000],
] as const)('%s', (length, ms) => {
  expect(pauseEnd(length, 1_000)).toBe(1_000 + ms);
});

it('until resumed has no end', () => {
  expect(pauseEnd('until-resumed', 1_000)).toBeNull();
});

it.each(['2026-11-23T23:59:00', '2026-11-23T00:01:00', '2026-03-28T12:00:00', '2026-12-31T12:00:00'])('tomorrow after %s is the next day at eight, local time', (text) => {
  const now = new Date(text).getTime();
  const end = new Date(pauseEnd('tomorrow', now) ?? 0);
  const next = new Date(now);
  next.setDate(next.getDate() + 1);
  expect([end.toDateString(), end.getHours(), end.getMinutes()]).toEqual([next.toDateString(), 8, 0]);
});
