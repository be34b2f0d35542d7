import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { catalogueOf } from '../src-main/cli/catalogue.ts';
import { DOCUMENTS } from '../src-main/cli/documents/documents.ts';
import { generatedFiles, REFRESH } from '../src-main/cli/generated-files.ts';
import { bareProgram } from '../src-main/cli/program.ts';
import { root } from './setup.mjs';

const read = (file) => (fs.existsSync(path.join(root, file)) ? fs.readFileSync(path.join(root, file), 'utf8') : null);

it.each([...generatedFiles(read)])('%s is what the commands say', (file, text) => {
  expect(read(file) === text, `${file} is stale: run \`${REFRESH}\` and commit what it writes`).toBe(true);
});

it('every command has the schema of its --json document, and none has one without being there', () => {
  const commands = catalogueOf(bareProgram())
    .commands.filter(({ runs }) => runs)
    .map(({ path }) => path.join(' '));
  expect(Object.keys(DOCUMENTS).sort(), `describe it in src-main/cli/documents/documents.ts, then run \`${REFRESH}\``).toEqual(commands.sort());
});
