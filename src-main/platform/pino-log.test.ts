import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nodeClock } from './node-clock.ts';
import { nodeFs } from './node-fs.ts';
import { type FileLogOptions, openFileLog } from './pino-log.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'file-sync-log-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const open = (level: FileLogOptions['level'] = 'info') =>
  openFileLog({ file: join(folder, 'x.log'), level, fs: nodeFs(), clock: { ...nodeClock, now: () => Date.UTC(2026, 10, 23) } });

it('writes one JSON line an entry, for this user alone, and appends', async () => {
  for (const path of ['a', 'b\n"']) {
    const log = await open();
    log.line('info', 'plan', { path, mtimeNs: 2n ** 63n });
    log.line('debug', 'left out at this level', {});
    await log.close();
  }
  const lines = readFileSync(join(folder, 'x.log'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(lines).toEqual(['a', 'b\n"'].map((path) => ({ level: 'info', pid: process.pid, time: '2026-11-23T00:00:00.000Z', path, mtimeNs: '9223372036854775808', msg: 'plan' })));
  expect(statSync(join(folder, 'x.log')).mode & 0o777).toBe(0o600);
});

it('starts a new file past 10 MiB and keeps three old ones', async () => {
  for (const digit of ['1', '2', '3', '4', '5']) {
    writeFileSync(join(folder, 'x.log'), digit.repeat(10 * 1024 * 1024 + 1));
    const log = await open();
    log.line('info', 'plan', {});
    await log.close();
  }
  expect(readdirSync(folder).sort()).toEqual(['x.log', 'x.log.1', 'x.log.2', 'x.log.3']);
  expect(readFileSync(join(folder, 'x.log.3'), 'utf8')[0]).toBe('3');
});

it('starts a new file when a week has passed, also in the middle of a run', async () => {
  let now = Date.UTC(2026, 10, 1);
  const log = await openFileLog({ file: join(folder, 'x.log'), level: 'info', fs: nodeFs(), clock: { ...nodeClock, now: () => now } });
  log.line('info', 'first', {});
  await expect.poll(() => existsSync(join(folder, 'x.log')) && readFileSync(join(folder, 'x.log'), 'utf8')).toContain('first');
  now += 6 * 86_400_000;
  log.line('info', 'second', {});
  await expect.poll(() => readFileSync(join(folder, 'x.log'), 'utf8')).toContain('second');
  now += 2 * 86_400_000;
  log.line('info', 'third', {});
  await log.close();
  expect(readFileSync(join(folder, 'x.log.1'), 'utf8').trim().split('\n')).toHaveLength(2);
  expect(readFileSync(join(folder, 'x.log'), 'utf8')).toContain('third');
});

it('goes by the age of what an earlier run wrote', async () => {
  writeFileSync(join(folder, 'x.log'), '{"level":"info","time":"2026-11-01T00:00:00.000Z","msg":"old"}\n');
  const log = await open();
  log.line('info', 'new', {});
  await log.close();
  expect(readFileSync(join(folder, 'x.log.1'), 'utf8')).toContain('old');
});

it('as text has one line an entry, whatever is in it', async () => {
  const log = await openFileLog({ file: join(folder, 'x.log'), level: 'info', format: 'text', fs: nodeFs(), clock: { ...nodeClock, now: () => Date.UTC(2026, 10, 23) } });
  log.line('info', 'plan', { path: 'a b\n2026', action: 'upload', size: 3n, base: null, reason: 'new here' });
  log.line('debug', 'left out', {});
  await log.close();
  expect(readFileSync(join(folder, 'x.log'), 'utf8')).toBe('2026-11-23T00:00:00.000Z info  plan path="a b\\n2026" action=upload size=3 reason="new here"\n');
});

it('C55 never throws when it cannot be written', async () => {
  const log = await openFileLog({ file: '/dev/full', level: 'info', fs: nodeFs(), clock: nodeClock });
  for (let n = 0; n < 100; n++) log.line('error', 'x'.repeat(1000), {});
  await log.close();
});
