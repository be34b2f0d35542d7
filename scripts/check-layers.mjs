// The import rule and the determinism rule of src-main/README.md, as a check. Prints file:line and the rule broken.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** What each folder of src-main may import from the others, beside itself; a path with `.ts` is that one file (a port). */
export const LAYERS = {
  core: [],
  platform: ['core'],
  backends: ['core', 'platform'],
  remote: ['core', 'platform', 'backends/backend.ts'],
  local: ['core', 'platform', 'backends/backend.ts'],
  state: ['core', 'platform'],
  watch: ['core', 'platform'],
  settings: ['core', 'platform', 'local/identity.ts'],
  engine: ['core', 'platform/clock.ts', 'backends/backend.ts', 'local/local-tree.ts', 'remote/remote-tree.ts', 'state/state-store.ts', 'watch/watcher.ts'],
  cli: ['*'],
  app: ['*'],
  testing: ['*'],
  '.': ['*'],
};
const PURE = ['core'];
/** Folders that get time, chance and disk by argument. */
const DETERMINISTIC = ['core', 'engine', 'local', 'remote', 'backends', 'state', 'watch'];
const AMBIENT = [
  [/\bDate\.now\(/, 'Date.now'],
  [/\bnew Date\(\)/, 'new Date()'],
  [/\bMath\.random\(/, 'Math.random'],
  [/\b(?:setTimeout|setInterval)\(/, 'a timer'],
  [/\bperformance\.now\(/, 'performance.now'],
  [/from 'node:(?:fs|fs\/promises|timers.*|crypto|child_process|os)'/, 'a Node module of the outside world'],
];
/** Adapters whose very job is the outside world. */
const ADAPTERS = ['local/scan-worker.ts', 'local/worker-scanner.ts', 'watch/chokidar-watcher.ts', 'state/sqlite-store.ts', 'state/lock.ts', 'state/state-dir.ts'];

/** @returns {string[]} rules broken by one file of src-main, given its path below src-main */
export function violations(file, source) {
  const found = [];
  const folder = file.includes('/') ? file.slice(0, file.indexOf('/')) : '.';
  const isTest = /\.(test|sim)\.tsx?$/.test(file) || file.endsWith('conformance.ts') || folder === 'testing';
  source.split('\n').forEach((line, index) => {
    const at = `src-main/${file}:${index + 1}`;
    const spec = /^\s*(?:import|export)\b.*?from '([^']+)'|^\s*import '([^']+)'|\bimport\('([^']+)'\)/.exec(line);
    const target = spec?.[1] ?? spec?.[2] ?? spec?.[3];
    if (target !== undefined && !isTest) {
      const broken = importRule(file, folder, target);
      if (broken !== null) found.push(`${at}: ${broken}`);
    }
    if (isTest || !DETERMINISTIC.includes(folder) || ADAPTERS.includes(file) || /^\s*(\/\/|\*|\/\*)/.test(line)) return;
    for (const [pattern, name] of AMBIENT) if (pattern.test(line)) found.push(`${at}: ${folder} must get ${name} by argument`);
  });
  return found;
}

function importRule(file, folder, target) {
  if (target === 'electron' || target.startsWith('electron/')) return folder === 'app' || file === 'main.ts' ? null : 'only app/ and main.ts may import electron';
  if (!target.startsWith('.')) return PURE.includes(folder) && target !== 'ignore' ? `${folder} is pure and may not import ${target}` : null;
  const resolved = path.posix.normalize(path.posix.join(path.posix.dirname(file), target));
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
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(full);
    else if (/\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts')) yield full;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const base = path.resolve(import.meta.dirname, '..', 'src-main');
  const broken = [...sources(base)].flatMap((file) => violations(path.relative(base, file).replaceAll('\\', '/'), fs.readFileSync(file, 'utf8')));
  for (const line of broken) process.stdout.write(`${line}\n`);
  process.exitCode = broken.length === 0 ? 0 : 1;
}
