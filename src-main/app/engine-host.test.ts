import { describe, expect, it } from 'vitest';
import type { PairReport } from '../../src-preload/contract/model.ts';
import { DEFAULT_TUNING } from '../../src-preload/contract/tuning.ts';
import type { S3Config } from '../backends/s3/s3-config.ts';
import type { ComposeOptions, Pair } from '../compose.ts';
import type { Hash, Stamp, Version } from '../core/entry.ts';
import { SyncError } from '../core/errors.ts';
import { relPath } from '../core/rel-path.ts';
import type { Platform } from '../platform/platform.ts';
import { FakeEngine } from '../testing/fake-engine.ts';
import { FakeFs } from '../testing/fake-fs.ts';
import { ManualClock, settle } from '../testing/manual-clock.ts';
import { SeededRandom } from '../testing/random.ts';
import { EngineHost } from './engine-host.ts';
import type { CallName, EngineCalls, FromWorker, PairSetup, ToWorker } from './engine-protocol.ts';
import type { SlotConfig } from './pair-slot.ts';
import type { StorageTools } from './storage-tools.ts';
import type { VaultTools } from './vault-tools.ts';

const SETUP: PairSetup = {
  id: 'aaaaaaaaaaaaaaaa',
  source: '/home/a/Documents',
  backend: { kind: 'local', folder: '/backup' },
  vault: { wish: { encryption: false, compression: false, hideNames: false }, secret: null },
  conflictPolicy: 'manual',
  ignorePatterns: ['*.iso'],
  ignoreJunk: false,
  conflictOverrides: [],
  freeSpace: 256_000_000,
  schedule: { cron: null, timeZone: null, quiet: [] },
  tuning: { ...DEFAULT_TUNING, versionsKeep: 0, direction: 'upload_only', priceStorage: 0.01 },
  deviceName: null,
  logLevel: 'info',
  pause: null,
  holds: [],
};
const FILE = { kind: 'file', size: 3, hash: 'h' as Hash, mtimeNs: 1_700_000_000_123_456_789n, mode: null } as const;

function start() {
  const clock = new ManualClock();
  const disk = new FakeFs({ clock });
  const engine = new FakeEngine();
  const composed: { config: SlotConfig; options: ComposeOptions; closed: boolean }[] = [];
  const waiting: ((count: number) => void)[] = [];
  let failure: SyncError | null = null;
  const platform: Platform = {
    fs: disk.view(),
    clock,
    random: new SeededRandom(7),
    chance: new SeededRandom(8).bytes,
    newHasher: () => ({ update: () => undefined, digest: () => '' }),
    home: { platform: 'linux', homeDir: '/home/a', hostname: 'laptop', pid: 1, env: {} },
  };
  const compose = async (config: SlotConfig, _platform: Platform, options: ComposeOptions): Promise<Pair> => {
    if (failure !== null) throw failure;
    const record = { config, options, closed: false };
    composed.push(record);
    return {
      engine,
      verifier: { verify: () => Promise.reject(new Error('the app does not verify')) },
      waiter: { watchWaiting: async (onCount: (count: number) => void) => void waiting.push(onCount) },
      source: config.source,
      protection: async () => null,
      codec: () => null,
      readRemote: async () =>
        (async function* () {
          yield new TextEncoder().encode('there\n');
        })(),
      holder: async () => null,
      close: async () => {
        record.closed = true;
        await engine.stop();
      },
    } as unknown as Pair;
  };
  const asked: [string, S3Config][] = [];
  const signals: AbortSignal[] = [];
  const storage: StorageTools = {
    test: async (config, signal) => {
      asked.push(['test', config]);
      if (config.bucket === 'silent') return new Promise(() => signals.push(signal));
      return { protection: 'atomic', findings: [], holds: 'nothing', cleansUp: false };
    },
    buckets: async (config) => {
      asked.push(['buckets', config]);
      return { kind: 'listed', buckets: ['photos'] };
    },
    createBucket: async (config) => void asked.push(['create', config]),
    addCleanUpRule: async (config) => void asked.push(['rule', config]),
  };
  const vaults: VaultTools = {
    look: async () => ({ holds: 'nothing' }),
    open: async (_, typed) => ({ vault: 'f'.repeat(32), compression: false, hideNames: false, secret: `passphrase:${typed}` }),
    openKept: async () => null,
    create: async () => undefined,
  };
  const sent: FromWorker[] = [];
  const host = new EngineHost({ compose, platform, storage, vaults, send: (message) => sent.push(message), end: () => undefined });
  let id = 0;
  const call = async <C extends CallName>(name: C, input: EngineCalls[C]['input']): Promise<EngineCalls[C]['answer']> => {
    const mine = ++id;
    await host.receive({ id: mine, call: name, input } as ToWorker);
    await settle();
    const reply = sent.find((message) => 'id' in message && message.id === mine);
    if (reply?.kind === 'answer') return reply.value as EngineCalls[C]['answer'];
    throw reply?.kind === 'refusal' ? Object.assign(new Error(reply.error.message), reply.error) : new Error('no answer');
  };
  const news = () => sent.flatMap((message) => (message.kind === 'news' ? [message.news] : []));
  const report = (): PairReport | undefined =>
    news()
      .flatMap(({ reports }) => reports)
      .at(-1)?.report;
  const fail = (error: SyncError | null): void => {
    failure = error;
  };
  return { clock, disk, engine, host, composed, waiting, call, news, report, fail, asked, signals, sent };
}

describe('the engine thread', () => {
  it('opens an encrypted pair with the secret it was given, asks no keychain, and says none of it', async () => {
    const { call, composed, sent } = start();
    const wish = { encryption: true, compression: true, hideNames: true };
    await call('open', { ...SETUP, vault: { wish, secret: 'passphrase:hunter2 hunter2' } });
    const [{ config, options } = expect.fail('no pair')] = composed;
    expect([config.vault, config.vaultSecret?.kind, config.vaultSecret?.secret.reveal()]).toEqual([wish, 'passphrase', 'hunter2 hunter2']);
    expect(await options.keychain?.get('vault aa')).toBeNull();
    await call('vault-create', { backend: SETUP.backend, vault: { vault: 'aa', compression: true, hideNames: true, secret: 'passphrase:hunter2 hunter2', recovery: 'hunter2' } });
    expect(JSON.stringify(sent)).not.toContain('hunter2');
  });

  it('hears commands of other processes: a pause of theirs holds as one of the app, and is told', async () => {
    const { call, composed, engine, sent } = start();
    await call('open', SETUP);
    await settle();
    const serves = composed[0]?.options.serves;
    await serves?.pause?.(5);
    await serves?.resume?.();
    expect(engine.calls.slice(-2)).toEqual(['pause 5', 'resume']);
    expect(sent.filter(({ kind }) => kind === 'paused')).toEqual([
      { kind: 'paused', pair: SETUP.id, pause: { until: 5 } },
      { kind: 'paused', pair: SETUP.id, pause: null },
    ]);
  });

  it('opens a pair as the settings have it, and owns its folder', async () => {
    const { clock, call, composed, engine, report } = start();
    await call('open', SETUP);
    expect(composed[0]?.config).toMatchObject({
      source: SETUP.source,
      backend: SETUP.backend,
      settings: { conflictPolicy: 'manual', ignorePatterns: ['*.iso'], ignoreJunk: false, deviceName: 'laptop', versionsKeep: 0, direction: 'upload_only', trashDays: 30 },
      logLevel: 'info',
    });
    expect(composed[0]?.options).toMatchObject({ kind: 'app', mode: 'own', bandwidth: expect.anything() });
    expect(engine.calls).toEqual(['start']);
    expect(composed[0]?.config.settings).not.toHaveProperty('priceStorage');
    engine.say({ state: 'syncing', target: 's3://photos/ at s3.example.org', bytes: 10e9, usage: { month: '2026-11', requests: { list: 5 }, bytesUp: 0, bytesDown: 0 } });
    await clock.advance(1_000);
    expect(report()).toMatchObject({ state: 'syncing', usage: { cost: { provider: null, total: expect.closeTo(0.1) } } });
  });

  it('that is told of two changes at once has one engine for the folder in the end, which goes by the later', async () => {
    const { call, composed } = start();
    await call('open', SETUP);
    await Promise.all([call('open', { ...SETUP, ignorePatterns: ['first'] }), call('open', { ...SETUP, ignorePatterns: ['second'] })]);
    await settle();
    const open = composed.filter(({ closed }) => !closed);
    expect(open.map(({ config }) => config.settings.ignorePatterns)).toEqual([['second']]);
    await Promise.all([call('open', SETUP), call('close', { pair: SETUP.id })]);
    await settle();
    expect(composed.filter(({ closed }) => !closed)).toEqual([]);
  });

  it('C71 gives all pairs one bandwidth limit, which changes while they run', async () => {
    const { call, clock, composed } = start();
    await call('open', SETUP);
    await call('open', { ...SETUP, id: 'bbbbbbbbbbbbbbbb' });
    const [one, two] = composed.map(({ options }) => options.bandwidth);
    expect(one).toBe(two);
    await one?.take('up', 1_000_000);
    await call('limit', { up: 1000, down: null });
    let passed = false;
    const waiting = one?.take('up', 100_000).then(() => {
      passed = true;
    });
    await clock.advance(5_000);
    expect(passed).toBe(false);
    await call('limit', { up: null, down: null });
    await waiting;
  });

  it('C71 has limits by time of day, until others are set', async () => {
    const { call, clock, composed } = start();
    await call('open', SETUP);
    const bandwidth = composed[0]?.options.bandwidth;
    const slot = (at: number, rate: number | null) => ({ day: null, minute: Math.floor((at % 86_400_000) / 60_000), limits: { up: rate, down: rate } });
    const now = clock.now();
    const slots = [slot(now, 1_000), slot(now + 180_000, null)];
    await call('limit', { up: null, down: null, timetable: { slots, timeZone: 'UTC' } });
    let passed = false;
    const waiting = bandwidth?.take('up', 100_000_000).then(() => {
      passed = true;
    });
    await clock.advance(60_000);
    expect(passed).toBe(false);
    await clock.advance(180_000);
    await waiting;
    await call('limit', { up: null, down: null });
    await clock.advance(120_000);
    await bandwidth?.take('up', 100_000_000);
  });

  it('C28 keeps trying to open a pair whose drive is away, and says what is wrong meanwhile', async () => {
    const { call, clock, composed, report, fail } = start();
    fail(new SyncError('unreachable', 'the drive is not connected', { hint: 'Connect it.' }));
    await call('open', SETUP);
    await clock.advance(300);
    expect(report()).toMatchObject({ state: 'offline', error: { code: 'unreachable', message: 'the drive is not connected', hint: 'Connect it.' } });
    await expect(call('resolve', { pair: SETUP.id, path: 'a', choice: 'local' })).rejects.toMatchObject({ code: 'unreachable' });
    fail(null);
    await clock.advance(10_000);
    expect(composed).toHaveLength(1);
    expect(report()?.state).toBe('ok');
  });

  it('tries again at once when the user asks', async () => {
    const { call, clock, composed, fail } = start();
    fail(new SyncError('locked', 'in use by another command'));
    await call('open', SETUP);
    await clock.advance(300);
    fail(null);
    await call('sync', { pair: SETUP.id });
    await settle();
    expect(composed).toHaveLength(1);
  });

  it('starts paused when the settings say so', async () => {
    const { call, engine } = start();
    await call('open', { ...SETUP, pause: { until: 5 } });
    expect(engine.calls).toEqual(['pause 5', 'start']);
  });

  it('opens anew with changed settings, after the old engine let go', async () => {
    const { call, composed } = start();
    await call('open', SETUP);
    await call('open', { ...SETUP, conflictPolicy: 'keep_both' });
    expect(composed.map(({ closed }) => closed)).toEqual([true, false]);
    await call('stop', null);
    expect(composed.map(({ closed }) => closed)).toEqual([true, true]);
  });

  it('tells of changes four times a second at most, and never forgets the last', async () => {
    const { call, clock, engine, news, report } = start();
    await call('open', SETUP);
    await clock.advance(1_000);
    const before = news().length;
    for (let files = 1; files <= 500; files++) {
      engine.say({ files });
      await clock.advance(2);
    }
    await clock.advance(1_000);
    expect(news().length - before).toBeLessThanOrEqual(6);
    expect(report()?.files).toBe(500);
  });

  it('cuts long lists, and counts all', async () => {
    const { call, clock, engine, report } = start();
    await call('open', SETUP);
    const paths = Array.from({ length: 5_000 }, (_, i) => relPath(`f${i}`));
    engine.say({
      state: 'attention',
      held: [{ side: 'remote', why: 'too-many', files: paths.length, paths }],
      failures: paths.map((path) => ({ path, code: 'io', message: 'x', attempts: 1, since: 0 })),
    });
    await clock.advance(300);
    expect(report()?.held[0]?.paths).toMatchObject({ total: 5_000, items: { length: 100 } });
    expect(report()?.failures).toMatchObject({ total: 5_000, items: { length: 100 } });
    expect(JSON.stringify(report()).length).toBeLessThan(30_000);
  });

  it('lets held deletions go only if they are as many as the user was shown (I8)', async () => {
    const { call, engine } = start();
    await call('open', SETUP);
    engine.say({ held: [{ side: 'remote', why: 'too-many', files: 2, paths: [relPath('a'), relPath('b')] }] });
    await expect(call('release', { pair: SETUP.id, shown: 1 })).rejects.toMatchObject({ code: 'usage' });
    expect(engine.calls).not.toContain('sync and release');
    await call('release', { pair: SETUP.id, shown: 2 });
    expect(engine.calls).toContain('sync and release');
  });

  it('shows both texts of a conflict', async () => {
    const { call, disk, engine } = start();
    await call('open', SETUP);
    disk.edit.write('/home/a/Documents/n/report.txt', 'here\n');
    const path = relPath('n/report.txt');
    engine.say({ conflicts: [{ path, local: FILE, remote: FILE, remoteVersion: 'v' as Version, remoteDevice: 'desktop', remoteStoredAtMs: null, since: 1 }] });
    await expect(call('preview', { pair: SETUP.id, path })).resolves.toEqual({ local: { kind: 'text', text: 'here\n' }, remote: { kind: 'text', text: 'there\n' } });
    await expect(call('preview', { pair: SETUP.id, path: 'other.txt' })).rejects.toMatchObject({ code: 'not-found' });
    for (const bad of ['../secret', '/etc/passwd', 'n/../../x', '.file-sync/vault.json']) {
      await expect(call('preview', { pair: SETUP.id, path: bad })).rejects.toMatchObject({ code: 'usage' });
    }
  });

  it('rests while anything holds it, and says why', async () => {
    const { call, clock, engine, report } = start();
    await call('open', { ...SETUP, holds: ['battery'] });
    expect(engine.calls).toEqual(['pause for good', 'start']);
    await clock.advance(300);
    expect(report()).toMatchObject({ state: 'paused', holds: ['battery'], pausedUntil: null });
    await call('hold', { pair: SETUP.id, reasons: [] });
    expect(engine.calls.at(-1)).toBe('resume');
  });

  it('C55 wants attention while the disk is almost full, which no rest ends by itself', async () => {
    const { call, clock, disk, engine, report } = start();
    disk.disk.capacity = 1000;
    await call('open', { ...SETUP, freeSpace: 2000 });
    await clock.advance(300);
    expect(engine.calls).toContain('pause for good');
    expect(report()).toMatchObject({ state: 'attention', holds: ['disk'] });
    disk.disk.capacity = 1_000_000;
    await clock.advance(30_300);
    expect(engine.calls.at(-1)).toBe('resume');
    expect(report()).toMatchObject({ holds: [] });
  });

  it('C72 with times of its own is synced at those, and says when next', async () => {
    const { call, clock, engine, report, waiting } = start();
    await call('open', { ...SETUP, schedule: { cron: '30 * * * *', timeZone: 'UTC', quiet: [] } });
    await clock.advance(1_000);
    expect(engine.calls).toEqual(['sync']);
    expect(report()?.nextSyncAt).toBe(Date.UTC(2026, 10, 23, 12, 30));
    waiting[0]?.(2);
    await clock.advance(1_000);
    expect(report()).toMatchObject({ state: 'ok', pending: 2 });
    await clock.advance(3_600_000);
    expect(engine.calls).toEqual(['sync', 'sync']);
  });

  it('C31 makes one choice for all conflicts, if they are as many as were shown', async () => {
    const { call, engine } = start();
    await call('open', SETUP);
    const conflict = (name: string) => ({ path: relPath(name), local: FILE, remote: FILE, remoteVersion: 'v' as Version, remoteDevice: null, remoteStoredAtMs: null, since: 1 });
    engine.say({ conflicts: [conflict('a'), conflict('b')] });
    await expect(call('resolve-all', { pair: SETUP.id, choice: 'local', shown: 1 })).rejects.toMatchObject({ code: 'usage' });
    await call('resolve-all', { pair: SETUP.id, choice: 'local', shown: 2 });
    expect(engine.calls.slice(1)).toEqual(['resolve a local', 'resolve b local']);
  });

  it('tells of a conflict that a rule settled, and not of one that the user decided', async () => {
    const { call, clock, engine, news } = start();
    await call('open', SETUP);
    const aside = (name: string) =>
      ({
        kind: 'set-aside-local',
        path: relPath(name),
        to: relPath(`${name}.conflict-x`),
        entry: FILE,
        stamp: 's' as Stamp,
        reason: 'edited on both sides: both are kept',
      }) as const;
    engine.say({ conflicts: [{ path: relPath('asked'), local: FILE, remote: FILE, remoteVersion: 'v' as Version, remoteDevice: null, remoteStoredAtMs: null, since: 1 }] });
    for (const name of ['asked', 'ruled']) engine.act({ cycle: 'c', action: aside(name), outcome: 'done', message: null });
    await clock.advance(1_000);
    expect(news().flatMap(({ settled }) => settled)).toMatchObject([{ pair: SETUP.id, path: 'ruled', kept: 'both', copy: 'ruled.conflict-x' }]);
    engine.records = [{ at: 5, cycle: 'c', path: 'ruled', what: 'set-aside-local', outcome: 'done', reason: '', bytes: 0 }];
    expect(await call('settled', { pair: null })).toMatchObject([{ pair: SETUP.id, path: 'ruled', at: 5 }]);
  });

  it('writes the backup’s version of a conflict for this user alone, to be looked at', async () => {
    const { call, disk, engine } = start();
    await call('open', SETUP);
    disk.edit.mkdir('/tmp');
    const path = relPath('n/report.txt');
    engine.say({ conflicts: [{ path, local: FILE, remote: FILE, remoteVersion: 'v' as Version, remoteDevice: null, remoteStoredAtMs: null, since: 1 }] });
    for (let i = 0; i < 2; i++) await expect(call('conflict-copy', { pair: SETUP.id, path, folder: '/tmp', mark: 'Backup' })).resolves.toBe('/tmp/report (Backup).txt');
    expect((await disk.view().lstat('/tmp/report (Backup).txt'))?.mode).toBe(0o600);
    await expect(call('conflict-copy', { pair: SETUP.id, path: '../x', folder: '/tmp', mark: 'Backup' })).rejects.toMatchObject({ code: 'usage' });
  });

  it('a mistake that nobody caught is told, and nothing ends', async () => {
    const { host, sent, call } = start();
    host.fault(new TypeError('x is undefined'));
    expect(sent.at(-1)).toMatchObject({ kind: 'fault', message: 'x is undefined', stack: expect.stringContaining('TypeError') });
    await call('open', SETUP);
  });

  it('tells times without bigints, which windows cannot all take', async () => {
    const { call, clock, engine, report } = start();
    await call('open', SETUP);
    engine.say({ conflicts: [{ path: relPath('a'), local: FILE, remote: { kind: 'folder' }, remoteVersion: 'v' as Version, remoteDevice: null, remoteStoredAtMs: 42, since: 1 }] });
    await clock.advance(300);
    expect(report()?.conflicts.items[0]).toEqual({
      path: 'a',
      local: { kind: 'file', size: 3, modifiedAt: 1_700_000_000_123, device: 'laptop' },
      remote: { kind: 'folder', size: null, modifiedAt: 42, device: null },
      since: 1,
    });
  });

  describe('a pair with a bucket', () => {
    const S3 = {
      kind: 's3',
      bucket: 'photos',
      prefix: '',
      endpoint: null,
      region: null,
      forcePathStyle: null,
      proxy: null,
      caFile: null,
      credentials: { kind: 'keys', accessKeyId: 'AKIA', secretAccessKey: 'hunter2', sessionToken: null },
    } as const;

    it('gets its keys as secrets, which show nowhere', async () => {
      const { call, composed, sent } = start();
      await call('open', { ...SETUP, backend: S3 });
      const backend = composed[0]?.config.backend;
      if (backend?.kind !== 's3' || backend.credentials.kind !== 'keys') throw new Error('no keys');
      expect(backend.credentials.secretAccessKey.reveal()).toBe('hunter2');
      expect(JSON.stringify([composed, sent])).not.toContain('hunter2');
    });

    it('is tried out before it is one', async () => {
      const { call, asked } = start();
      await expect(call('storage-test', S3)).resolves.toMatchObject({ protection: 'atomic' });
      await expect(call('storage-buckets', S3)).resolves.toEqual({ kind: 'listed', buckets: ['photos'] });
      await expect(call('storage-create', S3)).resolves.toBeNull();
      await expect(call('storage-clean-up', S3)).resolves.toBeNull();
      expect(asked.map(([what, config]) => [what, config.bucket])).toEqual([
        ['test', 'photos'],
        ['buckets', 'photos'],
        ['create', 'photos'],
        ['rule', 'photos'],
      ]);
    });

    it('a test that is stopped is over at once, whatever the store does; so is one that another follows', async () => {
      const { call, signals } = start();
      const stopped = expect(call('storage-test', { ...S3, bucket: 'silent' })).rejects.toMatchObject({ code: 'aborted' });
      await call('storage-stop', null);
      await stopped;
      const followed = expect(call('storage-test', { ...S3, bucket: 'silent' })).rejects.toMatchObject({ code: 'aborted' });
      await expect(call('storage-test', S3)).resolves.toMatchObject({ protection: 'atomic' });
      await followed;
      expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    });
  });
});
