// Runs e2e/app in a real Electron under Xvfb. As root it does so as an ordinary user made for it, in a copy that user can read, so that Chromium's sandbox is on as it is for everybody.
// usage: node scripts/test-app.mjs <electron dist> [playwright arguments]
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { main, root, tool } from './setup.mjs';

const USER = 'file-sync-e2e';
/** Copied, since the tests write beside them. */
const COPIED = ['package.json', 'out', 'assets', 'e2e', 'tsconfig.json', 'playwright.config.ts', 'src-main', 'src-preload'];

await main(() => {
  const [dist, ...args] = process.argv.slice(2);
  if (process.platform !== 'linux') {
    process.stdout.write('The desktop tests run on Linux only (they use its tray and keychain services).\n');
    return 0;
  }
  if (process.getuid() !== 0) return runIn(root, dist, args, []);
  if (spawnSync('id', ['-u', USER], { stdio: 'ignore' }).status !== 0) must('useradd', ['-m', '-s', '/bin/bash', USER]);
  const stage = fs.mkdtempSync(path.join(os.tmpdir(), 'file-sync-app-'));
  // Ctrl-C reaches the tests themselves; this process stays to clean up after them.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
  try {
    for (const name of COPIED) if (fs.existsSync(path.join(root, name))) must('cp', ['-a', path.join(root, name), stage]);
    lend(path.join(root, 'node_modules'), path.join(stage, 'node_modules'));
    lend(dist, path.join(stage, 'electron'));
    must('chown', ['-R', `${USER}:`, stage]);
    must('chmod', ['-R', 'u+rwX,go+rX', stage]);
    const status = runIn(stage, path.join(stage, 'electron'), args, ['runuser', '-u', USER, '--']);
    keep(stage, 'e2e/screenshots');
    keep(stage, 'test-results');
    return status;
  } finally {
    fs.rmSync(stage, { recursive: true, force: true });
  }
});

/** A link where the user can follow it; a copy where it lies in a private folder such as root's home. */
function lend(from, to) {
  const canRead = spawnSync('runuser', ['-u', USER, '--', 'test', '-r', path.join(from, '.'), '-a', '-x', path.join(from, '.')], { stdio: 'ignore' }).status === 0;
  if (canRead) fs.symlinkSync(from, to);
  else must('cp', ['-a', from, to]);
}

function runIn(folder, dist, args, prefix) {
  const home = path.join(folder, '.e2e-home');
  fs.mkdirSync(home, { recursive: true });
  if (prefix.length > 0) must('chown', [`${USER}:`, home]);
  const env = [`PATH=${process.env.PATH}`, 'LANG=C.UTF-8', `HOME=${home}`, `CI=${process.env.CI ?? ''}`, `ELECTRON_OVERRIDE_DIST_PATH=${dist}`];
  // Pictures go into the copy's own folder and come back with the other results.
  if (process.env.E2E_SCREENSHOTS !== undefined) env.push(`E2E_SCREENSHOTS=${path.join(folder, 'e2e/screenshots')}`);
  const [node, playwright] = tool('playwright', 'test', ...args);
  // The copy's own Playwright: the one of a private checkout cannot be read.
  const there = playwright.map((part) => part.replace(root, () => folder));
  const command = [...prefix, 'env', '-i', ...env, path.join(folder, 'e2e/with-desktop.sh'), node, ...there];
  return spawnSync(command[0], command.slice(1), { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] }).status ?? 1;
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
