import { describe, expect, it } from 'vitest';
import { pairView } from '../../../src-main/testing/app-state.ts';
import type { PairView, UsageView } from '../../../src-preload/contract/model.ts';
import { monthNumbers } from './month.ts';
import { points, RATES_KEPT, rateOf, sampleOf, withRate } from './rates.ts';
import { isTooOld } from './sync-age.ts';

const DAY = 86_400_000;

describe('the age of the last full sync', () => {
  const now = 100 * DAY;
  it.each([
    ['an hour', { state: 'ok', files: 3, lastSyncAt: now - 3_600_000 }, false],
    ['two days, though all seems well', { state: 'ok', files: 3, lastSyncAt: now - 2 * DAY }, true],
    ['two days, with an error', { state: 'error', files: 3, lastSyncAt: now - 2 * DAY }, true],
    ['two days, and the backup away', { state: 'offline', files: 3, lastSyncAt: now - 2 * DAY }, true],
    ['two days, paused by the user', { state: 'paused', files: 3, lastSyncAt: now - 2 * DAY }, false],
    ['two days, held by the battery', { state: 'paused', files: 3, holds: ['battery'], lastSyncAt: now - 2 * DAY }, true],
    ['six days, synced on Sundays', { state: 'ok', files: 3, lastSyncAt: now - 6 * DAY, nextSyncAt: now + DAY }, false],
    ['six days, and Sunday failed', { state: 'error', files: 3, lastSyncAt: now - 6 * DAY, nextSyncAt: now + DAY }, true],
    ['never, just added', { state: 'syncing', lastSyncAt: null }, false],
    ['a folder without files', { state: 'ok', files: 0, lastSyncAt: now - 9 * DAY }, false],
  ] as const)('%s', (_, change, old) => {
    expect(isTooOld(pairView(change), now)).toBe(old);
  });
});

describe('the rate graph', () => {
  it('keeps two minutes, and nothing where nothing moved', () => {
    let rates: readonly number[] = [];
    for (let i = 0; i < 300; i++) rates = withRate(rates, i);
    expect([rates.length, rates.at(0), rates.at(-1)]).toEqual([RATES_KEPT, 180, 299]);
    for (let i = 0; i < RATES_KEPT; i++) rates = withRate(rates, 0);
    expect(rates).toEqual([]);
  });

  it('says what the cards say: the rates of all that carry something, known or not yet', () => {
    const at = (rate: number | null, change: Partial<PairView> = {}, totalBytes = 100): PairView =>
      pairView({ state: 'syncing', progress: { phase: 'working', done: 2, total: 57, bytes: 0, totalBytes, rate, etaSeconds: null, inFlight: [] }, ...change });
    expect(rateOf([pairView(), at(6_200), at(null), at(800)])).toBe(7_000);
    expect(rateOf([pairView(), at(null)])).toBe('measuring');
    expect(rateOf([at(0)])).toBe(0);
    // Nothing to carry, paused, only looking: no card tells a rate.
    const looking = { ...at(6_200).progress, phase: 'looking' } as PairView['progress'];
    expect(rateOf([pairView(), at(0, {}, 0), at(6_200, { state: 'paused' }), at(0, { progress: looking })])).toBeNull();
  });

  it('draws only what is known', () => {
    expect(([7, 0, null, 'measuring'] as const).map(sampleOf)).toEqual([7, 0, 0, 0]);
  });

  it('has the newest at the right edge and the peak at the top', () => {
    const line = points([0, 50, 100], 100);
    expect([line.length, line.slice(-3)]).toEqual([RATES_KEPT, ['589.9,63', '595,33', '600,3']]);
  });

  it('is a line over the whole picture from the first rate on', () => {
    const line = points([100], 100);
    expect([line.at(0), line.at(-2), line.at(-1)]).toEqual(['0,63', '595,63', '600,3']);
  });
});

describe('the month', () => {
  const OWN = { provider: null, source: null, asOf: null } as const;
  const usage = (
    total: number | null,
    of: typeof OWN | { readonly provider: string; readonly source: string; readonly asOf: string } = { provider: 'x', source: '', asOf: '' },
  ): UsageView => ({
    month: '2026-11',
    requests: { put: 10, get: 5 },
    bytesUp: 0,
    bytesDown: 0,
    cost: total === null ? null : { requests: 0, egress: 0, storage: total, total, note: null, ...of },
  });

  it('adds up what lies there and what was asked', () => {
    const pairs = [pairView({ bytes: 10, kept: { count: 2, bytes: 5 } }), pairView({ bytes: 100, usage: usage(0.5) }), pairView({ usage: usage(0.25) })];
    expect(monthNumbers(pairs)).toEqual({ stored: 110, versions: { count: 2, bytes: 5 }, requests: 30, cost: 0.75, prices: 'list' });
  });

  it('goes by list prices, by the user’s own, or by both', () => {
    const prices = (...usages: readonly UsageView[]): string => monthNumbers([pairView(), ...usages.map((each) => pairView({ usage: each }))]).prices;
    expect([prices(usage(1)), prices(usage(1, OWN)), prices(usage(1, OWN), usage(1))]).toEqual(['list', 'own', 'both']);
  });

  it('knows no price where one of them is not known, and no cost of a folder', () => {
    expect(monthNumbers([pairView({ usage: usage(1) }), pairView({ usage: usage(null) })]).cost).toBeNull();
    expect(monthNumbers([pairView()])).toMatchObject({ requests: null, cost: undefined });
  });
});
