import { type Catalogue, type CommandFacts, completionOf, type OptionFacts } from './catalogue.ts';

/** A completion script for bash 3.2 and newer; needs nothing else, and asks no program while one types. */
export function bashCompletion({ name, options, commands }: Catalogue): string {
  const taking = [...options, ...commands.flatMap((command) => command.options)].filter(({ value }) => value !== null);
  const ways = commands.flatMap(stepsTo);
  return `# bash completion for ${name}: eval "$(${name} completion bash)"
_file_sync() {
  local cur=\${COMP_WORDS[COMP_CWORD]} command= argument=0 option= word i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    option=
    case "$word" in
      ${[...new Set(taking.map(({ long }) => long))].join(' | ')})
        option=$word
        # --option=value comes as three words.
        if [[ \${COMP_WORDS[i + 1]} == = ]]; then ((i += 2)); else ((i += 1)); fi
        if ((i >= COMP_CWORD)); then
          [[ $cur == = ]] && cur=
          break
        fi
        option=
        ;;
      -*) ;;
      *)
        case "$command/$word" in
${ways.map(([before, word, after]) => `          '${before}/${word}') command='${after}' ;;`).join('\n')}
          *) ((argument += 1)) ;;
        esac
        ;;
    esac
  done
  if [[ -n $option ]]; then
    case "$command $option" in
${[...commands.flatMap((command) => command.options.flatMap((option) => valueCase(option, `'${command.path.join(' ')} ${option.long}'`))), ...options.flatMap((option) => valueCase(option, `*' ${option.long}'`))].join('\n')}
    esac
  elif [[ $cur == -* ]]; then
    case "$command" in
${commands.map((command) => `      '${command.path.join(' ')}') _file_sync_words '${longs([...command.options, ...options])}' ;;`).join('\n')}
      *) _file_sync_words '${longs(options)}' ;;
    esac
  else
    case "$command $argument" in
${[...commandCase('', commands), ...commands.flatMap((command) => [...commandCase(command.path.join(' '), commands), ...argumentCases(command)])].join('\n')}
    esac
  fi
}
_file_sync_words() {
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$1" -- "$cur")
}
_file_sync_places() {
  compopt -o filenames 2>/dev/null
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen "$1" -- "$cur")
}
complete -F _file_sync ${name}
`;
}

/** What was typed before, the word that goes on from there, and the command one is in then. */
function stepsTo({ path, aliases }: CommandFacts): readonly (readonly [string, string, string])[] {
  const before = path.slice(0, -1).join(' ');
  return [path.at(-1) ?? '', ...aliases].map((word) => [before, word, path.join(' ')]);
}

function longs(options: readonly OptionFacts[]): string {
  return [...options.map(({ long }) => long), '--help'].join(' ');
}

function filler(value: string, words: readonly string[]): string | null {
  const completion = completionOf(value, words);
  switch (completion.kind) {
    case 'words':
      return `_file_sync_words '${completion.words.join(' ')}'`;
    case 'file':
      return '_file_sync_places -f';
    case 'folder':
      return '_file_sync_places -d';
    case 'nothing':
      return null;
  }
}

function valueCase({ value, words }: OptionFacts, pattern: string): readonly string[] {
  const fill = value === null ? null : filler(value, words);
  return fill === null ? [] : [`      ${pattern}) ${fill} ;;`];
}

/** The commands right below `parent`. */
function commandCase(parent: string, commands: readonly CommandFacts[]): readonly string[] {
  const names = commands.filter(({ path }) => path.slice(0, -1).join(' ') === parent).flatMap(({ path, aliases }) => [path.at(-1) ?? '', ...aliases]);
  return names.length === 0 ? [] : [`      '${parent} 0') _file_sync_words '${names.join(' ')}' ;;`];
}

function argumentCases({ path, arguments: args }: CommandFacts): readonly string[] {
  return args.flatMap(({ name, words, isVariadic }, at) => {
    const fill = filler(name, words);
    return fill === null ? [] : [`      '${path.join(' ')} '${isVariadic ? '*' : at}) ${fill} ;;`];
  });
}
