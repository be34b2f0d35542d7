import { describe, expect, it } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { type CommandFacts, catalogueOf, type OptionFacts, usageOf } from './catalogue.ts';
import { bareProgram, runCli } from './program.ts';
import { testCli } from './test-context.ts';

const catalogue = catalogueOf(bareProgram());
/** A line that is right as far as the parser can tell. */
function line({ path, arguments: args, options }: CommandFacts, without?: string): readonly string[] {
  const values = args.filter(({ isRequired }) => isRequired).map(({ words }) => words[0] ?? 'x');
  const needed = options.filter(({ isNeeded, long }) => isNeeded && long !== without).flatMap(({ long, words }) => [long, words[0] ?? 'x']);
  return [...path, ...values, ...needed];
}

async function refused(argv: readonly string[], change: Parameters<typeof testCli>[0] = {}): Promise<string> {
  const cli = testCli(change);
  expect(await runCli(argv, cli.context), argv.join(' ')).toBe(2);
  expect(cli.engine.calls, 'nothing was opened').toEqual([]);
  expect(cli.out()).toBe('');
  const json = testCli(change);
  expect(await runCli(['--json', ...argv], json.context)).toBe(2);
  expect(JSON.parse(json.out())).toMatchObject({ ok: false, exitCode: 2, error: { code: expect.any(String), message: expect.any(String) } });
  return cli.err();
}

describe.each(catalogue.commands.map((command) => [usageOf(command), command] as const))('wrong use of %s', (_usage, command) => {
  const name = `file-sync ${command.path.join(' ')}`;

  it('has help with examples', async () => {
    const cli = testCli();
    expect(await runCli([...command.path, '--help'], cli.context)).toBe(0);
    expect(cli.out()).toMatch(/Examples:\n {2}\$ file-sync|Examples:\n {2}\$ eval/);
    expect(command.description).toMatch(/\.$/);
  });

  it('an option there is not', async () => {
    const err = await refused([...line(command), '--no-such-option']);
    expect(err).toContain("unknown option '--no-such-option'");
    expect(err).toContain(`${name} --help`);
  });

  it.skipIf(command.arguments.some(({ isVariadic }) => isVariadic))('a word too many', async () => {
    expect(await refused([...line(command), ...command.arguments.filter(({ isRequired }) => !isRequired).map(() => 'x'), 'superfluous'])).toMatch(
      /too many arguments|unknown command/,
    );
  });

  it.skipIf(!command.arguments.some(({ isRequired }) => isRequired))('without its argument', async () => {
    expect(await refused(line({ ...command, arguments: [] }))).toContain(`missing required argument '${command.arguments[0]?.name}'`);
  });

  it.each(command.options.filter(({ isNeeded }) => isNeeded))('without $long', async ({ long }) => {
    expect(await refused(line(command, long))).toContain(long);
  });

  it.each(command.options.filter(({ value }) => value !== null))('$long without a value', async ({ long }) => {
    expect(await refused([...line(command, long), long])).toContain(`'${long}`);
  });

  it.each(command.options.filter(({ words }) => words.length > 0))('$long with a word that is none of those it takes', async ({ long, words }) => {
    const err = await refused([...line(command, long), long, 'no-such-word', ...(command.path[0] === 'init' ? ['--source', '/a', '--bucket', 'my-bucket'] : [])], { cwd: '/' });
    for (const word of words) expect(err).toContain(word);
  });

  it.each(command.arguments.map((argument, at) => ({ ...argument, at })).filter(({ words }) => words.length > 0))('$name is a word that is none of those it takes', async ({
    at,
    words,
  }) => {
    const typed = line(command).map((word, index) => (index === command.path.length + at ? 'no-such-word' : word));
    const err = await refused(typed);
    for (const word of words) expect(err).toContain(word);
  });
});

describe('wrong use of what every command takes', () => {
  it.each(catalogue.options.filter(({ value }) => value !== null))('$long without a value', async ({ long }: OptionFacts) => {
    expect(await refused(['sync', long])).toContain(`'${long}`);
  });

  it.each(catalogue.options.filter(({ words }) => words.length > 0))('$long with a word that is none of those it takes', async ({ long, words }) => {
    const err = await refused(['sync', long, 'no-such-word']);
    for (const word of words) expect(err).toContain(word);
  });

  it('a command there is not, with the nearest there is', async () => {
    for (const typed of [['snyc'], ['help', 'snyc']]) expect(await refused(typed)).toContain('Did you mean sync?');
  });
});

/** What happened, and the next step, of every error that the parser cannot see. */
const FAULTS: readonly (readonly [line: string, says: RegExp, calls?: 'opens'])[] = [
  ['sync --path nowhere', /nowhere is not in \/src, and nothing comes from the backup for it/, 'opens'],
  ['sync --path ../x', /\.\.\/x does not name a file or folder inside \/src/, 'opens'],
  ['sync --config a --profile b', /--config and --profile each name settings/],
  ['sync --config nowhere.env', /there is no settings file \/nowhere\/nowhere\.env/],
  ['sync --profile nowhere', /there is no profile nowhere/],
  ['sync --set MAX_CONCURRENT=0', /MAX_CONCURRENT \(command line\) must be at least 1/],
  ['sync --set AWS_SECRET_ACCESS_KEY=x', /is a secret and does not belong on a command line/],
  ['watch --metrics-port 65536', /65536 is no port/],
  ['pause 30x', /30x is no length of time/],
  ['restore', /either --date or --version/],
  ['restore a --date 2h --version 1', /either --date or --version/],
  ['restore --version 1', /--version needs the path of the file/],
  ['restore a --path b --date 2h', /the path is named twice/],
  ['restore --date someday', /"someday" is no time/, 'opens'],
  ['verify --state --sample 3', /give one of the two/],
  ['verify --sample none', /--sample takes a number of files/],
  ['activity --limit 0', /--limit takes a whole number from 1 on, not 0/],
  ['activity --since someday', /--since: "someday" is no time/],
  ['undo --run 0', /--run takes a number/],
  ['undo --list --run 2', /give one of the two/],
  ['conflicts resolve a --keep mine', /--keep takes local, remote or both, not mine/],
  ['state import nowhere.json', /there is no file \/nowhere\/nowhere\.json/],
  ['state export /nowhere/x.json', /there is no folder \/nowhere/],
  ['keys restore nowhere.json', /there is no file \/nowhere\/nowhere\.json/],
  ['keys rotate', /there is no vault at this place yet/],
  ['decrypt', /decrypt takes files, or --tree/],
  ['decrypt --tree /nowhere', /--tree needs --out DIR/],
  ['decrypt --tree /nowhere --out out', /\/nowhere is no folder/],
  ['config import env nowhere.env', /there is no file \/nowhere\/nowhere\.env/],
  ['config import nothing', /it takes env, aws, rclone/],
  ['config set NOTHING x', /NOTHING is not a known setting/],
  ['service install', /a service needs a settings file/],
  ['init --create --encrypt', /have 2 faults/],
  ['init --source /nowhere --backup-dir /nor/here', /there is no folder/],
  ['init --source /a --backup-dir /b --keep-keys file --region x', /--region, --keep-keys: only a bucket has that/],
  ['init --source /a --provider nobody', /--provider: nobody is not known/],
];

describe('wrong use that the parser cannot see', () => {
  it.each(FAULTS.map(([typed, says, opens]) => ({ typed, says, opens })))('$typed', async ({ typed, says, opens }) => {
    const cli = testCli();
    expect(await runCli(typed.split(' '), cli.context), cli.err()).toBe(2);
    expect(cli.err()).toMatch(says);
    expect(cli.err()).toMatch(/\n {2}next: {4}\S/);
    expect(cli.err()).not.toMatch(/ENOENT|undefined/);
    if (opens === undefined) expect(cli.engine.calls).toEqual([]);
  });

  it('no settings at all: where they were looked for, and how to write some', async () => {
    for (const command of ['sync', 'watch', 'status', 'list', 'verify', 'doctor', 'restore --date 2h', 'keys', 'trash', 'undo']) {
      const cli = testCli({ env: {} });
      expect(await runCli(command.split(' '), cli.context)).toBe(2);
      expect(cli.err()).toContain('WATCH_DIR is not set');
      expect(cli.err()).toContain('There is no settings file /nowhere/.env: `file-sync init` writes one, --config names another.');
    }
    const cli = testCli({ env: {} });
    expect(await runCli(['init'], cli.context)).toBe(2);
    expect(cli.err()).toContain('next:    Give `init` what is missing (--source DIR --backup-dir DIR;');
  });

  it('a key for single files that is nowhere to be had', async () => {
    const refusing = async (): Promise<never> => {
      throw new SyncError('refused', "the system's keychain cannot be used here");
    };
    const cli = testCli({ keychain: { get: refusing, set: refusing, delete: refusing } });
    expect(await runCli(['encrypt', 'a.txt'], cli.context)).toBe(2);
    expect(cli.err()).toMatch(/there is no key: ENCRYPTION_KEY is not set, and the system's keychain cannot be used here\n.*next: {4}Set ENCRYPTION_KEY/s);
  });
});
