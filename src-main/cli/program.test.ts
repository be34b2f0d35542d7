import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Action, HeldDeletions } from '../core/action.ts';
import type { Conflict } from '../core/conflict.ts';
import type { Hash, Stamp, Version } from '../core/entry.ts';
import { type ErrorCode, SyncError } from '../core/errors.ts';
import type { CycleReport } from '../core/events.ts';
import { relPath } from '../core/rel-path.ts';
import type { Finding, VerifyReport } from '../engine/verify-report.ts';
import { nodePlatform } from '../platform/node-platform.ts';
import { runCli } from './program.ts';
import { emptyReport, soundVerdict, testCli } from './test-context.ts';

const entry = { kind: 'file', size: 2048, hash: 'a'.repeat(64) as Hash, mtimeNs: 1_795_410_000_123_456_789n, mode: 0o644 } as const;
const upload: Action = { kind: 'upload', path: relPath('docs/a.txt'), reason: 'new here', entry, stamp: 's' as Stamp, replaces: null };
const removal: Action = { kind: 'remove-local', path: relPath('old.txt'), reason: 'deleted in the backup', entry, stamp: 's' as Stamp };
const adopt: Action = { kind: 'adopt', path: relPath('same'), reason: 'equal', entry, stamp: 's' as Stamp, version: 'v' as Version };
const conflict: Conflict = { path: relPath('c.txt'), local: entry, remote: entry, remoteVersion: 'v' as Version, remoteDevice: 'desk', remoteStoredAtMs: 1, since: 1 };
const held: HeldDeletions = { side: 'local', why: 'too-many', actions: [removal] };
const failure = { path: relPath('bad'), code: 'no-permission', message: 'may not be read', attempts: 1, since: 1 } as const;

async function run(argv: readonly string[], change: Parameters<typeof testCli>[0] & { readonly report?: Partial<CycleReport>; readonly failure?: Error } = {}) {
  const { report, failure: error, ...more } = change;
  const cli = testCli(more);
  cli.engine.report = { ...emptyReport, ...report };
  cli.engine.failure = error ?? null;
  const code = await runCli(argv, cli.context);
  return { code, out: cli.out(), err: cli.err(), calls: cli.engine.calls, json: () => JSON.parse(cli.out()) as Record<string, unknown> };
}

describe('exit codes of sync', () => {
  it.each<[string, Partial<CycleReport>, number]>([
    ['in sync', {}, 0],
    ['a failed path', { failures: [failure] }, 1],
    ['a path that cannot be synced', { problems: [{ path: 'x', side: 'local', reason: 'unreadable', subtree: false }] }, 1],
    ['a socket, left out by rule', { problems: [{ path: 'x', side: 'local', reason: 'special-file', subtree: false }] }, 0],
    ['a conflict that waits', { conflicts: [conflict] }, 3],
    ['held deletions', { held: [held] }, 3],
    ['a failed path and a conflict', { failures: [failure], conflicts: [conflict] }, 1],
  ])('%s', async (_name, report, expected) => {
    expect((await run(['sync'], { report })).code).toBe(expected);
    const json = await run(['sync', '--json'], { report });
    expect(json.code).toBe(expected);
    expect(json.json()).toMatchObject({ command: 'sync', ok: expected === 0, exitCode: expected });
  });

  it.each<[ErrorCode, number]>([
    ['unreachable', 4],
    ['refused', 4],
    ['remote-missing', 4],
    ['locked', 5],
    ['overlap', 2],
    ['root-missing', 2],
    ['state-newer', 2],
    ['disk-full', 1],
    ['aborted', 130],
  ])('error %s', async (code, expected) => {
    const result = await run(['sync'], { failure: new SyncError(code, 'what happened', { hint: 'what to do' }) });
    expect(result.code).toBe(expected);
    if (expected !== 130) expect(result.err).toBe('error: what happened\n  next:    what to do\n');
    expect((await run(['sync', '--json'], { failure: new SyncError(code, 'what happened') })).json()).toMatchObject({
      ok: false,
      exitCode: expected,
      error: { code, message: 'what happened' },
    });
  });

  it('130 when interrupted, also where the engine just comes to its end', async () => {
    const cli = testCli();
    cli.engine.during = () => cli.interrupt.abort();
    expect(await runCli(['sync'], cli.context)).toBe(130);
    cli.engine.failure = new SyncError('aborted', 'interrupted');
    expect(await runCli(['sync'], cli.context)).toBe(130);
    expect(cli.engine.calls.filter(([call]) => call === 'close').length).toBe(2);
  });

  it.each([['bogus'], ['sync', '--bogus'], ['why'], ['conflicts', 'resolve', 'x'], ['sync', 'extra'], ['sync', '--set', 'x'], []])('2 for wrong usage: %s %s', async (...argv) => {
    const { code, calls } = await run(argv);
    expect(code).toBe(2);
    expect(calls).toEqual([]);
  });

  it.each([
    ['--set', 'FOO=1', 'FOO is not a known setting'],
    ['--set', 'MAX_CONCURRENT=x', 'must be a whole number'],
    ['--set', 'ENCRYPTION_KEY=secretsecret', 'does not belong on a command line'],
    ['--log-level', 'loud', 'LOG_LEVEL (command line) must be one of'],
    ['--backend', 'gdrive', 'is not available in this version'],
    ['--backend', 's3', 'BACKUP_DIR is for BACKEND_TYPE=local'],
    ['--config', '/missing.env', 'there is no settings file /missing.env'],
    ['--path', '../x', 'does not name a file or folder inside /src'],
    ['--path', '/elsewhere', 'does not name a file or folder inside /src'],
    ['--path', '.file-sync/x', 'does not name a file or folder inside /src'],
  ])('2 for %s %s', async (option, value, message) => {
    const { code, err } = await run(['sync', option, value]);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).not.toContain('secretsecret');
  });

  it('C70 2 for a settings file with an unknown name, before anything is opened', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'file-sync-cli-'));
    writeFileSync(join(cwd, '.env'), 'WACH_DIR=/x\n');
    const { code, err, calls } = await run(['sync'], { cwd });
    rmSync(cwd, { recursive: true });
    expect({ code, calls }).toEqual({ code: 2, calls: [] });
    expect(err).toContain('WACH_DIR (line 1 of');
    expect(err).toContain('did you mean WATCH_DIR?');
  });

  it('a fault of our own shows its stack only while debugging', async () => {
    expect((await run(['sync'], { failure: new TypeError('oops') })).err).not.toContain('    at ');
    const { code, err } = await run(['sync', '--log-level', 'debug'], { failure: new TypeError('oops') });
    expect(code).toBe(1);
    expect(err).toContain('    at ');
  });
});

describe('sync', () => {
  it('hands its options over', async () => {
    const { calls } = await run(['sync', '--full', '--force', '--path', 'docs/', '--yes'], { report: { ...emptyReport, done: 1 } });
    expect(calls).toEqual([['compose', 'own'], ['syncAll', expect.objectContaining({ full: true, force: true, dryRun: false, releaseHeld: true, path: 'docs' })], ['close']]);
  });

  it.each([
    ['/src/a/b', 'a/b'],
    ['../src/x', 'x'],
    ['a b/ü', 'a b/ü'],
    ['-odd', '-odd'],
  ])('takes the path %s', async (given, expected) => {
    const { calls } = await run(['sync', `--path=${given}`], { cwd: '/src2', pair: {} });
    expect(calls[1]).toEqual(['syncAll', expect.objectContaining({ path: expected })]);
  });

  it('as a dry run needs no lock and prints the plan', async () => {
    const { code, out, calls } = await run(['sync', '--dry-run'], { report: { planned: [upload, adopt] } });
    expect(code).toBe(0);
    expect(calls[0]).toEqual(['compose', 'look']);
    expect(out).toBe('↑ upload docs/a.txt (2.0 KiB): new here\n1 to do. This was a dry run: nothing was changed.\n');
  });

  it('tells what it did', async () => {
    const cli = testCli();
    cli.engine.during = () => {
      for (const action of [upload, upload, removal, adopt]) cli.engine.emit('action', { cycle: 'c', action, outcome: 'done', message: null });
    };
    cli.engine.report = { ...emptyReport, bytesUp: 4096 };
    expect(await runCli(['sync'], cli.context)).toBe(0);
    expect(cli.out()).toMatch(/^In sync: 2 uploaded, 1 deleted here, 4\.0 KiB up, 0 B down \(0 s\)\n$/);
    expect(cli.err()).toBe('');
  });

  it('lists what is left over, each with the next step', async () => {
    const { out } = await run(['sync'], {
      report: { failures: [failure], conflicts: [conflict], held: [held], problems: [{ path: 'p\u001b[31m', side: 'local', reason: 'unreadable', subtree: false }] },
    });
    expect(out).toContain('failed bad: may not be read (no-permission)');
    expect(out).toContain('two versions c.txt: here 2.0 KiB');
    expect(out).toContain('file-sync conflicts resolve PATH');
    expect(out).toContain('held 1 deletion here: unusually many at once\n    old.txt');
    expect(out).toContain('file-sync sync --yes');
    expect(out).toContain('cannot sync p\\u{1b}[31m: unreadable');
    expect(out).toContain('Not everything is in sync');
  });

  it('prints one JSON document and nothing else, times in ns as text', async () => {
    const { json, err } = await run(['sync', '--json', '--dry-run'], { report: { planned: [upload], conflicts: [conflict], held: [held] } });
    expect(json()).toMatchObject({
      dryRun: true,
      planned: [{ path: 'docs/a.txt', to: null, action: 'upload', direction: 'up', size: 2048, reason: 'new here' }],
      conflicts: [{ path: 'c.txt', local: { mtimeNs: '1795410000123456789' } }],
      held: [{ side: 'local', why: 'too-many', paths: ['old.txt'] }],
    });
    expect(err).toBe('');
  });

  it('colours only on a terminal, and not with NO_COLOR or --no-color', async () => {
    const env = { WATCH_DIR: '/src', BACKUP_DIR: '/dst' };
    expect((await run(['sync'], { tty: true })).out).toContain('\x1b[32m');
    expect((await run(['sync'])).out).not.toContain('\x1b');
    expect((await run(['sync', '--no-color'], { tty: true })).out).not.toContain('\x1b');
    expect((await run(['sync'], { tty: true, env: { ...env, NO_COLOR: '1' } })).out).not.toContain('\x1b');
  });
});

describe('the other commands', () => {
  it('status looks without owning, and names who owns', async () => {
    const holder = { pid: 7, host: 'here', kind: 'app', since: 0 } as const;
    const { code, out, calls } = await run(['status'], { report: { planned: [upload] }, pair: { holder: async () => holder } });
    expect(code).toBe(0);
    expect(calls[0]).toEqual(['compose', 'look']);
    expect(out).toMatch(/State {6}1 pending change\n/);
    expect(out).toContain('Last sync  never');
    expect(out).toContain('the File Sync app (process 7 on here');
  });

  it('status shows what is known although the backup cannot be reached', async () => {
    const { code, out, err } = await run(['status'], { failure: new SyncError('unreachable', 'the drive is not there', { hint: 'Connect it.' }) });
    expect(code).toBe(4);
    expect(out).toContain('Pending    unknown');
    expect(err).toContain('error: the drive is not there');
  });

  it('list shows the plan', async () => {
    expect((await run(['list'], { report: { planned: [adopt] } })).out).toBe('No pending changes.\n');
    expect((await run(['list', '--json'], { report: { planned: [upload] } })).json()).toMatchObject({ command: 'list', pending: [{ path: 'docs/a.txt' }] });
  });

  it('conflicts lists, exit 3 while there are some', async () => {
    expect(await run(['conflicts'], { report: { conflicts: [conflict] } })).toMatchObject({ code: 3, out: expect.stringContaining('c.txt: here 2.0 KiB') });
    expect(await run(['conflicts'])).toMatchObject({ code: 0, out: 'No file waits for a choice.\n' });
  });

  it('conflicts resolve owns the folder, answers and carries out', async () => {
    const { code, out, calls } = await run(['conflicts', 'resolve', 'c.txt', '--keep', 'local'], { report: { conflicts: [conflict] } });
    expect(code).toBe(0);
    expect(calls).toEqual([['compose', 'own'], ['resolve', 'c.txt', 'local'], ['syncAll', expect.anything()], ['close']]);
    expect(out).toContain('Resolved c.txt: kept the local version.');
  });

  it.each([
    [['conflicts', 'resolve', 'c.txt', '--keep', 'mine'], '--keep takes local, remote or both'],
    [['conflicts', 'resolve', 'x', '--keep', 'local'], 'x does not wait for a choice'],
  ])('%s is refused', async (argv, message) => {
    expect(await run(argv, { report: { conflicts: [conflict] } })).toMatchObject({ code: 2, err: expect.stringContaining(message) });
  });

  it('why tells everything', async () => {
    const cli = testCli();
    cli.engine.explanation = {
      path: relPath('a'),
      ignoredBy: null,
      ignoreRule: null,
      base: 'file',
      local: 'file',
      remote: null,
      decision: 'upload: new here',
      lastError: null,
      activity: [],
      facts: { agrees: false, link: null, oneWay: false, below: { problems: 0, conflicts: 0, held: 0, planned: 0, oneWay: 0 } },
    };
    expect(await runCli(['why', 'a'], cli.context)).toBe(0);
    expect(cli.out()).toContain('Decision   upload: new here');
  });

  describe('verify', () => {
    const found = (finding: Pick<Finding, 'kind'> & object): Finding =>
      ({ path: 'a\u001b.txt', base: 'file, 1 bytes', local: null, remote: 'file, 2 bytes', next: 'nothing', ...finding }) as Finding;
    const verify = async (verdict: Partial<VerifyReport>, ...argv: readonly string[]) => {
      const cli = testCli();
      cli.engine.verdict = { ...soundVerdict, ...verdict };
      const code = await runCli(['verify', ...argv], cli.context);
      return { code, out: cli.out(), calls: cli.engine.calls };
    };

    it.each<[string, Partial<VerifyReport>, number]>([
      ['nothing found', {}, 0],
      ['pending changes', { pending: [upload] }, 0],
      ['a leftover', { findings: [found({ kind: 'stale-intent' })] }, 0],
      ['a socket, left out by rule', { findings: [found({ kind: 'unsyncable', side: 'local', reason: 'special-file' } as Finding)] }, 0],
      ['a file that cannot be read', { findings: [found({ kind: 'unsyncable', side: 'local', reason: 'unreadable' } as Finding)] }, 1],
      ['damage', { findings: [found({ kind: 'remote-damaged' })] }, 1],
      ['a conflict', { conflicts: [conflict] }, 3],
      ['held deletions', { held: [held] }, 3],
      ['damage and a conflict', { findings: [found({ kind: 'local-damaged' })], conflicts: [conflict] }, 1],
    ])('exits for %s', async (_name, verdict, expected) => {
      expect((await verify(verdict)).code).toBe(expected);
      const { code, out } = await verify(verdict, '--json');
      expect({ code, ...(JSON.parse(out) as object) }).toMatchObject({ code: expected, command: 'verify', ok: expected === 0, exitCode: expected, content: true });
    });

    it('looks without owning; --state reads no contents', async () => {
      expect((await verify({})).calls).toEqual([['compose', 'look'], ['verify', expect.objectContaining({ content: true })], ['close']]);
      expect((await verify({}, '--state')).calls[1]).toEqual(['verify', expect.objectContaining({ content: false })]);
    });

    it('says what each side has and what comes next', async () => {
      const { out } = await verify({ findings: [found({ kind: 'remote-damaged' })], pending: [upload] });
      expect(out).toBe(
        'damaged in the backup: a\\u{1b}.txt\n  agreed     file, 1 bytes\n  here       -\n  backup     file, 2 bytes\n  next sync  nothing\n1 pending change (file-sync list shows them)\n1 content in doubt: 2 paths agreed, 2 here, 2 in the backup, every content read\n',
      );
      expect((await verify({ content: false })).out).toBe('Consistent: 2 paths agreed, 2 here, 2 in the backup, contents not read\n');
    });

    it('counts in JSON, with the severity of each finding', async () => {
      const { out } = await verify({ findings: [found({ kind: 'remote-damaged' }), found({ kind: 'base-orphan' })], pending: [upload], held: [held] }, '--json');
      expect(JSON.parse(out)).toMatchObject({
        counts: { damage: 1, leftover: 1, unsyncable: 0, pending: 1, conflicts: 0, held: 1 },
        findings: [
          { kind: 'remote-damaged', severity: 'damage' },
          { kind: 'base-orphan', severity: 'leftover' },
        ],
        pending: [{ path: 'docs/a.txt', action: 'upload' }],
        held: [{ side: 'local', paths: ['old.txt'] }],
      });
    });

    it('C60 5 while another engine owns the folder and hears no commands, also when it comes meanwhile', async () => {
      const holder = { pid: 7, host: 'here', kind: 'app', since: 0 } as const;
      for (const before of [holder, null]) {
        const first = [before];
        const platform = { ...nodePlatform(), clock: { ...nodePlatform().clock, sleep: async () => undefined } };
        const cli = testCli({ platform, pair: { holder: async () => (first.length > 0 ? (first.pop() ?? null) : holder) } });
        expect(await runCli(['verify'], cli.context)).toBe(5);
        expect(cli.err()).toContain('in use by the File Sync app');
        expect(cli.out()).toBe('');
      }
    });

    it('4 when the backup cannot be reached, 130 when interrupted', async () => {
      expect((await run(['verify'], { failure: new SyncError('unreachable', 'gone') })).code).toBe(4);
      const cli = testCli();
      cli.engine.during = () => cli.interrupt.abort();
      cli.engine.failure = new SyncError('aborted', 'interrupted');
      expect(await runCli(['verify'], cli.context)).toBe(130);
    });
  });

  it.each(['watch', 'start'])('%s runs until it is interrupted, then finishes', async (name) => {
    const cli = testCli();
    cli.engine.during = () => {
      cli.engine.emit('status', { ...cli.engine.answer, summary: 'Up to date' });
      cli.engine.emit('action', { cycle: 'c', action: upload, outcome: 'done', message: null });
      queueMicrotask(() => cli.interrupt.abort());
    };
    expect(await runCli([name], cli.context)).toBe(130);
    expect(cli.engine.calls).toEqual([['compose', 'own'], ['start'], ['stop'], ['close']]);
    expect(cli.out()).toContain('Up to date (watching for changes)');
    expect(cli.out()).toContain('↑ uploaded docs/a.txt (2.0 KiB)');
  });

  it('watch --json prints a document a line', async () => {
    const cli = testCli();
    cli.engine.during = () => {
      cli.engine.emit('conflict', conflict);
      cli.engine.emit('cycle', emptyReport);
      cli.interrupt.abort();
    };
    await runCli(['watch', '--json'], cli.context);
    const events = cli
      .out()
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { event: string }).event);
    expect(events).toEqual(['conflict', 'cycle']);
  });

  it('help shows examples, global options and exit codes', async () => {
    for (const argv of [['init'], ['sync'], ['watch'], ['status'], ['list'], ['conflicts'], ['conflicts', 'resolve'], ['why']]) {
      const { code, out } = await run([...argv, '--help']);
      expect(code).toBe(0);
      expect(out).toContain('$ file-sync');
      expect(out).toContain('--config');
    }
    expect((await run(['--help'])).out).toContain('130 interrupted');
    expect((await run(['--version'])).out).toBe('1.2.3\n');
  });
});
