import { describe, expect, it } from 'vitest';
import { actionLine, fileEntry, type Scene, sceneInput, stampOf, versionOf } from '../testing/tree-dsl.ts';
import { absorbIntents } from './absorb.ts';
import type { Entry, Remote, Stamp, Version } from './entry.ts';
import type { Intent } from './intent.ts';
import { plan } from './plan.ts';
import { type RelPath, relPath } from './rel-path.ts';

const p = relPath('p');
const [one, two, three] = [fileEntry('1'), fileEntry('2'), fileEntry('3')];
const folder: Entry = { kind: 'folder' };
const put = (entry: Entry, path = p): Intent => ({ kind: 'remote-write', op: 'mine', path, entry });
const del = (entry: Entry, path = p): Intent => ({ kind: 'remote-remove', op: 'mine', path, version: versionOf(path, entry) });
const get = (entry: Entry, path = p): Intent => ({ kind: 'local-write', op: 'mine', path, entry, version: versionOf(path, entry) });
const drop = (entry: Entry, path = p): Intent => ({ kind: 'local-remove', op: 'mine', path, stamp: stampOf(path, entry) });

interface AbsorbCase extends Scene {
  readonly name: string;
  readonly intents: readonly Intent[];
  /** Operation id found on what the other side holds at a path. */
  readonly ops?: Readonly<Record<string, string>>;
  readonly plan: readonly string[];
}

const CASES: readonly AbsorbCase[] = [
  { name: 'S92 own new file stored, answer lost', local: 'p=1', remote: 'p=1', intents: [put(one)], ops: { p: 'mine' }, plan: ['adopt p'] },
  { name: 'S44 own new file stored, then edited here: an edit, no conflict', local: 'p=2', remote: 'p=1', intents: [put(one)], ops: { p: 'mine' }, plan: ['upload p'] },
  { name: 'own edit stored, then edited here again', base: 'p=1', local: 'p=3', remote: 'p=2', intents: [put(two)], ops: { p: 'mine' }, plan: ['upload p'] },
  {
    name: 'own edit stored, then deleted here: the deletion goes there',
    base: 'p=1',
    local: '',
    remote: 'p=2',
    intents: [put(two)],
    ops: { p: 'mine' },
    plan: ['remove-remote p'],
  },
  { name: 'own edit stored without operation ids: the content tells', base: 'p=1', local: 'p=3', remote: 'p=2', intents: [put(two)], plan: ['upload p'] },
  { name: 'own edit not stored: nothing changes', base: 'p=1', local: 'p=2', remote: 'p=1', intents: [put(two)], plan: ['upload p'] },
  { name: 'own new file not stored: nothing changes', local: 'p=1', remote: '', intents: [put(one)], plan: ['upload p'] },
  { name: 'own new file not stored, deleted here: nothing there', local: '', remote: '', intents: [put(one)], plan: [] },
  {
    name: 'own put lost to another device: a conflict',
    base: 'p=1',
    local: 'p=2',
    remote: 'p=3',
    intents: [put(two)],
    ops: { p: 'theirs' },
    plan: ['set-aside-local p -> p.conflict-laptop-20260102-030405', 'download p'],
  },
  {
    name: 'two tries, the first one was stored',
    base: 'p=1',
    local: 'p=3',
    remote: 'p=2',
    intents: [{ ...put(two), op: 'first' }, put(three)],
    ops: { p: 'first' },
    plan: ['upload p'],
  },
  { name: 'own folder made', local: 'p/', remote: 'p/', intents: [put(folder)], ops: { p: 'mine' }, plan: [] },
  { name: 'own folder made, then removed here', local: '', remote: 'p/', intents: [put(folder)], ops: { p: 'mine' }, plan: ['remove-remote-folder p'] },

  { name: 'own deletion done, answer lost', base: 'p=1', local: '', remote: '', intents: [del(one)], plan: [] },
  {
    name: 'S45 own deletion done, the same content made again here: it is new',
    base: 'p=1',
    local: 'p=1',
    remote: '',
    intents: [del(one)],
    plan: ['upload p (new here)'],
  },
  { name: 'without the intent it would be deleted: what the journal is for', base: 'p=1', local: 'p=1', remote: '', intents: [], plan: ['remove-local p'] },
  { name: 'own deletion done, other content made here', base: 'p=1', local: 'p=2', remote: '', intents: [del(one)], plan: ['upload p (new here)'] },
  { name: 'own deletion not done', base: 'p=1', local: '', remote: 'p=1', intents: [del(one)], plan: ['remove-remote p'] },
  { name: 'own deletion not done, made again here', base: 'p=1', local: 'p=1', remote: 'p=1', intents: [del(one)], plan: [] },
  {
    name: 'own deletion perhaps done, then another device made the name anew: what is here is no longer agreed',
    base: 'p=1',
    local: 'p=1',
    remote: 'p=2',
    intents: [del(one)],
    ops: { p: 'theirs' },
    plan: ['set-aside-local p -> p.conflict-laptop-20260102-030405', 'download p'],
  },
  {
    name: 'own deletion perhaps done, and own new file there since',
    base: 'p=1',
    local: 'p=3',
    remote: 'p=2',
    intents: [del(one), put(two)],
    ops: { p: 'mine' },
    plan: ['upload p'],
  },
  { name: 'own deletion of an older version says nothing about this one', base: 'p=2', local: 'p=2', remote: '', intents: [del(one)], plan: ['remove-local p'] },
  { name: 'own deletion done, another device stored something since', base: 'p=1', local: '', remote: 'p=2', intents: [del(one)], plan: ['download p'] },

  { name: 'S93 downloaded, not recorded', base: 'p=1', local: 'p=2', remote: 'p=2', intents: [get(two)], plan: ['adopt p'] },
  { name: 'downloaded, not recorded, another version came: no conflict', base: 'p=1', local: 'p=2', remote: 'p=3', intents: [get(two)], plan: ['download p'] },
  { name: 'downloaded, not recorded, then deleted there', base: 'p=1', local: 'p=2', remote: '', intents: [get(two)], plan: ['remove-local p'] },
  { name: 'downloaded new, not recorded, then deleted there', local: 'p=2', remote: '', intents: [get(two)], plan: ['remove-local p'] },
  { name: 'not downloaded', base: 'p=1', local: 'p=1', remote: 'p=2', intents: [get(two)], plan: ['download p'] },
  { name: "not downloaded, deleted here: the other side's edit survives", base: 'p=1', local: '', remote: 'p=2', intents: [get(two)], plan: ['download p'] },
  {
    name: 'not downloaded, edited here: a conflict',
    base: 'p=1',
    local: 'p=3',
    remote: 'p=2',
    intents: [get(two)],
    plan: ['set-aside-local p -> p.conflict-laptop-20260102-030405', 'download p'],
  },

  {
    name: 'deleted here by us, not recorded, then made there again with the same content: it is new',
    base: 'p=1',
    local: '',
    remote: 'p=1',
    intents: [drop(one)],
    plan: ['download p (new on the other side)'],
  },
  { name: 'deleted here by us, not recorded', base: 'p=1', local: '', remote: '', intents: [drop(one)], plan: [] },
  { name: 'not deleted here yet', base: 'p=1', local: 'p=1', remote: '', intents: [drop(one)], plan: ['remove-local p'] },
  { name: 'not deleted here, edited meanwhile', base: 'p=1', local: 'p=2', remote: '', intents: [drop(one)], plan: ['upload p'] },

  { name: 'moved there, not recorded', base: 'p=1', local: 'q=1', remote: 'q=1', intents: [put(one, relPath('q')), del(one)], ops: { q: 'mine' }, plan: ['adopt q'] },
  {
    name: 'copied there, old name not yet removed',
    base: 'p=1',
    local: 'q=1',
    remote: 'p=1 q=1',
    intents: [put(one, relPath('q')), del(one)],
    ops: { q: 'mine' },
    plan: ['adopt q', 'remove-remote p'],
  },
  { name: 'moved here, not recorded', base: 'p=1', local: 'q=1', remote: 'q=1', intents: [get(one, relPath('q')), drop(one)], plan: ['adopt q'] },
  {
    name: 'moved here, not recorded, then moved on here',
    base: 'p=1',
    local: 'r=1',
    remote: 'q=1',
    intents: [get(one, relPath('q')), drop(one)],
    plan: ['download q', 'upload r'],
  },
  {
    name: 'moved there, not recorded, then moved on here: a further move',
    base: 'p=1',
    local: 'r=1',
    remote: 'q=1',
    intents: [put(one, relPath('q')), del(one)],
    ops: { q: 'mine' },
    plan: ['move-remote q -> r'],
  },
];

describe('own deeds that were done but never recorded (C48, C51)', () => {
  it.each(CASES)('C48 $name', (c) => {
    const input = sceneInput({ ...c, input: { releaseHeld: true } });
    const remote = new Map<RelPath, Remote>([...input.remote.entries].map(([path, r]) => [path, { ...r, op: c.ops?.[path] ?? null }]));
    const there = { ...input.remote, entries: remote };
    const base = absorbIntents(input.base, c.intents, input.local, there);
    const lines = plan({ ...input, remote: there, base }).actions.map(({ action, stage }) => actionLine(action, stage));
    expect(lines.map((line, i) => (c.plan[i]?.includes(' (') ? line : line.replace(/ \(.*$/, '')))).toEqual(c.plan);
  });

  it('changes no snapshot it was given', () => {
    const input = sceneInput({ base: 'p=1', local: 'p=2', remote: 'p=2' });
    const before = [...input.base];
    absorbIntents(input.base, [put(two)], input.local, input.remote);
    expect([...input.base]).toEqual(before);
  });

  it('without intents it returns the base itself', () => {
    const input = sceneInput({ base: 'p=1' });
    expect(absorbIntents(input.base, [], input.local, input.remote)).toBe(input.base);
  });
});

describe('stamps and versions that moved on under equal content (S03, C46)', () => {
  const restored = (scene: Scene, side: 'local' | 'remote') => {
    const input = sceneInput(scene);
    const anew = <T extends object>(entries: ReadonlyMap<RelPath, T>): ReadonlyMap<RelPath, T> =>
      new Map([...entries].map(([path, e]) => [path, { ...e, ...(side === 'local' ? { stamp: 'other' as Stamp } : { version: 'other' as Version }) }]));
    const made = plan({ ...input, [side]: { ...input[side], entries: side === 'local' ? anew(input.local.entries) : anew(input.remote.entries) } });
    return made.actions.map(({ action, stage }) => actionLine(action, stage).replace(/ \(.*$/, ''));
  };
  it('touched here: remembered, nothing sent', () => expect(restored({ base: 'p=1', local: 'p=1', remote: 'p=1' }, 'local')).toEqual(['adopt p']));
  it('stored again there: remembered, nothing fetched', () => expect(restored({ base: 'p=1', local: 'p=1', remote: 'p=1' }, 'remote')).toEqual(['adopt p']));
  it('stored again there, edited here: no conflict', () => expect(restored({ base: 'p=1', local: 'p=2', remote: 'p=1' }, 'remote')).toEqual(['upload p']));
  it('stored again there, deleted here: the deletion holds', () =>
    expect(restored({ base: 'p=1 k=1', local: 'k=1', remote: 'p=1 k=1' }, 'remote')).toEqual(['adopt k', 'remove-remote p']));
  it('touched here, deleted there: the deletion holds', () =>
    expect(restored({ base: 'p=1 k=1', local: 'p=1 k=1', remote: 'k=1' }, 'local')).toEqual(['adopt k', 'remove-local p']));
  it('touched here, edited there: no conflict', () => expect(restored({ base: 'p=1', local: 'p=1', remote: 'p=2' }, 'local')).toEqual(['download p']));
  it("a folder's own times are nothing", () =>
    expect([...restored({ base: 'd/', local: 'd/', remote: 'd/' }, 'local'), ...restored({ base: 'd/', local: 'd/', remote: 'd/' }, 'remote')]).toEqual([]));
});
