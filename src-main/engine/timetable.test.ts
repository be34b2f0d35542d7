import { expect, it } from 'vitest';
import { DEFAULT_PAIR_SETTINGS } from '../core/settings.ts';
import { type Due, Timetable } from './timetable.ts';

const MIN = 60_000;
const HOUR = 60 * MIN;
const ALL = { local: 'all', remote: 'all' } as const;

function scene(hasFeed: boolean) {
  let now = 0;
  const table = new Timetable({ monotonic: () => now }, { ...DEFAULT_PAIR_SETTINGS, deviceName: 'a' }, hasFeed);
  const at = (ms: number): Due => {
    now = ms;
    return table.due;
  };
  return { table, at };
}

it('without a feed each poll is a listing, and every hour both sides are looked at in full', () => {
  const { table, at } = scene(false);
  expect(at(29_999)).toEqual({ poll: false, list: false, scan: false });
  expect(at(30_000)).toEqual({ poll: true, list: true, scan: false });
  table.looked({ local: 'cached', remote: 'all' });
  expect(table.pollIn).toBe(30_000);
  expect(at(HOUR)).toEqual({ poll: true, list: true, scan: true });
});

it('with a feed a poll is no listing; every three hours both sides are looked at in full', () => {
  const { table, at } = scene(true);
  expect(at(30_000)).toEqual({ poll: true, list: false, scan: false });
  table.polled();
  expect(at(HOUR)).toEqual({ poll: true, list: false, scan: true });
  table.looked({ local: 'all', remote: 'cached' });
  table.polled();
  expect(at(3 * HOUR - MIN)).toMatchObject({ list: false });
  expect(at(3 * HOUR)).toEqual({ poll: true, list: true, scan: true });
  table.looked(ALL);
  expect(at(3 * HOUR + MIN)).toEqual({ poll: true, list: false, scan: false });
});

it('what only a listing can settle makes the next poll one', () => {
  const { table, at } = scene(true);
  table.listSoon(true);
  expect(at(29_000)).toMatchObject({ list: false });
  expect(at(30_000)).toEqual({ poll: true, list: true, scan: false });
  table.listSoon(false);
  expect(at(30_000)).toMatchObject({ list: false });
});

it('a store that takes long to list is listed less often, and asked for news as often as ever', () => {
  const slow = scene(false);
  slow.table.lookTook(5 * MIN);
  expect(slow.at(99 * MIN)).toMatchObject({ poll: false });
  expect(slow.at(100 * MIN)).toMatchObject({ poll: true, list: true });
  const fed = scene(true);
  fed.table.lookTook(15 * MIN);
  expect(fed.at(30_000)).toMatchObject({ poll: true, list: false });
  expect(fed.at(4 * HOUR)).toMatchObject({ list: false });
  expect(fed.at(5 * HOUR)).toMatchObject({ list: true });
});
