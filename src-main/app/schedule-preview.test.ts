import { describe, expect, it } from 'vitest';
import { previewSchedule, scheduleFaultText } from './schedule-preview.ts';

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
    ['61 * * * *', [], 'UTC', 'malformed', /no schedule/],
    ['every day', [], 'UTC', 'malformed', /no schedule/],
    ['0 * * * *', ['07:00-07:00'], 'UTC', 'quiet', /quiet hours/],
    ['0 * * * *', [], 'Mars/Olympus', 'time-zone', /no time zone Mars\/Olympus/],
  ] as const)('%s %j %s is refused: %s', (cron, quiet, timeZone, fault, text) => {
    expect(preview(cron, quiet, timeZone)).toEqual({ runs: [], fault });
    expect(scheduleFaultText({ cron, quiet, timeZone })).toMatch(text);
  });

  it('a day that never comes is refused, one that can be kept has nothing said against it', () => {
    const never = { cron: '0 0 31 2 *', quiet: [], timeZone: 'UTC' };
    expect(previewSchedule(never, NOW).fault).toBe('never');
    expect(scheduleFaultText(never)).toMatch(/never/);
    expect(scheduleFaultText({ ...never, cron: '0 0 1 1 *' })).toBeNull();
  });
});
