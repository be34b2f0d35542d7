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
 * @param {readonly (Suite | readonly Suite[])[]} suites those in a list of their own run at the same time
 * @returns {Promise<number>} exit code
 */
export async function runSuites(suites) {
  const results = [];
  for (const next of suites) {
    const together = [next].flat();
    if (together.length > 1) process.stdout.write(`\n=== ${together.map(({ name }) => name).join(', ')} === side by side; each prints when it has ended\n`);
    results.push(...(await Promise.all(together.map(async (suite) => [suite.name, await runSuite(suite, together.length > 1)]))));
  }
  const named = (result) => results.filter(([, got]) => got === result).map(([name]) => name);
  const parts = ['passed', 'skipped', 'failed'].map((result) => [result, named(result)]).filter(([, names]) => names.length > 0);
  process.stdout.write(`\n${parts.map(([result, names]) => `${result === 'failed' ? 'FAILED' : result}: ${names.join(', ')}`).join('\n')}\n`);
  return named('failed').length === 0 ? 0 : 1;
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
