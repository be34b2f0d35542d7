import { describe, expect, it } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { SeededRandom } from '../testing/random.ts';
import type { EngineClient } from './engine-client.ts';
import { closedReport } from './pair-report.ts';
import { DEFAULT_SETTINGS, type PairSetting, type Settings } from './settings-schema.ts';
import { SettingsStore } from './settings-store.ts';
import { SyncService } from './sync-service.ts';

const PAIR: PairSetting = {
  id: 'aaaaaaaaaaaaaaaa',
  name: 'Documents',
  source: '/home/a/Documents',
  backend: { kind: 'local', folder: '/backup' },
  conflictPolicy: 'keep_both',
  ignorePatterns: [],
  ignoreJunk: true,
  pause: null,
};

function start(settings: Partial<Settings> = {}) {
  const clock = new ManualClock();
  const written: Settings[] = [];
  const store = new SettingsStore({ ...DEFAULT_SETTINGS, ...settings }, { write: (next) => void written.push(next) });
  const calls: [string, unknown][] = [];
  let refuse: SyncError | null = null;
  const engine = {
    call: async (name: string, input: unknown) => {
      calls.push([name, input]);
      if (refuse !== null) throw refuse;
      return name === 'check' ? { source: '/real/source', target: '/real/target' } : null;
    },
  } as unknown as EngineClient;
  const service = new SyncService({ store, clock, random: new SeededRandom(3), version: '1', homeDir: '/home/a', onChange: () => undefined });
  service.attach(engine);
  const refuseWith = (error: SyncError | null): void => {
    refuse = error;
  };
  return { clock, store, written, calls, service, refuse: refuseWith };
}

describe('the app’s folder pairs', () => {
  it('are checked, remembered and opened when added', async () => {
    const { service, calls, written } = start({ pairs: [PAIR] });
    const { pair } = await service.add({ source: '/s', target: '/t' }, { name: 'Photos', conflictPolicy: 'manual' });
    expect(calls.map(([name]) => name)).toEqual(['check', 'open']);
    expect(calls[0]?.[1]).toEqual({ source: '/s', target: '/t', others: [{ source: PAIR.source, target: '/backup' }] });
    expect(written.at(-1)?.pairs.at(-1)).toMatchObject({ id: pair, name: 'Photos', source: '/real/source', backend: { folder: '/real/target' }, conflictPolicy: 'manual' });
  });

  it('C29 are not added when the check refuses', async () => {
    const { service, written, refuse } = start();
    refuse(new SyncError('overlap', 'one lies inside the other'));
    await expect(service.add({ source: '/s', target: '/s/t' }, { name: 'x', conflictPolicy: 'keep_both' })).rejects.toMatchObject({ code: 'overlap' });
    expect(written).toEqual([]);
  });

  it('are forgotten and closed when removed', async () => {
    const { service, calls, written } = start({ pairs: [PAIR] });
    await service.remove(PAIR.id);
    expect(written.at(-1)?.pairs).toEqual([]);
    expect(calls).toEqual([['close', { pair: PAIR.id }]]);
    expect(service.state.overall).toBe('not-set-up');
    await expect(service.remove(PAIR.id)).rejects.toMatchObject({ code: 'not-found' });
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

  it('C71 share a bandwidth limit that is remembered and counts at once', () => {
    const { service, calls, written } = start({ pairs: [PAIR] });
    service.limit({ up: 1024, down: null });
    expect(written.at(-1)?.bandwidth).toEqual({ up: 1024, down: null });
    service.engineStarted();
    expect(calls.filter(([name]) => name === 'limit')).toEqual([
      ['limit', { up: 1024, down: null }],
      ['limit', { up: 1024, down: null }],
    ]);
  });

  it('get a new engine only for settings the engine obeys', async () => {
    const { service, calls } = start({ pairs: [PAIR] });
    await service.change(PAIR.id, { name: 'Work' });
    expect(calls).toEqual([]);
    expect(service.state.pairs[0]?.name).toBe('Work');
    await service.change(PAIR.id, { ignorePatterns: ['*.iso'] });
    expect(calls).toMatchObject([['open', { ignorePatterns: ['*.iso'], conflictPolicy: 'keep_both' }]]);
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
      ['pause', { pair: PAIR.id, until: null }],
      ['resume', { pair: PAIR.id }],
    ]);
    expect(store.now.pairs.map(({ pause }) => pause)).toEqual([null, { until: null }]);
  });
});

describe('what the window shows', () => {
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
