import { z } from 'zod';
import { VARIABLES } from '../settings/variables.ts';
import { catalogueOf } from './catalogue.ts';
import { DOCUMENTS, documentSchema } from './documents/documents.ts';
import { manPage } from './man-page.ts';
import { bareProgram } from './program.ts';
import { referenceTables, withTables } from './reference.ts';

/** How to bring them up to date. */
export const REFRESH = 'node scripts/generate.mjs';

/** The files that are made of the commands, by their place in the repository, as they should be; `read` gives what is there, null where nothing is. */
export function generatedFiles(read: (file: string) => string | null): ReadonlyMap<string, string> {
  const catalogue = catalogueOf(bareProgram());
  return new Map([
    ['docs/man/file-sync.1', manPage({ catalogue, variables: Object.keys(VARIABLES) })],
    ['docs/cli.md', withTables(read('docs/cli.md') ?? '', referenceTables(catalogue))],
    ...Object.keys(DOCUMENTS).map((command) => [schemaFile(command), schemaText(command)] as const),
    [schemaFile('error'), schemaText('error')],
  ]);
}

/** Where the schema of a command's `--json` document lies. */
export function schemaFile(command: string): string {
  return `docs/schema/${command.replaceAll(' ', '-')}.json`;
}

function schemaText(command: string): string {
  const title = command === 'error' ? 'what kept a command from its end' : command === 'watch' ? 'a line of file-sync watch --json' : `file-sync ${command} --json`;
  return `${JSON.stringify({ title, ...z.toJSONSchema(documentSchema(command)) }, null, 2)}\n`;
}
