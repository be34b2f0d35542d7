import { describe, expect, it } from 'vitest';
import { previewSchedule } from './schedule-preview.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
const preview = (cron: string | null, quiet: readonly string[] = [], timeZone: string | null = 'UTC') => previewSchedule({ cron, timeZone, quiet }, NOW);

describe('C72 what a schedule means', () => {
  it('is said by its next five runs', () => {
    expect(preview('30 2 * * 1-5').runs.map((at) => new Date(at).toISOString().slice(0, 16))).toEqual([
      '2026-11-24T02:30',
      '2026-11-25T02:30',
      '2026-11-26T02:30',
      '2026-11-27T02:30',
      '2026-11-30T02:30',
    ]);
  });

  it('takes quiet hours into account', () => {
    expect(preview('0 * * * *', ['13:30-16:30']).runs.map((at) => new Date(at).getUTCHours() + new Date(at).getUTCMinutes() / 60)).toEqual([13, 16.5, 17, 18, 19]);
  });

  it('is nothing to name where changes are synced as they come', () => {
    expect(preview(null)).toEqual({ runs: [], fault: null });
  });

  it.each([
    ['61 * * * *', [], 'UTC', /no schedule/],
    ['0 0 31 2 *', [], 'UTC', /never|no schedule/],
    ['every day', [], 'UTC', /no schedule/],
    ['0 * * * *', ['07:00-07:00'], 'UTC', /quiet hours/],
    ['0 * * * *', [], 'Mars/Olympus', /time zone/],
  ] as const)('%s %j %s is refused', (cron, quiet, zone, fault) => {
    expect(preview(cron, quiet, zone)).toMatchObject({ runs: [], fault: expect.stringMatching(fault) });
  });
});
