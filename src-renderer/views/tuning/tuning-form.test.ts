import { describe, expect, it } from 'vitest';
import { DEFAULT_TUNING, type Tuning } from '../../../src-preload/contract/tuning.ts';
import { isOwn, readNumber, sameOwn } from './tuning-form.ts';
import { groupWords, keepsLess, keepsNothing, ownGroups, valueWords } from './tuning-words.ts';

const LIMITS = { min: 1, max: 64 };
const SECONDS = { unit: 1_000, decimals: 2 };
const with_ = (change: Partial<Tuning>): Tuning => ({ ...DEFAULT_TUNING, ...change });

describe('a number that is typed', () => {
  it.each([
    [8, 8],
    ['64', 64],
    [0, null],
    [65, null],
    ['', null],
    ['-', null],
    [1.5, null],
  ])('%j is read as %j', (typed, value) => {
    expect(readNumber(typed, LIMITS, { unit: 1, decimals: 0 })).toBe(value);
  });

  it.each([
    [0.3, 300],
    ['0.25', 250],
    ['1.', 1_000],
    [60, 60_000],
    [60.01, null],
    [0.001, null],
  ])('%j seconds are %j ms', (typed, value) => {
    expect(readNumber(typed, { min: 0, max: 60_000 }, SECONDS)).toBe(value);
  });
});

describe('a price that is typed', () => {
  it.each([
    [0, 0],
    ['0.0059', 0.0059],
    ['0.00699', 0.00699],
    ['0.000001', 0.000001],
    [1_000, 1_000],
    ['0.0000001', null],
    [1_001, null],
  ])('%j is read as %j', (typed, value) => {
    expect(readNumber(typed, { min: 0, max: 1_000 }, { unit: 1, decimals: 6 })).toBe(value);
  });
});

describe('what is set', () => {
  it('for one folder is its own even where it is the same, until it is taken back', () => {
    const form = { of: 'folder', base: DEFAULT_TUNING, own: { versionsKeep: 10 }, now: DEFAULT_TUNING } as const;
    expect([isOwn(form, 'versionsKeep'), isOwn(form, 'versionsDays')]).toEqual([true, false]);
  });

  it('for every folder is told where it is not the standard', () => {
    const now = with_({ verifySample: { kind: 'part', percent: 1 }, versionsKeep: 10 });
    const form = { of: 'every', base: DEFAULT_TUNING, own: { versionsKeep: 10 }, now } as const;
    expect([isOwn(form, 'versionsKeep'), isOwn(form, 'verifySample')]).toEqual([false, true]);
  });

  it('is the same in whatever order, but not without a limit where there was none of its own', () => {
    expect(sameOwn({ direction: 'two_way', trashDays: 3 }, { trashDays: 3, direction: 'two_way' })).toBe(true);
    expect(sameOwn({}, { trashDays: undefined })).toBe(true);
    expect(sameOwn({}, { versionsMaxBytes: null })).toBe(false);
  });

  it('belongs to groups', () => {
    expect(ownGroups({})).toEqual([]);
    expect(ownGroups({ versionsMaxBytes: null, direction: 'two_way' })).toEqual(['transfers', 'history']);
  });
});

describe('what is lost', () => {
  it.each([
    [{ versionsKeep: 9 }, true],
    [{ versionsDays: 29 }, true],
    [{ versionsThin: true }, true],
    [{ versionsMaxBytes: 1e12 }, true],
    [{ versionsPruneBucket: true }, true],
    [{ versionsKeep: 11, versionsDays: 31, trashDays: 1, versionsKeepIn: 'copies' }, false],
  ] as const)('by %j: %j', (change, less) => {
    expect(keepsLess(DEFAULT_TUNING, with_(change))).toBe(less);
  });

  it('is everything where no version or no day is kept', () => {
    expect([with_({ versionsKeep: 0 }), with_({ versionsDays: 0 }), DEFAULT_TUNING].map(keepsNothing)).toEqual([true, true, false]);
  });
});

describe('the words of a group', () => {
  it.each([
    ['transfers', {}, 'both ways, 8 at a time'],
    ['history', {}, '10 versions for 30 days, trash for 30 days'],
    ['history', { versionsKeep: 1, versionsThin: true, versionsMaxBytes: 20e9, trashDays: 1 }, '1 version for 30 days, thinned out, 20.0\u00a0GB at most, trash for 1 day'],
    ['history', { versionsDays: 0 }, 'nothing is kept, trash for 30 days'],
    ['checks', {}, '25 files every 30 days'],
    ['checks', { verifySample: { kind: 'part', percent: 0.5 }, verifyEveryDays: 1 }, '0.5% of the files every day'],
    ['checks', { verifyEveryDays: 0 }, 'never by itself'],
    ['compression', { compressionLevel: 9 }, 'level 9, where files are compressed'],
    ['prices', {}, 'by list prices, where they are known'],
    ['prices', { priceStorage: 0.0059, priceReads: 0 }, '$0.0059 a GB stored, $0.00 for 1,000 reads'],
    ['prices', { priceDownload: 0.01, priceWrites: 0.005 }, '$0.01 a GB downloaded, $0.005 for 1,000 writes'],
  ] as const)('%s with %j: %s', (group, change, words) => {
    expect(groupWords(group, with_(change))).toBe(words);
  });

  it('name a single value for the way back to it', () => {
    expect((['direction', 'debounceMs', 'versionsMaxBytes', 'versionsThin', 'versionsKeep'] as const).map((key) => valueWords(key, DEFAULT_TUNING))).toEqual([
      'both ways',
      '0.3 s',
      'no limit',
      'off',
      '10 versions',
    ]);
    expect([valueWords('priceReads', DEFAULT_TUNING), valueWords('priceReads', with_({ priceReads: 0.0004 }))]).toEqual(['none', '$0.0004']);
  });
});
