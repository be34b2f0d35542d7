import { describe } from 'vitest';
import { tableOf } from '../testing/plan-table.ts';
import { aside } from '../testing/tree-dsl.ts';
import { relPath } from './rel-path.ts';

const step = (path: string): string => `set-aside-local ${path} -> ${aside(path)}`;
const stepThere = (path: string): string => `set-aside-remote ${path} -> ${aside(path, '', 'desktop')}`;

describe('a file becomes a folder and back (C7, C34)', () => {
  tableOf([
    { name: 'C7 file -> folder here', base: 'p=1 k=9', local: 'p/x=2 p/e/y=3 k=9', remote: 'p=1 k=9', plan: ['clear remove-remote p', 'make-remote-folder p', 'make-remote-folder p/e', 'upload p/e/y', 'upload p/x'] },
    { name: 'C7 file -> folder there', base: 'p=1 k=9', local: 'p=1 k=9', remote: 'p/x=2 p/e/y=3 k=9', plan: ['clear remove-local p', 'make-local-folder p', 'make-local-folder p/e', 'download p/e/y', 'download p/x'] },
    { name: 'C7 folder -> file here, clean children', base: 'p/x=1 p/e/y=2 k=9', local: 'p=3 k=9', remote: 'p/x=1 p/e/y=2 k=9', plan: ['clear remove-remote p/x', 'clear remove-remote p/e/y', 'clear remove-remote-folder p/e', 'clear remove-remote-folder p', 'upload p'] },
    { name: 'C7 folder -> file there, clean children', base: 'p/x=1 p/e/y=2 k=9', local: 'p/x=1 p/e/y=2 k=9', remote: 'p=3 k=9', plan: ['clear remove-local p/x', 'clear remove-local p/e/y', 'clear remove-local-folder p/e', 'clear remove-local-folder p', 'download p'] },
    { name: 'C7 folder -> file here, a child edited there: the file steps aside', base: 'p/x=1 p/y=2 k=9', local: 'p=3 k=9', remote: 'p/x=5 p/y=2 k=9', plan: [step('p'), 'make-local-folder p', 'download p/x', 'remove-remote p/y'] },
    { name: 'C7 folder -> file there, a child edited here', base: 'p/x=1 p/y=2 k=9', local: 'p/x=5 p/y=2 k=9', remote: 'p=3 k=9', plan: [stepThere('p'), 'make-remote-folder p', 'upload p/x', 'remove-local p/y'] },
    { name: 'C39 folder -> file here, a child added there', base: 'p/x=1 k=9', local: 'p=3 k=9', remote: 'p/x=1 p/n=5 k=9', plan: [step('p'), 'make-local-folder p', 'download p/n', 'remove-remote p/x'] },
    { name: 'C39 folder -> file there, a child added here', base: 'p/x=1 k=9', local: 'p/x=1 p/n=5 k=9', remote: 'p=3 k=9', plan: [stepThere('p'), 'make-remote-folder p', 'upload p/n', 'remove-local p/x'] },
    { name: 'C39 folder -> file here, an empty folder added there', base: 'p/x=1 k=9', local: 'p=3 k=9', remote: 'p/x=1 p/n/ k=9', plan: [step('p'), 'make-local-folder p', 'make-local-folder p/n', 'remove-remote p/x'] },
    { name: 'C7 empty folder -> file here', base: 'p/ k=9', local: 'p=3 k=9', remote: 'p/ k=9', plan: ['clear remove-remote-folder p', 'upload p'] },
    { name: 'C7 folder -> file here and the folder deleted there', base: 'p/x=1 k=9', local: 'p=3 k=9', remote: 'k=9', plan: ['forget p/x', 'upload p'] },
    { name: 'C7 folder -> file there and the folder deleted here', base: 'p/x=1 k=9', local: 'k=9', remote: 'p=3 k=9', plan: ['forget p/x', 'download p'] },
    { name: 'C7 folder -> the same file on both sides', base: 'p/x=1 k=9', local: 'p=3 k=9', remote: 'p=3 k=9', plan: ['adopt p', 'forget p/x'] },
    { name: 'C7 folder -> different files', base: 'p/x=1 k=9', local: 'p=3 k=9', remote: 'p=4 k=9', plan: ['forget p/x', step('p'), 'download p'] },
    { name: 'C7 file -> different folders: they merge', base: 'p=1 k=9', local: 'p/x=2 k=9', remote: 'p/y=3 k=9', plan: ['adopt p', 'upload p/x', 'download p/y'] },
    { name: 'C7 file -> folder here, file edited there', base: 'p=1 k=9', local: 'p/x=2 k=9', remote: 'p=4 k=9', plan: [stepThere('p'), 'make-remote-folder p', 'upload p/x'] },
    { name: 'C7 file -> folder there, file edited here', base: 'p=1 k=9', local: 'p=4 k=9', remote: 'p/x=2 k=9', plan: [step('p'), 'make-local-folder p', 'download p/x'] },
    { name: 'C7 folder -> file at two depths', base: 'p/q/r=1 k=9', local: 'p/q=2 k=9', remote: 'p/q/r=1 k=9', plan: ['clear remove-remote p/q/r', 'clear remove-remote-folder p/q', 'upload p/q'] },
    { name: 'C7 outer folder -> file here, inner folder -> file there: the inner is news', base: 'p/q/r=1 k=9', local: 'p=2 k=9', remote: 'p/q=3 k=9', plan: ['forget p/q/r', step('p'), 'make-local-folder p', 'download p/q'] },
    { name: 'C7 folder -> link here', base: 'p/x=1 k=9', local: 'p->t k=9', remote: 'p/x=1 k=9', plan: ['clear remove-remote p/x', 'clear remove-remote-folder p', 'upload p'] },
    { name: 'C7 folder -> link there, news here: the link steps aside', base: 'p/x=1 k=9', local: 'p/x=1 p/n=2 k=9', remote: 'p->t k=9', plan: [stepThere('p'), 'make-remote-folder p', 'upload p/n', 'remove-local p/x'] },
    { name: 'C63 link there, then a folder of files below it: room is made, nothing goes through the link', base: 'p->t k=9', local: 'p->t k=9', remote: 'p/x=1 k=9', plan: ['clear remove-local p', 'make-local-folder p', 'download p/x'] },
    { name: 'C67 folder -> file here, but something ignored lives there', base: 'p/x=1 k=9', local: 'p=3 k=9', remote: 'p/x=1 p/i.log=5 k=9', ignore: ['*.log'], plan: [step('p'), 'make-local-folder p', 'remove-remote p/x'] },
    { name: 'C67 folder -> file there, but something ignored lives here', base: 'p/x=1 k=9', local: { 'p/': { entry: { kind: 'folder' }, holdsIgnored: true }, 'p/x': '1', k: '9' }, remote: 'p=3 k=9', plan: [stepThere('p'), 'make-remote-folder p', 'remove-local p/x'] },
    { name: 'C67 the same one folder deeper', base: 'p/q/x=1 k=9', local: 'p/ p/q/! p/q/x=1 k=9', remote: 'p=3 k=9', plan: ['forget p/q', stepThere('p'), 'make-remote-folder p', 'remove-local p/q/x'] },
    { name: 'C12 folder -> file there, but a child here cannot be read', base: 'p/x=1 p/y=2 k=9', local: 'p/y=2 k=9', localProblems: [{ path: 'p/x', side: 'local', reason: 'unreadable', subtree: false }], remote: 'p=3 k=9', plan: [stepThere('p'), 'make-remote-folder p', 'remove-local p/y'], problems: ['local p/x: unreadable'] },
  ]);
});

describe('permission bits (C22)', () => {
  tableOf([
    { name: 'C22 chmod here', base: 'a=1', local: 'a=1@755', remote: 'a=1', plan: ['upload a (permissions changed here)'] },
    { name: 'C22 chmod there', base: 'a=1', local: 'a=1', remote: 'a=1@755', plan: ['set-local-mode a (permissions changed on the other side)'] },
    { name: 'C22 the same chmod on both sides', base: 'a=1', local: 'a=1@755', remote: 'a=1@755', plan: ['adopt a'] },
    { name: 'C22 different chmods: the store\'s bits win, no conflict', base: 'a=1', local: 'a=1@755', remote: 'a=1@600', plan: ['set-local-mode a'] },
    { name: 'C22 a side without bits says nothing about them', base: 'a=1', local: 'a=1@none', remote: 'a=1', plan: ['adopt a'] },
    { name: 'C22 bits the store lost are no change here', base: 'a=1@755', local: 'a=1@755', remote: 'a=1@none', plan: ['adopt a'] },
    { name: 'C22 chmod and edit here', base: 'a=1', local: 'a=2@755', remote: 'a=1', plan: ['upload a (edited here)'] },
    { name: 'C22 chmod here, deleted there: permissions are no edit', base: 'a=1 k=9', local: 'a=1@755 k=9', remote: 'k=9', plan: ['remove-local a'] },
    { name: 'C22 chmod here, edited there: the edit comes', base: 'a=1', local: 'a=1@755', remote: 'a=2', plan: ['download a'] },
    { name: 'C22 touched only: nothing to send', base: 'a=1', local: 'a=1', remote: 'a=1', plan: [] },
  ]);
});

describe('what cannot be seen is not gone (C12, C13, C21, L8)', () => {
  const unreadable = (path: string, subtree = false) => [{ path, side: 'local' as const, reason: 'unreadable' as const, subtree }];
  const there = (path: string, reason: 'unsafe-name' | 'corrupt' | 'file-and-folder' | 'failed', subtree = false) => [{ path, side: 'remote' as const, reason, subtree }];
  tableOf([
    { name: 'C13 unreadable file: no deletion', base: 'a=1 b=1', local: 'b=1', localProblems: unreadable('a'), remote: 'a=1 b=1', plan: [], problems: ['local a: unreadable'] },
    { name: 'C13 unreadable file, edited there: not replaced', base: 'a=1 b=1', local: 'b=1', localProblems: unreadable('a'), remote: 'a=2 b=1', plan: [], problems: ['local a: unreadable'] },
    { name: 'C13 unreadable file, deleted there: not deleted', base: 'a=1 b=1', local: 'b=1', localProblems: unreadable('a'), remote: 'b=1', plan: [], problems: ['local a: unreadable'] },
    { name: 'C13 unreadable folder: nothing in it is deleted', base: 'd/a=1 d/e/b=1 k=9', local: 'd/ k=9', localProblems: unreadable('d', true), remote: 'd/a=1 d/e/b=1 k=9', plan: [], problems: ['local d/**: unreadable'] },
    { name: 'C13 unreadable folder: nothing new is written into it', base: 'd/a=1 k=9', local: 'd/ k=9', localProblems: unreadable('d', true), remote: 'd/a=1 d/n=2 k=9', plan: [], problems: ['local d/**: unreadable'] },
    { name: 'C13 unreadable folder deleted there: it stays on both accounts', base: 'd/a=1 k=9', local: 'd/ k=9', localProblems: unreadable('d', true), remote: 'k=9', plan: [], problems: ['local d/**: unreadable'] },
    { name: 'C13 a folder deleted there lives on while something in it cannot be read', base: 'd/a=1 d/b=2 k=9', local: 'd/b=2 k=9', localProblems: unreadable('d/a'), remote: 'k=9', plan: ['make-remote-folder d', 'remove-local d/b'], problems: ['local d/a: unreadable'] },
    { name: 'C13 the rest goes on', base: 'a=1 b=1', local: 'b=2 c=3', localProblems: unreadable('a'), remote: 'a=1 b=1', plan: ['upload b', 'upload c'], problems: ['local a: unreadable'] },
    { name: 'C12 a file still being written', base: 'a=1', local: '', localProblems: [{ path: 'a', side: 'local', reason: 'changing', subtree: false }], remote: 'a=1', plan: [], problems: ['local a: changing'] },
    { name: 'C15 a pipe where the other side has a folder: nothing is written below it', local: 'k=9', base: 'k=9', localProblems: [{ path: 'p', side: 'local', reason: 'special-file', subtree: false }], remote: 'p/x=1 k=9', plan: [], problems: ['local p: special-file'] },
    { name: 'C12 a folder became a file that is still being written: its old children are not deleted yet', base: 'p/x=1 k=9', local: 'k=9', localProblems: [{ path: 'p', side: 'local', reason: 'changing', subtree: false }], remote: 'p/x=1 k=9', plan: [], problems: ['local p: changing'] },
    { name: 'C62 a hostile key is listed and touches nothing', base: 'k=9', local: 'k=9', remote: 'k=9', remoteProblems: there('../../etc/passwd', 'unsafe-name'), plan: [], problems: ['remote ../../etc/passwd: unsafe-name'] },
    { name: 'C62 keys that are no paths', base: 'k=9', local: 'k=9', remote: 'k=9', remoteProblems: [...there('/abs', 'unsafe-name'), ...there('a//b', 'unsafe-name'), ...there('.file-sync/vault.json', 'unsafe-name'), ...there('', 'unsafe-name')], plan: [], problems: ['remote /abs: unsafe-name', 'remote a//b: unsafe-name', 'remote .file-sync/vault.json: unsafe-name', 'remote : unsafe-name'] },
    { name: 'C58 a corrupt object is neither fetched nor overwritten', base: 'a=1', local: 'a=2', remote: '', remoteProblems: there('a', 'corrupt'), plan: [], problems: ['remote a: corrupt'] },
    { name: 'C58 a corrupt object deletes nothing here', base: 'a=1', local: 'a=1', remote: '', remoteProblems: there('a', 'corrupt'), plan: [], problems: ['remote a: corrupt'] },
    { name: 'scenario 34: the bucket holds both a and a/b', base: 'a=1', local: 'a=1', remote: '', remoteProblems: there('a', 'file-and-folder', true), plan: [], problems: ['remote a/**: file-and-folder'] },
    { name: 'C21 a name in invalid UTF-8 is listed', base: 'k=9', local: 'k=9', localProblems: [{ path: 'caf\uFFFD', side: 'local', reason: 'invalid-utf8-name', subtree: true }], remote: 'k=9', plan: [], problems: ['local caf\uFFFD/**: invalid-utf8-name'] },
    { name: 'L8 a problem below keeps the folder deleted here alive there', base: 'd/a=1 k=9', local: 'k=9', remote: 'd/ k=9', remoteProblems: there('d/a', 'failed'), plan: ['make-local-folder d'], problems: ['remote d/a: failed'] },
  ]);
});

describe('one way only', () => {
  const up = { input: { direction: 'upload_only' as const } };
  const down = { input: { direction: 'download_only' as const } };
  const trees = { base: 'in=1 out=1 dl=1 dr=1', local: 'in=1 out=2 dr=1 new=3', remote: 'in=2 out=1 dl=1 far=4' };
  tableOf([
    { name: 'upload only', ...trees, ...up, plan: ['upload new', 'upload out', 'remove-remote dl'] },
    { name: 'download only', ...trees, ...down, plan: ['download far', 'download in', 'remove-local dr'] },
    { name: 'upload only: edit against edit, this side is kept', base: 'a=0', local: 'a=1', remote: 'a=2', policy: 'manual', ...up, plan: ['upload a'] },
    { name: 'download only: edit against edit, this side steps aside', base: 'a=0', local: 'a=1', remote: 'a=2', policy: 'keep_local', ...down, plan: [step('a'), 'download a'] },
    { name: 'upload only: chmod there is left', base: 'a=1', local: 'a=1', remote: 'a=1@755', ...up, plan: [] },
    { name: 'download only: chmod here is left', base: 'a=1', local: 'a=1@755', remote: 'a=1', ...down, plan: [] },
    { name: 'upload only: a folder deleted here is not made again for news there', base: 'd/a=1 k=9', local: 'k=9', remote: 'd/a=1 d/n=2 k=9', ...up, plan: ['remove-remote d/a'] },
    { name: 'download only: a folder deleted there is not made again for news here', base: 'd/a=1 k=9', local: 'd/a=1 d/n=2 k=9', remote: 'k=9', ...down, plan: ['remove-local d/a'] },
    { name: 'download only: a folder deleted here comes back for news in it', base: 'd/ k=9', local: 'k=9', remote: 'd/n=2 k=9', ...down, plan: ['make-local-folder d', 'download d/n'] },
    { name: 'upload only: a folder deleted there comes back for news in it', base: 'd/ k=9', local: 'd/n=2 k=9', remote: 'k=9', ...up, plan: ['make-remote-folder d', 'upload d/n'] },
    { name: 'upload only: file here, unknown folder there: nothing here may step aside', base: 'k=9', local: 'p=1 k=9', remote: 'p/x=2 k=9', ...up, plan: [], problems: ['remote p/**: file-and-folder'] },
    { name: 'upload only: folder here, unknown file there: it steps aside there', base: 'k=9', local: 'p/x=1 k=9', remote: 'p=2 k=9', ...up, plan: [stepThere('p'), 'make-remote-folder p', 'upload p/x'] },
    { name: 'download only: folder here, unknown file there: nothing there may step aside', base: 'k=9', local: 'p/x=1 k=9', remote: 'p=2 k=9', ...down, plan: [], problems: ['remote p/**: file-and-folder'] },
    { name: 'download only: file here, unknown folder there', base: 'k=9', local: 'p=1 k=9', remote: 'p/x=2 k=9', ...down, plan: [step('p'), 'make-local-folder p', 'download p/x'] },
    { name: 'upload only: a folder became a file there, news here: the file steps aside there', base: 'p/x=1 k=9', local: 'p/x=1 p/n=2 k=9', remote: 'p=3 k=9', ...up, plan: [stepThere('p'), 'make-remote-folder p', 'upload p/n'] },
    { name: 'upload only: a folder became a file there, no news here: left', base: 'p/x=1 k=9', local: 'p/x=1 k=9', remote: 'p=3 k=9', ...up, plan: [] },
    { name: 'download only: a folder became a file here, news there', base: 'p/x=1 k=9', local: 'p=3 k=9', remote: 'p/x=1 p/n=2 k=9', ...down, plan: [step('p'), 'make-local-folder p', 'download p/n'] },
    { name: 'download only: equal files are adopted', local: 'a=1', remote: 'a=1', ...down, plan: ['adopt a'] },
    { name: 'upload only, forced: what the other side edited is not overwritten', base: 'a=1 b=1', local: 'a=1 b=1', remote: 'a=2 b=1', input: { direction: 'upload_only', force: true }, plan: ['upload b (sent again by order)'] },
    { name: 'download only, forced: nothing is sent', base: 'a=1', local: 'a=1', remote: 'a=1', input: { direction: 'download_only', force: true }, plan: [] },
  ]);
});

describe('--path and --force', () => {
  const scope = (path: string) => ({ input: { scope: relPath(path) } });
  tableOf([
    { name: '--path: only that file', base: 'a=1 b=1', local: 'a=2 b=2', remote: 'a=1 b=1', ...scope('a'), plan: ['upload a'] },
    { name: '--path: only that folder', base: 'd/a=1 e/b=1', local: 'd/a=2 e/b=2', remote: 'd/a=1 e/b=1', ...scope('d'), plan: ['upload d/a'] },
    { name: '--path: a name that merely begins alike is out', base: 'd/a=1 dd=1', local: 'd/a=2 dd=2', remote: 'd/a=1 dd=1', ...scope('d'), plan: ['upload d/a'] },
    { name: '--path: the folders above come along', local: 'd/e/a=1 d/b=2', remote: '', ...scope('d/e/a'), plan: ['make-remote-folder d', 'make-remote-folder d/e', 'upload d/e/a'] },
    { name: '--path: the folders above come along, downwards', local: '', remote: 'd/e/a=1 d/b=2', ...scope('d/e'), plan: ['make-local-folder d', 'make-local-folder d/e', 'download d/e/a'] },
    { name: '--path: a deletion outside is no part of it', base: 'd/a=1 b=1', local: 'd/a=2', remote: 'd/a=1 b=1', ...scope('d'), plan: ['upload d/a'] },
    { name: '--path: the folder above was deleted here, its edit there survives: it comes back', base: 'd/x=1 d/y=1 k=9', local: 'k=9', remote: 'd/x=2 d/y=1 k=9', ...scope('d/x'), plan: ['make-local-folder d', 'download d/x'] },
    { name: '--path: the folder above was deleted there, the edit here survives', base: 'd/x=1 d/y=1 k=9', local: 'd/x=2 d/y=1 k=9', remote: 'k=9', ...scope('d/x'), plan: ['make-remote-folder d', 'upload d/x'] },
    { name: '--path: the folder above was deleted here, and so was the file', base: 'd/x=1 d/y=1 k=9', local: 'k=9', remote: 'd/x=1 d/y=1 k=9', ...scope('d/x'), plan: ['remove-remote d/x'] },
    { name: '--path below what is a file there: listed, nothing done', base: 'd=1 k=9', local: 'd/x=2 k=9', remote: 'd=1 k=9', ...scope('d/x'), plan: [], problems: ['remote d/**: file-and-folder'] },
    { name: '--path below what is a file here: listed, nothing done', base: 'd=1 k=9', local: 'd=1 k=9', remote: 'd/x=2 k=9', ...scope('d/x'), plan: [], problems: ['local d/**: file-and-folder'] },
    { name: '--path: a kind change at the path itself', base: 'd=1 k=9', local: 'd/x=2 k=9', remote: 'd=1 k=9', ...scope('d'), plan: ['clear remove-remote d', 'make-remote-folder d', 'upload d/x'] },
    { name: '--path: a rename out of it is a deletion there and a new file elsewhere', base: 'd/a=1 k=9', local: 'b=1 k=9', remote: 'd/a=1 k=9', ...scope('d'), plan: ['remove-remote d/a', 'remove-remote-folder d'] },
    { name: '--path: folders above that nothing in it needs are left (found at random)', base: 'a/a=0 k=9', local: 'a/b/a=0 k=9', remote: 'b/a=0 k=9', ...scope('a/b/c'), plan: [] },
    { name: '--path to nothing', base: 'a=1', local: 'a=2', remote: 'a=1', ...scope('zzz'), plan: [] },
    { name: '--force sends what is in sync once more', base: 'a=1 d/b=2 l->x', local: 'a=1 d/b=2 l->x', remote: 'a=1 d/b=2 l->x', input: { force: true }, plan: ['upload a (sent again by order)', 'upload d/b', 'upload l'] },
    { name: '--force does not overrule what the other side changed', base: 'a=1 b=1', local: 'a=1 b=1', remote: 'a=2 b=1', input: { force: true }, plan: ['download a', 'upload b'] },
    { name: '--force on a first pairing adopts and sends', local: 'a=1', remote: 'a=1', input: { force: true }, plan: ['adopt a', 'upload a'] },
    { name: '--force leaves a waiting conflict alone', base: 'a=0 b=1', local: 'a=1 b=1', remote: 'a=2 b=1', policy: 'manual', input: { force: true }, plan: ['upload b'], conflicts: ['a'] },
    { name: '--force --path sends only what is there', base: 'a=1 d/b=2', local: 'a=1 d/b=2', remote: 'a=1 d/b=2', input: { force: true, scope: relPath('d') }, plan: ['upload d/b'] },
    { name: '--force does not send what cannot be read', base: 'a=1 b=1', local: 'b=1', localProblems: [{ path: 'a', side: 'local', reason: 'unreadable', subtree: false }], remote: 'a=1 b=1', input: { force: true }, plan: ['upload b'], problems: ['local a: unreadable'] },
  ]);
});
