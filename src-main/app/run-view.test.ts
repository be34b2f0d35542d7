import { expect, it } from 'vitest';
import { relPath } from '../core/rel-path.ts';
import type { Deed } from '../engine/undo-log.ts';
import { fileEntry } from '../testing/tree-dsl.ts';
import { runView } from './restore-desk.ts';

const deed = (path: string, before: string | null, after: string | null): Deed => ({
  path: relPath(path),
  before: before === null ? null : fileEntry(before, null),
  after: after === null ? null : fileEntry(after, null),
});

it('a file that got another name is neither added nor deleted, each of two equal ones once', () => {
  const deeds = [
    deed('a', 'one', null),
    deed('b', 'same', null),
    deed('c', 'same', null),
    deed('d', null, 'one'),
    deed('e', null, 'same'),
    deed('f', null, 'new'),
    deed('g', 'x', 'y'),
  ];
  expect(runView({ id: 'r', atMs: 5, deeds })).toEqual({ id: 'r', at: 5, added: 1, changed: 1, removed: 1, moved: 2, folders: 0, paths: ['c', 'd', 'e'] });
});

it('folders are counted by themselves and named after the files', () => {
  const folder = { kind: 'folder' } as const;
  const deeds: Deed[] = [
    { path: relPath('d'), before: folder, after: null },
    deed('d/a', 'one', null),
    deed('d/b', 'two', null),
    { path: relPath('e'), before: null, after: folder },
    { path: relPath('f'), before: folder, after: fileEntry('was a folder', null) },
  ];
  expect(runView({ id: 'r', atMs: 5, deeds })).toEqual({ id: 'r', at: 5, added: 0, changed: 1, removed: 2, moved: 0, folders: 2, paths: ['d/a', 'd/b', 'f'] });
});
