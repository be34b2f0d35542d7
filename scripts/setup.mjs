// All the set-up that `npm start` and `npm test` need, each step done only when something is missing. Built-in modules only: it runs before node_modules exists.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '..');
const modules = path.join(root, 'node_modules');

/** A message for a person; no stack. */
export class SetupError extends Error {}

export function say(text) {
  process.stdout.write(`[set-up] ${text}\n`);
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 18)) throw new SetupError(`File Sync needs Node.js 20.18 or newer; this is ${process.version}.`);
}

/** Runs `npm ci` unless node_modules holds just what the lockfile says. */
export function ensureModules() {
  if (modulesAreCurrent()) return;
  say('installing packages (npm ci)');
  // npm is a script beside Node; on Windows its name on the PATH is not a program that can be run without a shell.
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  if (npm?.endsWith('.js')) run(process.execPath, [npm, ...args]);
  else run('npm', args, { shell: process.platform === 'win32' });
}

/** npm leaves a list of what it installed, written last, in the lockfile's own format. */
function modulesAreCurrent() {
  const list = path.join(modules, '.package-lock.json');
  if (!fs.existsSync(list)) return false;
  const present = JSON.parse(fs.readFileSync(list, 'utf8')).packages;
  const { '': _self, ...wanted } = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  const same = (name) => present[name]?.integrity === wanted[name]?.integrity && present[name]?.version === wanted[name]?.version;
  return Object.keys(wanted).every((name) => same(name) || (wanted[name].optional && !(name in present))) && Object.keys(present).every((name) => name in wanted);
}

const SOURCES = [
  'src-main',
  'src-preload',
  'src-renderer',
  'assets',
  'package.json',
  'package-lock.json',
  'electron.vite.config.ts',
  'tsconfig.json',
  'scripts/build.mjs',
  'scripts/tsconfig.types.json',
];

const STAMP = path.join(root, 'out', '.sources');

/** Builds out/ when a source, a setting or the lockfile changed since. */
export function ensureBuild() {
  if (!fs.existsSync(STAMP) || fs.readFileSync(STAMP, 'utf8') !== fingerprint(SOURCES)) {
    say('building');
    run(process.execPath, ['scripts/build.mjs']);
  }
  linkCommand();
}

/** Runs a build and notes what it was made of: the sources as they were before it, so that an edit meanwhile is not missed. */
export function build(work) {
  const sources = fingerprint(SOURCES);
  fs.rmSync(path.dirname(STAMP), { recursive: true, force: true });
  work();
  fs.writeFileSync(STAMP, sources);
  linkCommand();
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

/** Lets `npx file-sync` run the checkout's own command; npm links the commands of dependencies only. */
function linkCommand() {
  const link = path.join(modules, '.bin', 'file-sync');
  const cli = path.join('..', '..', 'out', 'main', 'cli.js');
  if (process.platform === 'win32') fs.writeFileSync(`${link}.cmd`, `@node "%~dp0\\${cli}" %*\r\n`);
  else if (!fs.lstatSync(link, { throwIfNoEntry: false })) fs.symlinkSync(cli, link);
}

/** Runs a command with its output shown; throws when it fails. */
export function run(command, args, options = {}) {
  execFileSync(command, args, { cwd: root, stdio: 'inherit', ...options });
}

/** The command line of an installed tool, for any system: what .bin holds is no program on Windows. */
export function tool(name, ...args) {
  const [pack, script] = TOOLS[name];
  return [process.execPath, [path.join(modules, pack, script), ...args]];
}

const TOOLS = {
  biome: ['@biomejs/biome', 'bin/biome'],
  'electron-builder': ['electron-builder', 'cli.js'],
  'electron-vite': ['electron-vite', 'bin/electron-vite.js'],
  playwright: ['@playwright/test', 'cli.js'],
  tsc: ['typescript', 'bin/tsc'],
  vitest: ['vitest', 'vitest.mjs'],
};

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
