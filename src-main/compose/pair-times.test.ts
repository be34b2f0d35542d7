import { expect, it } from 'vitest';
import type { CycleReport, PairStatus } from '../core/events.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { PairRest } from './pair-rest.ts';
import { keepTimes } from './pair-times.ts';

function start(
  schedule: { readonly cron: string | null; readonly quiet: readonly string[] },
  lastFullScanAt: number | null = null,
  fails: (turn: number) => boolean = () => false,
) {
  const clock = new ManualClock(Date.UTC(2026, 10, 23, 12));
  const calls: string[] = [];
  const at = (): string => new Date(clock.now()).toISOString().slice(5, 16);
  const engine = {
    syncAll: async () => {
      calls.push(`sync ${at()}`);
      if (fails(calls.length)) throw new Error('whatever ends a cycle');
      return {} as CycleReport;
    },
    status: () => ({ lastFullScanAt }) as PairStatus,
  };
  const rest = new PairRest(clock, { pause: null, holds: [] }, () => undefined);
  rest.attach({ pause: () => void calls.push(`pause ${at()}`), resume: () => void calls.push(`resume ${at()}`) });
  const stop = new AbortController();
  const ended = keepTimes({ clock, schedule: { ...schedule, timeZone: 'UTC' }, engine, rest }, stop.signal);
  return { clock, calls, rest, end: async () => [stop.abort(), await ended] };
}
const HOUR = 3_600_000;

it('a sync of a schedule that failed is tried again, until its next time', async () => {
  const { clock, calls, end } = start({ cron: '0 */2 * * *', quiet: [] }, null, (turn) => turn <= 2);
  await clock.advance(3 * HOUR);
  expect(calls).toEqual(['sync 11-23T12:00', 'sync 11-23T12:01', 'sync 11-23T12:06', 'sync 11-23T14:00']);
  await end();
});

it('C72 quiet hours are kept day after day', async () => {
  const { clock, calls, rest, end } = start({ cron: null, quiet: ['22:00-07:00'] });
  await clock.advance(11 * HOUR);
  expect([calls, rest.holds]).toEqual([['pause 11-23T22:00'], ['quiet']]);
  await clock.advance(24 * HOUR);
  expect(calls).toEqual(['pause 11-23T22:00', 'resume 11-24T07:00', 'pause 11-24T22:00']);
  await end();
});

it('C72 a schedule syncs at its times only; what came due in a pause comes once, at its end', async () => {
  const { clock, calls, rest, end } = start({ cron: '0 */2 * * *', quiet: [] });
  await clock.advance(3 * HOUR);
  expect(calls).toEqual(['sync 11-23T12:00', 'sync 11-23T14:00']);
  rest.pause(clock.now() + 6.5 * HOUR);
  await clock.advance(10 * HOUR);
  expect(calls.slice(2)).toEqual(['pause 11-23T15:00', 'resume 11-23T21:30', 'sync 11-23T21:30', 'sync 11-23T22:00', 'sync 11-24T00:00']);
  await end();
});

it('C72 what was missed while the app was off is made up for at once', async () => {
  const { calls, clock, end } = start({ cron: '0 3 * * *', quiet: [] }, Date.UTC(2026, 10, 20));
  await clock.advance(1_000);
  expect(calls).toEqual(['sync 11-23T12:00']);
  await end();
});
