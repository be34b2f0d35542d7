// `npm start`: does what set-up is missing, then opens the app. Without a display it says so; `npm start -- --headless` opens it on a virtual one.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ensureBuild, ensureElectron, ensureModules, ensureSystemLibraries, main, root, SetupError, say } from './setup.mjs';

await main(async () => {
  const args = process.argv.slice(2).filter((arg) => arg !== '--headless');
  const headless = process.argv.includes('--headless');
  const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
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
  const electron =
    process.platform === 'darwin' ? path.join(dist, 'Electron.app/Contents/MacOS/Electron') : path.join(dist, process.platform === 'win32' ? 'electron.exe' : 'electron');
  const command = [electron, ...flags, root, ...args];
  // The bus is started inside the virtual display, so that what the bus starts has a display too.
  const full = headless ? ['xvfb-run', '-a', '-s', '-screen 0 1280x800x24', 'dbus-run-session', '--', ...command] : command;
  say(headless ? 'opening File Sync on a virtual display; stop it with Ctrl-C' : 'opening File Sync');
  const child = spawn(full[0], full.slice(1), { cwd: root, stdio: 'inherit', env: { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: dist } });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
});
