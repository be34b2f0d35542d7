import { expect, it } from 'vitest';
import { DEFAULT_TUNING } from '../../src-preload/contract/tuning.ts';
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

const ELSEWHERE = { ...BUCKET, target: 's3://photos/ at minio.example.org' };

it('status says nothing of costs of a folder, and of a bucket whose prices it does not know, where to say them', async () => {
  expect(await status({})).not.toMatch(/Requests|Cost/);
  expect(await status(ELSEWHERE)).toMatch(/Requests {3}1,204.*\nCost {7}not known: .* set what you pay \(PRICE_STORAGE and others, docs\/s3\.md\)\n/);
  expect(JSON.parse(await status(ELSEWHERE, '--json'))).toMatchObject({ cost: null });
});

it('status estimates by the user’s own prices, of what is kept too, and says so', async () => {
  const own = ['--set', 'PRICE_STORAGE=0.01', '--set', 'PRICE_WRITES=0.1'];
  expect(await status({ ...ELSEWHERE, kept: { count: 3, bytes: 2e9 } }, ...own)).toContain(
    'Cost       about $0.23: requests so far $0.11, traffic so far $0.00, storage $0.12 a month (estimate by your own prices)\n',
  );
  expect(await status(BUCKET, ...own)).toContain('(estimate by your own prices)');
  const document = JSON.parse(await status(ELSEWHERE, '--json', ...own)) as Record<string, unknown>;
  expect(document['cost']).toMatchObject({ provider: null, source: null, asOf: null, storage: expect.closeTo(0.1), requests: expect.closeTo(0.11) });
});

it('status says until when a folder is paused, where that is known', async () => {
  const at = new Date(2026, 10, 24, 7).getTime();
  expect(await status({ state: 'paused', summary: 'Paused', pausedUntil: at })).toMatch(/^State {6}Paused until 2026-11-24 07:00:00 .+$/m);
  expect(await status({ state: 'paused', summary: 'Paused', pausedUntil: null })).toMatch(/^State {6}Paused$/m);
});

it('the windows get the same numbers', () => {
  const shown = { ...testCli().engine.answer, ...BUCKET };
  expect(pairReport(shown, 'here', null).usage).toMatchObject({ month: '2026-11', bytesUp: 2 ** 20, cost: { storage: expect.closeTo(0.23) } });
  expect(pairReport({ ...shown, usage: null }, 'here', null).usage).toBeNull();
  const kept = { ...shown, ...ELSEWHERE, kept: { count: 3, bytes: 2e9 } };
  expect(pairReport(kept, 'here', null, DEFAULT_TUNING).usage?.cost).toBeNull();
  expect(pairReport(kept, 'here', null, { ...DEFAULT_TUNING, priceStorage: 0.01 }).usage?.cost).toMatchObject({ provider: null, storage: expect.closeTo(0.12) });
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
