import { describe, expect, it } from 'vitest';
import { fileEntry } from '../testing/tree-dsl.ts';
import type { Entry, Local, Stamp } from './entry.ts';
import { type RelPath, relPath } from './rel-path.ts';
import { planRevision } from './revision.ts';

const folder: Entry = { kind: 'folder' };
const file = (text: string, mode = 0o644): Entry => fileEntry(text, mode);
const link = (target: string): Entry => ({ kind: 'symlink', target });

function seenOf(tree: Readonly<Record<string, Entry>>): ReadonlyMap<RelPath, Local> {
  return new Map(Object.entries(tree).map(([path, entry]) => [relPath(path), { entry, stamp: `s ${path}` as Stamp, fileId: null }]));
}
function planned(
  seen: Readonly<Record<string, Entry>>,
  wanted: Readonly<Record<string, Entry | null>>,
): { readonly steps: readonly string[]; readonly skipped: readonly string[] } {
  const { changes, skipped } = planRevision(seenOf(seen), new Map(Object.entries(wanted).map(([path, entry]) => [relPath(path), entry])));
  return { steps: changes.map((change) => `${change.kind} ${change.path}${'to' in change ? ` > ${change.to}` : ''}`), skipped: skipped.map(({ path }) => path) };
}

describe('a revision of the folder', () => {
  it.each<[string, Record<string, Entry>, Record<string, Entry | null>, string[]]>([
    ['what is so already stays', { a: file('x'), d: folder }, { a: file('x'), d: folder }, []],
    ['what is not named stays', { a: file('x'), b: file('y') }, { a: file('x') }, []],
    ['other content', { a: file('x') }, { a: file('y') }, ['write a']],
    ['other bits', { a: file('x', 0o644) }, { a: file('x', 0o755) }, ['set-mode a']],
    ['a file that is gone, with its folders', {}, { 'd/e/a': file('x') }, ['make-folder d', 'make-folder d/e', 'write d/e/a']],
    ['what was not there goes, folders after what is in them', { d: folder, 'd/a': file('x') }, { d: null, 'd/a': null }, ['remove d/a', 'remove-folder d']],
    ['a content under another name is moved', { new: file('x') }, { new: null, old: file('x') }, ['move new > old']],
    ['one that stays is not', { new: file('x') }, { old: file('x') }, ['write old']],
    ['C75 a file where now is a folder', { p: folder, 'p/a': file('x') }, { p: file('then'), 'p/a': null }, ['remove p/a', 'remove-folder p', 'write p']],
    ['C75 a folder where now is a file', { p: file('now') }, { p: folder, 'p/a': file('x') }, ['remove p', 'make-folder p', 'write p/a']],
    ['a link where now is a file', { p: file('now') }, { p: link('x') }, ['write p']],
  ])('%s', (_, seen, wanted, steps) => {
    expect(planned(seen, wanted)).toEqual({ steps, skipped: [] });
  });

  it('what would take along things that are to stay is left, and told', () => {
    expect(planned({ p: folder, 'p/mine': file('x') }, { p: file('then') })).toEqual({ steps: [], skipped: ['p'] });
    expect(planned({ p: file('mine') }, { 'p/a': file('then') })).toEqual({ steps: [], skipped: ['p'] });
  });

  it('a folder with something in it that is to stay stays too, without a word', () => {
    expect(planned({ d: folder, 'd/mine': file('x'), 'd/a': file('y') }, { d: null, 'd/a': null })).toEqual({ steps: ['remove d/a', 'remove-folder d'], skipped: [] });
  });
});
