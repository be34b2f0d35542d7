import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { catalogueOf } from './catalogue.ts';
import { bareProgram } from './program.ts';

/** Whatever the docs and the help say one may type is something one may type. */
const ROOT = resolve(import.meta.dirname, '../..');
const pages = ['README.md', ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => join('docs', name))].filter(
  (name) => name.endsWith('.md') && !name.includes('decisions'),
);

function commandsIn(text: string): readonly string[] {
  const fenced = [...text.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) => block.split('\n')).map((line) => line.replace(/^\$ /, ''));
  const inline = [...text.replaceAll(/^```\w*\n[\s\S]*?^```$/gm, '').matchAll(/`((?:npx )?file-sync [^`]+)`/g)].map(([, code = '']) => code);
  return [...fenced, ...inline].map((line) => line.replace(/^(?:[A-Z_]+=\S+ )*(?:npx )?/, '')).filter((line) => line.startsWith('file-sync ') && !/[…|<]|\.\.\./.test(line));
}

/** Words as a shell makes them, without comments, redirections and options in brackets. */
function wordsOf(line: string): readonly string[] {
  const words = line.replace(/\s+#(?:\s.*)?$/, '').match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  const end = words.findIndex((word) => /^[<>&;]|^>>?$/.test(word) && !/^<[a-z-]+>$/i.test(word));
  return (end < 0 ? words : words.slice(0, end)).slice(1).map((word) => word.replace(/^(["'])(.*)\1$/, '$2'));
}

async function faultOf(line: string): Promise<string | null> {
  const program = bareProgram();
  const words = wordsOf(line).map((word, i, all) => (all.indexOf('restore') >= 0 && i > all.indexOf('restore') ? word.replace(/^--version$/, '--id') : word));
  try {
    await program.parseAsync([...words], { from: 'user' });
    return null;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? null : `${line}: ${error.message}`;
  }
}

describe('what one may type, by', () => {
  it.each(pages)('%s', async (name) => {
    const faults: string[] = [];
    for (const line of commandsIn(readFileSync(join(ROOT, name), 'utf8'))) {
      const fault = await faultOf(line);
      // A mere mention of a command, such as `file-sync keys sheet`, need not be whole.
      if (fault !== null && !/\(outputHelp\)|required option/.test(fault)) faults.push(fault);
    }
    expect(faults).toEqual([]);
  });

  it('the help of every command', async () => {
    const examples = catalogueOf(bareProgram()).commands.flatMap((command) => command.examples);
    const faults = await Promise.all(
      examples
        .map((line) => line.replace(/^(?:[A-Z_]+="[^"]*" )*/, ''))
        .filter((line) => line.startsWith('file-sync '))
        .map(faultOf),
    );
    expect(faults.filter((fault) => fault !== null)).toEqual([]);
  });
});
