import { describe, expect, it } from 'vitest';
import { relPath } from '../core/rel-path.ts';
import { bodyOf } from '../remote/small-body.ts';
import { type BenchPair, BenchWorld } from '../testing/bench-pair.ts';
import type { SyncEngine } from './sync-engine.ts';

const FOLDS_CASE = { disk: { caseInsensitive: true } };
const FOLDS_ALL = { disk: { caseInsensitive: true, normalises: true } };
const NFC = 'caf\u00E9';
const NFD = 'cafe\u0301';

async function settle(...engines: readonly SyncEngine[]): Promise<void> {
  for (let round = 0; round < 3; round++) for (const engine of engines) await engine.syncAll({ releaseHeld: true });
}

/** A device on an ordinary disk and one on a disk that takes several names for one. */
async function unlike(machine: typeof FOLDS_CASE | typeof FOLDS_ALL) {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b', {}, machine)];
  return { world, a, b, left: await a.open(), right: await b.open() };
}

describe('a disk that ignores case', () => {
  it.each(['there', 'here'])('S66 C10 C19 a file and a folder renamed in case only %s: moved, nothing is sent or lost', async (side) => {
    const { world, a, b, left, right } = await unlike(FOLDS_CASE);
    a.write('readme', 'one');
    a.write('docs/f', 'two');
    a.write('k', 'x');
    await settle(left, right);
    const hand = side === 'there' ? a : b;
    hand.rename('readme', 'README');
    hand.rename('docs', 'Docs');
    const sent = [await (side === 'there' ? left : right).syncAll(), await (side === 'there' ? right : left).syncAll()];
    expect(sent.map((report) => report.bytesUp + report.bytesDown)).toEqual([0, 0]);
    await settle(left, right);
    expect(a.tree).toEqual({ 'Docs/': '', 'Docs/f': 'two', README: 'one', k: 'x' });
    expect(world.stored).toEqual(a.tree);
    expect(b.tree).toEqual(a.tree);
  });

  it('S67 C19 two names that differ in case: one is here, the other is listed; neither is deleted or overwritten, and edits of both still flow', async () => {
    const { world, a, b, left, right } = await unlike(FOLDS_CASE);
    a.write('Report', 'upper');
    a.write('report', 'lower');
    await settle(left, right);
    expect(right.status().problems).toMatchObject([{ path: 'report', reason: 'name-collision' }]);
    expect(b.tree).toEqual({ Report: 'upper' });
    b.write('Report', 'upper, by b');
    a.write('report', 'lower, by a');
    await settle(right, left);
    expect(a.tree).toEqual({ Report: 'upper, by b', report: 'lower, by a' });
    expect(world.stored).toEqual(a.tree);
    a.remove('Report');
    await settle(left, right);
    expect(b.tree).toEqual({ report: 'lower, by a' });
    expect(a.tree).toEqual({ report: 'lower, by a' });
  });
});

describe.each(['the renamer', 'the other'])('a folder renamed in case only while something happens in it on a disk that ignores case, %s syncing first', (first) => {
  it.each([
    ['an edit in it', (b: BenchPair) => b.write('docs/f', 'by b'), ['by b', 'two', 'x']],
    ['a new file in it', (b: BenchPair) => b.write('docs/new', 'by b'), ['by b', 'one', 'two', 'x']],
    ['another spelling of it', (b: BenchPair) => b.rename('docs', 'DOCS'), ['one', 'two', 'x']],
  ] as const)('S66 S67 L5 %s: no content is lost, what the disk cannot hold beside it is listed, and then it is quiet', async (_what, act, contents) => {
    const { world, a, b, left, right } = await unlike(FOLDS_CASE);
    for (const [path, text] of [
      ['docs/f', 'one'],
      ['docs/e/g', 'two'],
      ['k', 'x'],
    ] as const)
      a.write(path, text);
    await settle(left, right);
    a.rename('docs', 'Docs');
    act(b);
    await settle(...(first === 'the renamer' ? [left, right] : [right, left]));
    for (const text of contents) expect(Object.values(a.tree)).toContain(text);
    expect(a.tree).toEqual(world.stored);
    for (const engine of [left, right]) expect(await engine.syncAll()).toMatchObject({ done: 0, failures: [] });
    const missing = Object.keys(a.tree).filter((path) => b.tree[path] === undefined);
    expect(right.status().problems.map((problem) => problem.reason)).toEqual(right.status().problems.map(() => 'name-collision'));
    if (missing.length > 0) expect(right.status().problems).not.toEqual([]);
  });
});

describe('a disk that folds Unicode', () => {
  it('S68 C18 a composed name lies there decomposed; edits and deletions go both ways under the name of the store', async () => {
    const { world, a, b, left, right } = await unlike(FOLDS_ALL);
    a.write(`${NFC}/${NFC}.txt`, 'one');
    a.write('k', 'x');
    await settle(left, right);
    expect(await right.syncAll()).toMatchObject({ done: 0 });
    b.write(`${NFC}/${NFC}.txt`, 'by b');
    b.write(`${NFC}/new`, 'y');
    await settle(right, left);
    expect(a.tree).toEqual({ [`${NFC}/`]: '', [`${NFC}/${NFC}.txt`]: 'by b', [`${NFC}/new`]: 'y', k: 'x' });
    expect(world.stored).toEqual(a.tree);
    b.remove(`${NFC}/${NFC}.txt`);
    await settle(right, left);
    expect(a.tree[`${NFC}/${NFC}.txt`]).toBeUndefined();
  });

  it('S68 C18 both forms of a name in the store: one is here, the other listed, both stay', async () => {
    const { world, a, b, left, right } = await unlike(FOLDS_ALL);
    a.write(NFC, 'composed');
    a.write(NFD, 'decomposed');
    await settle(left, right);
    expect(Object.keys(b.tree)).toHaveLength(1);
    expect(right.status().problems).toMatchObject([{ reason: 'name-collision' }]);
    expect(world.stored).toEqual({ [NFC]: 'composed', [NFD]: 'decomposed' });
    expect(a.tree).toEqual(world.stored);
  });
});

describe('names that do not fit', () => {
  it('S87 S76 a name too long for this disk stays in the store, is listed, and others edit it freely', async () => {
    const world = new BenchWorld();
    const long = 'n'.repeat(300);
    const client = world.store.client();
    const put = async (text: string): Promise<void> => {
      const there = await client.stat(long);
      await client.put(long, bodyOf(Buffer.from(text)), { condition: there === null ? { kind: 'absent' } : { kind: 'match', version: there.version }, meta: {} });
    };
    const a = world.device('a');
    a.write('fits', 'x');
    const engine = await a.open();
    for (const text of ['one', 'edited elsewhere']) {
      await put(text);
      expect((await engine.syncAll()).failures).toMatchObject([{ path: long, code: 'name-too-long' }]);
      expect(world.stored).toEqual({ fits: 'x', [long]: text });
    }
    expect(a.tree).toEqual({ fits: 'x' });
    expect(engine.status().state).toBe('attention');
  });

  it('S76 C17 a path longer than any key is listed; the rest is synced', async () => {
    const world = new BenchWorld();
    const a = world.device('a');
    const deep = Array.from({ length: 6 }, () => 'd'.repeat(200)).join('/');
    a.write(`${deep}/f`, 'too deep');
    a.write('shallow', 'x');
    const engine = await a.open();
    const report = await engine.syncAll();
    expect([...report.failures.map((failure) => failure.path), ...report.problems.map((problem) => problem.path)]).toContain(`${deep}/f`);
    expect(world.stored['shallow']).toBe('x');
    expect(a.tree[`${deep}/f`]).toBe('too deep');
  });
});

it('S71 C15 a second name for a file is a second file, and no rename while both are there', async () => {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b')];
  const [left, right] = [await a.open(), await b.open()];
  a.write('f', 'one');
  await settle(left, right);
  a.fs.edit.link('/a/f', '/a/g');
  await settle(left, right);
  expect(b.tree).toEqual({ f: 'one', g: 'one' });
  expect(await left.syncAll()).toMatchObject({ done: 0 });
});

it('S72 C16 empty folders come and go on every device', async () => {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b')];
  const [left, right] = [await a.open(), await b.open()];
  a.fs.edit.mkdir('/a/d/e');
  a.write('f/last', 'x');
  a.write('k', 'y');
  await settle(left, right);
  expect(b.tree).toEqual({ 'd/': '', 'd/e/': '', 'f/': '', 'f/last': 'x', k: 'y' });
  b.remove('d/e');
  a.remove('f/last');
  await settle(right, left);
  await settle(left, right);
  expect(a.tree).toEqual({ 'd/': '', 'f/': '', k: 'y' });
  expect([b.tree, world.stored]).toEqual([a.tree, a.tree]);
});

it('S81 C15 S82 another file system and special files inside are left alone and listed, and nothing is deleted for them', async () => {
  const world = new BenchWorld();
  const a = world.device('a');
  a.write('mnt/f', 'one');
  a.write('k', 'x');
  const engine = await a.open();
  await engine.syncAll();
  a.fs.disk.mount('/a/mnt');
  a.fs.edit.special('/a/pipe');
  const report = await engine.syncAll({ releaseHeld: true });
  expect(report.problems.map(({ path, reason }) => [path, reason]).sort()).toEqual([
    ['mnt', 'other-file-system'],
    ['pipe', 'special-file'],
  ]);
  expect(world.stored).toEqual({ 'mnt/': '', 'mnt/f': 'one', k: 'x' });
  a.fs.disk.unmount('/a/mnt');
  expect(await engine.syncAll()).toMatchObject({ done: 0 });
});

it('S80 C63 a folder swapped for a link while a file is fetched into it: nothing is written outside', async () => {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b')];
  const [left, right] = [await a.open(), await b.open()];
  a.write('d/f', 'one');
  await settle(left, right);
  a.write('d/secret', 'into the folder');
  await left.syncAll();
  world.fs.edit.mkdir('/outside');
  b.step = (label, path) => {
    if (label !== 'create' || !path.startsWith('/b/.file-sync/tmp')) return;
    b.step = undefined;
    world.fs.edit.rename('/b/d', '/moved');
    world.fs.edit.symlink('/outside', '/b/d');
  };
  await right.syncAll();
  expect(world.fs.tree('/outside')).toEqual({});
});

it('S62 a pair that is taken away leaves both sides as they are, and can be set up again', async () => {
  const world = new BenchWorld();
  const a = world.device('a');
  a.write('f', 'one');
  const engine = await a.open();
  await engine.syncAll();
  await engine.stop();
  a.storage.base.clear();
  a.storage.facts.clear();
  expect([a.tree, world.stored]).toEqual([{ f: 'one' }, { f: 'one' }]);
  expect(await (await a.open()).syncAll()).toMatchObject({ done: 0, conflicts: [] });
  expect((await (await a.open()).why(relPath('f'))).decision).toContain('both sides agree');
});
