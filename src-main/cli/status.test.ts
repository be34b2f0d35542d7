import { expect, it } from 'vitest';
import { pairReport } from '../app/pair-report.ts';
import type { PairDesk } from '../control/pair-desk.ts';
import type { PairStatus } from '../core/events.ts';
import { runCli } from './program.ts';
import { emptyReport, testCli } from './test-context.ts';

const BUCKET: Partial<PairStatus> = {
  target: 's3://photos/',
  bytes: 10e9,
  usage: { month: '2026-11', requests: { list: 1_100, get: 104, put: 0 }, bytesUp: 2 ** 20, bytesDown: 0 },
};

async function status(change: Partial<PairStatus>, ...flags: readonly string[]): Promise<string> {
  const cli = testCli();
  cli.engine.report = emptyReport;
  cli.engine.answer = { ...cli.engine.answer, ...change };
  expect(await runCli(['status', ...flags], cli.context)).toBe(0);
  return cli.out();
}

it('status tells the requests made to a bucket this month, and what they cost by estimate', async () => {
  const out = await status(BUCKET);
  expect(out).toContain('Requests   1,204 requests by this device in 2026-11 (list 1,100, get 104), 1.0 MiB up, 0 B down\n');
  expect(out).toMatch(
    /Cost {7}about \$0\.24: requests so far under \$0\.01, traffic so far \$0\.00, storage \$0\.23 a month \(estimate by list prices of Amazon S3 \(us-east-1\), \d{4}-\d\d\)\n/,
  );
  const document = JSON.parse(await status(BUCKET, '--json')) as Record<string, unknown>;
  expect(document['cost']).toMatchObject({ provider: 'Amazon S3 (us-east-1)', storage: expect.closeTo(0.23) });
  expect(document['status']).toMatchObject({ usage: { month: '2026-11', requests: { list: 1_100 } } });
});

it('status says nothing of costs where it does not know them', async () => {
  expect(await status({})).not.toMatch(/Requests|Cost/);
  const elsewhere = await status({ ...BUCKET, target: 's3://photos/ at minio.example.org' });
  expect(elsewhere).toContain('Requests   1,204');
  expect(elsewhere).not.toContain('Cost');
});

it('the windows get the same numbers', () => {
  const shown = { ...testCli().engine.answer, ...BUCKET };
  expect(pairReport(shown, 'here', null).usage).toMatchObject({ month: '2026-11', bytesUp: 2 ** 20, cost: { storage: expect.closeTo(0.23) } });
  expect(pairReport({ ...shown, usage: null }, 'here', null).usage).toBeNull();
});

it('C72 status tells the times of the File Sync that keeps the folder, not those of settings it does not read', async () => {
  const answer = testCli().engine.answer;
  const schedule = { cron: '0 3 * * *', timeZone: 'UTC', quiet: [] };
  const who = { source: '/src', kind: 'app', pid: 7, host: 'here', since: 0 } as const;
  const desk = { sync: async () => emptyReport, look: async () => ({ status: answer, protection: 'atomic', codec: null, schedule }) } as unknown as PairDesk;
  const cli = testCli({ env: { WATCH_DIR: '/src', BACKUP_DIR: '/dst', SYNC_SCHEDULE: '0 5 * * *' }, owner: async () => ({ desk, who, isLost: false, close: () => undefined }) });
  expect(await runCli(['status'], cli.context)).toBe(0);
  expect(cli.out()).toMatch(/Schedule {3}0 3 \* \* \* \(UTC\); next: \S+T03:00:00/);
});
