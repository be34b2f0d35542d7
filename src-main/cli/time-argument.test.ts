import { describe, expect, it } from 'vitest';
import { lengthArgument, timeArgument, timeWords } from './time-argument.ts';

const NOW = Date.UTC(2026, 10, 26, 12, 0, 0);

describe('a time on the command line', () => {
  it.each<[string, number]>([
    ['2024-01-15T10:30:00Z', Date.UTC(2024, 0, 15, 10, 30)],
    ['2024-01-15 10:30+02:00', Date.UTC(2024, 0, 15, 8, 30)],
    ['2024-01-15T10:30:05.25-0130', Date.UTC(2024, 0, 15, 12, 0, 5, 250)],
    ['2024-01-15T10:30:05.123456Z', Date.UTC(2024, 0, 15, 10, 30, 5, 123)],
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
    expect(timeArgument(text, NOW, '--date')).toBe(ms);
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
    expect(() => timeArgument(text, NOW, '--date')).toThrow(expect.objectContaining({ code: 'usage', message: `--date: ${JSON.stringify(text)} is no time` }));
  });

  it('is said back with its zone', () => {
    expect(timeWords(NOW)).toMatch(/^2026-11-2[567] \d\d:00:00 [+-]\d\d:\d\d \(.+\)$/);
    expect(timeArgument(timeWords(NOW).replace(/ \(.*/, ''), 0, '--date')).toBe(NOW);
  });
});

describe('a length of time on the command line', () => {
  it.each<[string, number]>([
    ['30s', 30_000],
    ['30m', 1_800_000],
    ['10 minutes', 600_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['1w', 604_800_000],
  ])('%s', (text, ms) => {
    expect(lengthArgument(text)).toBe(ms);
  });

  it.each(['', '0h', '2h ago', 'yesterday', '-1h', '2024-01-15', '30x'])('%j is none', (text) => {
    expect(() => lengthArgument(text)).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});
