// Plants a known bug in one module while it is loaded; no file is ever changed.
import fs from 'node:fs';
import path from 'node:path';

/** Of what the simulation could come to, with more time than it gets here. */
export const RARE = 'four hundred histories did not come to it';

export const root = path.resolve(import.meta.dirname, '../..');

/**
 * @typedef {object} Mutation
 * @property {string} name
 * @property {string} breaks the bug and what it does, in words
 * @property {string} file
 * @property {string} find this text, which the file must hold exactly once
 * @property {string} replace
 * @property {'simulation' | 'tests'} expected the suite that catches it first; `tests` are the unit tests and the contracts
 * @property {string[]} [tests] where its tests lie, when not in the file's own folder
 * @property {string} [why] of `tests`: what keeps the simulation from seeing it
 * @property {boolean} [quick] part of `--quick`
 */

/**
 * @param {Mutation} mutation
 * @param {string} text the file as it is
 */
export function plant({ name, file, find, replace }, text) {
  const found = text.split(find).length - 1;
  if (found !== 1) throw new Error(`mutation ${name} no longer applies: ${file} holds its text ${found} times`);
  return text.replace(find, () => replace);
}

/** The whole file with the bug in it. */
export function planted(mutation) {
  return plant(mutation, fs.readFileSync(path.join(root, mutation.file), 'utf8'));
}

/**
 * A vite plugin that hands out the changed module.
 * @param {Mutation | undefined} mutation
 * @param {() => void} [onPlanted]
 */
export function planter(mutation, onPlanted) {
  const at = mutation === undefined ? '' : path.join(root, mutation.file).replaceAll('\\', '/');
  return {
    name: 'plant-a-bug',
    enforce: 'pre',
    transform(code, id) {
      if (mutation === undefined || id.split('?')[0] !== at) return null;
      onPlanted?.();
      return { code: plant(mutation, code), map: null };
    },
  };
}
