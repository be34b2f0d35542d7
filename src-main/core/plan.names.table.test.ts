import { describe, expect, it } from 'vitest';
import { tableOf } from '../testing/plan-table.ts';
import { aside, fileEntry, sceneInput } from '../testing/tree-dsl.ts';
import { alignNormalisation } from './collisions.ts';
import { plan } from './plan.ts';
import { type RelPath, relPath } from './rel-path.ts';

describe('paths that become ignored, or not (C67)', () => {
  const junk = ['*.log', 'build/'];
  tableOf([
    {
      name: 'C67 a synced file becomes ignored: forgotten, kept on both sides',
      base: 'a.log=1 k=9',
      local: 'k=9',
      remote: 'a.log=1 k=9',
      ignore: junk,
      plan: ['forget a.log (ignored: left alone on both sides)'],
    },
    { name: 'C67 ignored and edited there: left alone', base: 'a.log=1 k=9', local: 'k=9', remote: 'a.log=2 k=9', ignore: junk, plan: ['forget a.log'] },
    { name: 'C67 ignored and gone there', base: 'a.log=1 k=9', local: 'k=9', remote: 'k=9', ignore: junk, plan: ['forget a.log'] },
    { name: 'C67 ignored and never synced: nothing', base: 'k=9', local: 'k=9', remote: 'a.log=1 k=9', ignore: junk, plan: [] },
    {
      name: 'C67 an ignored folder with all in it',
      base: 'build/x=1 build/y/z=2 k=9',
      local: 'k=9',
      remote: 'build/x=1 build/y/z=2 k=9',
      ignore: junk,
      plan: ['forget build', 'forget build/x', 'forget build/y', 'forget build/y/z'],
    },
    { name: 'C67 a folder rule does not hold for a file of that name', base: 'build=1 k=9', local: 'k=9', remote: 'build=1 k=9', ignore: junk, plan: ['remove-remote build'] },
    { name: 'C67 no longer ignored, equal: adopted', base: 'k=9', local: 'a.log=1 k=9', remote: 'a.log=1 k=9', plan: ['adopt a.log'] },
    {
      name: 'C67 no longer ignored, different: a conflict, nothing lost',
      base: 'k=9',
      local: 'a.log=1 k=9',
      remote: 'a.log=2 k=9',
      plan: [`set-aside-local a.log -> ${aside('a', '.log')}`, 'download a.log'],
    },
    { name: 'C67 no longer ignored, only here', base: 'k=9', local: 'a.log=1 k=9', remote: 'k=9', plan: ['upload a.log'] },
    { name: 'C67 no longer ignored, only there', base: 'k=9', local: 'k=9', remote: 'a.log=1 k=9', plan: ['download a.log'] },
    {
      name: 'C67 one file of a folder is ignored, the rest is synced',
      base: 'd/a=1 d/b.log=2 k=9',
      local: 'd/! d/a=3 k=9',
      remote: 'd/a=1 d/b.log=2 k=9',
      ignore: junk,
      plan: ['forget d/b.log', 'upload d/a'],
    },
    { name: 'a folder with only ignored things in it is not sent', base: 'k=9', local: 'd/! k=9', remote: 'k=9', plan: [] },
    { name: 'a folder whose sub-folder holds only ignored things is not sent', base: 'k=9', local: 'd/e/! k=9', remote: 'k=9', plan: [] },
    { name: 'a folder with ignored things and one file is sent', base: 'k=9', local: 'd/! d/a=1 k=9', remote: 'k=9', plan: ['make-remote-folder d', 'upload d/a'] },
    {
      name: 'a folder with ignored things and a truly empty folder is sent',
      base: 'k=9',
      local: 'd/! d/e/ k=9',
      remote: 'k=9',
      plan: ['make-remote-folder d', 'make-remote-folder d/e'],
    },
    { name: 'an empty folder is sent', base: 'k=9', local: 'd/ k=9', remote: 'k=9', plan: ['make-remote-folder d'] },
    { name: 'C67 a folder deleted there holds ignored things here: they stay', base: 'd/a=1 k=9', local: 'd/! d/a=1 k=9', remote: 'k=9', plan: ['forget d', 'remove-local d/a'] },
    {
      name: 'C67 the same, deeper',
      base: 'd/e/a=1 d/f/b=2 k=9',
      local: 'd/e/! d/e/a=1 d/f/b=2 k=9',
      remote: 'k=9',
      plan: ['forget d', 'forget d/e', 'remove-local d/e/a', 'remove-local d/f/b', 'remove-local-folder d/f'],
    },
    {
      name: 'C67 a folder deleted here holds ignored things there: they stay, and no empty folder comes back',
      base: 'd/a=1 k=9',
      local: 'k=9',
      remote: 'd/a=1 d/i.log=5 k=9',
      ignore: junk,
      plan: ['forget d', 'remove-remote d/a'],
    },
    { name: 'a folder there with only ignored things in it is not fetched', base: 'k=9', local: 'k=9', remote: 'd/build/x=1 k=9', ignore: junk, plan: [] },
    {
      name: 'a folder there with ignored things and a file is fetched',
      base: 'k=9',
      local: 'k=9',
      remote: 'd/build/x=1 d/a=1 k=9',
      ignore: junk,
      plan: ['make-local-folder d', 'download d/a'],
    },
    {
      name: 'C32 deleted there, ignored things and an edit here: the folder comes back for the edit',
      base: 'd/a=1 k=9',
      local: 'd/! d/a=2 k=9',
      remote: 'k=9',
      plan: ['make-remote-folder d', 'upload d/a'],
    },
  ]);
});

describe('a disk that takes two names for one (C18, C19)', () => {
  const folds = { input: { localFoldsNames: true } };
  const nfc = 'caf\u00e9';
  const nfd = 'cafe\u0301';
  tableOf([
    {
      name: 'C19 two names there, one is here: the other is listed, untouched',
      base: 'a=1',
      local: 'a=1',
      remote: 'a=1 A=2',
      ...folds,
      plan: [],
      problems: ['remote A/**: name-collision'],
    },
    { name: 'C19 two new names there: the first in order comes', remote: 'a=1 A=2', ...folds, plan: ['download A'], problems: ['remote a/**: name-collision'] },
    { name: 'C19 on a disk that tells cases apart both come', remote: 'a=1 A=2', plan: ['download A', 'download a'] },
    {
      name: 'C19 a folder there under another case: all in it is listed',
      base: 'D/x=1',
      local: 'D/x=1',
      remote: 'D/x=1 d/y=2',
      ...folds,
      plan: [],
      problems: ['remote d/**: name-collision'],
    },
    { name: 'C10 case-only rename there: moved here', base: 'a=1 k=9', local: 'a=1 k=9', remote: 'A=1 k=9', ...folds, plan: ['move-local a -> A'] },
    { name: 'C10 case-only rename here: moved there', base: 'a=1 k=9', local: 'A=1 k=9', remote: 'a=1 k=9', ...folds, plan: ['move-remote a -> A'] },
    {
      name: 'C10 S66 a folder renamed in case only there: it takes the new spelling here, what lies in it follows',
      base: 'd/a=1 d/e/ k=9',
      local: 'd/a=1 d/e/ k=9',
      remote: 'D/a=1 D/E/ k=9',
      ...folds,
      plan: ['move-local d -> D (renamed in case only on the other side)', 'move-local d/e -> D/E', 'move-local d/a -> D/a'],
    },
    {
      name: 'C18 NFC and NFD of one name there',
      base: { [nfc]: '1' },
      local: { [nfc]: '1' },
      remote: { [nfc]: '1', [nfd]: '2' },
      ...folds,
      plan: [],
      problems: [`remote ${nfd}/**: name-collision`],
    },
    { name: 'C18 on a disk that tells them apart both are files', base: { [nfc]: '1' }, local: { [nfc]: '1' }, remote: { [nfc]: '1', [nfd]: '2' }, plan: [`download ${nfd}`] },
    {
      name: 'C19 edited here, renamed in case there: the edit stays, the new name is listed',
      base: 'a=1 k=9',
      local: 'a=2 k=9',
      remote: 'A=1 k=9',
      ...folds,
      plan: ['upload a'],
      problems: ['remote A/**: name-collision'],
    },
    { name: 'C19 a listed name deletes nothing when the other goes', base: 'a=1 k=9', local: 'k=9', remote: 'a=1 A=2 k=9', ...folds, plan: ['download A', 'remove-remote a'] },
  ]);

  it('C18 a name the disk gives back in another form is its partner; what lies below follows', () => {
    const value = fileEntry('1');
    const local = new Map([nfd, `${nfd}/a`, `${nfd}/new`].map((p) => [relPath(p), value]));
    const partners = new Set([nfc, `${nfc}/a`].map((p) => relPath(p)));
    expect([...alignNormalisation(local, (p) => partners.has(p), partners).keys()].sort()).toEqual([nfc, `${nfc}/a`, `${nfc}/new`].sort());
  });

  it('C18 two partners for one name: none is taken', () => {
    const other = '\u1e9b\u0323'.normalize('NFC');
    const forms = ['\u1e9b\u0323', '\u017f\u0323\u0307'.normalize('NFD')];
    const local: ReadonlyMap<RelPath, number> = new Map([[relPath('\u017f\u0307\u0323'), 1]]);
    const partners = new Set([other, ...forms].map((p) => relPath(p)).filter((p) => !local.has(p)));
    expect(partners.size).toBeGreaterThan(1);
    expect([...alignNormalisation(local, (p) => partners.has(p), partners).keys()]).toEqual([...local.keys()]);
  });

  it('C18 two names here never become one', () => {
    const local = new Map([
      [relPath('\u017f\u0307\u0323'), 1],
      [relPath('\u017f\u0323\u0307'), 2],
    ]);
    const partners = new Set([relPath('\u1e9b\u0323')]);
    const aligned = alignNormalisation(local, (p) => partners.has(p), partners);
    expect([...aligned.values()].sort()).toEqual([1, 2]);
  });
});

describe('mass deletions wait (I8)', () => {
  const files = (n: number, from = 0, prefix = 'f'): Record<string, string> => Object.fromEntries(Array.from({ length: n }, (_, i) => [`${prefix}${i + from}`, `c${i + from}`]));
  const run = (base: Record<string, string>, local: Record<string, string>, remote: Record<string, string>, input = {}) => plan(sceneInput({ base, local, remote, input }));
  const kinds = (made: ReturnType<typeof run>): Record<string, number> => {
    const count: Record<string, number> = {};
    for (const { action } of made.actions) count[action.kind] = (count[action.kind] ?? 0) + 1;
    return count;
  };

  it('I8 51 of 200 deleted here: held', () => {
    const made = run(files(200), files(149), files(200));
    expect(made.actions).toEqual([]);
    expect(made.held).toMatchObject([{ side: 'remote', why: 'too-many' }]);
    expect(made.held[0]?.actions).toHaveLength(51);
  });
  it('I8 50 of 200: not more than 50 files', () => expect(kinds(run(files(200), files(150), files(200)))).toEqual({ 'remove-remote': 50 }));
  it('I8 51 of 204: not more than 25 %', () => expect(kinds(run(files(204), files(153), files(204)))).toEqual({ 'remove-remote': 51 }));
  it('I8 51 of 203: more than 25 %', () => expect(run(files(203), files(152), files(203)).held).toHaveLength(1));
  it('I8 deleted there: held here', () => expect(run(files(200), files(200), files(149)).held).toMatchObject([{ side: 'local', why: 'too-many' }]));
  it('I8 both sides each too many', () =>
    expect(run(files(300), files(200), files(200, 100)).held.map((h) => [h.side, h.actions.length])).toEqual([
      ['local', 100],
      ['remote', 100],
    ]));
  it('I8 each side below the limits: nothing is held though both together are above', () => expect(run(files(160), files(120), files(120, 40)).held).toEqual([]));
  it('I8 the root emptied, two files', () => expect(run(files(2), {}, files(2)).held).toMatchObject([{ side: 'remote', why: 'root-emptied' }]));
  it('I8 the other side emptied', () => expect(run(files(2), files(2), {}).held).toMatchObject([{ side: 'local', why: 'root-emptied' }]));
  it('I8 the only file deleted is no emptied root', () => expect(kinds(run(files(1), {}, files(1)))).toEqual({ 'remove-remote': 1 }));
  it('I8 folders with the held files wait too', () => {
    const made = run(files(3, 0, 'd/'), {}, files(3, 0, 'd/'));
    expect(made.actions).toEqual([]);
    expect(made.held[0]?.actions.map((a) => `${a.kind} ${a.path}`)).toEqual(['remove-remote-folder d', 'remove-remote d/0', 'remove-remote d/1', 'remove-remote d/2']);
  });
  it('I8 the rest goes on', () => {
    const made = run(files(200), { ...files(100), new: '1', f0: 'edited' }, { ...files(200), far: '2' });
    expect(kinds(made)).toEqual({ upload: 2, download: 1 });
    expect(made.held[0]?.actions).toHaveLength(100);
  });
  it('I8 renames do not count', () =>
    expect(kinds(run(files(200, 0, 'd/'), files(200, 0, 'n/'), files(200, 0, 'd/')))).toEqual({ 'make-remote-folder': 1, 'move-remote': 200, 'remove-remote-folder': 1 }));
  it('I8 released', () => expect(kinds(run(files(200), files(100), files(200), { releaseHeld: true }))).toEqual({ 'remove-remote': 100 }));
  it('I8 the limits are settings', () => expect(run(files(10), files(8), files(10), { guard: { files: 1, fraction: 0.1, rewrites: 20 } }).held[0]?.actions).toHaveLength(2));
  it('I8 a folder of many became a file: what should take its place waits with the deletions', () => {
    const made = run({ ...files(100, 0, 'd/'), k: '9' }, { d: 'file', k: '9', other: '1' }, { ...files(100, 0, 'd/'), k: '9' });
    expect(kinds(made)).toEqual({ upload: 1 });
    expect(made.actions[0]?.action.path).toBe('other');
    expect(made.held[0]?.actions).toHaveLength(101);
  });
  it('I8 many files became folders there: held with all that would come into them', () => {
    const folders = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`f${i}/x`, 'y']));
    const made = run(files(60), files(60), folders);
    expect(made.actions).toEqual([]);
    expect(made.held[0]?.actions).toHaveLength(60);
  });
  it('I8 S57 20,000 folders became files: planned and held in linear time', () => {
    const folders = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`p${i}/x`, 'y']));
    const made = run(folders, files(20_000, 0, 'p'), folders);
    expect(made.actions).toEqual([]);
    expect(made.held[0]?.actions).toHaveLength(40_000);
  });
  it('I8 a first pairing holds nothing', () => expect(run({}, files(100), files(100, 200)).held).toEqual([]));
  it('I8 what another device deleted too is no deletion', () => expect(kinds(run(files(200), files(100), files(100)))).toEqual({ forget: 100 }));
});
