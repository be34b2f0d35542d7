// Bundles the app, the CLI and the library into out/, and writes the library's type declarations.
import fs from 'node:fs';
import path from 'node:path';
import { build, ensureModules, main, root, run, tool } from './setup.mjs';

await main(() => {
  ensureModules();
  build(() => {
    run(...tool('electron-vite', 'build', '--logLevel', 'warn'));
    if (fs.existsSync(path.join(root, 'src-main', 'index.ts'))) run(...tool('tsc', '-p', 'scripts/tsconfig.types.json'));
    const cli = path.join(root, 'out', 'main', 'cli.js');
    if (fs.existsSync(cli)) fs.chmodSync(cli, 0o755);
  });
});
