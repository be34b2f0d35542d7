// What an Electron window and its tests need from the system, by its Debian names.
import { spawnSync } from 'node:child_process';
import { run, SetupError, say } from './setup.mjs';

const WINDOW = ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libxss1', 'libsecret-1-0', 'libnotify4', 'libcups2', 'libatk-bridge2.0-0', 'libxkbcommon0', 'libdrm2', 'unzip'];
const HEADLESS = ['xvfb', 'xauth', 'dbus', 'dbus-x11'];
const TEST = ['openbox', 'xdotool', 'x11-utils', 'gnome-keyring', 'libsecret-tools', 'rsync', 'fonts-dejavu-core', 'util-linux', 'procps'];
/** The independent tools that ours is compared with. */
const PEERS = ['unison', 'rclone', 'rsync', 'diffutils', 'util-linux'];
/** A real S3 server: a Ceph cluster of one node (scripts/ceph.mjs). */
const S3_SERVER = ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph-common'];

/**
 * Installs what is missing as root; names the command otherwise.
 * @param {'window' | 'headless' | 'test'} purpose
 */
export function ensureSystemLibraries(purpose) {
  if (process.platform !== 'linux') return;
  const wanted = [...WINDOW, ...(purpose === 'window' ? [] : HEADLESS), ...(purpose === 'test' ? TEST : [])];
  if (!isDebian()) {
    say(`this is no Debian-like system: if the app does not open, install what it calls ${wanted.join(' ')}`);
    return;
  }
  const missing = missingOf(wanted);
  if (missing.length === 0) return;
  if (process.getuid() !== 0) throw new SetupError(`Some system packages are missing. Install them with:\n\n  ${asUser(missing)}\n\nand run this again.`);
  installNow(missing);
}

/** The same for the peers and the S3 server of the slow suite, which does without them where they cannot be had: its tests then skip by name. */
export function ensurePeers() {
  ensureForTests([...PEERS, ...S3_SERVER]);
}

export function ensureS3Server() {
  ensureForTests(S3_SERVER);
}

function ensureForTests(wanted) {
  if (process.platform !== 'linux') return;
  if (!isDebian()) return say(`this is no Debian-like system: to run all tests, install what it calls ${wanted.join(' ')}`);
  const missing = missingOf(wanted);
  if (missing.length === 0) return;
  if (process.getuid() === 0) installNow(missing);
  else say(`some tests are skipped. To run them too: ${asUser(missing)}`);
}

function isDebian() {
  return spawnSync('dpkg-query', ['--version'], { stdio: 'ignore' }).status === 0;
}

function missingOf(wanted) {
  const present = installed([...wanted, ...wanted.map(t64)]);
  return wanted.filter((name) => !present.has(name) && !present.has(t64(name)));
}

function asUser(missing) {
  return `sudo apt-get update && sudo ${install(missing).join(' ')}`;
}

function installNow(missing) {
  say(`installing system packages: ${missing.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const [command, ...args] = install(missing);
  run(command, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
}

function installed(names) {
  const asked = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n', ...names], { encoding: 'utf8' });
  const lines = asked.stdout.split('\n').filter((line) => line.endsWith(' installed'));
  return new Set(lines.map((line) => line.split(' ')[0]));
}

/** The command for packages by the name this release gives them: newer ones carry some libraries under a name that ends in t64. */
function install(names) {
  const known = new Set(spawnSync('apt-cache', ['pkgnames', 'lib'], { encoding: 'utf8', maxBuffer: 1 << 26 }).stdout?.split('\n'));
  return ['apt-get', 'install', '-y', '--no-install-recommends', ...names.map((name) => (known.has(t64(name)) ? t64(name) : name))];
}

function t64(name) {
  return `${name}t64`;
}
