import { describe, expect, it } from 'vitest';
import { DEFAULT_TUNING } from '../../src-preload/contract/tuning.ts';
import { SyncError } from '../core/errors.ts';
import { settle } from '../testing/manual-clock.ts';
import { PAIR, startService } from '../testing/service-kit.ts';
import type { PairSetup } from './engine-protocol.ts';

describe('the app’s folder pairs', () => {
  it('are changed by a command as by the window: remembered, and opened anew with it', async () => {
    const { service, calls, written, refuse } = startService({ pairs: [PAIR] });
    await service.setByCommand(PAIR.id, 'SYNC_SCHEDULE', '0 3 * * *');
    expect(written.at(-1)?.pairs[0]?.schedule).toEqual({ cron: '0 3 * * *', timeZone: null, quiet: [] });
    expect(calls).toEqual([['open', expect.objectContaining({ schedule: { cron: '0 3 * * *', timeZone: null, quiet: [] } })]]);
    expect(service.state.pairs[0]?.settings.schedule).toMatchObject({ cron: '0 3 * * *' });
    await service.setByCommand(PAIR.id, 'BANDWIDTH_LIMIT_UP', '1M');
    expect([calls.at(-1), service.state.settings.bandwidth.up]).toEqual([['limit', { up: 1024 ** 2, down: null }], 1024 ** 2]);
    await expect(service.setByCommand(PAIR.id, 'WATCH_DIR', '/x')).rejects.toMatchObject({ code: 'usage' });
    await expect(service.setByCommand('cccccccccccccccc', 'QUIET_HOURS', null)).rejects.toMatchObject({ code: 'not-found' });
    refuse(new SyncError('busy', 'the engine is being started again'));
    await service.setByCommand(PAIR.id, 'IGNORE_PATTERNS', '*.iso');
    expect(written.at(-1)?.pairs[0]?.ignorePatterns).toEqual(['*.iso']);
  });

  it('C71 share a bandwidth limit that is remembered and counts at once', () => {
    const { service, calls, written } = startService({ pairs: [PAIR] });
    service.set({ bandwidth: { up: 1024, down: null } });
    expect(written.at(-1)?.bandwidth).toEqual({ up: 1024, down: null });
    service.engineStarted();
    expect(calls.filter(([name]) => name === 'limit')).toEqual([
      ['limit', { up: 1024, down: null }],
      ['limit', { up: 1024, down: null }],
    ]);
  });

  it('C71 have limits for certain times, by the clock of the schedule', () => {
    const { service, calls, written } = startService({ pairs: [PAIR], schedule: { cron: null, timeZone: 'Europe/Berlin', quiet: [] } });
    const row = { days: [1], from: '08:00', to: '18:00', up: 500_000, down: null };
    service.set({ bandwidthTimetable: [row] });
    expect(written.at(-1)?.bandwidthTimetable).toEqual([row]);
    expect(calls).toEqual([
      [
        'limit',
        {
          up: null,
          down: null,
          timetable: {
            timeZone: 'Europe/Berlin',
            slots: [
              { day: 1, minute: 480, limits: { up: 500_000, down: null } },
              { day: 1, minute: 1_080, limits: { up: null, down: null } },
            ],
          },
        },
      ],
    ]);
  });

  it('go by what is said for every folder where they say nothing of their own', async () => {
    const { service, calls } = startService({ pairs: [PAIR, { ...PAIR, id: 'bbbbbbbbbbbbbbbb', tuning: { holdRewrites: 5 } }] });
    service.set({ tuning: { ...DEFAULT_TUNING, holdRewrites: 0 } });
    await Promise.resolve();
    expect(calls).toMatchObject([['open', { id: PAIR.id, tuning: { holdRewrites: 0 } }]]);
    service.set({ freeSpace: 5_000_000 });
    await Promise.resolve();
    expect(calls.slice(1)).toMatchObject([
      ['open', { id: PAIR.id, tuning: { holdRewrites: 0 }, freeSpace: 5_000_000 }],
      ['open', { id: 'bbbbbbbbbbbbbbbb', tuning: { holdRewrites: 5 }, freeSpace: 5_000_000 }],
    ]);
    await service.change(PAIR.id, { tuning: { holdRewrites: 7 } });
    expect(calls.at(-1)).toMatchObject(['open', { id: PAIR.id, tuning: { holdRewrites: 7 } }]);
  });

  it('get a new engine only for settings the engine obeys', async () => {
    const { service, calls } = startService({ pairs: [PAIR] });
    await service.change(PAIR.id, { name: 'Work' });
    expect(calls).toEqual([]);
    expect(service.state.pairs[0]?.name).toBe('Work');
    await service.change(PAIR.id, { ignorePatterns: ['*.iso'] });
    expect(calls).toMatchObject([['open', { ignorePatterns: ['*.iso'], conflictPolicy: 'keep_both' }]]);
  });

  it('go by what is set for every folder, save for what is their own, and only those it changes are made anew', async () => {
    const own = { ...PAIR, id: 'bbbbbbbbbbbbbbbb', tuning: { versionsKeep: 5 } };
    const { service, calls, written } = startService({ pairs: [PAIR, own] });
    service.set({ tuning: { ...DEFAULT_TUNING, versionsKeep: 0 } });
    await settle();
    expect(calls).toMatchObject([['open', { id: PAIR.id, tuning: { versionsKeep: 0, trashDays: 30 } }]]);
    service.set({ tuning: { ...DEFAULT_TUNING, versionsKeep: 0, direction: 'upload_only' }, deviceName: 'desk', logLevel: 'debug' });
    await settle();
    expect(calls.slice(1)).toMatchObject([
      ['open', { id: PAIR.id, deviceName: 'desk', logLevel: 'debug', tuning: { versionsKeep: 0, direction: 'upload_only' } }],
      ['open', { id: own.id, tuning: { versionsKeep: 5, direction: 'upload_only' } }],
    ]);
    // Back to what counts for every folder.
    await service.change(own.id, { tuning: {} });
    expect(calls.at(-1)).toMatchObject(['open', { id: own.id, tuning: { versionsKeep: 0 } }]);
    expect(written.at(-1)?.pairs.map(({ tuning }) => tuning)).toEqual([{}, {}]);
    expect(service.state.settings).toMatchObject({ deviceName: 'desk', tuning: { versionsKeep: 0 } });
    const before = calls.length;
    await service.change(own.id, { tuning: {} });
    expect(calls).toHaveLength(before);
  });
});

describe('what every folder goes by', () => {
  it('is handed to each engine before its own rules; a schedule of its own comes first', async () => {
    const own = { cron: '0 3 * * *', timeZone: null, quiet: [] };
    const { service, calls } = startService({ pairs: [PAIR, { ...PAIR, id: 'bbbbbbbbbbbbbbbb', ignorePatterns: ['*.b'], schedule: own }] });
    service.set({ ignorePatterns: ['*.iso'] });
    await settle();
    service.set({ schedule: { cron: null, timeZone: null, quiet: ['22:00-07:00'] } });
    await settle();
    const opened = calls.filter(([name]) => name === 'open').map(([, input]) => input as PairSetup);
    expect(opened.map(({ id, ignorePatterns, schedule }) => [id.slice(0, 1), ignorePatterns, schedule.cron, schedule.quiet])).toEqual([
      ['a', ['*.iso'], null, []],
      ['b', ['*.iso', '*.b'], '0 3 * * *', []],
      ['a', ['*.iso'], null, ['22:00-07:00']],
    ]);
  });

  it('C72 a schedule that is none is refused and not kept', async () => {
    const { service, written } = startService({ pairs: [PAIR] });
    const bad = { cron: 'whenever', timeZone: null, quiet: [] };
    expect(() => service.set({ schedule: bad })).toThrow(SyncError);
    await expect(service.change(PAIR.id, { schedule: bad })).rejects.toMatchObject({ code: 'usage' });
    expect(written).toEqual([]);
  });
});

describe('where the settings cannot be written', () => {
  it('a pause counts all the same, and one card says that it would be forgotten, until it no longer would', async () => {
    const { service, calls, disk, written, clock } = startService({ pairs: [PAIR] });
    disk.isFull = true;
    await service.pause(null, null);
    service.set({ theme: 'dark' });
    expect(calls).toEqual([['pause', { pair: PAIR.id, until: null }]]);
    expect(service.state).toMatchObject({ settings: { theme: 'dark' }, pairs: [{ paused: true }], notices: [{ kind: 'settings-unwritten', detail: 'The disk is full' }] });
    expect(service.state.notices).toHaveLength(1);
    disk.isFull = false;
    await clock.advance(60_000);
    expect(service.state.notices).toEqual([]);
    expect(written).toMatchObject([{ theme: 'dark', pairs: [{ pauseOfAll: { until: null } }] }]);
  });

  it('the card that was read does not come back for the same', async () => {
    const { service, disk, clock } = startService({ pairs: [PAIR] });
    disk.isFull = true;
    service.set({ theme: 'dark' });
    service.dismiss('settings-unwritten');
    service.set({ theme: 'light' });
    await clock.advance(600_000);
    expect(service.state.notices).toEqual([]);
  });

  it('a command is not told that it is done, though it counts until the app ends', async () => {
    const { service, calls, disk } = startService({ pairs: [PAIR] });
    disk.isFull = true;
    await expect(service.setByCommand(PAIR.id, 'IGNORE_PATTERNS', '*.iso')).rejects.toMatchObject({ code: 'disk-full' });
    await expect(service.setByCommand(PAIR.id, 'BANDWIDTH_LIMIT_UP', '1M')).rejects.toMatchObject({ code: 'disk-full' });
    expect(calls).toMatchObject([
      ['open', { ignorePatterns: ['*.iso'] }],
      ['limit', { up: 1024 ** 2 }],
    ]);
    disk.isFull = false;
    await service.setByCommand(PAIR.id, 'BANDWIDTH_LIMIT_UP', '2M');
  });
});
