// Writes the files that are made of the command line's own commands: manual page, tables of docs/cli.md, JSON schemas; and the library's reference out of its comments.
//   node scripts/generate.mjs [--check]   write what is stale; or only say what is
import fs from 'node:fs';
import path from 'node:path';
import { runnerImport } from 'vite';
import { apiPage } from './api-reference.mjs';
import { main, root } from './setup.mjs';

await main(async () => {
  const { module } = await runnerImport(path.join(root, 'src-main/cli/generated-files.ts'), { root, configFile: false, logLevel: 'warn' });
  const read = (file) => (fs.existsSync(path.join(root, file)) ? fs.readFileSync(path.join(root, file), 'utf8') : null);
  const check = process.argv[2] === '--check';
  let stale = 0;
  for (const [file, text] of [...module.generatedFiles(read), ['docs/api.md', apiPage()]]) {
    if (read(file) === text) continue;
    stale++;
    process.stdout.write(`${file} ${check ? 'is stale' : 'written'}\n`);
    if (check) continue;
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    fs.writeFileSync(path.join(root, file), text);
  }
  return check && stale > 0 ? 1 : 0;
});
