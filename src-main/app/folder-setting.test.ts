import { expect, it } from 'vitest';
import { FOLDER_SETTINGS, settingChange, withFolderSetting } from './folder-setting.ts';
import { DEFAULT_SETTINGS, type PairSetting, type Settings } from './settings-schema.ts';

const PAIR: PairSetting = {
  id: 'aaaaaaaaaaaaaaaa',
  name: 'Documents',
  source: '/home/a/Documents',
  backend: { kind: 'local', folder: '/backup' },
  protection: null,
  conflictPolicy: 'manual',
  conflictOverrides: [],
  ignorePatterns: ['*.iso'],
  ignoreJunk: true,
  schedule: null,
  tuning: { trashDays: 7 },
  pause: null,
  pauseOfAll: null,
  standstill: null,
};
const OTHER: PairSetting = { ...PAIR, id: 'bbbbbbbbbbbbbbbb', name: 'Photos' };
const every = { cron: '0 4 * * *', timeZone: 'UTC', quiet: ['22:00-07:00'] };
const SETTINGS: Settings = { ...DEFAULT_SETTINGS, pairs: [PAIR, OTHER], schedule: every };

const set = (name: string, value: string | null, settings = SETTINGS): Settings => withFolderSetting(settings, PAIR.id, name, value);

it('C72 a folder’s own times begin as those of every folder, and end when they are the same again', () => {
  const own = set('SYNC_SCHEDULE', '30 2 * * *');
  expect(own.pairs.map(({ schedule }) => schedule)).toEqual([{ ...every, cron: '30 2 * * *' }, null]);
  expect(set('QUIET_HOURS', null, own).pairs[0]?.schedule).toEqual({ cron: '30 2 * * *', timeZone: 'UTC', quiet: [] });
  expect(set('SYNC_SCHEDULE', null).pairs[0]?.schedule).toEqual({ ...every, cron: null });
  expect(set('SYNC_SCHEDULE', '0 4 * * *', own).pairs[0]?.schedule).toBeNull();
});

it('C67 C71 rules, the conflict policy and limits are set and taken out, and nothing else changes', () => {
  expect(set('IGNORE_PATTERNS', 'a, b/').pairs[0]?.ignorePatterns).toEqual(['a', 'b/']);
  expect(set('IGNORE_PATTERNS', null).pairs[0]?.ignorePatterns).toEqual([]);
  expect(set('CONFLICT_RESOLUTION', 'Keep_Local').pairs[0]?.conflictPolicy).toBe('keep_local');
  expect(set('CONFLICT_RESOLUTION', null).pairs[0]?.conflictPolicy).toBe('keep_both');
  expect(set('BANDWIDTH_LIMIT_DOWN', '1M')).toEqual({ ...SETTINGS, bandwidth: { up: null, down: 1024 ** 2 } });
  expect(set('BANDWIDTH_LIMIT_UP', 'off').bandwidth.up).toBeNull();
  expect(set('SYNC_TIME_ZONE', 'Europe/Berlin').pairs).toEqual([{ ...PAIR, schedule: { ...every, timeZone: 'Europe/Berlin' } }, OTHER]);
});

it('what every folder has is set for one alone, and taken out is as for every folder again', () => {
  const own = set('VERSIONS_MAX_SIZE', '20G');
  expect(own.pairs).toEqual([{ ...PAIR, tuning: { trashDays: 7, versionsMaxBytes: 20 * 1024 ** 3 } }, OTHER]);
  expect(set('VERIFY_SAMPLE', '2%', own).pairs[0]?.tuning.verifySample).toEqual({ kind: 'part', percent: 2 });
  expect(set('TRASH_DAYS', null, own).pairs[0]?.tuning).toEqual({ versionsMaxBytes: 20 * 1024 ** 3 });
  expect(set('DEVICE_NAME', 'desk')).toEqual({ ...SETTINGS, deviceName: 'desk' });
  expect(set('LOG_LEVEL', null, set('LOG_LEVEL', 'debug')).logLevel).toBe('info');
});

it('C71 what a bucket costs is said for one folder, and that nothing is said of it there', () => {
  const own = set('PRICE_STORAGE', '0.0059');
  expect(own.pairs[0]?.tuning).toEqual({ trashDays: 7, priceStorage: 0.0059 });
  expect(set('PRICE_STORAGE', 'off', own).pairs[0]?.tuning).toEqual({ trashDays: 7, priceStorage: null });
  expect(set('PRICE_STORAGE', null, own).pairs).toEqual([PAIR, OTHER]);
});

it.each<[string, string | null, string]>([
  ['WATCH_DIR', '/elsewhere', 'nothing that a command can change'],
  ['ENCRYPTION_KEY', 'x', 'nothing that a command can change'],
  ['__proto__', 'x', 'nothing that a command can change'],
  ['SYNC_SCHEDULE', 'often', 'must be a cron expression'],
  ['QUIET_HOURS', '07:00-07:00', 'must be hours'],
  ['IGNORE_PATTERNS', 'x'.repeat(300), 'IGNORE_PATTERNS'],
  ['CONFLICT_RESOLUTION', 'mine', 'must be one of'],
  ['PRICE_READS', '1e-4', 'must be US dollars'],
])('%s=%s is refused', (name, value, message) => {
  expect(() => set(name, value)).toThrow(message);
});

it('says what the app has to do, and that a folder is gone', () => {
  expect(settingChange(SETTINGS, PAIR.id, 'BANDWIDTH_LIMIT_UP', '1M')).toEqual({ kind: 'shared', settings: { bandwidth: { up: 1024 ** 2, down: null } } });
  for (const name of FOLDER_SETTINGS) expect(() => settingChange(SETTINGS, 'cccccccccccccccc', name, null)).toThrow('no such folder');
});
