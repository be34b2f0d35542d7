import { type Catalogue, type CommandFacts, flagsOf, type OptionFacts, usageOf } from './catalogue.ts';
import { EXIT_MEANINGS } from './exit-codes.ts';

/** The tables of docs/cli.md, by the name between their marks. */
export function referenceTables({ name, options, commands }: Catalogue): Readonly<Record<string, string>> {
  return {
    commands: table(
      ['command', 'what it does'],
      commands.map((command) => [code(`${name} ${usageOf(command)}`), `${command.description}${alsoCalled(name, command)}`]),
    ),
    'options of every command': optionTable(options),
    'options of each command': commands
      .filter((command) => command.options.length > 0)
      .map((command) => `### ${name} ${command.path.join(' ')}\n\n${optionTable(command.options)}`)
      .join('\n\n'),
    'exit codes': table(
      ['code', 'meaning'],
      EXIT_MEANINGS.map(([exitCode, meaning]) => [String(exitCode), meaning]),
    ),
  };
}

function alsoCalled(name: string, { aliases }: CommandFacts): string {
  return aliases.length === 0 ? '' : ` Also: ${aliases.map((alias) => code(`${name} ${alias}`)).join(', ')}.`;
}

function optionTable(options: readonly OptionFacts[]): string {
  return table(
    ['option', 'meaning'],
    options.map((option) => [
      code(flagsOf(option)),
      `${option.description}${option.words.length === 0 ? '' : `: ${option.words.map(code).join(', ')}`}${option.isNeeded ? '; must be given' : ''}`,
    ]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}

/** The page with each table between its marks; throws where a mark is missing. */
export function withTables(page: string, tables: Readonly<Record<string, string>>): string {
  return Object.entries(tables).reduce((text, [name, body]) => {
    const [begin, end] = [`<!-- generated: ${name} -->`, '<!-- generated: end -->'];
    const head = text.indexOf(begin);
    const tail = text.indexOf(end, head);
    if (head < 0 || tail < 0) throw new Error(`the page has no place for "${name}" between "${begin}" and "${end}"`);
    return `${text.slice(0, head)}${begin}\n${body}\n${text.slice(tail)}`;
  }, page);
}
