import { describe, expect, it } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { relPath } from '../core/rel-path.ts';
import { SETUP, startHost } from '../testing/engine-host-kit.ts';

describe('the engine thread', () => {
  it('rests while anything holds it, and says why', async () => {
    const { call, clock, engine, report } = startHost();
    await call('open', { ...SETUP, holds: ['battery'] });
    expect(engine.calls).toEqual(['pause for good', 'start']);
    await clock.advance(300);
    expect(report()).toMatchObject({ state: 'paused', holds: ['battery'], pausedUntil: null });
    await call('hold', { pair: SETUP.id, reasons: [] });
    expect(engine.calls.at(-1)).toBe('resume');
  });

  it('C55 wants attention while the disk is almost full, which no rest ends by itself', async () => {
    const { call, clock, disk, engine, report } = startHost();
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
    const { call, clock, engine, report, waiting } = startHost();
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

  it('C72 syncs in quiet hours when told to, and goes on for good when resumed', async () => {
    const { call, clock, composed, engine, report } = startHost();
    // The clock of a test stands at noon.
    await call('open', { ...SETUP, schedule: { cron: null, timeZone: 'UTC', quiet: ['11:00-18:00'] } });
    await clock.advance(300);
    expect(report()).toMatchObject({ state: 'paused', holds: ['quiet'], pausedUntil: Date.UTC(2026, 10, 23, 18) });
    expect(composed[0]?.options.serves?.restsUntil?.()).toBe(Date.UTC(2026, 10, 23, 18));
    const before = engine.calls.length;
    await call('sync', { pair: SETUP.id });
    expect(engine.calls.slice(before)).toEqual(['resume', 'sync', 'pause for good']);
    await call('resume', { pair: SETUP.id });
    await clock.advance(300);
    expect(report()).toMatchObject({ state: 'ok', holds: [], quietPassedUntil: Date.UTC(2026, 10, 23, 18) });
    await clock.advance(6 * 3_600_000);
    expect(report()?.quietPassedUntil).toBeNull();
  });

  it('starts paused when the settings say so', async () => {
    const { call, engine } = startHost();
    await call('open', { ...SETUP, pause: { until: 5 } });
    expect(engine.calls).toEqual(['pause 5', 'start']);
  });

  it('C71 gives all pairs one bandwidth limit, which changes while they run', async () => {
    const { call, clock, composed } = startHost();
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
    const { call, clock, composed } = startHost();
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
});

it('a folder that was not looked at yet is on its way, and not in step', async () => {
  const { call, clock, engine, report } = startHost();
  engine.current = { ...engine.current, lastFullScanAt: null };
  await call('open', SETUP);
  await clock.advance(300);
  expect(report()?.state).toBe('syncing');
  engine.say({ lastFullScanAt: clock.now(), pending: 1 });
  await clock.advance(300);
  expect(report()).toMatchObject({ state: 'ok', pending: 1 });
});

it('a folder that was known before is on its way until the first look after the start, and a look that lasts is told', async () => {
  const { call, clock, engine, report } = startHost();
  engine.start = async () => undefined;
  await call('open', SETUP);
  await clock.advance(300);
  expect(report()?.state).toBe('syncing');
  engine.say({ lastFullScanAt: clock.now() });
  await clock.advance(300);
  expect(report()?.state).toBe('ok');
  const progress = { phase: 'looking', done: 1, total: 0, bytes: 0, totalBytes: 0, rate: null, etaSeconds: null, inFlight: [] } as const;
  engine.say({ progress });
  await clock.advance(300);
  expect(report()).toMatchObject({ state: 'ok', progress: null });
  await clock.advance(1_000);
  engine.say({ progress: { ...progress, done: 9 } });
  await clock.advance(300);
  expect(report()).toMatchObject({ state: 'syncing', progress: { done: 9 } });
  engine.say({ progress: null });
  await clock.advance(300);
  expect(report()?.state).toBe('ok');
});

describe('a folder that stands still', () => {
  it('tells since when, and each try that came to nothing', async () => {
    const { call, clock, engine, report } = startHost();
    await call('open', SETUP);
    await clock.advance(300);
    expect(report()?.trouble).toBeNull();
    engine.say({ state: 'error', error: { code: 'root-missing', message: 'the folder is not there', hint: null } });
    await clock.advance(60_000);
    const since = report()?.trouble?.since ?? 0;
    expect(report()?.trouble).toEqual({ since, triedAt: since, nextTryAt: null });
    expect(since).toBeGreaterThan(0);
    const tried = clock.now();
    await call('sync', { pair: SETUP.id });
    await clock.advance(300);
    expect(report()?.trouble).toEqual({ since, triedAt: tried, nextTryAt: null });
    engine.say({ state: 'ok', error: null });
    await clock.advance(300);
    expect(report()?.trouble).toBeNull();
  });

  it('that could not be opened tells when it is tried next', async () => {
    const { call, clock, fail, report } = startHost();
    fail(new SyncError('unreachable', 'the drive is not connected'));
    const since = clock.now();
    await call('open', SETUP);
    await clock.advance(15_000);
    expect(report()).toMatchObject({ state: 'offline', trouble: { since, triedAt: since + 10_000, nextTryAt: since + 20_000 } });
  });
});

it('every name of what is held for one reason can be had, however many the report names', async () => {
  const { call, clock, engine, report } = startHost();
  await call('open', SETUP);
  const paths = Array.from({ length: 120 }, (_, i) => relPath(`f${i}`));
  engine.say({ state: 'attention', held: [{ side: 'remote', why: 'too-many', files: 120, paths }] });
  await clock.advance(300);
  expect(report()?.held[0]?.paths).toMatchObject({ total: 120, items: { length: 100 } });
  expect(await call('held-paths', { pair: SETUP.id, side: 'remote', why: 'too-many' })).toEqual(paths);
  expect(await call('held-paths', { pair: SETUP.id, side: 'local', why: 'too-many' })).toEqual([]);
});
