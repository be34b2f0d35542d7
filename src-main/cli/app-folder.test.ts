import { expect, it } from 'vitest';
import { DEFAULT_TUNING } from '../../src-preload/contract/tuning.ts';
import { DEFAULT_SETTINGS, type PairSetting, type Settings } from '../app/settings-schema.ts';
import { appSettingsFile } from '../settings/profile-places.ts';
import type { Config } from '../settings/settings.ts';
import { FakeFs } from '../testing/fake-fs.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { appFolders } from './app-folder.ts';

const PAIR: PairSetting = {
  id: 'aaaaaaaaaaaaaaaa',
  name: 'Documents',
  source: '/home/a/Documents',
  backend: { kind: 'local', folder: '/backup' },
  protection: null,
  conflictPolicy: 'manual',
  conflictOverrides: [{ pattern: '*.log', policy: 'keep_local' }],
  ignorePatterns: ['*.iso'],
  ignoreJunk: false,
  schedule: null,
  tuning: {},
  pause: null,
  pauseOfAll: null,
  standstill: null,
};
const home = { platform: 'linux', homeDir: '/home/a', hostname: 'laptop', pid: 1, env: {} };

async function folders(settings: Partial<Settings>) {
  const disk = new FakeFs({ clock: new ManualClock() });
  const file = appSettingsFile(home);
  const parts = file.split('/');
  for (let i = 2; i < parts.length; i++) disk.edit.mkdir(parts.slice(0, i).join('/'));
  disk.edit.write(file, JSON.stringify({ ...DEFAULT_SETTINGS, ...settings }));
  return appFolders({ fs: disk.view(), home });
}
const refined = (folder: Awaited<ReturnType<typeof folders>>[number] | undefined) => folder?.refine({ settings: { ignorePatterns: ['typed'] } } as unknown as Config).settings;

it('C67 C72 a folder of the app leaves out and keeps the times that the app does, what it says for every folder included', async () => {
  const every = { ignorePatterns: ['private/'], schedule: { cron: '0 3 * * *', timeZone: 'UTC', quiet: ['22:00-07:00'] } };
  const own = { cron: null, timeZone: null, quiet: [] };
  const nightly = { cron: '0 1 * * *', timeZone: null, quiet: ['08:00-20:00'] };
  const [documents, photos, music] = await folders({
    ...every,
    pairs: [PAIR, { ...PAIR, id: 'bbbbbbbbbbbbbbbb', name: 'Photos', schedule: own }, { ...PAIR, id: 'cccccccccccccccc', name: 'Music', schedule: nightly }],
  });
  expect(refined(documents)).toEqual({ ignorePatterns: ['private/', '*.iso', 'typed'], ignoreJunk: false, conflictOverrides: PAIR.conflictOverrides });
  expect(documents?.values).toMatchObject({ CONFLICT_RESOLUTION: 'manual', SYNC_SCHEDULE: '0 3 * * *', SYNC_TIME_ZONE: 'UTC', QUIET_HOURS: '22:00-07:00' });
  expect(Object.keys(photos?.values ?? {}).filter((name) => /SCHEDULE|ZONE|QUIET/.test(name))).toEqual([]);
  expect(music?.values).toMatchObject({ SYNC_SCHEDULE: '0 1 * * *', QUIET_HOURS: '08:00-20:00', IGNORE_PATTERNS: '*.iso' });
  expect(music?.values.SYNC_TIME_ZONE).toBeUndefined();
});

it.each([['a,b'], [' *.iso'], ['name\\ ']])('C67 a rule that no list of a settings file can hold (%j) makes no other one', async (pattern) => {
  const [documents] = await folders({ pairs: [{ ...PAIR, ignorePatterns: [pattern, '*.log'] }] });
  const { values, refine } = documents ?? {};
  // As the settings are read: split at commas, without blanks around.
  const read = (values?.IGNORE_PATTERNS ?? '').split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
  expect(refine?.({ settings: { ignorePatterns: read } } as unknown as Config).settings.ignorePatterns).toEqual([pattern, '*.log']);
});

it('a folder of the app is synced as it is there: what is its own, else what is for every folder', async () => {
  const every = {
    tuning: { ...DEFAULT_TUNING, versionsKeep: 0, priceStorage: 0.0059, priceReads: 0.000001, versionsMaxBytes: 20_500_000_000, verifySample: { kind: 'part', percent: 1 } },
    deviceName: 'desk',
    logLevel: 'debug',
  } as const;
  const [documents, photos] = await folders({
    ...every,
    pairs: [PAIR, { ...PAIR, id: 'bbbbbbbbbbbbbbbb', tuning: { versionsKeep: 5, versionsMaxBytes: null, direction: 'upload_only', priceStorage: null } }],
  });
  const common = { VERIFY_SAMPLE: '1%', TRASH_DAYS: '30', DEVICE_NAME: 'desk', LOG_LEVEL: 'debug' };
  expect(documents?.values).toMatchObject({
    ...common,
    VERSIONS_KEEP: '0',
    VERSIONS_MAX_SIZE: '20500000000',
    DIRECTION: 'two_way',
    PRICE_STORAGE: '0.0059',
    PRICE_READS: '0.000001',
    PRICE_WRITES: 'off',
  });
  expect(photos?.values).toMatchObject({ ...common, VERSIONS_KEEP: '5', VERSIONS_MAX_SIZE: 'off', DIRECTION: 'upload_only', PRICE_STORAGE: 'off' });
});

it('C71 a folder of the app keeps to the times at which its bandwidth is limited, and has as many scrambled files wait', async () => {
  const row = { days: [1], from: '08:00', to: '18:00', up: 500_000, down: null };
  const [documents] = await folders({ bandwidthTimetable: [row], pairs: [{ ...PAIR, tuning: { holdRewrites: 0 } }] });
  expect(documents?.values).toMatchObject({ BANDWIDTH_TIMETABLE: 'Mon-08:00,500000B:off Mon-18:00,off', HOLD_REWRITES: '0' });
});
