import { Argument, Command, Option } from 'commander';

/** A command with the examples that help, manual and tests show. */
export class CliCommand extends Command {
  #examples: readonly string[] = [];
  #runs = false;

  get examples(): readonly string[] {
    return this.#examples;
  }

  /** False of a mere group of commands. */
  get runs(): boolean {
    return this.#runs;
  }

  override action(...given: Parameters<Command['action']>): this {
    this.#runs = true;
    return super.action(...given);
  }

  override createCommand(name: string): CliCommand {
    return new CliCommand(name);
  }

  /** A line each, as typed; what follows two blanks and `#` explains it. */
  withExamples(examples: readonly string[]): this {
    this.#examples = examples;
    this.showHelpAfterError(`(${this.#fullName()} --help shows what it takes, with examples)`);
    return this.addHelpText('after', `\nExamples:\n${examples.map((example) => `  $ ${example}`).join('\n')}`);
  }

  #fullName(): string {
    return this.parent === null ? this.name() : `${(this.parent as CliCommand).#fullName()} ${this.name()}`;
  }
}

/** An option whose value is one of a few words: named by help and completion, judged by whoever reads the value. */
export function wordOption(flags: string, description: string, words: readonly string[], { isNeeded = false }: { readonly isNeeded?: boolean } = {}): Option {
  const option = new Option(flags, description).makeOptionMandatory(isNeeded);
  option.argChoices = [...words];
  return option;
}

/** An argument that is one of a few words, in the same way. */
export function wordArgument(name: string, description: string, words: readonly string[]): Argument {
  const argument = new Argument(name, description);
  argument.argChoices = [...words];
  return argument;
}
