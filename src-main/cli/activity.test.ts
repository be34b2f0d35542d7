import { expect, it } from 'vitest';
import type { ActivityRecord } from '../state/state-store.ts';
import { runCli } from './program.ts';
import { testCli } from './test-context.ts';
import { timeArgument } from './time-argument.ts';

const record = (at: number, path: string, change: Partial<ActivityRecord> = {}): ActivityRecord => ({
  at: Date.UTC(2026, 10, 26) + at,
  cycle: 'c1',
  path,
  to: null,
  what: 'upload',
  outcome: 'done',
  reason: 'new here',
  bytes: 2048,
  ...change,
});

it('tells what happened, oldest first, without owning the folder', async () => {
  const cli = testCli();
  cli.engine.records = [record(0, 'a\u001b'), record(1, 'b', { outcome: 'failed', reason: 'may not be read', bytes: 0 })];
  expect(await runCli(['activity', '--path', 'docs/', '--limit', '7'], cli.context)).toBe(0);
  expect(cli.out()).toBe('2026-11-26T00:00:00.000Z upload a\\u{1b} (2.0 KiB): new here\n2026-11-26T00:00:00.001Z upload b failed: may not be read\n');
  expect(cli.engine.calls).toEqual([['compose', 'look'], ['activity', { limit: 7, below: 'docs' }], ['close']]);
});

it('tells where a move took a file', async () => {
  const cli = testCli();
  cli.engine.records = [record(0, 'b.txt', { to: 'b\u001b.txt', what: 'move-remote', reason: 'renamed here', bytes: 0 })];
  expect(await runCli(['activity'], cli.context)).toBe(0);
  expect(cli.out()).toBe('2026-11-26T00:00:00.000Z move-remote b.txt -> b\\u{1b}.txt: renamed here\n');
});

it('--json has the same, whole', async () => {
  const cli = testCli();
  cli.engine.records = [record(0, 'a'), record(1, 'b')];
  expect(await runCli(['activity', '--json', '--since', '2026-11-26T00:00:00.001Z'], cli.context)).toBe(0);
  expect(JSON.parse(cli.out())).toMatchObject({ command: 'activity', activity: [record(1, 'b')] });
});

it('--follow goes on with what comes, each once, until Ctrl-C', async () => {
  const cli = testCli();
  const platform = { ...cli.context.platform, clock: { ...cli.context.platform.clock, sleep: async () => undefined } };
  cli.engine.records = [record(0, 'a'), record(5, 'b')];
  let looks = 0;
  cli.engine.during = () => {
    looks++;
    // One more within the same instant, then one later.
    if (looks === 2) cli.engine.records = [...cli.engine.records, record(5, 'c')];
    if (looks === 4) cli.engine.records = [...cli.engine.records, record(9, 'd')];
    if (looks === 6) cli.interrupt.abort();
  };
  expect(await runCli(['activity', '--follow', '--json'], { ...cli.context, platform })).toBe(130);
  const lines = cli
    .out()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string; path: string });
  expect(lines.map(({ event, path }) => [event, path])).toEqual(['a', 'b', 'c', 'd'].map((path) => ['activity', path]));
});

it.each([
  [['--limit', '0'], '--limit takes'],
  [['--since', 'someday'], '--since: "someday" is no time'],
])('%s is refused', async (argv, message) => {
  const cli = testCli();
  expect(await runCli(['activity', ...argv], cli.context)).toBe(2);
  expect(cli.err()).toContain(message);
});

it.each(['yesterday', '2026-11-27 10:00', '2 hours ago', '1w'])('--since %s is a time as restore --date takes it', async (text) => {
  const cli = testCli();
  expect(await runCli(['activity', '--since', text], cli.context)).toBe(0);
  const now = cli.context.platform.clock.now();
  const [, query] = cli.engine.calls.find(([name]) => name === 'activity') ?? [];
  expect(Math.abs(Number((query as { since: number }).since) - timeArgument(text, now, '--since'))).toBeLessThan(10_000);
});
