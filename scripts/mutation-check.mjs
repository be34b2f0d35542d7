// `node scripts/mutation-check.mjs [--list] [--quick] [--only NAME[,NAME]] [--jobs N] [--histories N] [--seconds N]`: plants known bugs, one at a time, and shows which suite catches each. Exit 1 when one survives.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { MUTATIONS } from './mutations/mutations.mjs';
import { planted } from './mutations/plant.mjs';
import { ensureModules, main, root, SetupError, tool } from './setup.mjs';

const { values } = parseArgs({
  options: {
    list: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    jobs: { type: 'string', default: '2' },
    histories: { type: 'string', default: '400' },
    seconds: { type: 'string', default: '180' },
  },
});

const UNIT = ['--project', 'unit'];
const CONTRACTS = ['--project', 'contracts'];

await main(async () => {
  ensureModules();
  const wanted = chosen();
  if (values.list) return list(wanted);
  for (const mutation of wanted) planted(mutation);
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'file-sync-mutations-'));
  process.on('exit', () => fs.rmSync(scratch, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));
  const began = Date.now();
  const results = await inLanes(wanted, Number(values.jobs), (mutation) => check(mutation, scratch));
  return summary(results, Date.now() - began);
});

function chosen() {
  const names = values.only?.split(',');
  for (const name of names ?? []) if (!MUTATIONS.some((m) => m.name === name)) throw new SetupError(`there is no mutation ${name}; --list names them`);
  if (names !== undefined) return MUTATIONS.filter((m) => names.includes(m.name));
  return values.quick ? MUTATIONS.filter((m) => m.quick) : MUTATIONS;
}

function list(mutations) {
  for (const { name, breaks, file, expected, why } of mutations) process.stdout.write(`${name}\n  ${breaks}\n  ${file}, ${expected}${why === undefined ? '' : `: ${why}`}\n`);
  process.stdout.write(`${mutations.length} mutations\n`);
  return 0;
}

async function check(mutation, scratch) {
  const began = Date.now();
  const result = await firstCatch(mutation, scratch).catch((error) => ({ suite: 'ERROR', where: error.message }));
  const row = { mutation, ...result, seconds: (Date.now() - began) / 1000 };
  process.stdout.write(`${line(row)}\n`);
  return row;
}

/** By the suite first that is expected to see it. */
async function firstCatch(mutation, scratch) {
  const [first, second] = mutation.expected === 'simulation' ? [inSimulation, inTests] : [inTests, inSimulation];
  return (await first(mutation, scratch)) ?? (await second(mutation, scratch)) ?? { suite: 'SURVIVED', where: '' };
}

async function inSimulation({ name }) {
  const limit = (Number(values.seconds) + 60) * 1000;
  const { output, code } = await run(process.execPath, [path.join(import.meta.dirname, 'mutations/simulate.mjs'), name, values.histories, values.seconds], {}, limit);
  if (code !== 0) throw new Error(`the simulation of ${name} could not run:\n${output}`);
  const { verdict, histories: ran, seed, shape, law } = JSON.parse(output.trimEnd().split('\n').at(-1) ?? '');
  return verdict === 'caught' ? { suite: 'simulation', where: `history ${ran} (seed ${seed}; ${shape}): ${law.split('\n')[0]}` } : null;
}

/** The file's own tests, or those that are named; then those beside it, then all that import it. */
async function inTests(mutation, scratch) {
  const own = [mutation.file.replace(/\.ts$/, '.test.ts')].filter((file) => fs.existsSync(path.join(root, file)));
  const named = mutation.tests ?? own;
  const looks = [
    ...(named.length === 0 ? [] : [['run', ...named, ...UNIT, ...CONTRACTS]]),
    ...(mutation.tests === undefined ? [['run', path.posix.dirname(mutation.file), ...UNIT]] : []),
    ['related', '--run', mutation.file, ...UNIT, ...CONTRACTS],
  ];
  for (const look of looks) {
    const found = await failure(mutation, scratch, look);
    if (found !== null) return { suite: 'tests', where: `${path.basename(found.file)}: ${found.test}` };
  }
  return null;
}

/** The first test that fails with the bug, passes without it, and fails again with it; null when there is none. */
async function failure(mutation, scratch, args) {
  const failed = await testRun(mutation.name, scratch, args);
  if (failed === null) return null;
  const without = await testRun('', scratch, ['run', failed.file, ...UNIT, ...CONTRACTS]);
  if (without !== null) throw new Error(`${failed.file} fails without a mutation too: ${without.test}`);
  // A test that fails by chance on a busy machine has caught nothing.
  return testRun(mutation.name, scratch, ['run', failed.file, ...UNIT, ...CONTRACTS]);
}

async function testRun(mutation, scratch, args) {
  const report = path.join(scratch, `${mutation || 'none'}-${Math.random()}.json`);
  const cache = fs.mkdtempSync(path.join(scratch, 'cache-'));
  const options = ['--root', root, '--config', path.join(import.meta.dirname, 'mutations/vitest.config.mjs')];
  const outputs = ['--bail', '1', '--maxWorkers', '1', '--passWithNoTests', '--reporter', 'json', '--outputFile', report, '--exclude', 'scripts/**'];
  const [program, given] = tool('vitest', ...args, ...options, ...outputs);
  const { output } = await run(program, given, { MUTATION: mutation, MUTATION_CACHE: cache, NO_COLOR: '1' }, 300_000);
  if (!fs.existsSync(report)) throw new Error(`the tests of ${mutation} could not run:\n${output}`);
  const { success, testResults } = JSON.parse(fs.readFileSync(report, 'utf8'));
  if (success) return null;
  for (const { name, assertionResults, message } of testResults) {
    const failed = assertionResults.find((test) => test.status === 'failed');
    const file = path.relative(root, name);
    if (failed !== undefined) return { file, test: failed.fullName };
    if (message) throw new Error(`${file} could not be loaded with ${mutation}: ${message}`);
  }
  throw new Error(`the tests of ${mutation} failed without a failed test:\n${output}`);
}

/** Output and exit code; a run that hangs is ended and counts as one that could not run. */
function run(program, args, env, limitMs) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ output: signal === null ? output : `${output}\nended by ${signal}`, code });
    });
  });
}

async function inLanes(items, lanes, work) {
  const results = [];
  let next = 0;
  const lane = async () => {
    for (let at = next++; at < items.length; at = next++) results[at] = await work(items[at]);
  };
  await Promise.all(Array.from({ length: Math.max(1, lanes) }, lane));
  return results;
}

function line({ mutation, suite, where, seconds }) {
  const note = suite === 'tests' && mutation.expected === 'simulation' ? '  (expected: simulation)' : '';
  const text = suite === 'ERROR' ? where : where.slice(0, 150);
  return `${mutation.name.padEnd(40)} ${path.basename(mutation.file).padEnd(27)} ${suite.padEnd(10)} ${seconds.toFixed(1).padStart(6)} s  ${text}${note}`;
}

function summary(results, ms) {
  const of = (suite) => results.filter((r) => r.suite === suite);
  process.stdout.write(
    `\n${results.length} bugs in ${Math.round(ms / 1000)} s: ${of('simulation').length} caught by the simulation, ${of('tests').length} by unit tests and contracts, ${of('SURVIVED').length} survived, ${of('ERROR').length} could not be checked\n`,
  );
  for (const { mutation } of of('SURVIVED')) process.stdout.write(`SURVIVED ${mutation.name}: ${mutation.breaks} (${mutation.file})\n`);
  return of('SURVIVED').length + of('ERROR').length === 0 ? 0 : 1;
}
