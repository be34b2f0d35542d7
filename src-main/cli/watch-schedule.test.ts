import { expect, it } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { ManualClock, settle } from '../testing/manual-clock.ts';
import { runCli } from './program.ts';
import { testCli } from './test-context.ts';

const HOUR = 3_600_000;

function watching(settings: Readonly<Record<string, string>>, startsAt: string) {
  const clock = new ManualClock(Date.parse(startsAt));
  const cli = testCli({ env: { WATCH_DIR: '/src', BACKUP_DIR: '/dst', SYNC_TIME_ZONE: 'UTC', ...settings } });
  const context = { ...cli.context, platform: { ...cli.context.platform, clock } };
  const calls = (): readonly unknown[] => cli.engine.calls.map(([name]) => name).filter((name) => name !== 'compose' && name !== 'close');
  return { ...cli, clock, context, calls };
}

it('with a schedule syncs at its times only, once for those that were missed, and says when the next one is', async () => {
  const { clock, context, engine, interrupt, calls, out } = watching({ SYNC_SCHEDULE: '0 * * * *' }, '2026-11-23T12:20Z');
  engine.answer = { ...engine.answer, lastFullScanAt: Date.parse('2026-11-23T08:00Z') };
  const ended = runCli(['watch'], context);
  await expect.poll(calls).toEqual(['syncAll']);
  await clock.advance(HOUR / 2);
  expect(calls()).toEqual(['syncAll']);
  engine.failure = new SyncError('unreachable', 'away');
  await clock.advance(HOUR / 2);
  // 13:00, and again after one and five minutes more.
  expect(calls()).toHaveLength(4);
  expect(out()).toContain('trying again at 2026-11-23T13:21:00.000Z');
  engine.failure = null;
  await clock.advance(HOUR);
  // 13:21 came off; then 14:00.
  expect(calls()).toHaveLength(6);
  interrupt.abort();
  expect(await ended).toBe(130);
  expect(calls()).toEqual([...Array(6).fill('syncAll'), 'stop']);
  expect(out()).toContain('next sync at 2026-11-23T13:00:00.000Z');
});

it('without one keeps quiet in quiet hours, each day', async () => {
  const { clock, context, engine, interrupt, calls } = watching({ QUIET_HOURS: '22:00-07:00' }, '2026-11-23T21:00Z');
  const ended = runCli(['watch'], context);
  await expect.poll(calls).toEqual(['start']);
  await settle();
  await clock.advance(25 * HOUR + 60_000);
  interrupt.abort();
  expect(await ended).toBe(130);
  expect(engine.calls.filter(([name]) => name === 'pause')).toEqual([
    ['pause', Date.parse('2026-11-24T07:00Z')],
    ['pause', Date.parse('2026-11-25T07:00Z')],
  ]);
});

it('started in quiet hours begins with quiet', async () => {
  const { context, engine, interrupt, calls } = watching({ QUIET_HOURS: '22:00-07:00' }, '2026-11-23T23:00Z');
  const ended = runCli(['watch'], context);
  await expect.poll(calls).toEqual(['start', 'pause']);
  interrupt.abort();
  await ended;
  expect(engine.calls).toContainEqual(['pause', Date.parse('2026-11-24T07:00Z')]);
});

it('status shows the next times', async () => {
  const settings = { SYNC_SCHEDULE: '30 2 * * *', QUIET_HOURS: '02:00-03:00' };
  const { context, out } = watching(settings, '2026-11-23T12:00Z');
  expect(await runCli(['status'], context)).toBe(0);
  expect(out()).toContain('Schedule   30 2 * * * (UTC), while `watch` runs; next: 2026-11-24T03:00:00.000Z, 2026-11-25T03:00:00.000Z, 2026-11-26T03:00:00.000Z');
  const json = watching(settings, '2026-11-23T12:00Z');
  expect(await runCli(['status', '--json'], json.context)).toBe(0);
  expect(JSON.parse(json.out())).toMatchObject({
    schedule: { cron: '30 2 * * *', timeZone: 'UTC', quiet: ['02:00-03:00'], next: [Date.parse('2026-11-24T03:00Z'), expect.any(Number), expect.any(Number)] },
  });
});
