// The import rule and the determinism rule of src-main/README.md, as a check. Prints file:line and the rule broken.
// It reads line by line: the formatter puts an import's source on one line.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Everything that is put together to a pair. */
const PARTS = ['core', 'platform', 'codec', 'backends', 'remote', 'local', 'state', 'watch', 'settings', 'keychain', 'engine', 'control', 'migrate'];
/** How the app's settings file is read and changed: commands know the app's folders by name, and set what belongs to one. */
const APP_SETTINGS = ['app/settings-schema.ts', 'app/pair-rules.ts', 'app/folder-setting.ts'];

/** What each folder of src-main may import from the others, beside itself; a path with `.ts` is that one file (a port). */
export const LAYERS = {
  core: [],
  platform: ['core'],
  codec: ['core', 'platform'],
  backends: ['core', 'platform', 'codec'],
  remote: ['core', 'platform', 'codec', 'backends/backend.ts'],
  local: ['core', 'platform', 'backends/backend.ts'],
  state: ['core', 'platform'],
  watch: ['core', 'platform'],
  settings: ['core', 'platform', 'codec', 'local/identity.ts', 'backends/s3/s3-config.ts'],
  keychain: ['core', 'platform', 'codec'],
  engine: [
    'core',
    'platform/clock.ts',
    'backends/backend.ts',
    'local/local-tree.ts',
    'remote/remote-tree.ts',
    'remote/history/past.ts',
    'state/state-store.ts',
    'watch/watcher.ts',
  ],
  control: ['core', 'platform', 'codec', 'engine', 'backends/backend.ts', 'remote/history/past.ts'],
  migrate: ['core', 'platform', 'codec', 'backends/backend.ts', 'backends/wrap/resealing.ts', 'remote/keys.ts', 'remote/vault.ts', 'remote/in-parallel.ts'],
  compose: [...PARTS, 'compose.ts'],
  cli: [...PARTS, 'compose', 'compose.ts', ...APP_SETTINGS],
  app: [...PARTS, 'compose', 'compose.ts'],
  testing: ['*'],
  '.': ['*'],
};
const PURE = ['core'];
/** Folders that get time, chance and disk by argument. */
const DETERMINISTIC = ['core', 'codec', 'engine', 'local', 'remote', 'backends', 'state', 'watch', 'keychain', 'migrate'];
const AMBIENT = [
  [/\bDate\.now\b/, 'Date.now'],
  [/\bnew Date(?:\(\)|(?![\w(]))/, 'new Date()'],
  [/\bMath\.random\b/, 'Math.random'],
  [/(?<![.\w])(?:setTimeout|setInterval|setImmediate)\(/, 'a timer'],
  [/\bperformance\.now\b/, 'performance.now'],
  [/(?<![.\w])crypto\.(?:random|getRandom)|\brandom(?:Bytes|FillSync|Int|UUID)\(/, 'chance'],
];
const OUTSIDE_WORLD = /^node:(?:fs|fs\/promises|timers.*|crypto|child_process|os)$/;
/** Primitives, which are neither time nor disk; chance stays an argument. */
const PRIMITIVES = { codec: ['node:crypto'] };

/** Adapters whose very job is the outside world. */
const ADAPTERS = [
  'backends/s3/http/network.ts',
  'backends/s3/http/sigv4.ts',
  'local/scan-worker.ts',
  'local/worker-scanner.ts',
  'watch/chokidar-watcher.ts',
  'state/sqlite-store.ts',
  'state/lock.ts',
  'state/state-dir.ts',
  'keychain/keytar-calls.ts',
];

/** Outside src-main: what the files below a folder may import. The longest folder that fits counts. */
const ELSEWHERE = {
  'src-preload': /^electron$|^src-preload\//,
  'src-preload/contract': /^zod$|^src-preload\/contract\/|^src-main\/core\/|^src-main\/settings\/(?:s3-presets|iam-policy|bandwidth-rows)\.ts$/,
  'src-renderer': /^(?:react|react-dom|diff|@mantine|@tabler|@tanstack|@fontsource-variable)(?:\/|$)|^src-renderer\/|^src-preload\/contract\/|^assets\//,
};

/** @returns {string[]} rules broken by one file, given its path in the repository */
export function violations(file, source) {
  const isTest = /\.(test|sim)\.tsx?$/.test(file) || file.endsWith('conformance.ts') || file.includes('/conformance/') || file.startsWith('src-main/testing/');
  if (isTest) return [];
  const below = file.startsWith('src-main/') ? file.slice('src-main/'.length) : null;
  const folder = below?.includes('/') ? below.slice(0, below.indexOf('/')) : '.';
  const checksWorld = below !== null && DETERMINISTIC.includes(folder) && !ADAPTERS.includes(below);
  const found = [];
  source.split('\n').forEach((line, index) => {
    if (/^\s*(\/\/|\*|\/\*)/.test(line)) return;
    const say = (broken) => found.push(`${file}:${index + 1}: ${broken}`);
    const target = importedBy(line);
    if (target !== null) {
      const broken = below === null ? elsewhereRule(file, target) : importRule(below, folder, target);
      if (broken !== null) say(broken);
      if (checksWorld && OUTSIDE_WORLD.test(target) && !PRIMITIVES[folder]?.includes(target)) say(`${folder} must get ${target} by argument`);
    }
    if (checksWorld) for (const [pattern, name] of AMBIENT) if (pattern.test(line)) say(`${folder} must get ${name} by argument`);
  });
  return found;
}

/** The source of an import or export, also where its names began on an earlier line. */
function importedBy(line) {
  const spec = /^\s*(?:(?:import|export)\b.*?|\}\s*)from '([^']+)'|^\s*import '([^']+)'|\bimport\('([^']+)'\)/.exec(line);
  return spec?.[1] ?? spec?.[2] ?? spec?.[3] ?? null;
}

function resolve(file, target) {
  return target.startsWith('.') ? path.posix.join(path.posix.dirname(file), target) : target;
}

function elsewhereRule(file, target) {
  const folder = Object.keys(ELSEWHERE).findLast((name) => file.startsWith(`${name}/`));
  if (folder === undefined || ELSEWHERE[folder].test(resolve(file, target))) return null;
  return `${folder} may not import ${resolve(file, target)}`;
}

function importRule(file, folder, target) {
  if (target === 'electron' || target.startsWith('electron/')) return folder === 'app' || file === 'main.ts' ? null : 'only app/ and main.ts may import electron';
  if (!target.startsWith('.')) return PURE.includes(folder) && target !== 'ignore' ? `${folder} is pure and may not import ${target}` : null;
  const resolved = resolve(file, target);
  if (resolved.startsWith('../src-preload/contract/')) return folder === 'app' ? null : 'only app/ may import the IPC contract';
  if (resolved.startsWith('..')) return file === 'main.ts' || file === 'cli.ts' || folder === 'app' ? null : `${file} may not import ${resolved}`;
  if (resolved.startsWith('testing/')) return 'testing/ is never shipped: only tests import it';
  const owner = resolved.includes('/') ? resolved.slice(0, resolved.indexOf('/')) : '.';
  const allowed = LAYERS[folder];
  if (allowed === undefined) return `src-main/${folder} has no place in the layers`;
  if (owner === folder || allowed.includes('*') || allowed.includes(owner) || allowed.includes(resolved)) return null;
  return `${folder} may not import ${resolved}`;
}

function* sources(folder) {
  if (!fs.existsSync(folder)) return;
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(full);
    else if (/\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts')) yield full;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = path.resolve(import.meta.dirname, '..');
  const files = ['src-main', 'src-preload', 'src-renderer'].flatMap((folder) => [...sources(path.join(root, folder))]);
  const broken = files.flatMap((file) => violations(path.relative(root, file).replaceAll('\\', '/'), fs.readFileSync(file, 'utf8')));
  for (const line of broken) process.stdout.write(`${line}\n`);
  process.exitCode = broken.length === 0 ? 0 : 1;
}
