import { type Catalogue, type CommandFacts, completionOf, type OptionFacts } from './catalogue.ts';

/** A completion script for fish 3.1 and newer: to be sourced, or to lie as `file-sync.fish` in `~/.config/fish/completions`. */
export function fishCompletion({ name, options, commands }: Catalogue): string {
  const taking = [...new Set([...options, ...commands.flatMap((command) => command.options)].filter(({ value }) => value !== null).map(({ long }) => long))];
  const steps = commands.flatMap(({ path, aliases }) =>
    [path.at(-1) ?? '', ...aliases].map((word) => `      case ${quoted(`${path.slice(0, -1).join(' ')}/${word}`)}\n        set at ${quoted(path.join(' '))}`),
  );
  return `# fish completion for ${name}: ${name} completion fish | source
function __file_sync_at
  set -l at ''
  set -l skip no
  for word in (commandline -opc)[2..-1]
    if test $skip = yes
      set skip no
      continue
    end
    switch $word
      case ${taking.join(' ')}
        set skip yes
        continue
      case '-*'
        continue
    end
    switch "$at/$word"
${steps.join('\n')}
    end
  end
  test "$at" = "$argv[1]"
end
complete -c ${name} -f
${options.map((option) => optionLine(name, option, null)).join('\n')}
complete -c ${name} -l help -d 'show help'
${commands.flatMap((command) => commandLines(name, command)).join('\n')}
`;
}

function commandLines(name: string, { path, aliases, description, options, arguments: args }: CommandFacts): readonly string[] {
  const parent = path.slice(0, -1).join(' ');
  return [
    ...[path.at(-1) ?? '', ...aliases].map((word) => `complete -c ${name} -n ${quoted(`__file_sync_at '${parent}'`)} -a ${word} -d ${quoted(description)}`),
    ...options.map((option) => optionLine(name, option, path.join(' '))),
    ...args.flatMap((argument) => argumentLine(name, argument, path.join(' '))),
  ];
}

function optionLine(name: string, { short, long, value, words, description }: OptionFacts, at: string | null): string {
  const condition = at === null ? '' : ` -n ${quoted(`__file_sync_at '${at}'`)}`;
  const letter = short === null ? '' : ` -s ${short.replace('-', '')}`;
  return `complete -c ${name}${condition}${letter} -l ${long.replace(/^--/, '')}${value === null ? '' : valuePart(value, words)} -d ${quoted(description)}`;
}

/** `-r`: takes a value; `-F`, `-f`: with and without files. */
function valuePart(value: string, words: readonly string[]): string {
  const completion = completionOf(value, words);
  switch (completion.kind) {
    case 'words':
      return ` -x -a ${quoted(completion.words.join(' '))}`;
    case 'file':
      return ' -r -F';
    case 'folder':
      return " -x -a '(__fish_complete_directories)'";
    case 'nothing':
      return ' -x';
  }
}

function argumentLine(name: string, { name: value, words }: CommandFacts['arguments'][number], at: string): readonly string[] {
  const completion = completionOf(value, words);
  const condition = `complete -c ${name} -n ${quoted(`__file_sync_at '${at}'`)}`;
  if (completion.kind === 'words') return [`${condition} -a ${quoted(completion.words.join(' '))}`];
  return completion.kind === 'nothing' ? [] : [`${condition} -F`];
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
