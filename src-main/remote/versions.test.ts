import { describe, expect, it } from 'vitest';
import type { Version } from '../core/entry.ts';
import { SyncError } from '../core/errors.ts';
import { relPath } from '../core/rel-path.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import { bodyWith, fileOf, foreignPut, hashOf, keysUnder, MemoryWorld, picture, START_MS, scanAll, textOf, treeOn, writeText } from '../testing/remote-kit.ts';
import { FORMS, sealedOn } from '../testing/sealed-kit.ts';
import { parseVersionKey, revisionOf, versionFolder, versionKey } from './version-name.ts';

const DAY_MS = 86_400_000;
const VERSIONS = '.file-sync/versions/';

function name(folder: string, fromMs: number, toMs: number, revision: string): string {
  return versionKey({ folder: `${VERSIONS}${folder}/`, kind: 'content', fromMs, toMs, revision, afterMs: null });
}

describe('names of kept versions', () => {
  it('say what, from when, to when', () => {
    const key = name('d/a.txt', 1, START_MS, 'v1');
    expect(key).toBe('.file-sync/versions/d/a.txt/0000000000001~1700000000000~v1');
    expect(parseVersionKey(key)).toEqual({ folder: '.file-sync/versions/d/a.txt/', kind: 'content', fromMs: 1, toMs: START_MS, revision: 'v1', afterMs: null });
  });

  it.each([
    '',
    'x',
    '.file-sync/versions/a/',
    '.file-sync/versions/a/1~2~3',
    '.file-sync/versions/a/0000000000001~1700000000000~',
    '.file-sync/versions/a/0000000000001~1700000000000~a b',
    'a/-000000000001~1700000000000~v',
  ])('anything else is none: %j', (key) => {
    expect(parseVersionKey(key)).toBeNull();
  });

  it('fit into a key, whatever the version token and the times are', () => {
    for (const key of ['a', `${'x'.repeat(250)}/`.repeat(3) + 'y'.repeat(150), 'ä'.repeat(460), 'k'.repeat(1024)]) {
      const { folder } = versionFolder(key, nodeHasher);
      const named = { folder, fromMs: -5, toMs: Number.MAX_SAFE_INTEGER, revision: revisionOf(`"${'e'.repeat(90)}-2"` as Version), afterMs: Number.MAX_SAFE_INTEGER };
      for (const kind of ['content', 'moved', 'folder'] as const) {
        const full = versionKey({ ...named, kind });
        expect(Buffer.byteLength(full)).toBeLessThanOrEqual(1024);
        expect(parseVersionKey(full)).toMatchObject({ kind, revision: named.revision });
      }
    }
  });
});

describe('kept versions', () => {
  it('C44 carry the times of the store, whatever the device takes for the time', async () => {
    const world = new MemoryWorld();
    const wrong = world.tree('laptop', { deviceNow: () => 0 });
    const first = await writeText(wrong, 'a', 'one');
    const stored = (await world.client().stat('a'))?.storedAtMs ?? 0;
    world.nowMs += 5000;
    await writeText(wrong, 'a', 'two', first);
    const [key] = await keysUnder(world.client(), VERSIONS);
    const parsed = parseVersionKey(key ?? '');
    expect(parsed?.fromMs).toBe(stored);
    expect(parsed?.toMs).toBeGreaterThanOrEqual(stored + 5000);
    expect(parsed?.toMs).toBeLessThanOrEqual((await world.client().stat('a'))?.storedAtMs ?? 0);
  });

  it('C44 a device whose clock is years ahead sweeps nothing before its time', async () => {
    const world = new MemoryWorld();
    const ahead = world.tree('laptop', { deviceNow: () => START_MS + 20 * 365 * DAY_MS });
    let version = await writeText(ahead, 'a', 'v0');
    for (let i = 1; i < 4; i++) version = await writeText(ahead, 'a', `v${i}`, version);
    await ahead.sweep({ keep: 10, days: 30 });
    expect(await keysUnder(world.client(), VERSIONS)).toHaveLength(3);
  });

  it('go when there are too many or they are too old; the newest of each path stays', async () => {
    const world = new MemoryWorld();
    const client = world.client();
    const ago = (days: number) => world.nowMs - days * DAY_MS;
    const keep = [name('a', ago(10), ago(5), 'v3'), name('a', ago(20), ago(10), 'v2'), name('old', ago(400), ago(300), 'v1')];
    const go = [name('a', ago(25), ago(20), 'v1'), name('old', ago(500), ago(400), 'v0'), name('a', ago(90), ago(60), 'v0')];
    for (const key of [...keep, ...go]) await foreignPut(client, key, key);
    await world.tree('laptop').sweep({ keep: 2, days: 30 });
    expect(await keysUnder(client, VERSIONS)).toEqual([...keep].sort());
    await world.tree('laptop').sweep({ keep: 0, days: 30 });
    expect(await keysUnder(client, VERSIONS)).toEqual([]);
  });

  it('C44 two devices sweep at once by other rules and clocks while a third goes on writing: the newest of every path stays, and so does what was kept meanwhile', async () => {
    const world = new MemoryWorld();
    const writer = world.tree('writer');
    const at = new Map<string, Version>();
    const write = async (path: string, text: string): Promise<void> => {
      at.set(path, await writeText(writer, path, text, at.get(path) ?? null));
      world.nowMs += 1_000;
    };
    for (let i = 0; i < 6; i++) for (const path of ['a', 'd/b', 'd/c']) await write(path, `${path} ${i}`);
    let meanwhile = 0;
    let writing = Promise.resolve();
    const step = async (when: 'before' | 'after', operation: string): Promise<void> => {
      if (when !== 'before' || operation !== 'delete' || meanwhile >= 6) return;
      const n = meanwhile++;
      if (n % 2 === 0)
        writing = writing.then(async () => {
          for (const path of ['a', 'd/b']) await write(path, `${path} now ${n / 2}`);
        });
      await writing;
    };
    const [strict, lax] = [world.tree('strict', { step, deviceNow: () => 0 }), world.tree('lax', { step, deviceNow: () => START_MS + 50 * 365 * DAY_MS })];
    await Promise.all([strict.sweep({ keep: 1, days: 3_650 }), lax.sweep({ keep: 3, days: 3_650, maxBytes: 1 })]);
    const texts = new Map<string, string[]>();
    for (const key of await keysUnder(world.client(), VERSIONS)) {
      const path = key.slice(VERSIONS.length, key.lastIndexOf('/'));
      texts.set(path, [...(texts.get(path) ?? []), (await textOf(world.client(), key)) ?? '']);
    }
    // The one that the sweeps' own listings called the newest, and everything younger.
    expect(texts.get('d/c')).toEqual(['d/c 4']);
    for (const path of ['a', 'd/b']) expect(texts.get(path)).toEqual(expect.arrayContaining([`${path} 4`, `${path} 5`, `${path} now 0`]));
    await strict.sweep({ keep: 1, days: 3_650 });
    for (const path of ['a', 'd/b', 'd/c']) expect((await keysUnder(world.client(), `${VERSIONS}${path}/`)).length).toBe(1);
  });

  it.each(Object.entries(FORMS))('%s: are counted as the store bills them, and held within a size', async (_name, form) => {
    const world = new MemoryWorld();
    const tree = treeOn(sealedOn(world.client(), form), 'laptop');
    let last: Version | undefined;
    for (const text of ['one', 'two', 'three', 'four']) {
      world.nowMs += DAY_MS;
      last = await writeText(tree, 'a', text, last);
    }
    const rule = { keep: 10, days: 3_650 };
    const { count, bytes } = await tree.sweep(rule);
    expect(count).toBe(3);
    expect(bytes).toBeGreaterThan('onetwothree'.length);
    expect(await tree.sweep({ ...rule, maxBytes: bytes - 1 })).toMatchObject({ count: 2 });
    expect(await tree.sweep({ ...rule, maxBytes: 1 })).toMatchObject({ count: 1 });
  });

  it('with names that are none of ours are left alone', async () => {
    const world = new MemoryWorld();
    const odd = [`${VERSIONS}a/readme.txt`, `${VERSIONS}a/1~2~3`, `${VERSIONS}loose`, `${VERSIONS}a/9999999999999~0000000000000~../x`];
    for (const key of odd.slice(0, 3)) await foreignPut(world.client(), key, 'x');
    await world.tree('laptop').sweep({ keep: 0, days: 0 });
    expect(await keysUnder(world.client(), VERSIONS)).toEqual(odd.slice(0, 3).sort());
  });

  it('one version that was kept twice counts once', async () => {
    const world = new MemoryWorld();
    const now = world.nowMs;
    const keys = [name('a', 1000, now - 1, 'v2'), name('a', 1000, now - 2, 'v2'), name('a', 500, 1000, 'v1')];
    for (const key of keys) await foreignPut(world.client(), key, key);
    await world.tree('laptop').sweep({ keep: 2, days: 100_000 });
    expect(await keysUnder(world.client(), VERSIONS)).toEqual([keys[0], keys[2]].sort());
  });

  it('C67 without versions nothing is kept', async () => {
    const world = new MemoryWorld();
    const tree = world.tree('laptop', { keepVersions: false });
    const version = await writeText(tree, 'a', 'one');
    await tree.remove(relPath('a'), 'file', await writeText(tree, 'a', 'two', version));
    expect(world.store.keys).toEqual([]);
  });
});

describe('C51 S92 lost replies', () => {
  /** The nth call of `operation` takes effect and then fails. */
  function losing(world: MemoryWorld, operation: string, nth = 1) {
    let seen = 0;
    return world.client(async (when, op) => {
      if (when === 'after' && op === operation && ++seen === nth) throw new SyncError('unreachable', 'no answer');
    });
  }
  const lost = { code: 'unreachable' };

  it('of a write: the next scan shows the operation that did it', async () => {
    const world = new MemoryWorld();
    const tree = treeOn(losing(world, 'put'), 'laptop');
    await expect(tree.write(relPath('a'), fileOf('x'), bodyWith('x'), { op: 'deadbeef', expect: null })).rejects.toMatchObject(lost);
    expect((await scanAll(tree)).entries.get(relPath('a'))).toMatchObject({ op: 'deadbeef', device: 'laptop', entry: fileOf('x') });
  });

  it('of a replacement: content kept, operation shown', async () => {
    const world = new MemoryWorld();
    const version = await writeText(world.tree('desk'), 'a', 'old');
    const tree = treeOn(losing(world, 'put'), 'laptop');
    await expect(tree.write(relPath('a'), fileOf('x'), bodyWith('x'), { op: 'deadbeef', expect: version })).rejects.toMatchObject(lost);
    expect(await tree.look(relPath('a'), 'file')).toMatchObject({ op: 'deadbeef' });
    expect(await Promise.all((await keysUnder(world.client(), VERSIONS)).map((key) => textOf(world.client(), key)))).toEqual(['old']);
  });

  it('of keeping a version: tried again, one version counts', async () => {
    const world = new MemoryWorld();
    const version = await writeText(world.tree('desk'), 'a', 'old');
    const tree = treeOn(losing(world, 'copy'), 'laptop');
    const write = () => tree.write(relPath('a'), fileOf('x'), bodyWith('x'), { op: 'o', expect: version });
    await expect(write()).rejects.toMatchObject(lost);
    expect(await write()).toMatchObject({ kind: 'done' });
    await tree.sweep({ keep: 10, days: 30 });
    expect(await Promise.all((await keysUnder(world.client(), VERSIONS)).map((key) => textOf(world.client(), key)))).toEqual(['old']);
  });

  it('of a removal: gone, kept, and removing it again is done', async () => {
    const world = new MemoryWorld();
    const version = await writeText(world.tree('desk'), 'a', 'old');
    const tree = treeOn(losing(world, 'delete'), 'laptop');
    await expect(tree.remove(relPath('a'), 'file', version)).rejects.toMatchObject(lost);
    expect(await tree.remove(relPath('a'), 'file', version)).toEqual({ kind: 'done' });
    expect(await keysUnder(world.client(), '')).toHaveLength(1);
  });

  it.each([
    ['copy', 1],
    ['stat', 2],
    ['put', 1],
    ['delete', 1],
  ])('S69 of a move, at its %s: the content is never at neither name', async (operation, nth) => {
    const world = new MemoryWorld();
    const version = await writeText(world.tree('desk'), 'a', 'content');
    const tree = treeOn(losing(world, operation, nth), 'laptop');
    await expect(tree.move(relPath('a'), relPath('b'), fileOf('content'), version, { op: 'moving' })).rejects.toMatchObject(lost);
    const seen = await scanAll(tree);
    expect(picture(seen)).toMatchObject({ b: hashOf('content') });
    expect(seen.entries.get(relPath('b'))?.op).toBe('moving');
  });

  it('of making the vault: the id is found again', async () => {
    const world = new MemoryWorld();
    const tree = treeOn(losing(world, 'put'), 'laptop');
    await expect(tree.createVault('c'.repeat(32))).rejects.toMatchObject(lost);
    expect(await tree.vault()).toBe('c'.repeat(32));
  });
});
