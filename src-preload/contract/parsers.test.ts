import { describe, expect, it } from 'vitest';
import { CHANNELS, type Channel, type Requests } from './channels.ts';
import { PARSERS } from './parsers.ts';

const ID = '0123456789abcdef';
const GOOD: { readonly [C in Channel]: Requests[C]['input'] } = {
  'app/state': null,
  'app/set': { theme: 'dark' },
  'app/dismiss': { notice: 'engine' },
  'app/quit': null,
  'engine/restart': null,
  'folder/choose': { purpose: 'source' },
  'pair/check': { source: ID, target: ID },
  'pair/add': { source: ID, target: ID, name: 'Documents', conflictPolicy: 'manual' },
  'pair/remove': { pair: ID },
  'pair/change': { pair: ID, name: 'R&D', ignorePatterns: ['*.iso'], ignoreJunk: false },
  'pair/open': { pair: ID, side: 'target' },
  'pair/reveal': { pair: ID, path: 'a/b.txt' },
  'sync/now': { pair: null },
  'sync/pause': { pair: ID, length: 'hour' },
  'sync/resume': { pair: null },
  'held/release': { pair: ID, shown: 3 },
  'conflict/resolve': { pair: ID, path: 'a.txt', choice: 'both' },
  'conflict/preview': { pair: ID, path: 'a.txt' },
  'activity/list': { pair: null, search: '', only: 'all', before: null, limit: 200 },
};
const ALL = Object.keys(CHANNELS) as Channel[];

describe('request parsers', () => {
  it.each(ALL)('%s takes what the window sends', (channel) => {
    expect(PARSERS[channel].safeParse(GOOD[channel])).toMatchObject({ success: true, data: GOOD[channel] });
  });

  it.each(ALL)('%s refuses anything else', (channel) => {
    for (const bad of [undefined, 1, 'text', [], { surprise: true }, { ...(GOOD[channel] ?? {}), surprise: true }]) {
      expect(PARSERS[channel].safeParse(bad).success, JSON.stringify(bad)).toBe(false);
    }
  });

  it.each([
    ['pair/remove', { pair: '../../etc' }],
    ['pair/remove', { pair: `${ID}0` }],
    ['pair/check', { source: '/home/a', target: ID }],
    ['pair/add', { ...GOOD['pair/add'], name: '  ' }],
    ['pair/add', { ...GOOD['pair/add'], name: 'two\nlines' }],
    ['pair/add', { ...GOOD['pair/add'], name: 'x'.repeat(81) }],
    ['pair/add', { ...GOOD['pair/add'], conflictPolicy: 'delete_all' }],
    ['pair/change', { pair: ID, ignorePatterns: Array(201).fill('x') }],
    ['pair/change', { pair: ID, ignorePatterns: ['x'.repeat(257)] }],
    ['pair/change', { pair: ID, ignorePatterns: ['a\nb'] }],
    ['pair/reveal', { pair: ID, path: '' }],
    ['held/release', { pair: ID, shown: 0 }],
    ['held/release', { pair: ID, shown: 1.5 }],
    ['conflict/resolve', { pair: ID, path: 'a', choice: 'neither' }],
    ['sync/pause', { pair: null, length: 'forever' }],
    ['app/set', { theme: 'pink' }],
    ['activity/list', { ...GOOD['activity/list'], limit: 100_000 }],
    ['activity/list', { ...GOOD['activity/list'], before: Number.NaN }],
  ] as const)('%s refuses %j', (channel, input) => {
    expect(PARSERS[channel].safeParse(input).success).toBe(false);
  });
});
