// What the desktop app takes: start to tray and to a painted window, how late its main process answers while 20,000 files are synced, memory of all processes at rest with 100,000 files. Linux; builds first.
// usage: node bench/app.mjs [start|main|memory]     `window` instead: opens and closes the window 200 times and compares what the app holds
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { ensureElectron } from '../scripts/electron-dist.mjs';
import { ensureBuild, main, root } from '../scripts/setup.mjs';

await main(async () => {
  const [what] = process.argv.slice(2);
  ensureBuild();
  const { dist } = await ensureElectron();
  const spec = what === 'window' ? ['window-soak.spec.ts'] : ['measures.spec.ts', ...(what === undefined ? [] : ['-g', `${what}( process)?:`])];
  const args = [path.join(root, 'scripts/test-app.mjs'), dist, '--config', 'e2e/long/playwright.config.ts', ...spec];
  return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
});
