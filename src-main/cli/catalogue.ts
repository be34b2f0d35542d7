import type { Option } from 'commander';
import type { CliCommand } from './cli-command.ts';

/** What there is to type, as data: completion, manual and tables are made of it. */
export interface Catalogue {
  readonly name: string;
  readonly description: string;
  /** Options that every command takes. */
  readonly options: readonly OptionFacts[];
  /** In the order of help; a command before those below it. */
  readonly commands: readonly CommandFacts[];
}

export interface CommandFacts {
  /** `['conflicts', 'resolve']`. */
  readonly path: readonly string[];
  readonly aliases: readonly string[];
  readonly description: string;
  /** False of a mere group of commands. */
  readonly runs: boolean;
  readonly arguments: readonly { readonly name: string; readonly isRequired: boolean; readonly isVariadic: boolean; readonly words: readonly string[] }[];
  /** Its own, without those of every command. */
  readonly options: readonly OptionFacts[];
  readonly examples: readonly string[];
}

export interface OptionFacts {
  readonly short: string | null;
  readonly long: string;
  /** The name of its value; null where it takes none. */
  readonly value: string | null;
  readonly isNeeded: boolean;
  readonly description: string;
  /** What the value may be; empty where it is not one of a few words. */
  readonly words: readonly string[];
}

export function catalogueOf(program: CliCommand): Catalogue {
  return { name: program.name(), description: program.description(), options: optionsOf(program), commands: below(program, []) };
}

function below(parent: CliCommand, path: readonly string[]): readonly CommandFacts[] {
  return parent.commands.flatMap((command) => {
    const own = command as CliCommand;
    const at = [...path, own.name()];
    const facts: CommandFacts = {
      path: at,
      aliases: own.aliases(),
      description: own.description(),
      runs: own.runs,
      arguments: own.registeredArguments.map((argument) => ({
        name: argument.name(),
        isRequired: argument.required,
        isVariadic: argument.variadic,
        words: argument.argChoices ?? [],
      })),
      options: optionsOf(own),
      examples: own.examples,
    };
    return [facts, ...below(own, at)];
  });
}

function optionsOf({ options }: CliCommand): readonly OptionFacts[] {
  return options.filter(({ hidden }) => !hidden).map(factsOf);
}

function factsOf({ short, long, flags, required, optional, mandatory, description, argChoices }: Option): OptionFacts {
  const value = required || optional ? (/[<[]([^>\]]+)[>\]]/.exec(flags)?.[1] ?? 'value') : null;
  return { short: short ?? null, long: long ?? flags, value, isNeeded: mandatory, description, words: argChoices ?? [] };
}

/** `conflicts resolve <path>`; what may be left out is in brackets. */
export function usageOf({ path, arguments: args }: CommandFacts): string {
  const words = args.map(({ name, isRequired, isVariadic }) => {
    const text = `${name}${isVariadic ? '...' : ''}`;
    return isRequired ? `<${text}>` : `[${text}]`;
  });
  return [...path, ...words].join(' ');
}

/** `-V, --version`, `--config <file>`. */
export function flagsOf({ short, long, value }: OptionFacts): string {
  return `${short === null ? '' : `${short}, `}${long}${value === null ? '' : ` <${value}>`}`;
}

/** What completes a value. */
export type Completion = { readonly kind: 'words'; readonly words: readonly string[] } | { readonly kind: 'file' | 'folder' | 'nothing' };

const FILES = ['file', 'path', 'paths', 'files'];
const FOLDERS = ['dir', 'dirs'];

export function completionOf(value: string, words: readonly string[]): Completion {
  if (words.length > 0) return { kind: 'words', words };
  const name = value.toLowerCase();
  return { kind: FILES.includes(name) ? 'file' : FOLDERS.includes(name) ? 'folder' : 'nothing' };
}
