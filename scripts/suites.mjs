// Runs test suites one after the other and says at the end which failed and which have no tests.
import { spawnSync } from 'node:child_process';
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
 * @param {readonly Suite[]} suites
 * @returns {number} exit code
 */
export function runSuites(suites) {
  const results = suites.map((suite) => [suite.name, runSuite(suite)]);
  const named = (result) => results.filter(([, got]) => got === result).map(([name]) => name);
  const parts = ['passed', 'skipped', 'failed'].map((result) => [result, named(result)]).filter(([, names]) => names.length > 0);
  process.stdout.write(`\n${parts.map(([result, names]) => `${result === 'failed' ? 'FAILED' : result}: ${names.join(', ')}`).join('\n')}\n`);
  return named('failed').length === 0 ? 0 : 1;
}

/** @param {Suite} suite */
function runSuite({ name, command: [program, args], files }) {
  process.stdout.write(`\n=== ${name} ===\n`);
  if (files !== undefined && !hasFiles(files)) {
    process.stdout.write(`skipped: there are no ${files.folder}/**/*${files.ending} yet\n`);
    return 'skipped';
  }
  return spawnSync(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0 ? 'passed' : 'failed';
}

function hasFiles({ folder, ending }) {
  const place = path.join(root, folder);
  return fs.existsSync(place) && fs.readdirSync(place, { recursive: true }).some((name) => name.endsWith(ending));
}
