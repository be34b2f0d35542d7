import { describe, expect, it } from 'vitest';
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
    expect(await refused(['snyc'])).toContain('Did you mean sync?');
  });
});
