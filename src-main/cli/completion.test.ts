import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from './program.ts';
import { testCli } from './test-context.ts';

const has = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'file-sync-shells-'));
  mkdirSync(join(folder, 'docs of mine'));
  writeFileSync(join(folder, 'data.env'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

async function scriptFor(shell: string): Promise<string> {
  const cli = testCli();
  expect(await runCli(['completion', shell], cli.context)).toBe(0);
  return cli.out();
}

/** What is typed up to the cursor, and what is offered there; `~` is what is not offered. */
const LINES: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['file-sync ver', ['verify', 'verify-backend'], ['sync']],
  ['file-sync st', ['status', 'start'], ['sync']],
  ['file-sync conflicts re', ['resolve'], ['resolve-all']],
  ['file-sync sync --d', ['--dry-run'], ['--device-name']],
  ['file-sync conflicts resolve x --keep ', ['local', 'remote', 'both'], ['data.env']],
  ['file-sync --log-level wa', ['warn'], ['debug']],
  ['file-sync --config sync verify --s', ['--state'], ['--sync']],
  ['file-sync completion ', ['bash', 'zsh', 'fish'], []],
  ['file-sync sync --config d', ['data.env'], []],
  ['file-sync --source d', ['docs of mine'], ['data.env']],
];

describe.skipIf(!has('bash'))('in bash', () => {
  const words = (line: string): readonly string[] => line.split(' ');
  const offered = (script: string, typed: readonly string[]): readonly string[] => {
    const program = `${script}\nCOMP_WORDS=(${typed.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${typed.length - 1}; _file_sync; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', program], { encoding: 'utf8', cwd: folder });
    expect(stderr).toBe('');
    return stdout.trim().split('\n');
  };

  it.each(LINES)('%s', async (line, there, absent) => {
    const found = offered(await scriptFor('bash'), words(line));
    expect(found).toEqual(expect.arrayContaining([...there]));
    for (const word of absent) expect(found).not.toContain(word);
  });

  it.each([
    [['file-sync', 'conflicts', 'resolve', '--keep', '=', 're'], 'remote'],
    [['file-sync', 'conflicts', 'resolve', '--keep', '='], 'local'],
    [['file-sync', '--log-level', '=', 'warn', 'sync', '--fo'], '--force'],
  ])('an option and its value in one word: %s', async (typed, expected) => {
    expect(offered(await scriptFor('bash'), typed)).toContain(expected);
  });
});

describe.skipIf(!has('fish'))('in fish', () => {
  it.each(LINES)('%s', async (line, there, absent) => {
    const script = join(folder, 'completion.fish');
    writeFileSync(script, await scriptFor('fish'));
    const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', 'source $argv[1]; cd $argv[2]; complete -C $argv[3]', script, folder, line], { encoding: 'utf8' });
    expect(stderr).toBe('');
    const found = stdout.split('\n').map((offer) => (offer.split('\t')[0] ?? '').replace(/\/$/, '').replaceAll('\\ ', ' '));
    expect(found).toEqual(expect.arrayContaining([...there]));
    for (const word of absent) expect(found).not.toContain(word);
  });
});

describe.skipIf(!has('zsh'))('in zsh', () => {
  /** Types into a zsh on a terminal of its own, presses tab, and reads until the word is shown; it never ends where it is not. */
  const DRIVER = `
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PS1=; stty columns 200; autoload -Uz compinit; compinit -u -d $2; cd $3; source $1; setopt no_beep; print READY''NOW"
zpty -r z line '*READYNOW*'
zpty -w -n z "$4"$'\\t\\t'
zpty -r z line "*$5*" && print FOUND
zpty -d z
`;
  it.each(LINES.filter((_, at) => at % 3 === 0))('%s', async (line, there) => {
    const script = join(folder, 'completion.zsh');
    writeFileSync(script, await scriptFor('zsh'));
    const { stdout } = spawnSync('zsh', ['-f', '-c', DRIVER, 'zsh', script, join(folder, 'zcompdump'), folder, line, (there.at(-1) ?? '').replaceAll(' ', '*')], {
      encoding: 'utf8',
      timeout: 15_000,
    });
    expect(stdout).toContain('FOUND');
  });

  it('is well formed', async () => {
    const script = join(folder, 'completion.zsh');
    writeFileSync(script, await scriptFor('zsh'));
    expect(spawnSync('zsh', ['-n', script], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });
});
