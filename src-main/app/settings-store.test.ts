import { describe, expect, it } from 'vitest';
import { DEFAULT_TUNING } from '../../src-preload/contract/tuning.ts';
import { FakeFs } from '../testing/fake-fs.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { DEFAULT_SETTINGS, readSettings, SETTINGS_VERSION, type Settings } from './settings-schema.ts';
import { openSettings } from './settings-store.ts';

const FILE = '/config/settings.json';
const PAIR = { id: '0123456789abcdef', name: 'Documents', source: '/home/a/Documents', backend: { kind: 'local', folder: '/backup' } } as const;

function open(text: string | null) {
  const clock = new ManualClock();
  const disk = new FakeFs({ clock });
  disk.edit.mkdir('/config');
  if (text !== null) disk.edit.write(FILE, text);
  return { disk, store: openSettings(FILE, { fs: disk.view(), clock }) };
}

/** Settings whose disk has no room, and what was told of that. */
async function onFullDisk(isKept = true) {
  const store = await open(null).store;
  const clock = new ManualClock();
  const disk = { isFull: true };
  const written: Settings[] = [];
  const told: (string | null)[] = [];
  const write = (settings: Settings): void => {
    if (disk.isFull) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    written.push(settings);
  };
  store.onTrouble((trouble) => void told.push(trouble?.code ?? null));
  const keep = (): void => store.keepBy({ write }, clock);
  if (isKept) keep();
  return { store, clock, disk, written, told, keep };
}

describe('the app settings', () => {
  it('begin with defaults', async () => {
    const store = await open(null).store;
    expect(store.now).toEqual(DEFAULT_SETTINGS);
    expect(store.notices).toEqual([]);
  });

  it('fill in what an older file leaves out', async () => {
    const store = await open(JSON.stringify({ version: SETTINGS_VERSION, pairs: [PAIR] })).store;
    expect(store.now.pairs).toEqual([
      {
        ...PAIR,
        conflictPolicy: 'keep_both',
        conflictOverrides: [],
        ignorePatterns: [],
        ignoreJunk: true,
        schedule: null,
        tuning: {},
        pause: null,
        pauseOfAll: null,
        standstill: null,
        protection: null,
      },
    ]);
    expect(store.now.theme).toBe('system');
  });

  it.each([
    [
      { width: 900, height: 700 },
      { width: 900, height: 700, x: null, y: null, isMaximized: false },
    ],
    [
      { width: 900, height: 700, x: -5, y: 9, isMaximized: true },
      { width: 900, height: 700, x: -5, y: 9, isMaximized: true },
    ],
    [{ width: 1, height: 700 }, null],
    [{ width: 900, height: 700, x: 'left' }, null],
  ])('read the window %j of an older file, and do without one that makes no sense', async (window, read) => {
    const store = await open(JSON.stringify({ version: SETTINGS_VERSION, pairs: [PAIR], window })).store;
    expect([store.now.window, store.now.pairs.length, store.notices]).toEqual([read, 1, []]);
  });

  it('of the version that knew no buckets are taken over', async () => {
    const store = await open(JSON.stringify({ version: 1, pairs: [PAIR], theme: 'dark' })).store;
    expect(store.now).toMatchObject({ version: SETTINGS_VERSION, theme: 'dark', pairs: [PAIR] });
    expect(store.notices).toEqual([]);
  });

  it('of the version in which all folders were synced alike keep being synced so', async () => {
    const store = await open(JSON.stringify({ version: 4, pairs: [PAIR] })).store;
    expect(store.now).toMatchObject({ version: SETTINGS_VERSION, tuning: DEFAULT_TUNING, deviceName: null, logLevel: 'info', pairs: [{ ...PAIR, tuning: {} }] });
  });

  it('know of one folder only what is its own, and of every folder all', async () => {
    const own = { versionsMaxBytes: null, verifySample: { kind: 'part', percent: 1 }, priceStorage: 0.0059, priceReads: null };
    const store = await open(JSON.stringify({ version: SETTINGS_VERSION, pairs: [{ ...PAIR, tuning: own }], tuning: { versionsKeep: 0 } })).store;
    expect(store.now.pairs[0]?.tuning).toEqual(own);
    expect(store.now.tuning).toEqual({ ...DEFAULT_TUNING, versionsKeep: 0 });
  });

  it.each([
    { tuning: { trashDays: 0 } },
    { tuning: { priceReads: -1 } },
    { deviceName: 'a/b' },
    { pairs: [{ ...PAIR, tuning: { direction: 'sideways' } }] },
  ])('refuse %j, which no window can set', async (bad) => {
    const store = await open(JSON.stringify({ version: SETTINGS_VERSION, ...bad })).store;
    expect(store.notices[0]?.kind).toBe('settings-set-aside');
  });

  it('hold a bucket without its keys, and refuse a file that has some', async () => {
    const bucket = {
      kind: 's3',
      provider: 'b2',
      bucket: 'photos',
      prefix: 'laptop/',
      endpoint: 'https://s3.example.org',
      region: 'r',
      forcePathStyle: null,
      proxy: null,
      caFile: null,
    };
    const withCredentials = (credentials: unknown) => open(JSON.stringify({ version: SETTINGS_VERSION, pairs: [{ ...PAIR, backend: { ...bucket, credentials } }] })).store;
    const kept = { kind: 'keychain', account: 's3-0123456789abcdef' };
    expect((await withCredentials(kept)).now.pairs[0]?.backend).toEqual({ ...bucket, credentials: kept });
    expect((await withCredentials({ kind: 'keys', accessKeyId: 'a', secretAccessKey: 'b', sessionToken: null })).notices[0]?.kind).toBe('settings-set-aside');
  });

  it('are written as a whole at every change', async () => {
    const store = await open(null).store;
    const written: Settings[] = [];
    store.keepBy({ write: (settings) => void written.push(settings) }, new ManualClock());
    store.change({ theme: 'dark' });
    store.change({ notify: 'off' });
    expect(written).toEqual([
      { ...DEFAULT_SETTINGS, theme: 'dark' },
      { ...DEFAULT_SETTINGS, theme: 'dark', notify: 'off' },
    ]);
  });

  it('that were changed before anybody could write them are written then, once', async () => {
    const store = await open(null).store;
    const written: Settings[] = [];
    const keeper = { write: (settings: Settings) => void written.push(settings) };
    store.change({ theme: 'dark' });
    store.change({ notify: 'off' });
    store.keepBy(keeper, new ManualClock());
    store.keepBy(keeper, new ManualClock());
    expect(written).toEqual([{ ...DEFAULT_SETTINGS, theme: 'dark', notify: 'off' }]);
  });

  it('that nobody changed are not written', async () => {
    const store = await open(null).store;
    const written: Settings[] = [];
    store.keepBy({ write: (settings) => void written.push(settings) }, new ManualClock());
    expect(written).toEqual([]);
  });

  it('that change nothing are not written', async () => {
    const store = await open(null).store;
    const written: Settings[] = [];
    store.keepBy({ write: (settings) => void written.push(settings) }, new ManualClock());
    store.change({ theme: DEFAULT_SETTINGS.theme, bandwidth: { ...DEFAULT_SETTINGS.bandwidth } });
    expect(written).toEqual([]);
  });

  it('count on a full disk too, which is said once, and are written as soon as there is room', async () => {
    const { store, clock, disk, written, told } = await onFullDisk();
    store.change({ theme: 'dark' });
    store.change({ notify: 'off' });
    expect(store.now).toMatchObject({ theme: 'dark', notify: 'off' });
    expect([told, store.trouble?.code]).toEqual([['disk-full'], 'disk-full']);
    await clock.advance(59_999);
    disk.isFull = false;
    expect(written).toEqual([]);
    await clock.advance(1);
    expect(written).toMatchObject([{ theme: 'dark', notify: 'off' }]);
    expect([told, store.trouble]).toEqual([['disk-full', null], null]);
    await clock.advance(600_000);
    expect(written).toHaveLength(1);
    disk.isFull = true;
    store.change({ theme: 'light' });
    expect(told).toEqual(['disk-full', null, 'disk-full']);
  });

  it('that could not be written go with the next change, also one that changes nothing more', async () => {
    const { store, disk, written, told } = await onFullDisk();
    store.change({ theme: 'dark' });
    disk.isFull = false;
    store.change({ theme: 'dark' });
    expect(written).toMatchObject([{ theme: 'dark' }]);
    expect(told).toEqual(['disk-full', null]);
  });

  it('that were changed before anybody could write them keep no app from starting where nobody can', async () => {
    const { told, written, store, disk, keep } = await onFullDisk(false);
    store.change({ startAtLogin: true });
    expect([told, store.trouble]).toEqual([[], null]);
    keep();
    expect(told).toEqual(['disk-full']);
    disk.isFull = false;
    store.tryAgain();
    expect(written).toMatchObject([{ startAtLogin: true }]);
    store.tryAgain();
    expect(written).toHaveLength(1);
  });

  it('are tried to be written on request, changed or not', async () => {
    const { store, disk, written } = await onFullDisk();
    expect(store.save()).toBe(false);
    disk.isFull = false;
    expect(store.save()).toBe(true);
    expect(written).toEqual([DEFAULT_SETTINGS]);
  });

  it.each([
    ['half a file', `{"version":1,"pairs":[{"id":"0123`],
    ['an empty file', ''],
    ['another kind of file', '[1,2]'],
    ['a pair without an id', JSON.stringify({ version: 1, pairs: [{ name: 'x' }] })],
    ['no version', JSON.stringify({ theme: 'dark' })],
  ])('C61 S101 set %s aside, byte for byte, and say where', async (_, text) => {
    const { disk, store: opening } = open(text);
    const store = await opening;
    const [notice] = store.notices;
    expect(store.now).toEqual(DEFAULT_SETTINGS);
    expect(notice?.kind).toBe('settings-set-aside');
    expect(notice?.detail).toBe(`${FILE}.unreadable-2026-11-23T12-00-00.000Z`);
    expect(disk.edit.read(notice?.detail ?? '')).toBe(text);
    expect(disk.edit.exists(FILE)).toBe(false);
  });

  it('S40 do not downgrade what a newer version wrote', async () => {
    const text = JSON.stringify({ version: SETTINGS_VERSION + 1, pairs: [PAIR], more: true });
    const { disk, store: opening } = open(text);
    const [notice] = (await opening).notices;
    expect(notice?.kind).toBe('settings-newer');
    expect(disk.edit.read(notice?.detail ?? '')).toBe(text);
  });

  it('say no to a file that may not be read, rather than start empty', async () => {
    const { disk, store } = open('{}');
    await store;
    disk.edit.chmod(FILE, 0);
    await expect(openSettings(FILE, { fs: disk.view(), clock: new ManualClock() })).rejects.toMatchObject({ code: 'no-permission' });
  });

  it('read back what they wrote', () => {
    expect(readSettings(JSON.parse(JSON.stringify(DEFAULT_SETTINGS)))).toEqual({ kind: 'ok', settings: DEFAULT_SETTINGS });
  });
});
