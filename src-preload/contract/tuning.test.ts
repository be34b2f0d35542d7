import { describe, expect, it } from 'vitest';
import { VARIABLES } from '../../src-main/settings/variables.ts';
import { DEFAULT_TUNING, type OwnTuning, TUNING_GROUPS, TUNING_VARIABLES, type Tuning, type TuningKey, tuningOf, tuningVariables } from './tuning.ts';
import { TUNING_FIELDS } from './tuning-parsers.ts';

const KEYS = Object.keys(TUNING_VARIABLES) as TuningKey[];
const UNUSUAL: Tuning = {
  direction: 'upload_only',
  maxConcurrent: 64,
  debounceMs: 0,
  versionsKeep: 0,
  versionsDays: 36_500,
  versionsThin: true,
  versionsMaxBytes: 20_500_000_001,
  versionsKeepIn: 'copies',
  versionsPruneBucket: true,
  trashDays: 1,
  verifySample: { kind: 'part', percent: 0.5 },
  verifyEveryDays: 0,
  compressionLevel: 9,
  holdDeletions: 1,
  holdDeletionsPercent: 0,
  holdRewrites: 0,
  priceStorage: 0.00699,
  priceDownload: 0,
  priceWrites: 1_000,
  priceReads: 0.000001,
};

describe('the settings of folders', () => {
  it.each([
    DEFAULT_TUNING,
    UNUSUAL,
    { ...UNUSUAL, versionsMaxBytes: 1, verifySample: { kind: 'count', files: 9_999_999 } } as const,
  ])('are read back by the command line as they are: %#', (tuning) => {
    const texts = tuningVariables(tuning);
    for (const key of KEYS) expect(VARIABLES[TUNING_VARIABLES[key]].parse(texts[TUNING_VARIABLES[key]]), key).toEqual(tuning[key]);
  });

  it.each([
    ['maxConcurrent', [0, 65, 1.5]],
    ['debounceMs', [-1, 60_001]],
    ['versionsKeep', [-1, 100_001]],
    ['versionsDays', [-1, 36_501]],
    ['trashDays', [0, 36_501]],
    ['verifyEveryDays', [-1, 3_651]],
    ['compressionLevel', [0, 10]],
    ['holdDeletions', [0, 100_001]],
    ['holdDeletionsPercent', [-1, 101]],
    ['holdRewrites', [-1, 100_001]],
  ] as const)('%s has the limits of its variable', (key, bad) => {
    for (const value of bad) {
      expect(TUNING_FIELDS[key].safeParse(value).success, String(value)).toBe(false);
      expect(VARIABLES[TUNING_VARIABLES[key]].safeParse(String(value)).success, String(value)).toBe(false);
    }
    for (const value of bad.slice(0, 2).map((beyond, i) => (i === 0 ? beyond + 1 : beyond - 1))) {
      expect(TUNING_FIELDS[key].safeParse(value).success, String(value)).toBe(true);
      expect(VARIABLES[TUNING_VARIABLES[key]].safeParse(String(value)).success, String(value)).toBe(true);
    }
  });

  it.each([
    { kind: 'count', files: 0 },
    { kind: 'count', files: 2.5 },
    { kind: 'count', files: 1e7 },
    { kind: 'part', percent: 101 },
    { kind: 'part', percent: 1e-7 },
  ])('no check can be of %j', (sample) => {
    expect(TUNING_FIELDS.verifySample.safeParse(sample).success).toBe(false);
  });

  it('no price is below nothing, endless or finer than its variable can say', () => {
    for (const bad of [-0.01, 1_000.01, 1e-7, 0.1 + 0.2, Number.NaN]) expect(TUNING_FIELDS.priceReads.safeParse(bad).success, String(bad)).toBe(false);
    for (const good of [null, 0, 1e-6, 0.3, 1_000]) expect(TUNING_FIELDS.priceReads.safeParse(good).success, String(good)).toBe(true);
  });

  it('each stand in one group', () => {
    expect(Object.values(TUNING_GROUPS).flat().toSorted()).toEqual(KEYS.toSorted());
  });

  it('of one folder go before those of every folder, and what it leaves out follows them', () => {
    const own: OwnTuning = { versionsMaxBytes: null, direction: 'download_only', trashDays: undefined };
    expect(tuningOf(UNUSUAL, own)).toEqual({ ...UNUSUAL, versionsMaxBytes: null, direction: 'download_only' });
    expect(tuningOf(UNUSUAL, {})).toEqual(UNUSUAL);
  });
});
