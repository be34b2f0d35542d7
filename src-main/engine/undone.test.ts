import { describe, expect, it } from 'vitest';
import type { Base, Version } from '../core/entry.ts';
import { relPath } from '../core/rel-path.ts';
import { fileEntry } from '../testing/tree-dsl.ts';
import type { Deed, Run } from './undo-log.ts';
import { whatIsUndone } from './undone.ts';

const file = (text: string | null) => (text === null ? null : fileEntry(text, null));
const deed = (path: string, before: string | null, after: string | null): Deed => ({ path: relPath(path), before: file(before), after: file(after) });
const run = (atMs: number, ...deeds: Deed[]): Run => ({ id: `${atMs}`, atMs, deeds });
const agreed = (tree: Readonly<Record<string, string>>): ReadonlyMap<ReturnType<typeof relPath>, Base> =>
  new Map(Object.entries(tree).map(([path, text]) => [relPath(path), { entry: fileEntry(text, null), stamp: null, version: 'v' as Version }]));

describe('what of a run is left to be undone', () => {
  const edit = run(1, deed('a', 'one', 'two'), deed('b', 'old', null));

  it('all of it, while nothing changed since', () => {
    expect(whatIsUndone([edit], agreed({ a: 'two' }))).toEqual([{ canUndo: true, undoneAt: null }]);
  });

  it('nothing once it was undone, by the run that did so, which can be undone itself', () => {
    const undo = run(5, deed('a', 'two', 'one'), deed('b', null, 'old'));
    const apart = run(7, deed('c', null, 'new'));
    expect(whatIsUndone([apart, undo, edit], agreed({ a: 'one', b: 'old', c: 'new' }))).toEqual([
      { canUndo: true, undoneAt: null },
      { canUndo: true, undoneAt: null },
      { canUndo: false, undoneAt: 5 },
    ]);
  });

  it('at the time when it came back, whatever was decided about the same file later', () => {
    const undo = run(5, deed('a', 'two', 'one'), deed('b', null, 'old'));
    const kept = run(9, { ...deed('a', 'one', 'one'), settled: { kind: 'gave-way', side: 'remote', entry: fileEntry('theirs', null), device: null } });
    expect(whatIsUndone([kept, undo, edit], agreed({ a: 'one', b: 'old' }))[2]).toEqual({ canUndo: false, undoneAt: 5 });
  });

  it('the rest, where a part is back', () => {
    expect(whatIsUndone([run(5, deed('b', null, 'old')), edit], agreed({ a: 'two', b: 'old' }))[1]).toEqual({ canUndo: true, undoneAt: null });
  });

  it('nothing of what has changed again, which is not undone either', () => {
    expect(whatIsUndone([run(5, deed('a', 'two', 'three')), run(1, deed('a', 'one', 'two'))], agreed({ a: 'three' }))[1]).toEqual({ canUndo: false, undoneAt: null });
  });

  it('of a decision the version that gave way, until it lies beside the other', () => {
    const loser = fileEntry('theirs', null);
    const decided = run(1_700_000_000_000, { ...deed('d.txt', 'old', 'mine'), settled: { kind: 'gave-way', side: 'remote', entry: loser, device: 'other' } });
    expect(whatIsUndone([decided], agreed({ 'd.txt': 'mine' }))).toEqual([{ canUndo: true, undoneAt: null }]);
    const beside = 'd.conflict-other-20231114-221320.txt';
    const undo = run(1_700_000_009_000, deed(beside, null, 'theirs'));
    expect(whatIsUndone([undo, decided], agreed({ 'd.txt': 'mine', [beside]: 'theirs' }))[1]).toEqual({ canUndo: false, undoneAt: undo.atMs });
    const both = run(1, { ...deed('e', null, 'x'), settled: { kind: 'both', to: relPath('e.conflict') } });
    expect(whatIsUndone([both], agreed({ e: 'x' }))).toEqual([{ canUndo: false, undoneAt: null }]);
  });
});
