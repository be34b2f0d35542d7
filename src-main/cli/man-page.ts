import { type Catalogue, type CommandFacts, flagsOf, type OptionFacts, usageOf } from './catalogue.ts';
import { EXIT_MEANINGS } from './exit-codes.ts';

export interface ManualMatter {
  readonly catalogue: Catalogue;
  /** Names of the settings. */
  readonly variables: readonly string[];
}

/** The manual page, in the language of man(7). */
export function manPage({ catalogue, variables }: ManualMatter): string {
  const { name, description, options, commands } = catalogue;
  return `${[
    `.TH ${name.toUpperCase()} 1 "" "File Sync" "User Commands"`,
    '.SH NAME',
    `${escaped(name)} \\- ${escaped(description.replace(/\.$/, '').replace(/^./, (letter) => letter.toLowerCase()))}`,
    '.SH SYNOPSIS',
    `.B ${escaped(name)}`,
    '.I command',
    '.RI [ options ]',
    '.SH COMMANDS',
    ...commands.flatMap((command) => section(name, command)),
    '.SH OPTIONS OF EVERY COMMAND',
    ...options.flatMap(optionItem),
    '.TP',
    bold('-h, --help'),
    escaped('Shows what there is, with examples; also: file-sync help COMMAND.'),
    '.SH EXIT STATUS',
    ...EXIT_MEANINGS.flatMap(([code, meaning]) => ['.TP', bold(String(code)), escaped(meaning)]),
    '.SH ENVIRONMENT',
    escaped('Every setting may be given in the environment, in the settings file or by --set; docs/configuration.md describes each:'),
    escaped(`${variables.join(', ')}. NO_COLOR turns colours off.`),
    '.SH FILES',
    '.TP',
    '.I .env',
    'The settings, in the current folder unless \\fB\\-\\-config\\fR names another file.',
    '.TP',
    '.I .syncignore',
    'Rules for what is left alone, in gitignore syntax, in any synced folder.',
    '.SH SEE ALSO',
    '.BR rclone (1),',
    '.BR rsync (1)',
  ].join('\n')}\n`;
}

function section(name: string, command: CommandFacts): readonly string[] {
  const { description, options, examples, aliases } = command;
  return [
    `.SS ${escaped(`${name} ${usageOf(command)}`)}`,
    escaped(description),
    ...(aliases.length === 0 ? [] : [`.PP\nAlso: ${aliases.map((alias) => bold(`${name} ${alias}`).replace('.B ', '')).join(', ')}`]),
    ...options.flatMap(optionItem),
    ...(examples.length === 0 ? [] : ['.PP', examples.length === 1 ? 'Example:' : 'Examples:', '.PP', '.nf', '.RS 4', ...examples.map(escaped), '.RE', '.fi']),
  ];
}

function optionItem(option: OptionFacts): readonly string[] {
  return ['.TP', bold(flagsOf(option)), escaped(`${sentence(option.description)}${option.words.length === 0 ? '' : ` One of ${option.words.join(', ')}.`}`)];
}

function sentence(text: string): string {
  return `${text.replace(/^./, (letter) => letter.toUpperCase())}.`;
}

function bold(text: string): string {
  return `.B ${escaped(text)}`;
}

/** A hyphen that is typed is a minus; a line must not begin as a request. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/, '\\&$1');
}
