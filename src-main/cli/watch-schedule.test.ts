import { expect, it } from 'vitest';
import { pairDesk } from '../compose/desk.ts';
import type { PairDesk } from '../control/pair-desk.ts';
import { SyncError } from '../core/errors.ts';
import { ManualClock, settle } from '../testing/manual-clock.ts';
import { runCli } from './program.ts';
import { testCli } from './test-context.ts';

const HOUR = 3_600_000;

function watching(settings: Readonly<Record<string, string>>, startsAt: string) {
  const clock = new ManualClock(Date.parse(startsAt));
  const cli = testCli({ env: { WATCH_DIR: '/src', BACKUP_DIR: '/dst', SYNC_TIME_ZONE: 'UTC', ...settings } });
  const desks: PairDesk[] = [];
  const compose: typeof cli.context.compose = async (config, platform, options) => {
    const pair = await cli.context.compose(config, platform, options);
    desks.push(pairDesk(pair, { schedule: config.schedule, ...(options.serves === undefined ? {} : { hold: options.serves }) }));
    return pair;
  };
  const context = { ...cli.context, compose, platform: { ...cli.context.platform, clock } };
  const calls = (): readonly unknown[] => cli.engine.calls.map(([name]) => name).filter((name) => name !== 'compose' && name !== 'close');
  /** What other commands of the user say to it. */
  const desk = (): PairDesk => {
    const [first] = desks;
    if (first === undefined) throw new Error('nothing is watched');
    return first;
  };
  /** Whether the engine leaves the folder alone now, by all that it was told. */
  const rests = (): boolean => {
    const [name, until] = cli.engine.calls.findLast(([said]) => said === 'pause' || said === 'resume') ?? [];
    return name === 'pause' && (until === undefined || Number(until) > clock.now());
  };
  const at = (time: string): Promise<void> => clock.advance(Date.parse(time) - clock.now());
  return { ...cli, at, clock, context, calls, desk, rests };
}

/** Watching with quiet hours from 22:00 to 07:00, since 21:00. */
async function beforeQuiet() {
  const watch = watching({ QUIET_HOURS: '22:00-07:00' }, '2026-11-23T21:00Z');
  const ended = runCli(['watch'], watch.context);
  await expect.poll(watch.calls).toContain('start');
  await settle();
  return { ...watch, end: async () => [watch.interrupt.abort(), await ended] };
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
  const { at, rests, out, calls, end } = await beforeQuiet();
  for (const day of ['23', '24']) {
    await at(`2026-11-${day}T21:59Z`);
    expect(rests()).toBe(false);
    await at(`2026-11-${day}T22:00Z`);
    expect(rests()).toBe(true);
    await at(`2026-11-${Number(day) + 1}T06:59Z`);
    expect(rests()).toBe(true);
    await at(`2026-11-${Number(day) + 1}T07:00Z`);
    expect(rests()).toBe(false);
  }
  await end();
  expect(calls()).toEqual(['start', 'pause', 'resume', 'pause', 'resume', 'stop']);
  expect(out().match(/quiet hours until .*/g)).toEqual(['quiet hours until 2026-11-24T07:00:00.000Z', 'quiet hours until 2026-11-25T07:00:00.000Z']);
});

it('started in quiet hours begins with quiet', async () => {
  const { context, interrupt, calls, rests } = watching({ QUIET_HOURS: '22:00-07:00' }, '2026-11-23T23:00Z');
  const ended = runCli(['watch'], context);
  await expect.poll(calls).toEqual(['pause', 'start']);
  expect(rests()).toBe(true);
  interrupt.abort();
  await ended;
});

it('a pause outlasts the quiet hours in it and around it', async () => {
  const { at, desk, rests, end } = await beforeQuiet();
  await desk().pause(null);
  await at('2026-11-24T12:00Z');
  expect(rests()).toBe(true);
  await desk().resume();
  expect(rests()).toBe(false);
  await desk().pause(Date.parse('2026-11-25T09:00Z'));
  await at('2026-11-25T08:59Z');
  expect(rests()).toBe(true);
  await at('2026-11-25T09:00Z');
  expect(rests()).toBe(false);
  await end();
});

it('a pause said in quiet hours shortens them not, and `resume` ends those, but not the next', async () => {
  const { at, desk, rests, end } = await beforeQuiet();
  await at('2026-11-23T23:00Z');
  await desk().pause(Date.parse('2026-11-23T23:30Z'));
  await at('2026-11-24T06:00Z');
  expect(rests()).toBe(true);
  await desk().resume();
  expect(rests()).toBe(false);
  await at('2026-11-24T21:59Z');
  expect(rests()).toBe(false);
  await at('2026-11-24T22:00Z');
  expect(rests()).toBe(true);
  await end();
});

it('tells until when it rests, as far as that is known', async () => {
  const { at, desk, end } = await beforeQuiet();
  const until = async (): Promise<number | null> => (await desk().look()).status.pausedUntil;
  expect(await until()).toBeNull();
  await at('2026-11-23T22:00Z');
  expect(await until()).toBe(Date.parse('2026-11-24T07:00Z'));
  await desk().pause(Date.parse('2026-11-24T08:00Z'));
  expect(await until()).toBe(Date.parse('2026-11-24T08:00Z'));
  await desk().pause(null);
  expect(await until()).toBeNull();
  await desk().pause(Date.parse('2026-11-24T07:30Z'));
  await at('2026-11-24T07:31Z');
  expect(await until()).toBeNull();
  await end();
});

it('`watch --json` tells until when it rests', async () => {
  const { context, engine, interrupt, calls, out } = watching({ QUIET_HOURS: '22:00-07:00' }, '2026-11-23T23:00Z');
  const ended = runCli(['watch', '--json'], context);
  await expect.poll(calls).toEqual(['pause', 'start']);
  engine.emit('status', { ...engine.answer, state: 'paused', summary: 'Paused' });
  interrupt.abort();
  await ended;
  const [told] = out().trim().split('\n');
  expect(JSON.parse(told ?? '')).toMatchObject({ event: 'status', status: { state: 'paused', pausedUntil: Date.parse('2026-11-24T07:00Z') } });
});

it('what a schedule named in a pause comes once, at the end of the pause', async () => {
  const { at, calls, context, desk, engine, interrupt, rests } = watching({ SYNC_SCHEDULE: '0 * * * *' }, '2026-11-23T12:20Z');
  engine.answer = { ...engine.answer, lastFullScanAt: Date.parse('2026-11-23T12:10Z') };
  const ended = runCli(['watch'], context);
  await expect.poll(() => engine.calls).toHaveLength(1);
  await settle();
  await desk().pause(Date.parse('2026-11-23T15:30Z'));
  await at('2026-11-23T15:29Z');
  expect([calls(), rests()]).toEqual([['pause'], true]);
  await at('2026-11-23T15:30Z');
  expect(calls()).toEqual(['pause', 'resume', 'syncAll']);
  await at('2026-11-23T16:00Z');
  expect(calls()).toEqual(['pause', 'resume', 'syncAll', 'syncAll']);
  // Ends although nothing is due, so that a `sync` of the user's is not refused.
  await desk().pause(Date.parse('2026-11-23T16:10Z'));
  await at('2026-11-23T16:11Z');
  expect(calls().slice(4)).toEqual(['pause', 'resume']);
  interrupt.abort();
  expect(await ended).toBe(130);
});

it('a sync of a schedule that a pause cut off goes on at the end of the pause', async () => {
  const { at, calls, context, desk, engine, interrupt } = watching({ SYNC_SCHEDULE: '0 3 * * *' }, '2026-11-23T12:20Z');
  let syncs = 0;
  engine.syncAll = async () => {
    if (++syncs > 1) return engine.report;
    await desk().pause(Date.parse('2026-11-23T12:50Z'));
    throw new SyncError('aborted', 'interrupted');
  };
  const ended = runCli(['watch'], context);
  await expect.poll(() => syncs).toBe(1);
  await settle();
  await at('2026-11-23T12:49Z');
  expect(syncs).toBe(1);
  await at('2026-11-23T12:50Z');
  expect([syncs, calls()]).toEqual([2, ['pause', 'resume']]);
  interrupt.abort();
  await ended;
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
