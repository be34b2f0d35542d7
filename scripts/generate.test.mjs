import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { generatedFiles, REFRESH } from '../src-main/cli/generated-files.ts';
import { root } from './setup.mjs';

const read = (file) => (fs.existsSync(path.join(root, file)) ? fs.readFileSync(path.join(root, file), 'utf8') : null);

it.each([...generatedFiles(read)])('%s is what the commands say', (file, text) => {
  expect(read(file) === text, `${file} is stale: run \`${REFRESH}\` and commit what it writes`).toBe(true);
});
