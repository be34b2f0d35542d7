import { describe, expect, it } from 'vitest';
import { timeArgument, timeWords } from './time-argument.ts';

const NOW = Date.UTC(2026, 10, 26, 12, 0, 0);

describe('a time on the command line', () => {
  it.each<[string, number]>([
    ['2024-01-15T10:30:00Z', Date.UTC(2024, 0, 15, 10, 30)],
    ['2024-01-15 10:30+02:00', Date.UTC(2024, 0, 15, 8, 30)],
    ['2024-01-15T10:30:05.25-0130', Date.UTC(2024, 0, 15, 12, 0, 5, 250)],
    ['2024-01-15', new Date(2024, 0, 15).getTime()],
    ['2024-01-15 10:30', new Date(2024, 0, 15, 10, 30).getTime()],
    ['2024-02-29T23:59:59', new Date(2024, 1, 29, 23, 59, 59).getTime()],
    ['now', NOW],
    ['yesterday', NOW - 86_400_000],
    ['90s', NOW - 90_000],
    ['10 min', NOW - 600_000],
    ['5m', NOW - 300_000],
    ['2h', NOW - 7_200_000],
    ['2 hours ago', NOW - 7_200_000],
    ['3d', NOW - 3 * 86_400_000],
    ['3 Days Ago', NOW - 3 * 86_400_000],
    ['1w', NOW - 7 * 86_400_000],
  ])('%s', (text, ms) => {
    expect(timeArgument(text, NOW)).toBe(ms);
  });

  it.each([
    '',
    'soon',
    '2024',
    '2024-13-01',
    '2023-02-29',
    '2024-01-15T25:00',
    '2024-01-15T10:60',
    '2024-01-15T10:30:61',
    '-3d',
    '3',
    '3 fortnights',
    '15.01.2024',
    '2024-01-15Z',
  ])('%j is none', (text) => {
    expect(() => timeArgument(text, NOW)).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  it('is said back with its zone', () => {
    expect(timeWords(NOW)).toMatch(/^2026-11-2[567] \d\d:00:00 [+-]\d\d:\d\d \(.+\)$/);
    expect(timeArgument(timeWords(NOW).replace(/ \(.*/, ''), 0)).toBe(NOW);
  });
});
