// Runs test suites and says at the end which failed and which have no tests.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { root } from './setup.mjs';

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {[string, string[]]} command
 * @property {{ folder: string, ending: string }} [files] where its tests lie; a suite without any is skipped and named
 */

/**
 * @param {readonly (Suite | readonly (readonly Suite[])[])[]} suites one after the other; in a list of rows, the rows run at the same time, each its suites one after the other
 * @returns {Promise<number>} exit code
 */
export async function runSuites(suites) {
  const results = [];
  for (const next of suites) {
    const rows = Array.isArray(next) ? next : [[next]];
    const beside = rows.length > 1;
    if (beside) process.stdout.write(`\n=== ${rows.map((row) => row.map(({ name }) => name).join(', then ')).join(' | ')} === side by side; each prints when it has ended\n`);
    results.push(...(await Promise.all(rows.map((row) => runRow(row, beside)))).flat());
  }
  const named = (result) => results.filter(([, got]) => got === result).map(([name]) => name);
  const parts = ['passed', 'skipped', 'failed'].map((result) => [result, named(result)]).filter(([, names]) => names.length > 0);
  process.stdout.write(`\n${parts.map(([result, names]) => `${result === 'failed' ? 'FAILED' : result}: ${names.join(', ')}`).join('\n')}\n`);
  return named('failed').length === 0 ? 0 : 1;
}

async function runRow(row, isBeside) {
  const results = [];
  for (const suite of row) results.push([suite.name, await runSuite(suite, isBeside)]);
  return results;
}

/**
 * What a suite prints that runs beside others comes when it has ended.
 * @param {Suite} suite
 * @param {boolean} isBeside
 */
async function runSuite({ name, command: [program, args], files }, isBeside) {
  const began = Date.now();
  if (!isBeside) process.stdout.write(`\n=== ${name} ===\n`);
  if (files !== undefined && !hasFiles(files)) {
    process.stdout.write(`skipped: there are no ${files.folder}/**/*${files.ending} yet\n`);
    return 'skipped';
  }
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', isBeside ? 'pipe' : 'inherit', isBeside ? 'pipe' : 'inherit'] });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => output.push(chunk));
  const code = await new Promise((resolve) => child.on('error', () => resolve(1)).on('close', resolve));
  if (isBeside) process.stdout.write(Buffer.concat([Buffer.from(`\n=== ${name} ===\n`), ...output]));
  process.stdout.write(`${name}: ${Math.round((Date.now() - began) / 1000)} s\n`);
  return code === 0 ? 'passed' : 'failed';
}

function hasFiles({ folder, ending }) {
  const place = path.join(root, folder);
  return fs.existsSync(place) && fs.readdirSync(place, { recursive: true }).some((name) => name.endsWith(ending));
}
