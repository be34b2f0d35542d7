import { describe, expect, it } from 'vitest';
import { tableOf } from '../testing/plan-table.ts';
import { aside, likeExpected, planLines, sceneInput } from '../testing/tree-dsl.ts';
import { plan } from './plan.ts';
import type { PlanInput } from './plan-input.ts';
import { relPath } from './rel-path.ts';

const step = (path: string): string => `set-aside-local ${path} -> ${aside(path)}`;
const stepThere = (path: string): string => `set-aside-remote ${path} -> ${aside(path, '', 'desktop')}`;

describe('a file becomes a folder and back (C7, C34)', () => {
  tableOf([
    {
      name: 'C7 file -> folder here',
      base: 'p=1 k=9',
      local: 'p/x=2 p/e/y=3 k=9',
      remote: 'p=1 k=9',
      plan: ['clear remove-remote p', 'make-remote-folder p', 'make-remote-folder p/e', 'upload p/e/y', 'upload p/x'],
    },
    {
      name: 'C7 file -> folder there',
      base: 'p=1 k=9',
      local: 'p=1 k=9',
      remote: 'p/x=2 p/e/y=3 k=9',
      plan: ['clear remove-local p', 'make-local-folder p', 'make-local-folder p/e', 'download p/e/y', 'download p/x'],
    },
    {
      name: 'C7 folder -> file here, clean children',
      base: 'p/x=1 p/e/y=2 k=9',
      local: 'p=3 k=9',
      remote: 'p/x=1 p/e/y=2 k=9',
      plan: ['clear remove-remote p/x', 'clear remove-remote p/e/y', 'clear remove-remote-folder p/e', 'clear remove-remote-folder p', 'upload p'],
    },
    {
      name: 'C7 folder -> file there, clean children',
      base: 'p/x=1 p/e/y=2 k=9',
      local: 'p/x=1 p/e/y=2 k=9',
      remote: 'p=3 k=9',
      plan: ['clear remove-local p/x', 'clear remove-local p/e/y', 'clear remove-local-folder p/e', 'clear remove-local-folder p', 'download p'],
    },
    {
      name: 'C7 folder -> file here, a child edited there: the file steps aside',
      base: 'p/x=1 p/y=2 k=9',
      local: 'p=3 k=9',
      remote: 'p/x=5 p/y=2 k=9',
      plan: [step('p'), 'make-local-folder p', 'download p/x', 'remove-remote p/y'],
    },
    {
      name: 'C7 folder -> file there, a child edited here',
      base: 'p/x=1 p/y=2 k=9',
      local: 'p/x=5 p/y=2 k=9',
      remote: 'p=3 k=9',
      plan: [stepThere('p'), 'make-remote-folder p', 'upload p/x', 'remove-local p/y'],
    },
    {
      name: 'C39 folder -> file here, a child added there',
      base: 'p/x=1 k=9',
      local: 'p=3 k=9',
      remote: 'p/x=1 p/n=5 k=9',
      plan: [step('p'), 'make-local-folder p', 'download p/n', 'remove-remote p/x'],
    },
    {
      name: 'C39 folder -> file there, a child added here',
      base: 'p/x=1 k=9',
      local: 'p/x=1 p/n=5 k=9',
      remote: 'p=3 k=9',
      plan: [stepThere('p'), 'make-remote-folder p', 'upload p/n', 'remove-local p/x'],
    },
    {
      name: 'C39 folder -> file here, an empty folder added there',
      base: 'p/x=1 k=9',
      local: 'p=3 k=9',
      remote: 'p/x=1 p/n/ k=9',
      plan: [step('p'), 'make-local-folder p', 'make-local-folder p/n', 'remove-remote p/x'],
    },
    { name: 'C7 empty folder -> file here', base: 'p/ k=9', local: 'p=3 k=9', remote: 'p/ k=9', plan: ['clear remove-remote-folder p', 'upload p'] },
    { name: 'C7 folder -> file here and the folder deleted there', base: 'p/x=1 k=9', local: 'p=3 k=9', remote: 'k=9', plan: ['forget p/x', 'upload p'] },
    { name: 'C7 folder -> file there and the folder deleted here', base: 'p/x=1 k=9', local: 'k=9', remote: 'p=3 k=9', plan: ['forget p/x', 'download p'] },
    { name: 'C7 folder -> the same file on both sides', base: 'p/x=1 k=9', local: 'p=3 k=9', remote: 'p=3 k=9', plan: ['adopt p', 'forget p/x'] },
    { name: 'C7 folder -> different files', base: 'p/x=1 k=9', local: 'p=3 k=9', remote: 'p=4 k=9', plan: ['forget p/x', step('p'), 'download p'] },
    { name: 'C7 file -> different folders: they merge', base: 'p=1 k=9', local: 'p/x=2 k=9', remote: 'p/y=3 k=9', plan: ['adopt p', 'upload p/x', 'download p/y'] },
    { name: 'C7 file -> folder here, file edited there', base: 'p=1 k=9', local: 'p/x=2 k=9', remote: 'p=4 k=9', plan: [stepThere('p'), 'make-remote-folder p', 'upload p/x'] },
    { name: 'C7 file -> folder there, file edited here', base: 'p=1 k=9', local: 'p=4 k=9', remote: 'p/x=2 k=9', plan: [step('p'), 'make-local-folder p', 'download p/x'] },
    {
      name: 'C7 folder -> file at two depths',
      base: 'p/q/r=1 k=9',
      local: 'p/q=2 k=9',
      remote: 'p/q/r=1 k=9',
      plan: ['clear remove-remote p/q/r', 'clear remove-remote-folder p/q', 'upload p/q'],
    },
    {
      name: 'C7 outer folder -> file here, inner folder -> file there: the inner is news',
      base: 'p/q/r=1 k=9',
      local: 'p=2 k=9',
      remote: 'p/q=3 k=9',
      plan: ['forget p/q/r', step('p'), 'make-local-folder p', 'download p/q'],
    },
    { name: 'C7 folder -> link here', base: 'p/x=1 k=9', local: 'p->t k=9', remote: 'p/x=1 k=9', plan: ['clear remove-remote p/x', 'clear remove-remote-folder p', 'upload p'] },
    {
      name: 'C7 folder -> link there, news here: the link steps aside',
      base: 'p/x=1 k=9',
      local: 'p/x=1 p/n=2 k=9',
      remote: 'p->t k=9',
      plan: [stepThere('p'), 'make-remote-folder p', 'upload p/n', 'remove-local p/x'],
    },
    {
      name: 'C63 link there, then a folder of files below it: room is made, nothing goes through the link',
      base: 'p->t k=9',
      local: 'p->t k=9',
      remote: 'p/x=1 k=9',
      plan: ['clear remove-local p', 'make-local-folder p', 'download p/x'],
    },
    {
      name: 'C67 folder -> file here, but something ignored lives there',
      base: 'p/x=1 k=9',
      local: 'p=3 k=9',
      remote: 'p/x=1 p/i.log=5 k=9',
      ignore: ['*.log'],
      plan: [step('p'), 'make-local-folder p', 'remove-remote p/x'],
    },
    {
      name: 'C67 folder -> file there, but something ignored lives here',
      base: 'p/x=1 k=9',
      local: { 'p/': { entry: { kind: 'folder' }, holdsIgnored: true }, 'p/x': '1', k: '9' },
      remote: 'p=3 k=9',
      plan: [stepThere('p'), 'make-remote-folder p', 'remove-local p/x'],
    },
    {
      name: 'C67 the same one folder deeper',
      base: 'p/q/x=1 k=9',
      local: 'p/ p/q/! p/q/x=1 k=9',
      remote: 'p=3 k=9',
      plan: ['forget p/q', stepThere('p'), 'make-remote-folder p', 'remove-local p/q/x'],
    },
    {
      name: 'C12 folder -> file there, but a child here cannot be read',
      base: 'p/x=1 p/y=2 k=9',
      local: 'p/y=2 k=9',
      localProblems: [{ path: 'p/x', side: 'local', reason: 'unreadable', subtree: false }],
      remote: 'p=3 k=9',
      plan: [stepThere('p'), 'make-remote-folder p', 'remove-local p/y'],
      problems: ['local p/x: unreadable'],
    },
  ]);
});

describe('permission bits (C22)', () => {
  tableOf([
    { name: 'C22 chmod here', base: 'a=1', local: 'a=1@755', remote: 'a=1', plan: ['upload a (permissions changed here)'] },
    { name: 'C22 chmod there', base: 'a=1', local: 'a=1', remote: 'a=1@755', plan: ['set-local-mode a (permissions changed on the other side)'] },
    { name: 'C22 the same chmod on both sides', base: 'a=1', local: 'a=1@755', remote: 'a=1@755', plan: ['adopt a'] },
    { name: "C22 different chmods: the store's bits win, no conflict", base: 'a=1', local: 'a=1@755', remote: 'a=1@600', plan: ['set-local-mode a'] },
    { name: 'C22 a side without bits says nothing about them', base: 'a=1', local: 'a=1@none', remote: 'a=1', plan: ['adopt a'] },
    { name: 'C22 bits the store lost are no change here', base: 'a=1@755', local: 'a=1@755', remote: 'a=1@none', plan: ['adopt a'] },
    { name: 'C22 chmod and edit here', base: 'a=1', local: 'a=2@755', remote: 'a=1', plan: ['upload a (edited here)'] },
    { name: 'C22 chmod here, deleted there: permissions are no edit', base: 'a=1 k=9', local: 'a=1@755 k=9', remote: 'k=9', plan: ['remove-local a'] },
    { name: 'C22 chmod here, edited there: the edit comes', base: 'a=1', local: 'a=1@755', remote: 'a=2', plan: ['download a'] },
    { name: 'C22 touched only: nothing to send', base: 'a=1', local: 'a=1', remote: 'a=1', plan: [] },
  ]);
});

describe('links where a side has none (C14)', () => {
  const noLocal = { input: { holdsLinks: { local: false, remote: true } } };
  const noRemote = { input: { holdsLinks: { local: true, remote: false } } };
  tableOf([
    {
      name: 'C14 a link that this disk cannot hold stays remote and is listed',
      remote: 'a->b k=1',
      ...noLocal,
      plan: ['download k'],
      problems: ['local a/**: symlink-not-supported'],
    },
    {
      name: 'C14 a link that the store cannot hold stays here and is listed',
      local: 'a->b k=1',
      ...noRemote,
      plan: ['upload k'],
      problems: ['remote a/**: symlink-not-supported'],
    },
  ]);
});

describe('a file of ours that bears the name of a folder (S34)', () => {
  const seen = (direction: PlanInput['direction']): readonly string[] => {
    const input = sceneInput({ base: 'd/x=1', local: 'd/x=1', remote: 'd/x=1' });
    const file = sceneInput({ remote: 'd=2' }).remote.entries.get(relPath('d'));
    if (file === undefined) throw new RangeError('no file');
    return planLines(plan({ ...input, direction, remote: { ...input.remote, besideFolders: new Map([[relPath('d'), file]]) } })).plan;
  };
  it('S34 C34 it steps aside, and what lies in the folder stays', () => {
    expect(likeExpected(seen('two_way'), [stepThere('d')])).toEqual([stepThere('d')]);
  });
  it('S34 a pair that only downloads leaves it', () => {
    expect(seen('download_only')).toEqual([]);
  });
});
