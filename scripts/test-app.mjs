// Runs e2e/app in a real Electron under Xvfb. As root it does so as an ordinary user made for it, in a copy that user can read, so that Chromium's sandbox is on as it is for everybody.
// usage: node scripts/test-app.mjs <electron dist> [playwright arguments]
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { main, root } from './setup.mjs';

const USER = 'file-sync-e2e';
const COPIED = ['package.json', 'out', 'assets', 'e2e', 'node_modules', 'tsconfig.json', 'playwright.config.ts', 'src-main', 'src-preload'];

await main(() => {
  const [dist, ...args] = process.argv.slice(2);
  if (process.platform !== 'linux') {
    process.stdout.write('The desktop tests run on Linux only (they use its tray and keychain services).\n');
    return 0;
  }
  if (process.getuid() !== 0) return runIn(root, dist, args, []);
  if (spawnSync('id', ['-u', USER], { stdio: 'ignore' }).status !== 0) must('useradd', ['-m', '-s', '/bin/bash', USER]);
  const stage = fs.mkdtempSync(path.join(os.tmpdir(), 'file-sync-app-'));
  try {
    for (const name of COPIED) if (fs.existsSync(path.join(root, name))) must('cp', ['-a', path.join(root, name), stage]);
    must('cp', ['-a', dist, path.join(stage, 'electron')]);
    must('chown', ['-R', `${USER}:`, stage]);
    fs.chmodSync(stage, 0o755);
    const status = runIn(stage, path.join(stage, 'electron'), args, ['runuser', '-u', USER, '--']);
    keep(stage, 'e2e/screenshots');
    keep(stage, 'test-results');
    return status;
  } finally {
    fs.rmSync(stage, { recursive: true, force: true });
  }
});

function runIn(folder, dist, args, prefix) {
  const home = path.join(folder, '.e2e-home');
  fs.mkdirSync(home, { recursive: true });
  if (prefix.length > 0) must('chown', [`${USER}:`, home]);
  const env = [`PATH=${process.env.PATH}`, 'LANG=C.UTF-8', `HOME=${home}`, `CI=${process.env.CI ?? ''}`, `ELECTRON_OVERRIDE_DIST_PATH=${dist}`];
  const command = [...prefix, 'env', '-i', ...env, path.join(folder, 'e2e/with-desktop.sh'), path.join(folder, 'node_modules/.bin/playwright'), 'test', ...args];
  return spawnSync(command[0], command.slice(1), { cwd: folder, stdio: 'inherit' }).status ?? 1;
}

/** Brings results back to the checkout, owned by whoever owns that. */
function keep(stage, name) {
  const from = path.join(stage, name);
  if (!fs.existsSync(from)) return;
  fs.cpSync(from, path.join(root, name), { recursive: true });
}

function must(command, args) {
  const done = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (done.status !== 0) throw new Error(`${command} ${args.join(' ')} failed`);
}
