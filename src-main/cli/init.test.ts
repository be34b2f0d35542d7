import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from './program.ts';
import { testCli } from './test-context.ts';

let cwd = '';
beforeEach(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'file-sync-init-')));
  mkdirSync(join(cwd, 'source'));
  mkdirSync(join(cwd, 'backup'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const both = ['--source', 'source', '--backup-dir', 'backup'];
async function init(argv: readonly string[], answers: readonly string[] | null = null) {
  const questions: string[] = [];
  const left = [...(answers ?? [])];
  const ask = async (question: string): Promise<string> => {
    questions.push(question);
    const answer = left.shift();
    if (answer === undefined) throw new Error(`unexpected question: ${question}`);
    return answer;
  };
  const cli = testCli({ cwd, env: {}, ask: answers === null ? null : ask });
  const code = await runCli(['init', ...argv], cli.context);
  return { code, out: cli.out(), err: cli.err(), questions };
}
const written = (): string => readFileSync(join(cwd, '.env'), 'utf8');

describe('init', () => {
  it('writes what the options say, for this user alone', async () => {
    const { code, out } = await init([...both, '--device-name', 'lap top', '--conflict-resolution', 'manual', '--set', 'IGNORE_PATTERNS=*.log,tmp/']);
    expect(code).toBe(0);
    expect(written().split('\n').slice(1).sort()).toEqual(
      [
        '',
        'BACKEND_TYPE=local',
        `BACKUP_DIR=${cwd}/backup`,
        'CONFLICT_RESOLUTION=manual',
        "DEVICE_NAME='lap top'",
        "IGNORE_PATTERNS='*.log,tmp/'",
        `WATCH_DIR=${cwd}/source`,
      ].sort(),
    );
    expect(statSync(join(cwd, '.env')).mode & 0o777).toBe(0o600);
    expect(out).toContain('file-sync sync --dry-run');
  });

  it('writes what the other commands read', async () => {
    await init(both);
    const cli = testCli({ cwd, env: {} });
    expect(await runCli(['sync'], cli.context)).toBe(0);
    expect(cli.engine.calls[0]).toEqual(['compose', 'own']);
  });

  it('replaces a settings file only when told to', async () => {
    writeFileSync(join(cwd, '.env'), 'old');
    expect(await init(both)).toMatchObject({ code: 2, err: expect.stringContaining('is already there') });
    expect(written()).toBe('old');
    expect((await init([...both, '--force'])).code).toBe(0);
    expect(written()).toContain('WATCH_DIR');
  });

  it('asks on a terminal for what is missing', async () => {
    const { code, questions } = await init([], ['', 'source', 'folder', 'new/backup', '', 'keep_local', 'y', 'n', '']);
    expect(code).toBe(0);
    expect(questions).toHaveLength(9);
    expect(written()).toContain(`BACKUP_DIR=${cwd}/new/backup`);
    expect(written()).toContain('CONFLICT_RESOLUTION=keep_local');
    expect(existsSync(join(cwd, 'new/backup'))).toBe(true);
  });

  it('creates a missing folder only when told to', async () => {
    const missing = ['--source', 'source', '--backup-dir', 'a/b'];
    expect(await init(missing)).toMatchObject({ code: 2, err: expect.stringContaining('--create') });
    expect(existsSync(join(cwd, 'a'))).toBe(false);
    expect((await init([...missing, '--create'])).code).toBe(0);
    expect(existsSync(join(cwd, 'a/b'))).toBe(true);
  });

  it.each([
    ['no folders', [], 'WATCH_DIR is not set'],
    ['C29 one folder twice', ['--source', 'source', '--backup-dir', 'source'], 'one and the same'],
    ['C29 target inside source', ['--source', '.', '--backup-dir', 'backup'], 'lies inside the synced folder'],
    ['a backend of a later version', [...both, '--backend', 'gdrive'], 'is not available in this version'],
    ['a folder and a bucket', [...both, '--backend', 's3', '--bucket', 'my-bucket'], 'BACKUP_DIR is for BACKEND_TYPE=local'],
    ['a bad policy', [...both, '--conflict-resolution', 'newest'], 'must be one of'],
  ])('refuses %s and writes nothing', async (_name, argv, message) => {
    expect(await init(argv)).toMatchObject({ code: 2, err: expect.stringContaining(message) });
    expect(existsSync(join(cwd, '.env'))).toBe(false);
  });

  it('C29 refuses a folder inside another pair', async () => {
    mkdirSync(join(cwd, 'source/.file-sync'));
    writeFileSync(join(cwd, 'source/.file-sync/identity.json'), '{}');
    mkdirSync(join(cwd, 'source/inner'));
    expect(await init(['--source', 'source/inner', '--backup-dir', 'backup'])).toMatchObject({ code: 2, err: expect.stringContaining('lies inside') });
  });

  it('says so when the settings would be synced too', async () => {
    expect((await init([...both, '--config', 'source/.env'])).err).toContain('lies in the synced folder');
  });
});
