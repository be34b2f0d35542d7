import { describe, expect, it } from 'vitest';
import type { MachineView } from '../../src-preload/contract/desktop.ts';
import { DEFAULT_TUNING } from '../../src-preload/contract/tuning.ts';
import { SyncError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import type { Keychain } from '../keychain/keychain.ts';
import { memoryKeychain } from '../keychain/memory-keychain.ts';
import { keyOf, VAULT_ID } from '../testing/keyring-kit.ts';
import { ManualClock, settle } from '../testing/manual-clock.ts';
import { SeededRandom } from '../testing/random.ts';
import type { EngineClient } from './engine-client.ts';
import type { PairEnds, PairSetup } from './engine-protocol.ts';
import { PairKeys } from './pair-keys.ts';
import type { S3Plan } from './pair-plan.ts';
import { closedReport } from './pair-report.ts';
import { PairVaults } from './pair-vaults.ts';
import { DEFAULT_SETTINGS, type PairSetting, type Settings } from './settings-schema.ts';
import { SettingsStore } from './settings-store.ts';
import { SyncService } from './sync-service.ts';
import { revealed } from './vault-setup.ts';

const PAIR: PairSetting = {
  id: 'aaaaaaaaaaaaaaaa',
  name: 'Documents',
  source: '/home/a/Documents',
  backend: { kind: 'local', folder: '/backup' },
  protection: null,
  conflictPolicy: 'keep_both',
  ignorePatterns: [],
  ignoreJunk: true,
  conflictOverrides: [],
  schedule: null,
  tuning: {},
  pause: null,
};

function start(settings: Partial<Settings> = {}, keychain: Keychain = memoryKeychain()) {
  const clock = new ManualClock();
  const written: Settings[] = [];
  const store = new SettingsStore({ ...DEFAULT_SETTINGS, ...settings }, { write: (next) => void written.push(next) });
  const calls: [string, unknown][] = [];
  let refuse: SyncError | null = null;
  const failing = new Map<string, SyncError>();
  const engine = {
    call: async (name: string, input: unknown) => {
      calls.push([name, input]);
      if (refuse !== null) throw refuse;
      const failure = failing.get(name);
      if (failure !== undefined) throw failure;
      if (name === 'vault-open') return { vault: VAULT_ID, compression: true, hideNames: false, secret: revealed(keyOf('b')) };
      if (name !== 'check') return null;
      const { target } = input as PairEnds;
      return { source: '/real/source', target: target.kind === 'local' ? { kind: 'local', folder: '/real/target' } : target };
    },
  } as unknown as EngineClient;
  const random = new SeededRandom(3);
  const service = new SyncService({
    store,
    keys: new PairKeys(keychain, random),
    vaults: new PairVaults(keychain),
    clock,
    random,
    version: '1',
    homeDir: '/home/a',
    computer: 'laptop',
    languages: ['en-US'],
    onChange: () => undefined,
  });
  service.attach(engine);
  const refuseWith = (error: SyncError | null): void => {
    refuse = error;
  };
  return { clock, store, written, calls, service, refuse: refuseWith, failing };
}

describe('the app’s folder pairs', () => {
  it('are checked, remembered and opened when added', async () => {
    const { service, calls, written } = start({ pairs: [PAIR] });
    const added = await service.registry.add({ source: '/s', target: { kind: 'local', folder: '/t' } }, { name: 'Photos', conflictPolicy: 'manual', keep: 'keychain' });
    expect(calls.map(([name]) => name)).toEqual(['check', 'open']);
    expect(calls[0]?.[1]).toEqual({ source: '/s', target: { kind: 'local', folder: '/t' }, others: [{ source: PAIR.source, target: PAIR.backend }] });
    expect(written.at(-1)?.pairs.at(-1)).toMatchObject({ name: 'Photos', source: '/real/source', backend: { folder: '/real/target' }, conflictPolicy: 'manual' });
    expect(added).toEqual({ kind: 'added', pair: written.at(-1)?.pairs.at(-1)?.id });
  });

  it('of which one ends the engine thread again and again are opened without it; it says so, and is tried again on the user’s word', async () => {
    const bad = { ...PAIR, id: 'bbbbbbbbbbbbbbbb', name: 'Bad' };
    const { service, calls } = start({ pairs: [PAIR, bad] });
    const opened = () => calls.splice(0).flatMap(([name, input]) => (name === 'open' ? [(input as PairSetup).id] : []));
    const state = (id: string) => service.state.pairs.find((pair) => pair.id === id);
    const ok = (pair: string) => service.news({ reports: [{ pair, report: closedReport('ok', 'Up to date', null) }], activity: [] });
    const crash = () => service.engineHealth({ kind: 'restarting', message: 'out of memory' });
    service.engineStarted();
    expect(opened()).toEqual([PAIR.id, bad.id]);
    for (let i = 0; i < 2; i++) {
      ok(PAIR.id);
      crash();
      service.engineStarted();
      expect(opened()).toEqual([PAIR.id, bad.id]);
    }
    ok(PAIR.id);
    crash();
    service.engineStarted();
    expect(opened()).toEqual([PAIR.id]);
    expect(state(bad.id)).toMatchObject({ state: 'error', error: { code: 'internal', message: expect.stringContaining('again and again') } });
    ok(PAIR.id);
    expect(state(PAIR.id)?.state).toBe('ok');
    await service.pause(null, null);
    await service.resume(null);
    expect(calls.splice(0).map(([name, input]) => [name, (input as { pair?: string }).pair])).toEqual([
      ['pause', PAIR.id],
      ['resume', PAIR.id],
    ]);
    await service.syncNow(bad.id);
    expect(opened()).toEqual([bad.id]);
    expect(state(bad.id)?.state).toBe('syncing');
  });

  it('C29 are not added when the check refuses', async () => {
    const { service, written, refuse } = start();
    refuse(new SyncError('overlap', 'one lies inside the other'));
    await expect(
      service.registry.add({ source: '/s', target: { kind: 'local', folder: '/s/t' } }, { name: 'x', conflictPolicy: 'keep_both', keep: 'keychain' }),
    ).rejects.toMatchObject({
      code: 'overlap',
    });
    expect(written).toEqual([]);
  });

  it('are forgotten and closed when removed', async () => {
    const { service, calls, written } = start({ pairs: [PAIR] });
    await service.registry.remove(PAIR.id);
    expect(written.at(-1)?.pairs).toEqual([]);
    expect(calls).toEqual([['close', { pair: PAIR.id }]]);
    expect(service.state.overall).toBe('not-set-up');
    await expect(service.registry.remove(PAIR.id)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('are told anew to an engine thread that was started again', () => {
    const { service, calls } = start({ pairs: [PAIR, { ...PAIR, id: 'bbbbbbbbbbbbbbbb', pause: { until: null } }] });
    service.engineStarted();
    expect(calls[0]).toEqual(['limit', { up: null, down: null }]);
    expect(calls.slice(1).map(([name, input]) => [name, (input as PairSetting).pause])).toEqual([
      ['open', null],
      ['open', { until: null }],
    ]);
  });

  it('are changed by a command as by the window: remembered, and opened anew with it', async () => {
    const { service, calls, written, refuse } = start({ pairs: [PAIR] });
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
    const { service, calls, written } = start({ pairs: [PAIR] });
    service.set({ bandwidth: { up: 1024, down: null } });
    expect(written.at(-1)?.bandwidth).toEqual({ up: 1024, down: null });
    service.engineStarted();
    expect(calls.filter(([name]) => name === 'limit')).toEqual([
      ['limit', { up: 1024, down: null }],
      ['limit', { up: 1024, down: null }],
    ]);
  });

  it('C71 have limits for certain times, by the clock of the schedule', () => {
    const { service, calls, written } = start({ pairs: [PAIR], schedule: { cron: null, timeZone: 'Europe/Berlin', quiet: [] } });
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
    const { service, calls } = start({ pairs: [PAIR, { ...PAIR, id: 'bbbbbbbbbbbbbbbb', tuning: { holdRewrites: 5 } }] });
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
    const { service, calls } = start({ pairs: [PAIR] });
    await service.change(PAIR.id, { name: 'Work' });
    expect(calls).toEqual([]);
    expect(service.state.pairs[0]?.name).toBe('Work');
    await service.change(PAIR.id, { ignorePatterns: ['*.iso'] });
    expect(calls).toMatchObject([['open', { ignorePatterns: ['*.iso'], conflictPolicy: 'keep_both' }]]);
  });

  it('go by what is set for every folder, save for what is their own, and only those it changes are made anew', async () => {
    const own = { ...PAIR, id: 'bbbbbbbbbbbbbbbb', tuning: { versionsKeep: 5 } };
    const { service, calls, written } = start({ pairs: [PAIR, own] });
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

  it('show their paths with ~ for the home folder, and only for that', () => {
    const { service } = start({ pairs: [PAIR, { ...PAIR, id: 'bbbbbbbbbbbbbbbb', source: '/home/albert/x' }] });
    expect(service.state.pairs.map(({ source }) => source)).toEqual(['~/Documents', '/home/albert/x']);
  });
});

describe('a pause', () => {
  it('outlives a restart of app and engine', async () => {
    const { service, written } = start({ pairs: [PAIR] });
    await service.pause(null, 5_000);
    expect(written.at(-1)?.pairs[0]?.pause).toEqual({ until: 5_000 });
    await service.resume(null);
    expect(written.at(-1)?.pairs[0]?.pause).toBeNull();
  });

  it('can be ended whatever else the folder’s state tells first', async () => {
    const { service } = start({ pairs: [PAIR] });
    await service.pause(null, null);
    service.news({ reports: [{ pair: PAIR.id, report: closedReport('attention', '', null) }], activity: [] });
    expect(service.state.pairs[0]).toMatchObject({ state: 'attention', paused: true });
    await service.resume(null);
    expect(service.state.pairs[0]?.paused).toBe(false);
  });

  it('that ran out while the app was off is none', () => {
    const { service, calls, clock } = start();
    const { service: late, calls: lateCalls } = start({ pairs: [{ ...PAIR, pause: { until: clock.now() - 1 } }] });
    service.engineStarted();
    late.engineStarted();
    expect(calls).toMatchObject([['limit', {}]]);
    expect(lateCalls).toMatchObject([
      ['limit', {}],
      ['open', { pause: null }],
    ]);
  });

  it('is forgotten when the engine has ended it', async () => {
    const { service, store, clock } = start({ pairs: [PAIR] });
    await service.pause(PAIR.id, clock.now() + 1_000);
    service.news({ reports: [{ pair: PAIR.id, report: closedReport('paused', '', null) }], activity: [] });
    expect(store.now.pairs[0]?.pause).not.toBeNull();
    await clock.advance(1_001);
    service.news({ reports: [{ pair: PAIR.id, report: closedReport('ok', '', null) }], activity: [] });
    expect(store.now.pairs[0]?.pause).toBeNull();
  });
});

describe('C59 S21 sleep and wake', () => {
  it('pause and resume once each, however often they are told, and leave the user’s own pauses alone', () => {
    const { service, calls, store } = start({ pairs: [PAIR, { ...PAIR, id: 'bbbbbbbbbbbbbbbb', pause: { until: null } }] });
    service.sleep();
    service.sleep();
    service.wake();
    service.wake();
    expect(calls).toEqual([
      ['hold', { pair: PAIR.id, reasons: ['sleep'] }],
      ['hold', { pair: 'bbbbbbbbbbbbbbbb', reasons: ['sleep'] }],
      ['hold', { pair: PAIR.id, reasons: [] }],
      ['hold', { pair: 'bbbbbbbbbbbbbbbb', reasons: [] }],
    ]);
    expect(store.now.pairs.map(({ pause }) => pause)).toEqual([null, { until: null }]);
  });
});

describe('power and network', () => {
  const BUCKET: PairSetting = {
    ...PAIR,
    id: 'cccccccccccccccc',
    backend: { kind: 's3', provider: 'b2', bucket: 'b', prefix: '', endpoint: null, region: null, forcePathStyle: null, proxy: null, caFile: null, credentials: { kind: 'chain' } },
  };
  const machine = (change: Partial<MachineView>): MachineView => ({ online: true, onBattery: false, metered: false, ...change });
  const held = (calls: readonly (readonly [string, unknown])[]) => calls.filter(([name]) => name === 'hold').map(([, input]) => input);

  it('hold what the settings say, and only that', () => {
    const { service, calls } = start({ pairs: [PAIR, BUCKET], pauseOnMetered: true });
    service.machine(machine({ onBattery: true }));
    expect(held(calls)).toEqual([]);
    service.set({ pauseOnBattery: true });
    service.machine(machine({ onBattery: true, metered: true }));
    service.machine(machine({ metered: true }));
    expect(held(calls)).toEqual([
      { pair: PAIR.id, reasons: ['battery'] },
      { pair: BUCKET.id, reasons: ['battery'] },
      { pair: BUCKET.id, reasons: ['battery', 'metered'] },
      { pair: PAIR.id, reasons: [] },
      { pair: BUCKET.id, reasons: ['metered'] },
    ]);
    service.set({ pauseOnMetered: false });
    expect(held(calls).at(-1)).toEqual({ pair: BUCKET.id, reasons: [] });
  });

  it('are handed over with a pair that is opened', async () => {
    const { service, calls } = start({ pairs: [PAIR], pauseOnBattery: true });
    service.machine(machine({ onBattery: true }));
    service.engineStarted();
    await settle();
    expect(calls.filter(([name]) => name === 'open').map(([, input]) => (input as PairSetup).holds)).toEqual([['battery']]);
  });

  it('C59 a network that goes or comes is looked at at once, for what needs one', () => {
    const { service, calls } = start({ pairs: [PAIR, BUCKET] });
    service.machine(machine({ online: false }));
    service.machine(machine({ online: false, onBattery: true }));
    expect(calls.filter(([name]) => name === 'sync')).toEqual([['sync', { pair: BUCKET.id }]]);
    service.news({ reports: [{ pair: PAIR.id, report: closedReport('offline', '', null) }], activity: [] });
    service.machine(machine({ online: true }));
    expect(calls.filter(([name]) => name === 'sync').slice(1)).toEqual([
      ['sync', { pair: PAIR.id }],
      ['sync', { pair: BUCKET.id }],
    ]);
  });
});

describe('what every folder goes by', () => {
  it('is handed to each engine before its own rules; a schedule of its own comes first', async () => {
    const own = { cron: '0 3 * * *', timeZone: null, quiet: [] };
    const { service, calls } = start({ pairs: [PAIR, { ...PAIR, id: 'bbbbbbbbbbbbbbbb', ignorePatterns: ['*.b'], schedule: own }] });
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
    const { service, written } = start({ pairs: [PAIR] });
    const bad = { cron: 'whenever', timeZone: null, quiet: [] };
    expect(() => service.set({ schedule: bad })).toThrow(SyncError);
    await expect(service.change(PAIR.id, { schedule: bad })).rejects.toMatchObject({ code: 'usage' });
    expect(written).toEqual([]);
  });
});

describe('C31 one choice for every conflict', () => {
  it('is made only for as many as the user was shown', async () => {
    const { service, calls } = start({ pairs: [PAIR, { ...PAIR, id: 'bbbbbbbbbbbbbbbb' }] });
    service.news({ reports: [{ pair: PAIR.id, report: { ...closedReport('attention', '', null), conflicts: { items: [], total: 3 } } }], activity: [] });
    await expect(service.resolveAll(null, 'local', 2)).rejects.toMatchObject({ code: 'usage' });
    await service.resolveAll(null, 'both', 3);
    expect(calls).toEqual([['resolve-all', { pair: PAIR.id, choice: 'both', shown: 3 }]]);
  });
});

describe('what the window shows', () => {
  it('has one card for what went wrong inside the app, with the latest', () => {
    const { service } = start();
    service.fault('one');
    service.fault('two');
    expect(service.state.notices).toEqual([{ id: 'fault', kind: 'fault', detail: 'two' }]);
    service.dismiss('fault');
    expect(service.state.notices).toEqual([]);
  });

  it('keeps the newest thirty actions', () => {
    const { service } = start({ pairs: [PAIR] });
    for (let i = 0; i < 50; i++) service.news({ reports: [], activity: [{ pair: PAIR.id, at: i, path: `${i}`, what: 'upload', outcome: 'done', reason: '', bytes: 0 }] });
    expect(service.state.recent.map(({ at }) => at)).toEqual(Array.from({ length: 30 }, (_, i) => 49 - i));
  });

  it('says that the engine was started again until the user has seen it', () => {
    const { service } = start();
    service.engineHealth({ kind: 'restarted', at: 1, message: 'x' });
    expect(service.state.engine.kind).toBe('restarted');
    service.dismiss('engine');
    expect(service.state.engine).toEqual({ kind: 'running' });
  });
});

describe('a pair with a bucket', () => {
  const PLACE = {
    kind: 's3',
    provider: 'b2',
    bucket: 'photos',
    prefix: '',
    endpoint: 'https://s3.example.org',
    region: 'r',
    forcePathStyle: null,
    proxy: null,
    caFile: null,
  } as const;
  const keys = (secret: string): S3Plan['signIn'] => ({ kind: 'keys', keys: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: new Secret(secret), sessionToken: null } });
  const plan = (secret = 'hunter2'): S3Plan => ({ ...PLACE, signIn: keys(secret) });
  const options = { name: 'Photos', conflictPolicy: 'keep_both', keep: 'keychain' } as const;
  /** A keychain that can be locked, and tells what it holds. */
  function lockable() {
    const inner = memoryKeychain();
    const held = new Set<string>();
    const state = { locked: false, asked: 0 };
    const guard = <T>(work: () => Promise<T>): Promise<T> => {
      state.asked++;
      return state.locked ? Promise.reject(new SyncError('refused', 'the keychain is locked', { hint: 'Unlock it.' })) : work();
    };
    const keychain: Keychain = {
      get: (account) => guard(() => inner.get(account)),
      set: (account, secret) => guard(() => inner.set(account, secret).then(() => void held.add(account))),
      delete: (account) => guard(() => inner.delete(account).then(() => void held.delete(account))),
    };
    return { keychain, held, state };
  }
  const sentKeys = (calls: readonly [string, unknown][]) =>
    calls.filter(([name]) => name === 'open').map(([, input]) => (input as { backend: { credentials: { kind: string; secretAccessKey?: string } } }).backend.credentials);

  it('keeps its keys in the keychain under a random account, and hands them to the engine thread alone', async () => {
    const { keychain, held } = lockable();
    const { service, calls, written } = start({}, keychain);
    await service.registry.add({ source: '/s', target: plan() }, options);
    await settle();
    const backend = written.at(-1)?.pairs[0]?.backend;
    expect(backend).toEqual({ ...PLACE, credentials: { kind: 'keychain', account: expect.stringMatching(/^s3-[0-9a-f]{16}$/) } });
    expect(held.size).toBe(1);
    expect(sentKeys(calls)).toEqual([{ kind: 'keys', accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'hunter2', sessionToken: null }]);
    expect(JSON.stringify([written, service.state])).not.toContain('hunter2');
    expect(JSON.stringify(service.state)).not.toContain('AKIAEXAMPLE');
    expect(service.state.pairs[0]?.storage).toEqual({
      kind: 's3',
      provider: 'b2',
      bucket: 'photos',
      prefix: '',
      endpoint: 'https://s3.example.org',
      region: 'r',
      signIn: { kind: 'keychain' },
    });
  });

  it('C74 is not added while the keychain does not take the keys, and may be for this session only', async () => {
    const { keychain, state } = lockable();
    const { service, calls, written } = start({}, keychain);
    state.locked = true;
    await expect(service.registry.add({ source: '/s', target: plan() }, options)).resolves.toMatchObject({
      kind: 'no-keychain',
      error: { message: 'the keychain is locked', hint: 'Unlock it.' },
    });
    expect(written).toEqual([]);
    await expect(service.registry.add({ source: '/s', target: plan() }, { ...options, keep: 'session' })).resolves.toMatchObject({ kind: 'added' });
    expect(written.at(-1)?.pairs[0]?.backend).toMatchObject({ credentials: { kind: 'session' } });
    expect(sentKeys(calls)).toMatchObject([{ secretAccessKey: 'hunter2' }]);
    service.engineStarted();
    await settle();
    expect(sentKeys(calls)).toHaveLength(2);
  });

  it('C74 waits with the reason while the keychain is locked, and goes on by itself when it is not', async () => {
    const { keychain, state } = lockable();
    const first = start({}, keychain);
    await first.service.registry.add({ source: '/s', target: plan() }, options);
    const { service, calls, clock } = start({ pairs: first.store.now.pairs }, keychain);
    state.locked = true;
    service.engineStarted();
    await settle();
    const id = first.store.now.pairs[0]?.id ?? '';
    expect(service.state.pairs[0]).toMatchObject({ state: 'error', error: { code: 'refused', message: 'the keychain is locked', hint: 'Unlock it.' } });
    await service.pause(id, null);
    await service.resume(id);
    await expect(service.activity({ pair: id, search: '', only: 'all', list: null, from: 0, limit: 10 })).resolves.toEqual({ list: 0, total: 0, items: [] });
    expect(sentKeys(calls)).toEqual([]);
    state.locked = false;
    await clock.advance(15_000);
    await settle();
    expect(sentKeys(calls)).toMatchObject([{ secretAccessKey: 'hunter2' }]);
  });

  it('C74 asks a locked keychain ever more rarely, and at once when the user wants it', async () => {
    const { keychain, state } = lockable();
    const first = start({}, keychain);
    await first.service.registry.add({ source: '/s', target: plan() }, options);
    const { service, calls, clock } = start({ pairs: first.store.now.pairs }, keychain);
    state.locked = true;
    state.asked = 0;
    service.engineStarted();
    for (let minute = 0; minute < 60; minute++) {
      await clock.advance(60_000);
      await settle();
    }
    expect(state.asked).toBeGreaterThan(3);
    expect(state.asked).toBeLessThan(12);
    state.locked = false;
    await service.syncNow(null);
    await settle();
    expect(sentKeys(calls)).toHaveLength(1);
  });

  it('whose keys were kept for a session asks for them after the next start', async () => {
    const { service } = start({ pairs: [{ ...PAIR, backend: { ...PLACE, credentials: { kind: 'session' } } }] });
    service.engineStarted();
    await settle();
    expect(service.state.pairs[0]).toMatchObject({ state: 'error', error: { code: 'config', message: expect.stringContaining('one session only') } });
  });

  it('C54 takes other keys, is opened anew with them, and the old ones leave the keychain', async () => {
    const { keychain, held, state } = lockable();
    const { service, calls, store } = start({}, keychain);
    await service.registry.add({ source: '/s', target: plan('expired') }, options);
    await settle();
    const id = store.now.pairs[0]?.id ?? '';
    const [old] = held;
    await expect(service.registry.changeSignIn(id, keys('fresh'), 'keychain')).resolves.toEqual({ kind: 'changed' });
    await settle();
    expect(sentKeys(calls).map(({ secretAccessKey }) => secretAccessKey)).toEqual(['expired', 'fresh']);
    expect(held.size).toBe(1);
    expect(held.has(old ?? '')).toBe(false);
    state.locked = true;
    await expect(service.registry.changeSignIn(id, keys('third'), 'keychain')).resolves.toMatchObject({ kind: 'no-keychain' });
    expect(sentKeys(calls)).toHaveLength(2);
    state.locked = false;
    await service.registry.changeSignIn(id, { kind: 'profile', name: 'work' }, 'keychain');
    expect(store.now.pairs[0]?.backend).toMatchObject({ credentials: { kind: 'profile', name: 'work' } });
    expect(held.size).toBe(0);
  });

  it('takes its keys out of the keychain when it is removed, or says that they are left', async () => {
    const { keychain, held, state } = lockable();
    const { service, store } = start({}, keychain);
    await service.registry.add({ source: '/s', target: plan() }, options);
    await service.registry.add({ source: '/s', target: plan() }, { ...options, name: 'More' });
    await service.registry.remove(store.now.pairs[0]?.id ?? '');
    expect(held.size).toBe(1);
    state.locked = true;
    await service.registry.remove(store.now.pairs[0]?.id ?? '');
    expect(store.now.pairs).toEqual([]);
    expect(service.state.notices).toMatchObject([{ kind: 'keys-left', detail: 'More' }]);
  });

  it('cannot be shown in the file manager', () => {
    const { service } = start({ pairs: [{ ...PAIR, backend: { ...PLACE, credentials: { kind: 'chain' } } }] });
    expect(service.path(PAIR.id, 'source')).toBe(PAIR.source);
    expect(() => service.path(PAIR.id, 'target')).toThrow(SyncError);
  });
});

describe('encrypted pairs', () => {
  const PLACE = { source: '/s', target: { kind: 'local', folder: '/t' } } as const;
  const OPTIONS = { name: 'Photos', conflictPolicy: 'keep_both' } as const;
  const NEW = { kind: 'new', vault: VAULT_ID, compression: true, hideNames: true, secret: keyOf('a'), recovery: keyOf('c') } as const;
  const locked = (): Keychain => ({ ...memoryKeychain(), set: () => Promise.reject(new SyncError('refused', 'the keychain is locked')) });
  const SETTING = { kind: 'encrypted', vault: VAULT_ID, compression: true, hideNames: true, keep: 'keychain' } as const;

  it('are made before they are opened, with a secret that is in no settings file', async () => {
    const { service, calls, written } = start();
    await service.registry.add(PLACE, { ...OPTIONS, keep: 'keychain', vault: NEW });
    await settle();
    expect(calls.map(([name]) => name)).toEqual(['check', 'vault-create', 'open']);
    expect(calls[1]?.[1]).toMatchObject({ backend: PLACE.target, vault: { vault: VAULT_ID, secret: revealed(NEW.secret), recovery: revealed(NEW.recovery) } });
    expect(calls[2]?.[1]).toMatchObject({ vault: { wish: { encryption: true, compression: true, hideNames: true }, secret: revealed(NEW.secret) } });
    expect(written.at(-1)?.pairs[0]?.protection).toEqual(SETTING);
    expect(JSON.stringify([written, service.state])).not.toMatch(/aaaaaaaaaaaaaaaaaaaaaaaa|cccccccccccccccccccccccc/);
    expect(service.state.pairs[0]?.protection).toMatchObject({ encrypted: true, vault: VAULT_ID.slice(0, 8) });
  });

  it('C74 are not made where the keychain takes no secret, unless it is to be kept for the session', async () => {
    const { service, calls, written } = start({}, locked());
    expect(await service.registry.add(PLACE, { ...OPTIONS, keep: 'keychain', vault: NEW })).toMatchObject({ kind: 'no-keychain' });
    expect([calls.map(([name]) => name), written]).toEqual([['check'], []]);
    expect(await service.registry.add(PLACE, { ...OPTIONS, keep: 'session', vault: NEW })).toMatchObject({ kind: 'added' });
  });

  it('are not added, and leave nothing in the keychain, when their vault cannot be made', async () => {
    const keychain = memoryKeychain();
    const { service, written, failing } = start({}, keychain);
    failing.set('vault-create', new SyncError('exists', 'something else was put there'));
    await expect(service.registry.add(PLACE, { ...OPTIONS, keep: 'keychain', vault: NEW })).rejects.toMatchObject({ code: 'exists' });
    expect([written, await keychain.get(`vault ${VAULT_ID}`)]).toEqual([[], null]);
  });

  it('C74 wait without their secret, are never opened in the clear, and go on with what is typed', async () => {
    const { service, calls } = start({ pairs: [{ ...PAIR, protection: { ...SETTING, keep: 'session' } }] });
    service.engineStarted();
    await settle();
    expect(calls.map(([name]) => name)).toEqual(['limit']);
    expect(service.state.pairs[0]).toMatchObject({ state: 'error', wantsSecret: true, error: { code: 'config' } });
    expect(await service.registry.unlock(PAIR.id, 'typed', 'session')).toEqual({ kind: 'changed' });
    await settle();
    expect(calls.slice(1)).toMatchObject([
      ['vault-open', { text: 'typed', backend: PAIR.backend }],
      ['open', { vault: { wish: { encryption: true, compression: true, hideNames: false }, secret: revealed(keyOf('b')) } }],
    ]);
  });

  it('C64 do not take the secret of another vault', async () => {
    const { service, calls, written } = start({ pairs: [{ ...PAIR, protection: { ...SETTING, vault: 'e'.repeat(32) } }] });
    await expect(service.registry.unlock(PAIR.id, 'typed', 'keychain')).rejects.toMatchObject({ code: 'remote-replaced' });
    expect([calls.map(([name]) => name), written]).toEqual([['vault-open'], []]);
  });
});
