import { VARIABLES } from '../settings/variables.ts';
import { catalogueOf } from './catalogue.ts';
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
  ]);
}
