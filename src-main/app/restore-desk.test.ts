import { describe, expect, it } from 'vitest';
import { bytesBody } from '../backends/conformance/kit.ts';
import type { ConflictPolicy } from '../core/conflict.ts';
import type { Version } from '../core/entry.ts';
import { nameRules } from '../core/name-rules.ts';
import { relPath } from '../core/rel-path.ts';
import { trashReader } from '../local/trash-reader.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import type { Platform } from '../platform/platform.ts';
import { openPast } from '../remote/history/past-on-backend.ts';
import { BenchWorld } from '../testing/bench-pair.ts';
import { SeededRandom } from '../testing/random.ts';
import type { PastCallName, PastCalls } from './engine-protocol.ts';
import { PastDesk } from './past-desk.ts';

const MINUTE = 60_000;

async function setUp(conflictPolicy: ConflictPolicy = 'keep_both') {
  const world = new BenchWorld();
  const [here, other] = [world.device('a', { conflictPolicy }), world.device('b')];
  const [engine, far] = [await here.open(), await other.open()];
  const platform: Platform = {
    fs: here.fs.view(),
    clock: world.clock,
    random: new SeededRandom(3),
    chance: new SeededRandom(4).bytes,
    newHasher: nodeHasher,
    home: { platform: 'linux', homeDir: '/home/a', hostname: 'a', pid: 1, env: {} },
  };
  const pair = {
    past: openPast({ backend: world.store.client(), newHasher: nodeHasher }),
    engine,
    reviser: engine,
    restorer: engine,
    book: engine,
    trash: trashReader({ fs: platform.fs, newHasher: nodeHasher, root: here.root, names: nameRules('posix') }),
    storeNow: async () => world.clock.now(),
    source: here.root,
  };
  const told: number[] = [];
  const desk: PastDesk = new PastDesk(
    () => pair,
    platform,
    'two_way',
    () => told.push(...(desk.progress === null ? [] : [desk.progress.done])),
  );
  const ask = async <C extends PastCallName>(call: C, input: PastCalls[C]['input']): Promise<PastCalls[C]['answer']> =>
    (await desk.answer({ call, input } as Parameters<typeof desk.answer>[0])) as PastCalls[C]['answer'];
  const settle = async (): Promise<number> => {
    for (let round = 0; round < 2; round++) for (const each of [engine, far]) await each.syncAll({ releaseHeld: true });
    const at = world.clock.now();
    world.tick(MINUTE);
    return at;
  };
  return { world, here, other, engine, far, ask, desk, told, settle };
}

it('why a file is not synced is found out by a look that changes nothing', async () => {
  const { here, other, ask, settle } = await setUp();
  here.write('both', 'both');
  await settle();
  here.write('new', 'new');
  here.write('left.tmp', 'x');
  here.write('both', 'here');
  other.write('apart', 'x');
  const answer = async (path: string) => (await ask('why', { path })).answer;
  expect(await answer('new')).toEqual({ kind: 'pending' });
  expect(await answer('left.tmp')).toMatchObject({ kind: 'ignored', rule: { pattern: '*.tmp' } });
  expect(await answer('apart')).toEqual({ kind: 'nowhere', alike: [] });
  expect(here.tree).toMatchObject({ new: 'new' });
  await settle();
  expect(await answer('new')).toEqual({ kind: 'agreed' });
  await expect(answer('../out')).rejects.toMatchObject({ code: 'usage' });
});

describe('bringing things back from the window', () => {
  it('a backup that its owner brought back: what it lost is named and nothing done, then it is brought up to date from here', async () => {
    const { world, here, ask, settle } = await setUp();
    here.write('kept', 'kept');
    await settle();
    expect(await ask('lost', null)).toEqual({ older: { items: [], total: 0 }, missing: { items: [], total: 0 }, differing: { items: [], total: 0 } });
    here.write('later', 'later');
    await settle();
    world.store.remove('later');
    const before = here.tree;
    expect(await ask('lost', null)).toMatchObject({ missing: { items: ['later'], total: 1 } });
    expect(here.tree).toEqual(before);
    expect(await ask('accept', null)).toEqual({ done: 1, failed: 0 });
    expect(here.tree).toEqual(before);
    await settle();
    expect(here.tree).toEqual(before);
  });

  it('a folder as of a moment: the plan names every change and makes none, then it is carried out and synced', async () => {
    const { here, other, ask, settle } = await setUp();
    here.write('d/edited', 'before');
    here.write('d/gone', 'gone');
    here.write('apart', 'apart');
    const at = await settle();
    other.write('d/edited', 'after');
    other.remove('d/gone');
    other.write('d/later', 'later');
    other.write('apart', 'other');
    await settle();
    const order = { what: { kind: 'moment', at, folder: 'd' }, folder: null } as const;
    const now = here.tree;
    const plan = await ask('plan', order);
    expect(plan).toMatchObject({ counts: { write: 1, replace: 1, remove: 1 }, held: null, left: { total: 0 } });
    expect(plan.changes.items.map(({ kind, path }) => `${kind} ${path}`).toSorted()).toEqual(['remove d/later', 'replace d/edited', 'write d/gone']);
    expect(here.tree).toEqual(now);
    expect(await ask('restore', { ...order, agreed: null })).toMatchObject({ done: 3, counts: { write: 1, replace: 1, remove: 1 }, file: null, left: { items: [], total: 0 } });
    await settle();
    expect(other.tree).toEqual({ apart: 'other', 'd/': '', 'd/edited': 'before', 'd/gone': 'gone' });
  });

  it('one version, in place and beside: elsewhere nothing that is there is replaced', async () => {
    const { here, ask, desk, told, settle } = await setUp();
    here.write('f', 'first');
    await settle();
    here.write('f', 'second');
    await settle();
    const { versions } = await ask('versions', { path: 'f' });
    const what = { kind: 'version', path: 'f', id: versions[1]?.id ?? '' } as const;
    here.fs.edit.mkdir('/elsewhere');
    expect(await ask('plan', { what, folder: '/elsewhere' })).toMatchObject({ counts: { write: 1 } });
    expect(await ask('restore', { what, folder: '/elsewhere', agreed: null })).toMatchObject({ done: 1, file: 'f' });
    expect(told).toEqual([0, 1]);
    expect([desk.progress, here.fs.tree('/elsewhere')]).toMatchObject([null, { f: 'first' }]);
    expect(here.tree['f']).toBe('second');
    await ask('restore', { what, folder: null, agreed: null });
    expect(here.tree['f']).toBe('first');
  });

  it('a run is undone, and the undo is a run of its own', async () => {
    const { here, engine, ask, settle } = await setUp();
    here.write('a', 'one');
    here.write('b', 'two');
    await settle();
    here.write('a', 'changed');
    here.remove('b');
    here.write('c', 'three');
    await settle();
    const [run] = await ask('runs', null);
    expect(run).toMatchObject({ added: 1, changed: 1, removed: 1, paths: expect.arrayContaining(['a']), canUndo: true, undoneAt: null });
    await ask('restore', { what: { kind: 'run', id: run?.id ?? '' }, folder: null, agreed: null });
    expect(here.tree).toEqual({ a: 'one', b: 'two' });
    const [undo, undone] = await ask('runs', null);
    expect((await engine.runs()).length).toBe(3);
    expect([undo?.canUndo, undone?.id, undone?.canUndo, undone?.undoneAt]).toEqual([true, run?.id, false, undo?.at]);
    expect(await ask('plan', { what: { kind: 'run', id: run?.id ?? '' }, folder: null })).toMatchObject({ changes: { total: 0 } });
    await expect(ask('plan', { what: { kind: 'run', id: '0000000000001' }, folder: null })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('what is kept nowhere cannot be undone: the plan says so as the undo does, and of the run is told what is left', async () => {
    const { world, here, ask, settle, engine } = await setUp();
    const edited = async (key: string, text: string): Promise<void> => {
      const store = world.store.client();
      const there = await store.stat(key);
      await store.put(key, bytesBody(Buffer.from(text)), { condition: { kind: 'match', version: there?.version ?? ('' as Version) }, meta: {} });
    };
    for (const name of ['a', 'b', 'c', 'd']) here.write(name, `first ${name}`);
    await settle();
    // Deleted here and edited there by hand, and the other way round: what was agreed on is nowhere any more.
    here.remove('a');
    await edited('a', 'theirs');
    here.write('b', 'mine');
    world.store.remove('b');
    await engine.syncAll();
    expect(here.tree).toEqual({ a: 'theirs', b: 'mine', c: 'first c', d: 'first d' });
    const [run] = await ask('runs', null);
    expect(run).toMatchObject({ changed: 2, canUndo: false, undoneAt: null, notKept: true });
    const order = { what: { kind: 'run', id: run?.id ?? '' }, folder: null } as const;
    const left = { items: ['a', 'b'].map((path) => ({ path, why: expect.stringContaining('not kept') })), total: 2 };
    expect(await ask('plan', order)).toMatchObject({ changes: { total: 0 }, left });
    expect(await ask('restore', { ...order, agreed: null })).toMatchObject({ done: 0, left });
    // What gave way here lies in the trash at least.
    await edited('c', 'theirs');
    await engine.syncAll();
    const [next] = await ask('runs', null);
    expect(next).toMatchObject({ changed: 1, canUndo: true, notKept: false });
    const back = { what: { kind: 'run', id: next?.id ?? '' }, folder: null } as const;
    expect(await ask('plan', back)).toMatchObject({ counts: { replace: 1 }, left: { total: 0 } });
    expect(await ask('restore', { ...back, agreed: null })).toMatchObject({ done: 1, left: { total: 0 } });
    expect(here.tree['c']).toBe('first c');
  });

  it('of very many, one listing tells what is kept', async () => {
    const { here, other, ask, settle } = await setUp();
    const names = Array.from({ length: 100 }, (_, i) => `f${i}`);
    for (const name of names) here.fs.edit.write(`/a/${name}`, `first ${name}`);
    await settle();
    for (const name of names) other.fs.edit.replace(`/b/${name}`, `their second ${name}`);
    await settle();
    const [run] = await ask('runs', null);
    const order = { what: { kind: 'run', id: run?.id ?? '' }, folder: null } as const;
    expect(await ask('plan', order)).toMatchObject({ counts: { replace: 100 }, left: { total: 0 } });
  });

  it('C31 of a decision between two versions the one that gave way is named in the trash, and comes back beside the other, and nothing else of that run', async () => {
    const { here, other, engine, far, ask, settle } = await setUp('manual');
    for (const [path, text] of Object.entries({ 'd/f': 'agreed', g: 'one' })) here.write(path, text);
    await settle();
    here.write('d/f', 'mine');
    other.write('d/f', 'theirs');
    await far.syncAll();
    await settle();
    await engine.resolve(relPath('d/f'), 'remote');
    other.write('g', 'two');
    await far.syncAll();
    await settle();
    expect(here.tree).toMatchObject({ 'd/f': 'theirs', g: 'two' });
    const { trashed } = await ask('versions', { path: 'd/f' });
    expect(trashed).toMatchObject([{ path: 'd/f', size: 4 }]);
    const order = { what: { kind: 'conflict', path: 'd/f' }, folder: null } as const;
    expect(await ask('plan', order)).toMatchObject({ counts: { write: 1, replace: 0, remove: 0 }, left: { total: 0 } });
    expect(await ask('restore', { ...order, agreed: null })).toMatchObject({ done: 1, file: expect.stringMatching(/^d\/f\.conflict-/) });
    await settle();
    expect(here.tree).toMatchObject({ 'd/f': 'theirs', g: 'two' });
    expect(Object.values(other.tree).sort()).toEqual(['', 'mine', 'theirs', 'two']);
    await expect(ask('plan', { what: { kind: 'conflict', path: 'g' }, folder: null })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('what another device replaced lies in the trash, goes back on its word, and is emptied only as it was shown', async () => {
    const { here, other, ask, settle } = await setUp();
    here.write('d/f', 'mine');
    here.write('g', 'too');
    await settle();
    other.write('d/f', 'theirs');
    other.remove('g');
    await settle();
    const { items, total } = await ask('trash', null);
    expect(items.map(({ path }) => path).toSorted()).toEqual(['d/f', 'g']);
    const [item] = items.filter(({ path }) => path === 'd/f');
    await ask('restore', { what: { kind: 'trash', path: 'd/f', batch: item?.batch ?? '' }, folder: null, agreed: null });
    await settle();
    expect(other.tree['d/f']).toBe('mine');
    await expect(ask('plan', { what: { kind: 'trash', path: 'd/f', batch: '../../x' }, folder: null })).rejects.toMatchObject({ code: 'not-found' });
    await expect(ask('plan', { what: { kind: 'trash', path: '../g', batch: item?.batch ?? '' }, folder: null })).rejects.toMatchObject({ code: 'usage' });
    // The restore put the other device's version there.
    await expect(ask('trash-empty', { shown: total })).rejects.toMatchObject({ code: 'usage' });
    await ask('trash-empty', { shown: (await ask('trash', null)).total });
    expect(await ask('trash', null)).toEqual({ items: [], total: 0 });
    expect(Object.keys(here.fs.tree('/a/.file-sync/trash'))).toEqual([]);
  });

  it('I8 a restore that would remove unusually many files takes exactly the number that was agreed to', async () => {
    const { here, ask, settle } = await setUp();
    here.write('kept', 'kept');
    const at = await settle();
    for (let n = 0; n < 60; n++) here.write(`later ${n}`, `${n}`);
    await settle();
    const order = { what: { kind: 'moment', at, folder: null }, folder: null } as const;
    expect(await ask('plan', order)).toMatchObject({ held: 60, counts: { remove: 60 } });
    for (const agreed of [null, 59]) await expect(ask('restore', { ...order, agreed })).rejects.toMatchObject({ code: 'usage' });
    expect(Object.keys(here.tree)).toHaveLength(61);
    expect(await ask('restore', { ...order, agreed: 60 })).toMatchObject({ done: 60 });
    expect(here.tree).toEqual({ kept: 'kept' });
  });

  it('what is held comes back, what was deleted here and what was deleted there, and then nothing is held any more', async () => {
    const { world, here, engine, ask, settle } = await setUp();
    for (let n = 0; n < 100; n++) here.write(`f${n}`, `${n}`);
    await settle();
    const before = here.tree;
    const order = { what: { kind: 'held' }, folder: null } as const;
    for (let n = 0; n < 80; n++) here.remove(`f${n}`);
    expect((await engine.syncAll()).held).toMatchObject([{ side: 'remote' }]);
    expect(await ask('plan', order)).toMatchObject({ counts: { write: 80, send: 0 }, held: null });
    expect(await ask('restore', { ...order, agreed: null })).toMatchObject({ done: 80, counts: { write: 80 }, file: null, left: { total: 0 } });
    expect([here.tree, world.stored, engine.held()]).toEqual([before, before, []]);
    for (let n = 0; n < 80; n++) world.store.remove(`f${n}`);
    expect((await engine.syncAll()).held).toMatchObject([{ side: 'local' }]);
    expect(await ask('plan', order)).toMatchObject({ counts: { write: 0, send: 80 } });
    expect(await ask('restore', { ...order, agreed: null })).toMatchObject({ done: 80, counts: { send: 80 } });
    await engine.syncAll();
    expect([here.tree, world.stored, engine.held()]).toEqual([before, before, []]);
    for (const call of ['plan', 'restore'] as const) await expect(ask(call, { ...order, agreed: null })).rejects.toMatchObject({ code: 'usage' });
  });

  it('stopped on the way it tells what is back, which is in the activity, and only the rest stays held', async () => {
    const { here, engine, ask, desk, settle } = await setUp();
    for (let n = 0; n < 63; n++) here.write(`f${n}`, `${n}`);
    await settle();
    for (let n = 0; n < 63; n++) here.remove(`f${n}`);
    await engine.syncAll();
    const order = { what: { kind: 'held' }, folder: null } as const;
    here.step = () => {
      if (Object.keys(here.tree).length >= 43) desk.stop();
    };
    const report = await ask('restore', { ...order, agreed: null });
    here.step = undefined;
    const back = Object.keys(here.tree);
    expect(back.length).toBeGreaterThan(40);
    expect(back.length).toBeLessThan(50);
    expect(report).toMatchObject({ counts: { write: back.length }, cut: { files: 63, error: null } });
    const told = await engine.activity({ limit: 100 });
    expect(told.filter(({ what, reason }) => what === 'download' && /brought back/.test(reason)).map(({ path }) => path)).toEqual(expect.arrayContaining(back));
    expect((await engine.syncAll()).held).toMatchObject([{ side: 'remote', actions: { length: 63 - back.length } }]);
    // Once more brings the rest.
    expect(await ask('restore', { ...order, agreed: null })).toMatchObject({ counts: { write: 63 - back.length }, cut: null });
    expect(Object.keys(here.tree)).toHaveLength(63);
  });

  it('a state of before that is stopped on the way is carried over as far as it came, as a run that can be undone', async () => {
    const { here, engine, ask, desk, settle } = await setUp();
    for (let n = 0; n < 20; n++) here.write(`f${n}`, 'one');
    const at = await settle();
    for (let n = 0; n < 20; n++) here.write(`f${n}`, `two ${n}`);
    await settle();
    const done = () => Object.values(here.tree).filter((text) => text === 'one').length;
    here.step = () => {
      if (done() >= 7) desk.stop();
    };
    const report = await ask('restore', { what: { kind: 'moment', at, folder: null }, folder: null, agreed: null });
    here.step = undefined;
    expect(report).toMatchObject({ counts: { replace: done() }, cut: { files: 20, error: null } });
    await engine.syncAll();
    const [run] = await ask('runs', null);
    expect(run).toMatchObject({ changed: done(), canUndo: true });
  });

  it('C31 a second version that is kept is told as what was added, by its name', async () => {
    const { here, other, engine, far, ask, settle } = await setUp('manual');
    here.write('Notes.txt', 'agreed');
    await settle();
    here.write('Notes.txt', 'mine');
    other.write('Notes.txt', 'theirs');
    await far.syncAll();
    await settle();
    await engine.resolve(relPath('Notes.txt'), 'both');
    await engine.syncAll();
    const aside = Object.keys(here.tree).find((name) => name !== 'Notes.txt');
    const [run] = await ask('runs', null);
    expect(run).toMatchObject({ added: 1, changed: 1, removed: 0, paths: ['Notes.txt', aside] });
  });

  it('a stop before it begins is told at once, and nothing was changed', async () => {
    const { here, ask, desk, settle } = await setUp();
    here.write('f', 'one');
    const at = await settle();
    here.write('f', 'two');
    await settle();
    const restoring = ask('restore', { what: { kind: 'moment', at, folder: null }, folder: null, agreed: null });
    desk.stop();
    await expect(restoring).rejects.toMatchObject({ code: 'aborted' });
    expect(here.tree).toEqual({ f: 'two' });
  });

  it('a folder that is synced is no place to restore into', async () => {
    const { here, ask, settle } = await setUp();
    here.write('f', 'x');
    const at = await settle();
    await expect(ask('plan', { what: { kind: 'moment', at, folder: null }, folder: here.root })).rejects.toMatchObject({ code: 'usage' });
  });
});
