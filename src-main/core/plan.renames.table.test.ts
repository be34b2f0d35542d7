import { describe, expect, it } from 'vitest';
import { tableOf } from '../testing/plan-table.ts';
import { planLines, sceneInput } from '../testing/tree-dsl.ts';
import { plan } from './plan.ts';

describe('renames (C8, C9, C10, C35)', () => {
  tableOf([
    { name: 'C10 renamed here', base: 'a=1 k=9', local: 'b=1 k=9', remote: 'a=1 k=9', plan: ['move-remote a -> b (renamed here)'] },
    { name: 'C10 renamed there', base: 'a=1 k=9', local: 'a=1 k=9', remote: 'b=1 k=9', plan: ['move-local a -> b (renamed on the other side)'] },
    { name: 'C10 case-only rename on a disk that tells cases apart', base: 'A=1 k=9', local: 'a=1 k=9', remote: 'A=1 k=9', plan: ['move-remote A -> a'] },
    {
      name: 'C8 a renamed folder: files move, folders follow',
      base: 'd/a=1 d/e/b=2 k=9',
      local: 'n/a=1 n/e/b=2 k=9',
      remote: 'd/a=1 d/e/b=2 k=9',
      plan: ['make-remote-folder n', 'make-remote-folder n/e', 'move-remote d/a -> n/a', 'move-remote d/e/b -> n/e/b', 'remove-remote-folder d/e', 'remove-remote-folder d'],
    },
    {
      name: 'C8 a folder renamed on the other side',
      base: 'd/a=1 d/e/b=2 k=9',
      local: 'd/a=1 d/e/b=2 k=9',
      remote: 'n/a=1 n/e/b=2 k=9',
      plan: ['make-local-folder n', 'make-local-folder n/e', 'move-local d/a -> n/a', 'move-local d/e/b -> n/e/b', 'remove-local-folder d/e', 'remove-local-folder d'],
    },
    {
      name: 'C8 S31 a folder moved into a new child of itself',
      base: 'd/a=1 k=9',
      local: 'd/d/a=1 k=9',
      remote: 'd/a=1 k=9',
      plan: ['make-remote-folder d/d', 'move-remote d/a -> d/d/a'],
    },
    { name: 'C9 renamed and edited in one go: new file and deletion', base: 'a=1 k=9', local: 'b=2 k=9', remote: 'a=1 k=9', plan: ['upload b', 'remove-remote a'] },
    { name: 'C10 swap: two edits', base: 'a=1 b=2', local: 'a=2 b=1', remote: 'a=1 b=2', plan: ['upload a', 'upload b'] },
    { name: 'C10 swap on the other side', base: 'a=1 b=2', local: 'a=1 b=2', remote: 'a=2 b=1', plan: ['download a', 'download b'] },
    { name: 'C10 chain a -> b -> c', base: 'a=1 b=2', local: 'b=1 c=2', remote: 'a=1 b=2', plan: ['upload b', 'upload c', 'remove-remote a'] },
    { name: 'C10 renamed onto an existing file: that one is replaced', base: 'a=1 b=2', local: 'b=1', remote: 'a=1 b=2', plan: ['upload b (edited here)', 'remove-remote a'] },
    { name: 'C16 empty files are all alike: no rename', base: { a: '', k: '9' }, local: { b: '', k: '9' }, remote: { a: '', k: '9' }, plan: ['upload b', 'remove-remote a'] },
    { name: 'C14 links are no renames', base: 'l->x k=9', local: 'm->x k=9', remote: 'l->x k=9', plan: ['upload m', 'remove-remote l'] },
    { name: 'C10 one of two duplicates renamed', base: 'a=1 b=1 k=9', local: 'b=1 c=1 k=9', remote: 'a=1 b=1 k=9', plan: ['move-remote a -> c'] },
    { name: 'C10 both duplicates renamed: in order', base: 'a=1 b=1 k=9', local: 'c=1 d=1 k=9', remote: 'a=1 b=1 k=9', plan: ['move-remote a -> c', 'move-remote b -> d'] },
    {
      name: 'C10 duplicates keep their own names when the folder moves',
      base: 'd/x=1 d/y=1 k=9',
      local: 'n/y=1 n/x=1 k=9',
      remote: 'd/x=1 d/y=1 k=9',
      plan: ['make-remote-folder n', 'move-remote d/x -> n/x', 'move-remote d/y -> n/y', 'remove-remote-folder d'],
    },
    {
      name: 'C10 the same name wins over an earlier one that has none',
      base: 'd/y=1 k=9 d/z=1',
      local: 'n/a=1 n/y=1 k=9',
      remote: 'd/y=1 d/z=1 k=9',
      plan: ['make-remote-folder n', 'move-remote d/y -> n/y', 'move-remote d/z -> n/a', 'remove-remote-folder d'],
    },
    { name: 'C10 one removed, two copies made: one move, one upload', base: 'a=1 k=9', local: 'b=1 c=1 k=9', remote: 'a=1 k=9', plan: ['move-remote a -> b', 'upload c'] },
    {
      name: 'C10 two removed, one copy made: one move, one removal',
      base: 'a=1 b=1 k=9',
      local: 'c=1 k=9',
      remote: 'a=1 b=1 k=9',
      plan: ['move-remote a -> c', 'remove-remote b'],
    },
    { name: 'a copy is no rename', base: 'a=1', local: 'a=1 b=1', remote: 'a=1', plan: ['upload b'] },
    { name: 'C22 renamed here with other permissions: the copy takes them along', base: 'a=1 k=9', local: 'b=1@755 k=9', remote: 'a=1 k=9', plan: ['move-remote a -> b'] },
    {
      name: 'C22 renamed there with other permissions: no local move, which would keep the old bits',
      base: 'a=1 k=9',
      local: 'a=1 k=9',
      remote: 'b=1@755 k=9',
      plan: ['download b', 'remove-local a'],
    },
    { name: 'C35 renamed here, edited there: both contents, both names', base: 'a=1 k=9', local: 'b=1 k=9', remote: 'a=2 k=9', plan: ['download a', 'upload b'] },
    { name: 'C35 edited here, renamed there', base: 'a=1 k=9', local: 'a=2 k=9', remote: 'b=1 k=9', plan: ['upload a', 'download b'] },
    { name: 'C35 renamed to different names: both names exist', base: 'a=1 k=9', local: 'b=1 k=9', remote: 'c=1 k=9', plan: ['forget a', 'upload b', 'download c'] },
    { name: 'C35 both renamed to the same name', base: 'a=1 k=9', local: 'b=1 k=9', remote: 'b=1 k=9', plan: ['forget a', 'adopt b'] },
    {
      name: 'C35 both renamed different files to the same name',
      base: 'a=1 b=2',
      local: 'b=2 c=1',
      remote: 'a=1 c=2',
      plan: ['set-aside-local c -> c.conflict-laptop-20260102-030405', 'move-local b -> c', 'remove-remote a'],
    },
    {
      name: "S30 opposite renames of equal files: each side's deletion is followed, trash and versions keep the content",
      base: 'a=1 b=1 k=9',
      local: 'a=1 k=9',
      remote: 'b=1 k=9',
      plan: ['remove-local a', 'remove-remote b'],
    },
    {
      name: 'C10 renamed into a new folder on both sides at once',
      base: 'a=1 b=2 k=9',
      local: 'd/a=1 b=2 k=9',
      remote: 'a=1 d/b=2 k=9',
      plan: ['adopt d', 'move-remote a -> d/a', 'move-local b -> d/b'],
    },
    {
      name: 'C7 renamed out of a folder that became a file: transferred, after room was made',
      base: 'd/a=1 k=9',
      local: 'd=5 a=1 k=9',
      remote: 'd/a=1 k=9',
      plan: ['clear remove-remote d/a', 'clear remove-remote-folder d', 'upload a', 'upload d'],
    },
    {
      name: 'C7 renamed into a folder that was a file',
      base: 'd=5 a=1 k=9',
      local: 'd/a=1 k=9',
      remote: 'd=5 a=1 k=9',
      plan: ['clear remove-remote d', 'make-remote-folder d', 'move-remote a -> d/a'],
    },
    {
      name: 'C7 the file itself moved into the folder that took its name',
      base: 'd=5 k=9',
      local: 'd/d=5 k=9',
      remote: 'd=5 k=9',
      plan: ['clear remove-remote d', 'make-remote-folder d', 'upload d/d'],
    },
    {
      name: "C7 the file of a folder took the folder's name",
      base: 'd/a=1 k=9',
      local: 'd=1 k=9',
      remote: 'd/a=1 k=9',
      plan: ['clear remove-remote d/a', 'clear remove-remote-folder d', 'upload d'],
    },
    {
      name: 'C7 renamed onto a place where a folder was',
      base: 'd/a=1 x=2 k=9',
      local: 'd=2 k=9',
      remote: 'd/a=1 x=2 k=9',
      plan: ['clear remove-remote d/a', 'clear remove-remote-folder d', 'move-remote x -> d'],
    },
    { name: 'upload only: a rename here moves there', base: 'a=1 k=9', local: 'b=1 k=9', remote: 'a=1 k=9', input: { direction: 'upload_only' }, plan: ['move-remote a -> b'] },
    { name: 'download only: a rename here changes nothing there', base: 'a=1 k=9', local: 'b=1 k=9', remote: 'a=1 k=9', input: { direction: 'download_only' }, plan: [] },
  ]);

  it('C8 10,000 files of a renamed folder: moves only, the guard is silent (S59, S69)', () => {
    const many = (folder: string): Record<string, string> => Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`${folder}/f${i}`, `c${i}`]));
    const lines = planLines(plan(sceneInput({ base: many('d'), local: many('n'), remote: many('d') })));
    expect(lines.held).toEqual([]);
    expect(lines.plan.filter((l) => l.startsWith('move-remote'))).toHaveLength(10_000);
    expect(lines.plan.filter((l) => !l.startsWith('move-remote')).map((l) => l.split(' (')[0])).toEqual(['make-remote-folder n', 'remove-remote-folder d']);
  });
});
