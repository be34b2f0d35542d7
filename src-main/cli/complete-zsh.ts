import { type Catalogue, type CommandFacts, completionOf, type OptionFacts } from './catalogue.ts';

/** A completion script for zsh: to be sourced after `compinit`, or to lie as `_file-sync` in a folder of `$fpath`. */
export function zshCompletion({ name, options, commands }: Catalogue): string {
  const own = `_${name}`;
  return `#compdef ${name}
${own}() {
  local context state state_descr line
  typeset -A opt_args
${level({ parent: [], options, own: [], commands, indent: '  ' })}
}
if [[ \${funcstack[1]} == ${own} ]]; then ${own} "$@"; else compdef ${own} ${name}; fi
`;
}

interface Level {
  readonly parent: readonly string[];
  readonly options: readonly OptionFacts[];
  readonly own: readonly OptionFacts[];
  readonly commands: readonly CommandFacts[];
  readonly indent: string;
}

/** The options of one command and, where there are commands below it, those. */
function level({ parent, options, own, commands, indent }: Level): string {
  const below = commands.filter(({ path }) => path.length === parent.length + 1 && parent.every((word, at) => path[at] === word));
  const specs = [...own, ...options].map(optionSpec);
  const args = commands.find(({ path }) => path.join(' ') === parent.join(' '))?.arguments ?? [];
  const places = below.length > 0 ? ["'1: :->command'", "'*:: :->rest'"] : args.map(argumentSpec);
  const head = `${indent}_arguments -s${below.length > 0 ? ' -C' : ''} ${[...specs, `'(- *)'--help'[show help]'`, ...places].join(` \\\n${indent}  `)}`;
  if (below.length === 0) return head;
  const cases = below.map(({ path, aliases, options: more }) => {
    const inner = level({ parent: path, options, own: more, commands, indent: `${indent}      ` });
    return `${indent}      ${[path.at(-1), ...aliases].join(' | ')})\n${inner}\n${indent}      ;;`;
  });
  const names = below.flatMap(({ path, aliases, description }) => [path.at(-1) ?? '', ...aliases].map((word) => quoted(`${word}:${plain(description)}`)));
  return `${head}
${indent}case "$state" in
${indent}  command) local -a names=(
${names.map((entry) => `${indent}    ${entry}`).join('\n')}
${indent}  ); _describe -t commands command names ;;
${indent}  rest)
${indent}    case "$words[1]" in
${cases.join('\n')}
${indent}    esac
${indent}  ;;
${indent}esac`;
}

function optionSpec({ short, long, value, words, description }: OptionFacts): string {
  const repeats = value === 'name=value' ? '*' : '';
  const names = short === null ? `${repeats}${long}` : `{${short},${long}}`;
  const equals = value === null ? '' : '=';
  const tail = value === null ? '' : `:${plain(value)}:${action(value, words)}`;
  return `${short === null ? '' : `'(${short} ${long})'`}${short === null ? quoted(`${names}${equals}[${plain(description)}]${tail}`) : `${names}${quoted(`[${plain(description)}]${tail}`)}`}`;
}

function argumentSpec({ name, words, isRequired, isVariadic }: CommandFacts['arguments'][number], at: number): string {
  return quoted(`${isVariadic ? '*' : at + 1}:${isRequired || isVariadic ? '' : ':'}${plain(name)}:${action(name, words)}`);
}

function action(value: string, words: readonly string[]): string {
  const completion = completionOf(value, words);
  switch (completion.kind) {
    case 'words':
      return `(${completion.words.join(' ')})`;
    case 'file':
      return '_files';
    case 'folder':
      return '_files -/';
    case 'nothing':
      return ' ';
  }
}

/** Brackets and colons divide a specification. */
function plain(text: string): string {
  return text.replaceAll(/[[\]:\\]/g, (char) => `\\${char}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
