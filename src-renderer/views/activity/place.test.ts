import { describe, expect, it } from 'vitest';
import { isFileThere, placeOf } from './place.ts';

describe('where something done left a file', () => {
  it.each([
    ['a move', { what: 'move-remote', path: 'b.txt', to: 'c.txt', outcome: 'done' }, 'c.txt', true],
    ['a second version set aside', { what: 'set-aside-local', path: 'b.txt', to: 'b.conflict-x.txt', outcome: 'done' }, 'b.conflict-x.txt', true],
    ['a move that failed', { what: 'move-local', path: 'b.txt', to: 'c.txt', outcome: 'failed' }, 'b.txt', false],
    ['a move of an older version, which does not say where to', { what: 'move-local', path: 'b.txt', to: null, outcome: 'done' }, 'b.txt', true],
    ['a copy', { what: 'download', path: 'b.txt', to: null, outcome: 'done' }, 'b.txt', true],
    ['a deletion', { what: 'remove-local', path: 'b.txt', to: null, outcome: 'done' }, 'b.txt', false],
    ['a new folder', { what: 'make-local-folder', path: 'b', to: null, outcome: 'done' }, 'b', false],
  ] as const)('%s', (_, item, place, isFile) => {
    expect([placeOf(item), isFileThere(item)]).toEqual([place, isFile]);
  });
});
