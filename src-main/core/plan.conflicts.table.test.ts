import { describe, expect, it } from 'vitest';
import { tableOf } from '../testing/plan-table.ts';
import { aside, fileEntry, sceneInput, versionOf } from '../testing/tree-dsl.ts';
import type { Resolution } from './conflict.ts';
import type { Entry } from './entry.ts';
import { plan } from './plan.ts';
import { policyFrom } from './policy.ts';
import { relPath } from './rel-path.ts';

const answer = (path: string, choice: Resolution['choice'], local: Entry, remote: Entry): Resolution => ({
  path: relPath(path),
  choice,
  local,
  remoteVersion: versionOf(path, remote),
});
const open = (path: string, local: Entry, remote: Entry, since = 5) => ({
  path: relPath(path),
  local,
  remote,
  remoteVersion: versionOf(path, remote),
  remoteDevice: 'desktop',
  remoteStoredAtMs: 1000,
  since,
});
const one = fileEntry('1');
const two = fileEntry('2');
const three = fileEntry('3');
const perGlob = policyFrom({
  conflictPolicy: 'keep_both',
  conflictOverrides: [
    { pattern: '*.log', policy: 'keep_remote' },
    { pattern: 'docs/', policy: 'manual' },
    { pattern: '*.md', policy: 'keep_local' },
  ],
});

describe('edit against edit (C31)', () => {
  const trees = { base: 'a.txt=0 z=9', local: 'a.txt=1 z=9', remote: 'a.txt=2 z=9' };
  tableOf([
    { name: 'C31 keep_both', ...trees, policy: 'keep_both', plan: [`set-aside-local a.txt -> ${aside('a', '.txt')} (edited on both sides: both are kept)`, 'download a.txt'] },
    { name: 'C31 keep_local', ...trees, policy: 'keep_local', plan: ['upload a.txt (edited on both sides: this side is kept, the other becomes a version)'] },
    { name: 'C31 keep_remote', ...trees, policy: 'keep_remote', plan: ['download a.txt (edited on both sides: the other side is kept, this one goes to the trash)'] },
    { name: 'C31 manual: both stay as they are', ...trees, policy: 'manual', plan: [], conflicts: ['a.txt'] },
    { name: 'C31 manual holds only its own path', base: 'a=0 b=0', local: 'a=1 b=1', remote: 'a=2 b=0', policy: 'manual', plan: ['upload b'], conflicts: ['a'] },
    { name: 'C31 link against link under keep_local', base: 'l->x', local: 'l->y', remote: 'l->z', policy: 'keep_local', plan: ['upload l'] },
    { name: 'C31 file against link under keep_remote', base: 'l->x', local: 'l=1', remote: 'l->z', policy: 'keep_remote', plan: ['download l'] },
    {
      name: 'C31 file against folder under keep_local: both are kept all the same',
      base: 'p=0',
      local: 'p=1',
      remote: 'p/x=2',
      policy: 'keep_local',
      plan: [`set-aside-local p -> ${aside('p')}`, 'make-local-folder p', 'download p/x'],
    },
    {
      name: 'C31 folder against file under keep_remote: both are kept all the same',
      base: 'p=0',
      local: 'p/x=2',
      remote: 'p=1',
      policy: 'keep_remote',
      plan: [`set-aside-remote p -> ${aside('p', '', 'desktop')}`, 'make-remote-folder p', 'upload p/x'],
    },
    { name: 'C34 manual file against folder: the whole folder waits', base: 'p=0 q=0', local: 'p=1 q=0', remote: 'p/x=2 q=0', policy: 'manual', plan: [], conflicts: ['p'] },
    {
      name: 'C31 several conflicts come in the order of paths',
      base: 'b=0 a=0 c/d=0',
      local: 'c/d=1 b=1 a=1',
      remote: 'b=2 c/d=2 a=2',
      policy: 'manual',
      plan: [],
      conflicts: ['a', 'b', 'c/d'],
    },
    { name: 'C31 a glob decides', base: 'x.log=0', local: 'x.log=1', remote: 'x.log=2', policy: perGlob, plan: ['download x.log'] },
    { name: 'C31 the first glob that matches wins', base: 'docs/a.md=0', local: 'docs/a.md=1', remote: 'docs/a.md=2', policy: perGlob, plan: [], conflicts: ['docs/a.md'] },
    { name: 'C31 a later glob', base: 'a.md=0', local: 'a.md=1', remote: 'a.md=2', policy: perGlob, plan: ['upload a.md'] },
    {
      name: "C31 no glob matches: the pair's policy",
      base: 'a.c=0',
      local: 'a.c=1',
      remote: 'a.c=2',
      policy: perGlob,
      plan: [`set-aside-local a.c -> ${aside('a', '.c')}`, 'download a.c'],
    },
    { name: 'C33 both make the same edit', base: 'a=0', local: 'a=1', remote: 'a=1', policy: 'manual', plan: ['adopt a'] },
    { name: 'C33 both make the same new file', local: 'a=1', remote: 'a=1', policy: 'manual', plan: ['adopt a'] },
    { name: 'C33 both make the same folder', local: 'd/', remote: 'd/', plan: ['adopt d'] },
    { name: 'C33 both make the same folder with different things in it', local: 'd/a=1', remote: 'd/b=2', plan: ['adopt d', 'upload d/a', 'download d/b'] },
    { name: 'C33 both delete', base: 'a=0 d/ d/b=0 k=1', local: 'k=1', remote: 'k=1', plan: ['forget a', 'forget d', 'forget d/b'] },
  ]);
});

describe('edit against deletion (C32, C39)', () => {
  tableOf([
    {
      name: 'C32 edited here, deleted there',
      base: 'a=0 k=1',
      local: 'a=1 k=1',
      remote: 'k=1',
      policy: 'manual',
      plan: ['upload a (edited here, deleted on the other side: the edit survives)'],
    },
    {
      name: 'C32 deleted here, edited there',
      base: 'a=0 k=1',
      local: 'k=1',
      remote: 'a=1 k=1',
      policy: 'keep_local',
      plan: ['download a (deleted here, edited on the other side: the edit survives)'],
    },
    {
      name: 'C32 a deleted folder comes back for the edit in it',
      base: 'd/a=0 d/b=0 k=1',
      local: 'd/a=1 d/b=0 k=1',
      remote: 'k=1',
      plan: ['make-remote-folder d', 'upload d/a', 'remove-local d/b'],
    },
    { name: 'C32 the same, deleted here', base: 'd/a=0 d/b=0 k=1', local: 'k=1', remote: 'd/a=1 d/b=0 k=1', plan: ['make-local-folder d', 'download d/a', 'remove-remote d/b'] },
    {
      name: 'C39 file added here in a folder deleted there',
      base: 'd/a=0 k=1',
      local: 'd/a=0 d/new=1 k=1',
      remote: 'k=1',
      plan: ['make-remote-folder d', 'upload d/new', 'remove-local d/a'],
    },
    {
      name: 'C39 file added there in a folder deleted here',
      base: 'd/a=0 k=1',
      local: 'k=1',
      remote: 'd/a=0 d/new=1 k=1',
      plan: ['make-local-folder d', 'download d/new', 'remove-remote d/a'],
    },
    {
      name: 'C39 deep: only the folders on the way come back',
      base: 'd/e/f/a=0 d/g/b=0 k=1',
      local: 'd/e/f/a=0 d/g/b=0 d/e/new=1 k=1',
      remote: 'k=1',
      plan: [
        'make-remote-folder d',
        'make-remote-folder d/e',
        'upload d/e/new',
        'remove-local d/e/f/a',
        'remove-local d/g/b',
        'remove-local-folder d/g',
        'remove-local-folder d/e/f',
      ],
    },
    {
      name: 'C39 an empty folder added in a deleted one survives with it',
      base: 'd/a=0 k=1',
      local: 'd/a=0 d/new/ k=1',
      remote: 'k=1',
      plan: ['make-remote-folder d', 'make-remote-folder d/new', 'remove-local d/a'],
    },
    {
      name: 'a folder deleted there goes with all that was in it',
      base: 'd/a=0 d/e/b=0 k=1',
      local: 'd/a=0 d/e/b=0 k=1',
      remote: 'k=1',
      plan: ['remove-local d/a', 'remove-local d/e/b', 'remove-local-folder d/e', 'remove-local-folder d'],
    },
    {
      name: 'a folder deleted here goes there with all that was in it',
      base: 'd/a=0 d/e/b=0 k=1',
      local: 'k=1',
      remote: 'd/a=0 d/e/b=0 k=1',
      plan: ['remove-remote d/a', 'remove-remote d/e/b', 'remove-remote-folder d/e', 'remove-remote-folder d'],
    },
    { name: 'C16 the last file of a folder goes, the folder stays', base: 'd/a=0 k=1', local: 'd/ k=1', remote: 'd/a=0 k=1', plan: ['remove-remote d/a'] },
    { name: 'C42 a stale device: its old file is replaced, never sent', base: 'a=old', local: 'a=old', remote: 'a=new', plan: ['download a'] },
    { name: 'C11 deleted and made again with other content is an edit', base: 'a=0', local: 'a=1', remote: 'a=0', plan: ['upload a (edited here)'] },
  ]);
});

describe('answers to conflicts (C38, C73)', () => {
  const trees = { base: 'a=0', local: 'a=1', remote: 'a=2', policy: 'manual' as const };
  tableOf([
    { name: 'C38 local', ...trees, answers: [answer('a', 'local', one, two)], input: { open: [open('a', one, two)] }, plan: ['upload a'], settled: ['a'] },
    { name: 'C38 remote', ...trees, answers: [answer('a', 'remote', one, two)], input: { open: [open('a', one, two)] }, plan: ['download a'], settled: ['a'] },
    {
      name: 'C38 both',
      ...trees,
      answers: [answer('a', 'both', one, two)],
      input: { open: [open('a', one, two)] },
      plan: [`set-aside-local a -> ${aside('a')}`, 'download a'],
      settled: ['a'],
    },
    { name: 'C38 an answer beats the policy', ...trees, policy: 'keep_both', answers: [answer('a', 'local', one, two)], plan: ['upload a'] },
    { name: 'C38 this side moved on: the answer is void', ...trees, local: 'a=3', answers: [answer('a', 'local', one, two)], plan: [], conflicts: ['a'] },
    { name: 'C38 the other side moved on: the answer is void', ...trees, remote: 'a=3', answers: [answer('a', 'remote', one, two)], plan: [], conflicts: ['a'] },
    { name: 'C38 an answer for another path says nothing here', ...trees, answers: [answer('b', 'local', one, two)], plan: [], conflicts: ['a'] },
    { name: 'C38 both sides became equal meanwhile: settled', ...trees, local: 'a=3', remote: 'a=3', input: { open: [open('a', one, two)] }, plan: ['adopt a'], settled: ['a'] },
    { name: "C38 deleted here meanwhile: the other side's edit survives", ...trees, local: '', input: { open: [open('a', one, two)] }, plan: ['download a'], settled: ['a'] },
    { name: 'C73 the policy changed while a conflict is open', ...trees, policy: 'keep_local', input: { open: [open('a', one, two)] }, plan: ['upload a'], settled: ['a'] },
    { name: 'C38 still open: still listed', ...trees, input: { open: [open('a', one, two)] }, plan: [], conflicts: ['a'] },
    {
      name: 'C38 a sync limited to another path leaves it in the inbox',
      ...trees,
      local: 'a=1 b=1',
      input: { open: [open('a', one, two)], scope: relPath('b') },
      plan: ['upload b'],
      conflicts: ['a'],
    },
    {
      name: 'C38 a side that cannot be read just now leaves it in the inbox',
      ...trees,
      local: '',
      localProblems: [{ path: 'a', side: 'local', reason: 'unreadable', subtree: false }],
      input: { open: [open('a', one, two)] },
      plan: [],
      conflicts: ['a'],
      problems: ['local a: unreadable'],
    },
  ]);

  it('C38 an open conflict keeps the time it was first seen; a new content starts no new time', () => {
    const input = sceneInput({ ...trees, local: 'a=3', input: { open: [open('a', one, two, 77)] } });
    expect(plan(input).conflicts).toEqual([{ ...open('a', three, two, 77) }]);
  });
});
