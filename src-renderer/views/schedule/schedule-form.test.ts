import { describe, expect, it } from 'vitest';
import { formOf, isFilledIn, scheduleOf } from './schedule-form.ts';
import { scheduleWords } from './schedule-words.ts';

const schedule = (cron: string | null, quiet: readonly string[] = []) => ({ cron, timeZone: null, quiet });

describe('C72 a schedule', () => {
  it.each([
    [null, 'inherit', 'as changes come'],
    [schedule(null), 'live', 'as changes come'],
    [schedule(null, ['22:00-07:00']), 'live', 'as changes come, quiet 22:00-07:00'],
    [schedule('0 * * * *'), 'hourly', 'every hour'],
    [schedule('0 */4 * * *'), 'hourly', 'every 4 hours'],
    [schedule('30 2 * * *'), 'daily', 'every day at 02:30'],
    [schedule('5 14 * * 1,3'), 'weekly', 'Mon, Wed at 14:05'],
    [schedule('0 */5 * * *'), 'cron', 'by “0 */5 * * *”'],
    [schedule('*/10 9-17 * * 1-5'), 'cron', 'by “*/10 9-17 * * 1-5”'],
  ] as const)('%j is filled in as %s, and said as “%s”', (given, kind, words) => {
    const form = formOf(given);
    expect(form.kind).toBe(kind);
    expect(scheduleOf(form)).toEqual(given);
    expect(scheduleWords(given ?? schedule(null))).toBe(words);
  });

  it('that says nothing yet is not asked about', () => {
    expect(isFilledIn({ ...formOf(schedule('30 2 * * 1')), days: [] })).toBe(false);
    expect(isFilledIn({ ...formOf(schedule('30 2 * * *')), time: '' })).toBe(false);
    expect(isFilledIn({ ...formOf(null), kind: 'cron' })).toBe(false);
    expect(isFilledIn(formOf(null))).toBe(true);
  });
});
