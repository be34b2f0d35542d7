// `npm start`: does what set-up is missing, then opens the app. Without a display it says so; `npm start -- --headless` opens it on a virtual one.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { electronIn, ensureElectron } from './electron-dist.mjs';
import { ensureBuild, ensureModules, main, root, SetupError, say } from './setup.mjs';
import { ensureSystemLibraries } from './system-packages.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

await main(async () => {
  const args = process.argv.slice(2).filter((arg) => arg !== '--headless');
  const headless = process.argv.includes('--headless');
  const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
  if (headless && process.platform !== 'linux') throw new SetupError('--headless works on Linux only.');
  if (!hasDisplay && !headless) {
    throw new SetupError(
      'There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open.\n  npm start -- --headless   opens the app on a virtual display\n  npx file-sync --help      needs no display at all',
    );
  }
  ensureSystemLibraries(headless ? 'headless' : 'window');
  ensureModules();
  ensureBuild();
  const { dist, standIn } = await ensureElectron();
  if (standIn) say('running on the stand-in Electron');
  const flags = [];
  if (process.platform === 'linux' && process.getuid() === 0) {
    say("running as root: Chromium's sandbox is off (--no-sandbox). Start it as an ordinary user for everyday use.");
    flags.push('--no-sandbox');
  }
  const command = [electronIn(dist), ...flags, root, ...args];
  const env = { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: dist };
  return headless ? openHeadless(command, env) : open(command, env);
});

function open([program, ...args], env) {
  say('opening File Sync');
  const child = spawn(program, args, { cwd: root, stdio: 'inherit', env });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  return exitCode(child);
}

/** A signal goes to the app alone: the bus and the display end after it, or it could not finish its work. */
async function openHeadless(command, env) {
  say('opening File Sync on a virtual display; stop it with Ctrl-C');
  const place = fs.mkdtempSync(path.join(os.tmpdir(), 'file-sync-start-'));
  const pidFile = path.join(place, 'pid');
  const app = ['sh', '-c', `echo $$ > "$0"; exec "$@"`, pidFile, ...command];
  // The bus is started inside the virtual display, so that what the bus starts has a display too.
  const child = spawn('xvfb-run', ['-a', '-s', '-screen 0 1280x800x24', 'dbus-run-session', '--', ...app], { cwd: root, stdio: 'inherit', env, detached: true });
  for (const signal of SIGNALS) process.on(signal, () => process.kill(appPid(pidFile) ?? -child.pid, signal));
  try {
    return await exitCode(child);
  } finally {
    fs.rmSync(place, { recursive: true, force: true });
  }
}

function appPid(pidFile) {
  const text = fs.existsSync(pidFile) ? fs.readFileSync(pidFile, 'utf8').trim() : '';
  return text === '' ? null : Number(text);
}

function exitCode(child) {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}
