import { afterEach, expect, it } from 'vitest';
import { relPath } from '../../../src-main/core/rel-path.ts';
import { settingsView } from '../../../src-main/testing/app-state.ts';
import { setLanguage } from '../../strings/say.ts';
import { bandwidthWords, limitedWords } from './bandwidth-words.ts';
import { rowFault } from './timetable-form.ts';

const ROW = { days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00', up: 500_000, down: null } as const;
const settings = settingsView({ schedule: { cron: null, timeZone: 'UTC', quiet: [] }, bandwidthTimetable: [ROW], bandwidth: { up: null, down: 2_000_000 } });
const said = (time: string): string => bandwidthWords(settings, Date.parse(time)).replaceAll(/\s?[AP]M/g, '');

afterEach(() => setLanguage('en'));

it('C71 what limits hold now and next is said in words', () => {
  expect(said('2026-11-26T09:00Z')).toMatch(
    /^Now: upload at most 500\u00a0KB\/s, download at most 2\.0\u00a0MB\/s\. From (18|0?6):00: upload without limit, download at most 2\.0\u00a0MB\/s\.$/,
  );
  expect(said('2026-11-27T19:00Z')).toMatch(/From Monday 0?8:00: upload at most 500\u00a0KB\/s/);
  expect(bandwidthWords(settingsView(), 0)).toBe('Now: no limit.');
  expect(bandwidthWords(settingsView({ bandwidth: { up: 3_000, down: 3_000 } }), 0)).toBe('Now: at most 3.0\u00a0KB/s each way.');
  setLanguage('de');
  expect(said('2026-11-27T19:00Z')).toBe(
    'Jetzt: senden ohne Grenze, empfangen höchstens 2,0\u00a0MB/s. Ab Montag 08:00: senden höchstens 500\u00a0KB/s, empfangen höchstens 2,0\u00a0MB/s.',
  );
});

it('what limits the transfers under way is said beside them', () => {
  const transfer = (direction: 'up' | 'down') => ({ path: relPath('a'), direction, bytes: 0, totalBytes: 1 });
  const now = Date.parse('2026-11-26T09:00Z');
  expect(limitedWords(settings, [transfer('up')], now)).toBe('limited to 500\u00a0KB/s');
  expect(limitedWords(settings, [transfer('up'), transfer('down')], now)).toBe('limited to 500\u00a0KB/s to backup, 2.0\u00a0MB/s from backup');
  expect(limitedWords(settings, [transfer('up')], Date.parse('2026-11-28T09:00Z'))).toBe('');
  expect(limitedWords(settings, [], now)).toBe('');
});

it('a row that says nothing yet is told what it lacks', () => {
  expect([rowFault(ROW), rowFault({ ...ROW, days: [] }), rowFault({ ...ROW, to: '' }), rowFault({ ...ROW, up: null })]).toEqual([null, 'days', 'times', 'limit']);
});
