import { expect, it } from 'vitest';
import type { Backend } from '../backends/backend.ts';
import { relPath } from '../core/rel-path.ts';
import { bodyOf } from '../remote/small-body.ts';
import { BenchWorld } from '../testing/bench-pair.ts';
import { overBackend } from '../testing/over-backend.ts';
import type { SyncEngine } from './sync-engine.ts';

const DAY = 86_400_000;

async function settle(...engines: readonly SyncEngine[]): Promise<void> {
  for (let round = 0; round < 3; round++) for (const engine of engines) await engine.syncAll({ releaseHeld: true });
}

/** Two devices that hold the same files. */
async function agreed(files: Record<string, string>, world = new BenchWorld()) {
  const [a, b] = [world.device('a'), world.device('b')];
  const [left, right] = [await a.open(), await b.open()];
  for (const [path, text] of Object.entries(files)) a.write(path, text);
  await settle(left, right);
  return { world, a, b, left, right };
}

const texts = (tree: Record<string, string>): string[] =>
  Object.values(tree)
    .filter((text) => text !== '')
    .sort();

it('S23 the same new path with different content: the first keeps the name, both are on both devices', async () => {
  const { a, b, left, right } = await agreed({ other: 'x' });
  a.write('new', 'by a');
  b.write('new', 'by b');
  await settle(left, right);
  expect(a.tree['new']).toBe('by a');
  expect(texts(a.tree)).toEqual(['by a', 'by b', 'x']);
  expect(b.tree).toEqual(a.tree);
});

it('S24 C33 the same new path with the same content is adopted; nothing is transferred twice', async () => {
  const { a, b, left, right } = await agreed({ other: 'x' });
  for (const device of [a, b]) device.write('new', 'the same');
  await left.syncAll();
  expect(await right.syncAll()).toMatchObject({ bytesUp: 0, bytesDown: 0, conflicts: [] });
  expect(b.tree).toEqual({ new: 'the same', other: 'x' });
});

it('S25 C37 three devices edit one file offline: all three contents are everywhere', async () => {
  const { world, a, b, left, right } = await agreed({ f: 'one' });
  const c = world.device('c');
  const third = await c.open();
  await settle(third);
  for (const [device, text] of [
    [a, 'by a'],
    [b, 'by b'],
    [c, 'by c'],
  ] as const)
    device.write('f', text);
  await settle(left, right, third);
  expect(texts(a.tree)).toEqual(['by a', 'by b', 'by c']);
  expect([b.tree, c.tree]).toEqual([a.tree, a.tree]);
});

it.each(['edited first', 'deleted first'])('S27 C32 edited here and deleted there (%s arrives): the edit survives, and the activity says why', async (order) => {
  const { a, b, left, right } = await agreed({ f: 'one', g: 'x' });
  a.write('f', 'edited');
  b.remove('f');
  await settle(...(order === 'edited first' ? [left, right] : [right, left]));
  expect([a.tree['f'], b.tree['f']]).toEqual(['edited', 'edited']);
  const said = [...(await left.activity({ limit: 50 })), ...(await right.activity({ limit: 50 }))].map((record) => record.reason);
  expect(said).toContainEqual(expect.stringContaining('the edit survives'));
});

it.each(['renamed first', 'edited first'])('S28 C35 edited here and renamed there (%s): both contents are kept', async (order) => {
  const { world, a, b, left, right } = await agreed({ f: 'one', g: 'x' });
  a.write('f', 'edited');
  b.rename('f', 'moved');
  await settle(...(order === 'edited first' ? [left, right] : [right, left]));
  expect(texts(a.tree)).toContain('edited');
  expect([...texts(a.tree), ...world.versions]).toContain('one');
  expect(b.tree).toEqual(a.tree);
});

it('S29 C35 renamed to two names: both exist, the old one does not', async () => {
  const { a, b, left, right } = await agreed({ f: 'one', g: 'x' });
  a.rename('f', 'left');
  b.rename('f', 'right');
  await settle(left, right);
  expect(a.tree).toEqual({ g: 'x', left: 'one', right: 'one' });
  expect(b.tree).toEqual(a.tree);
});

it('C35 two files renamed to one name: both contents are there', async () => {
  const { a, b, left, right } = await agreed({ f: 'one', g: 'two', h: 'x' });
  a.rename('f', 'same');
  b.rename('g', 'same');
  await settle(left, right);
  expect(texts(a.tree)).toEqual(['one', 'two', 'x']);
  expect(b.tree).toEqual(a.tree);
});

it('S30 opposite renames of two equal files: the content is in a tree, or in versions and trash', async () => {
  const { world, a, b, left, right } = await agreed({ f: 'one', g: 'one', h: 'x' });
  a.remove('g');
  a.rename('f', 'g');
  b.remove('f');
  b.rename('g', 'f');
  await settle(left, right);
  expect(b.tree).toEqual(a.tree);
  expect([...a.everything, ...b.everything, ...world.versions]).toContain('one');
});

it('S31 two folders moved into each other: no cycle, every file is there', async () => {
  const { a, b, left, right } = await agreed({ 'd/f': 'in d', 'e/g': 'in e', h: 'x' });
  a.rename('d', 'e/d');
  b.rename('e', 'd/e');
  await settle(left, right);
  expect(new Set(texts(a.tree))).toEqual(new Set(['in d', 'in e', 'x']));
  expect(b.tree).toEqual(a.tree);
  expect(await left.syncAll()).toMatchObject({ done: 0 });
});

it('S32 C39 a folder deleted here, a file added deep in it there: the file and its folders survive, the rest goes', async () => {
  const { a, b, left, right } = await agreed({ 'd/e/old': 'one', 'd/old': 'two', k: 'x', l: 'y', m: 'z' });
  a.remove('d');
  b.write('d/e/new', 'added');
  await settle(left, right);
  expect(a.tree).toEqual({ 'd/': '', 'd/e/': '', 'd/e/new': 'added', k: 'x', l: 'y', m: 'z' });
  expect(b.tree).toEqual(a.tree);
});

it.each(['file first', 'edit first'])('S33 C34 a folder becomes a file here, a file in it is edited there (%s): both are kept', async (order) => {
  const { a, b, left, right } = await agreed({ 'd/f': 'one', k: 'x', l: 'y' });
  a.remove('d');
  a.write('d', 'a file now');
  b.write('d/f', 'edited');
  await settle(...(order === 'file first' ? [left, right] : [right, left]));
  expect(texts(a.tree)).toEqual(['a file now', 'edited', 'x', 'y']);
  expect(b.tree).toEqual(a.tree);
});

it('S35 C36 a conflict of a conflict copy has a name of its own; nothing is lost', async () => {
  const { a, b, left, right } = await agreed({ 'f.txt': 'one' });
  a.write('f.txt', 'by a');
  b.write('f.txt', 'by b');
  await settle(left, right);
  const copy = Object.keys(a.tree).find((path) => path.includes('.conflict-')) ?? '';
  a.write(copy, 'copy, by a');
  b.write(copy, 'copy, by b');
  await settle(left, right);
  expect(texts(a.tree)).toEqual(['by a', 'copy, by a', 'copy, by b']);
  expect(b.tree).toEqual(a.tree);
});

it('S35 C38 two devices answer one conflict the same way: it is over on both', async () => {
  const world = new BenchWorld();
  const [a, b, c] = [world.device('a'), world.device('b', { conflictPolicy: 'manual' }), world.device('c', { conflictPolicy: 'manual' })];
  const [left, right, third] = [await a.open(), await b.open(), await c.open()];
  a.write('f', 'by a');
  for (const device of [b, c]) device.write('f', 'by b and c');
  await settle(left, right, third);
  await right.resolve(relPath('f'), 'local');
  await third.resolve(relPath('f'), 'local');
  await settle(right, third, left);
  expect([a.tree, b.tree, c.tree]).toEqual([{ f: 'by b and c' }, { f: 'by b and c' }, { f: 'by b and c' }]);
  expect([right.conflicts(), third.conflicts()]).toEqual([[], []]);
  expect(world.versions).toContain('by a');
});

it('S35 C38 two devices answer one conflict differently: one of them decides, no content is lost', async () => {
  const world = new BenchWorld();
  const [a, b, c] = [world.device('a'), world.device('b', { conflictPolicy: 'manual' }), world.device('c', { conflictPolicy: 'manual' })];
  const [left, right, third] = [await a.open(), await b.open(), await c.open()];
  a.write('f', 'by a');
  b.write('f', 'by b');
  c.write('f', 'by c');
  await settle(left, right, third);
  await right.resolve(relPath('f'), 'local');
  await third.resolve(relPath('f'), 'remote');
  await settle(right, third, left);
  expect(third.conflicts().map((conflict) => conflict.path)).toEqual(['f']);
  await third.resolve(relPath('f'), 'both');
  await settle(third, right, left);
  expect(texts(a.tree)).toEqual(['by b', 'by c']);
  expect([b.tree, c.tree]).toEqual([a.tree, a.tree]);
  expect(world.versions).toContain('by a');
});

it('C73 the policy is changed while a conflict is open: the new one decides it, both contents are kept', async () => {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b', { conflictPolicy: 'manual' })];
  a.write('f', 'by a');
  b.write('f', 'by b');
  await (await a.open()).syncAll();
  await (await b.open()).syncAll();
  const changed = await b.open(undefined, { conflictPolicy: 'keep_both' });
  expect(changed.conflicts()).toHaveLength(1);
  expect(await changed.syncAll()).toMatchObject({ conflicts: [] });
  expect(texts(b.tree)).toEqual(['by a', 'by b']);
});

it('S36 C48 dead between the renaming of the loser and its upload: the copy is an ordinary new file of the next run', async () => {
  const { a, b, left, right } = await agreed({ f: 'one' });
  a.write('f', 'by a');
  b.write('f', 'by b');
  await left.syncAll();
  let died = false;
  b.step = (label, path) => {
    if (label !== 'create' || !path.includes('/tmp/')) return;
    died = true;
    return new Promise(() => undefined);
  };
  void right.syncAll();
  for (let turns = 0; turns < 500 && !died; turns++) await new Promise((resolve) => setImmediate(resolve));
  expect(died).toBe(true);
  expect(b.tree['f']).toBeUndefined();
  b.step = undefined;
  await settle(await b.open(), left);
  expect(texts(a.tree)).toEqual(['by a', 'by b']);
  expect(b.tree).toEqual(a.tree);
});

it('S37 C42 back after months: old files are replaced, mass deletions wait for a word and go to the trash, nothing old is sent', async () => {
  const files = Object.fromEntries(Array.from({ length: 80 }, (_, n) => [`f${n}`, `old ${n}`]));
  const { world, a, b, left, right } = await agreed(files);
  for (let n = 0; n < 60; n++) a.remove(`f${n}`);
  for (let n = 60; n < 70; n++) a.write(`f${n}`, `new ${n}`);
  await left.syncAll({ releaseHeld: true });
  world.tick(60 * DAY);
  const report = await right.syncAll();
  expect(report).toMatchObject({ bytesUp: 0, held: [{ side: 'local' }] });
  expect(b.tree['f65']).toBe('new 65');
  expect(Object.keys(b.tree)).toHaveLength(80);
  await right.syncAll({ releaseHeld: true });
  expect(b.tree).toEqual(a.tree);
  expect(b.everything).toContain('old 7');
});

it('S43 S111 C41 deleted there while its edit is on the way: the edit survives', async () => {
  const { world, a, b, left, right } = await agreed({ f: 'one', g: 'x' });
  a.write('f', 'edited');
  let deleted = false;
  const client = world.store.client();
  const slow = overBackend(client, {
    put: async (key, body, options) => {
      if (key === 'f' && !deleted) {
        deleted = true;
        b.remove('f');
        await right.syncAll();
      }
      return client.put(key, body, options);
    },
  });
  await settle(await a.open(slow), right, left);
  expect(deleted).toBe(true);
  expect([a.tree, b.tree]).toEqual([
    { f: 'edited', g: 'x' },
    { f: 'edited', g: 'x' },
  ]);
});

it('S41 S129 C46 another tool writes, edits, deletes and renames in the store: each arrives as that, without a conflict', async () => {
  const { world, a, left } = await agreed({ edit: 'one', go: 'two', from: 'three', stay: 'x', touched: 'four' });
  const tool = world.store.client();
  const put = async (key: string, text: string): Promise<void> => {
    const there = await tool.stat(key);
    await tool.put(key, bodyOf(Buffer.from(text)), { condition: there === null ? { kind: 'absent' } : { kind: 'match', version: there.version }, meta: {} });
  };
  await put('new', 'by another tool');
  await put('edit', 'edited by another tool');
  await put('to', 'three');
  await put('touched', 'four');
  world.store.remove('go');
  world.store.remove('from');
  expect(await left.syncAll()).toMatchObject({ conflicts: [], problems: [], failures: [] });
  expect(a.tree).toEqual({ edit: 'edited by another tool', new: 'by another tool', stay: 'x', to: 'three', touched: 'four' });
  expect(await left.syncAll()).toMatchObject({ done: 0 });
});

it('S34 S73 the store holds `a` and `a/b`, a marker made by hand, and one with content: listed where it must be, nothing is deleted', async () => {
  const { world, a, left } = await agreed({ f: 'one' });
  const tool = world.store.client();
  const put = (key: string, text: string) => tool.put(key, bodyOf(Buffer.from(text)), { condition: { kind: 'absent' }, meta: {} });
  await put('both', 'a file');
  await put('both/below', 'and a folder');
  await put('by-hand/', '');
  await put('odd/', 'content in a marker');
  const before = world.stored;
  const report = await left.syncAll();
  expect(report.problems).toMatchObject([{ path: 'both', reason: 'file-and-folder', subtree: true }]);
  expect(a.tree).toEqual({ 'by-hand/': '', f: 'one', 'odd/': '' });
  expect(world.stored).toEqual(before);
  a.remove('odd');
  expect((await left.syncAll()).failures).toMatchObject([{ path: 'odd', code: 'not-supported' }]);
  expect(world.stored).toEqual(before);
});

it('S134 a listing in any order is as good', async () => {
  const { world, b } = await agreed({ 'd/e/f': 'one', 'd/g': 'two', a: 'three' });
  const client = world.store.client();
  const shuffled: Backend = overBackend(client, {
    list: async function* (prefix, options) {
      const all = [];
      for await (const info of client.list(prefix, options)) all.push(info);
      yield* all.reverse();
    },
  });
  const fresh = world.device('fresh');
  const engine = await fresh.open(shuffled);
  expect(await engine.syncAll()).toMatchObject({ failures: [], problems: [] });
  expect(fresh.tree).toEqual(b.tree);
  expect(await engine.syncAll()).toMatchObject({ done: 0 });
});

it('C45 hints that are lost, doubled, late or about nothing: the next full look makes up for them', async () => {
  const { world, b, left, right } = await agreed({ f: 'one', k: 'x' });
  let tell: (keys: readonly string[] | null) => void = () => undefined;
  const client = world.store.client();
  const hinted = overBackend(client, {
    watch: async (onHint) => {
      tell = onHint;
      return async () => undefined;
    },
  });
  const engine = await b.open(hinted);
  await engine.start();
  const rest = async (): Promise<void> => {
    for (let turns = 0; turns < 300; turns++) await new Promise((resolve) => setImmediate(resolve));
  };
  const tool = world.store.client();
  await rest();
  await tool.put('late', bodyOf(Buffer.from('1')), { condition: { kind: 'absent' }, meta: {} });
  tell(['late', 'late', 'never/was', '', '..', '.file-sync/vault.json', 'k']);
  tell(['late']);
  await rest();
  expect(b.tree).toEqual({ f: 'one', k: 'x', late: '1' });
  await tool.put('unheard', bodyOf(Buffer.from('2')), { condition: { kind: 'absent' }, meta: {} });
  await rest();
  expect(b.tree['unheard']).toBeUndefined();
  await engine.stop();
  await settle(right, left);
  expect(b.tree['unheard']).toBe('2');
});
