import { describe, expect, it } from 'vitest';
import { relPath } from '../core/rel-path.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import type { Past } from '../remote/history/past.ts';
import { openPast } from '../remote/history/past-on-backend.ts';
import { BenchWorld } from '../testing/bench-pair.ts';
import { asInLife, asOf } from './restore.ts';
import type { MakeWanted, ReviseOptions } from './sync-manager.ts';

const GO: ReviseOptions = { dryRun: false, releaseHeld: false };
const MINUTE = 60_000;

async function setUp() {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b')];
  const [left, right] = [await a.open(), await b.open()];
  const settle = async (): Promise<void> => {
    for (let round = 0; round < 2; round++) for (const engine of [left, right]) await engine.syncAll({ releaseHeld: true });
    world.tick(MINUTE);
  };
  const past: Past = openPast({ backend: world.store.client(), newHasher: nodeHasher });
  const now = (): number => world.clock.now();
  return { world, a, b, left, right, settle, past, now };
}

describe('a restore in place', () => {
  it('brings back deleted, edited and renamed files, folders and bits on every device; what came later goes', async () => {
    const { world, a, b, left, settle, past, now } = await setUp();
    a.write('d/kept', 'one');
    a.write('d/edited', 'before');
    a.write('gone', 'deleted later');
    a.write('named', 'renamed later');
    a.fs.edit.mkdir('/a/empty');
    await settle();
    const then = { tree: a.tree, at: now() };
    world.tick(MINUTE);
    b.write('d/edited', 'after');
    b.remove('gone');
    b.rename('named', 'd/elsewhere');
    b.fs.edit.remove('/b/empty');
    b.write('later/x', 'new');
    await settle();
    expect(a.tree).not.toEqual(then.tree);
    const revised = await left.revise(asOf(past, then.at, null), GO);
    expect(revised).toMatchObject({ left: [], held: null });
    await settle();
    expect([a.tree, b.tree]).toEqual([then.tree, then.tree]);
    // What gave way is kept.
    expect(world.versions).toEqual(expect.arrayContaining(['after', 'new']));
  });

  it('a restore is undone by a restore', async () => {
    const { world, a, b, left, settle, past, now } = await setUp();
    a.write('f', 'first');
    await settle();
    const first = now();
    world.tick(MINUTE);
    a.write('f', 'second');
    a.write('g', 'more');
    await settle();
    const second = { at: now(), tree: a.tree };
    world.tick(MINUTE);
    await left.revise(asOf(past, first, null), GO);
    expect(a.tree).toEqual({ f: 'first' });
    await settle();
    await left.revise(asOf(past, second.at, null), GO);
    await settle();
    expect([a.tree, b.tree]).toEqual([second.tree, second.tree]);
  });

  it('touches nothing outside its scope, and nothing in a dry run', async () => {
    const { world, a, left, settle, past, now } = await setUp();
    a.write('d/f', 'old');
    a.write('other', 'old');
    await settle();
    const at = now();
    world.tick(MINUTE);
    a.write('d/f', 'new');
    a.write('other', 'new');
    await settle();
    const dry = await left.revise(asOf(past, at, null), { ...GO, dryRun: true });
    expect(dry).toMatchObject({
      planned: [
        { kind: 'write', path: 'd/f' },
        { kind: 'write', path: 'other' },
      ],
      done: [],
      report: null,
    });
    expect(a.tree).toMatchObject({ 'd/f': 'new', other: 'new' });
    await left.revise(asOf(past, at, relPath('d')), GO);
    expect(a.tree).toMatchObject({ 'd/f': 'old', other: 'new' });
  });

  it('C75 to a time before the first sync is refused; nothing goes', async () => {
    const { a, left, settle, past, now } = await setUp();
    const before = now();
    a.write('f', 'mine');
    await settle();
    await expect(left.revise(asOf(past, before, null), GO)).rejects.toMatchObject({ code: 'usage' });
    expect(a.tree).toEqual({ f: 'mine' });
  });

  it.each<[string, string, string]>([
    ['of what was a folder then', 'p/inner', 'p'],
    ['of what was a file then', 'p', 'p/inner'],
  ])('C75 %s and is not now', async (_, first, second) => {
    const { world, a, b, left, settle, past, now } = await setUp();
    a.write(first, 'then');
    await settle();
    const then = { at: now(), tree: a.tree };
    world.tick(MINUTE);
    a.remove('p');
    a.write(second, 'now');
    await settle();
    await left.revise(asOf(past, then.at, relPath('p')), GO);
    await settle();
    expect([a.tree, b.tree]).toEqual([then.tree, then.tree]);
  });

  it('what is edited while it restores is left alone, and told', async () => {
    const { world, a, left, settle, past, now } = await setUp();
    a.write('f', 'old');
    await settle();
    const at = now();
    world.tick(MINUTE);
    a.write('f', 'new');
    await settle();
    const wanted: MakeWanted = async (...look) => {
      const asked = await asOf(past, at, null)(...look);
      a.write('f', 'typed just now');
      return asked;
    };
    expect(await left.revise(wanted, GO)).toMatchObject({ done: [], left: [{ path: 'f' }] });
    expect(a.tree).toEqual({ f: 'typed just now' });
  });

  it('of one version', async () => {
    const { a, b, left, settle, past } = await setUp();
    for (const text of ['one', 'two', 'three']) {
      a.write('f', text);
      await settle();
    }
    const [first] = await past.livesOf(relPath('f'));
    const found = first === undefined ? null : await past.resolveLife(first);
    if (first === undefined || found === null) throw new Error('nothing was kept');
    expect(first).toMatchObject({ kind: 'content', ended: 'replaced', before: 'nothing' });
    await left.revise(asInLife(past, first, found), GO);
    await settle();
    expect([a.tree, b.tree]).toEqual([{ f: 'one' }, { f: 'one' }]);
    expect((await past.livesOf(relPath('f'))).map(({ ended }) => ended)).toEqual(['replaced', 'replaced', 'replaced', 'is-there']);
  });

  it('that would remove unusually many files waits for a yes', async () => {
    const { world, a, left, settle, past, now } = await setUp();
    a.write('f', 'x');
    await settle();
    const at = now();
    world.tick(MINUTE);
    for (let i = 0; i < 60; i++) a.fs.edit.write(`/a/many/${i}`, `text ${i}`);
    await settle();
    expect(await left.revise(asOf(past, at, null), GO)).toMatchObject({ held: 60, done: [] });
    expect(Object.keys(a.tree)).toHaveLength(62);
    await left.revise(asOf(past, at, null), { ...GO, releaseHeld: true });
    expect(a.tree).toEqual({ f: 'x' });
  });

  it('C75 while other devices sync: every content is the one of that instant', async () => {
    const { world, a, b, right, settle, past, now } = await setUp();
    for (let i = 0; i < 20; i++) a.write(`f${i}`, `then ${i}`);
    await settle();
    const at = now();
    world.tick(MINUTE);
    const found: string[] = [];
    let step = 0;
    for await (const item of past.treeAt(at)) {
      if (item.kind !== 'leaf') continue;
      // Between two looks another device renames, replaces and removes what was listed and what is to come.
      const n = step++ % 20;
      if (n % 3 === 0) b.rename(`f${19 - n}`, `g${n}`);
      else if (n % 3 === 1) b.write(`f${19 - n}`, 'later');
      else b.remove(`f${19 - n}`);
      world.tick(MINUTE);
      await right.syncAll({ releaseHeld: true });
      const resolved = await past.resolve(item);
      const bytes = resolved?.bytes == null ? null : await past.open(resolved.bytes, { offset: 0 });
      let text = '';
      for await (const chunk of bytes ?? []) text += Buffer.from(chunk).toString();
      found.push(`${item.path} ${text}`);
    }
    expect(found.sort()).toEqual(Array.from({ length: 20 }, (_, i) => `f${i} then ${i}`).sort());
  });
});
