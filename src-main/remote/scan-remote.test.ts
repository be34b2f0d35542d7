import { describe, expect, it } from 'vitest';
import type { Backend, ObjectInfo } from '../backends/backend.ts';
import type { Version } from '../core/entry.ts';
import { SyncError } from '../core/errors.ts';
import { relPath } from '../core/rel-path.ts';
import { FakeStore, STORE } from '../testing/local-store.ts';
import { bodyWith, fileOf, foreignPut, hashOf, MemoryWorld, picture, scanAll, treeOn, writeLink, writeText } from '../testing/remote-kit.ts';

/** A backend whose listing is made by hand; all else is the memory store's. */
function withListing(backend: Backend, list: Backend['list']): Backend {
  return {
    id: backend.id,
    capabilities: backend.capabilities,
    list,
    stat: backend.stat.bind(backend),
    get: backend.get.bind(backend),
    put: backend.put.bind(backend),
    copy: backend.copy.bind(backend),
    delete: backend.delete.bind(backend),
    close: backend.close.bind(backend),
  };
}

describe('a scan of the remote side', () => {
  const hostile = ['../x', 'a/../../b', '/etc/passwd', 'a//b', './a', 'a/./b', 'a\0b', '..', '.file-sync', '.FILE-SYNC/tmp/x', 'a/..', '\ud800', '//', '/'];
  it.each(hostile.map((key) => [JSON.stringify(key), key]))('C62 the key %s becomes a problem and no path', async (_, key) => {
    const world = new MemoryWorld();
    await foreignPut(world.client(), 'fine', 'x');
    const extra: ObjectInfo = { key, size: 1, version: 'v' as Version, storedAtMs: 0 };
    const listing = withListing(world.client(), async function* (prefix, options) {
      yield extra;
      yield* world.client().list(prefix, options);
    });
    const seen = await scanAll(treeOn(listing, 'laptop'));
    expect(picture(seen)).toEqual({ fine: hashOf('x') });
    expect(seen.problems).toEqual([{ path: key, side: 'remote', reason: 'unsafe-name', subtree: true }]);
  });

  it('C62 what lies under our own prefix is never a file of the user', async () => {
    const world = new MemoryWorld();
    for (const key of ['.file-sync/vault.json', '.file-sync/versions/a/x', '.file-sync/local/tmp/y']) await foreignPut(world.client(), key, 'x');
    const seen = await scanAll(world.tree('laptop'));
    expect([seen.entries.size, seen.problems]).toEqual([0, []]);
  });

  it('C63 C62 S34 a file of another tool that is a folder as well is a problem, one of ours is told apart, in whatever order it is listed, remembered or not', async () => {
    const world = new MemoryWorld();
    const client = world.client();
    const tree = world.tree('laptop');
    await foreignPut(client, 'both', 'file');
    await tree.makeFolder(relPath('both'), { op: 'o' });
    await foreignPut(client, 'implied', 'file');
    await foreignPut(client, 'implied/below', 'x');
    await writeLink(tree, 'link', '/etc');
    await foreignPut(client, 'link/passwd', 'x');
    await writeText(tree, 'fine/a', 'x');
    const all: ObjectInfo[] = [];
    for await (const info of client.list('')) all.push({ key: info.key, size: info.size, version: info.version, storedAtMs: info.storedAtMs });
    const expected = ['both', 'implied'].map((path) => ({ path, side: 'remote', reason: 'file-and-folder', subtree: true }));
    let previous = await scanAll(tree);
    for (const order of [all, [...all].reverse()]) {
      for (const remembered of [false, true]) {
        const listing = withListing(client, async function* () {
          yield* order;
        });
        const seen = await scanAll(treeOn(listing, 'laptop'), remembered ? previous : undefined);
        expect([...seen.problems].sort((a, b) => (a.path < b.path ? -1 : 1))).toEqual(expected);
        expect(picture(seen)).toMatchObject({ fine: '/', 'fine/a': hashOf('x'), both: hashOf('file'), link: '/' });
        expect([...seen.besideFolders].map(([path, { entry }]) => [path, entry])).toEqual([['link', { kind: 'symlink', target: '/etc' }]]);
        previous = seen;
      }
    }
  });

  it('C53 S50 a listing that fails late throws: nothing is concluded from it', async () => {
    const world = new MemoryWorld();
    for (let i = 0; i < 10; i++) await writeText(world.tree('laptop'), `f${i}`, 'x');
    const failing = withListing(world.client(), async function* (prefix, options) {
      let n = 0;
      for await (const info of world.client().list(prefix, options)) {
        if (n++ === 7) throw new SyncError('unreachable', 'page 7 did not come');
        yield info;
      }
    });
    await expect(scanAll(treeOn(failing, 'laptop'))).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('C52 a store that goes while objects are asked about ends the scan; no work goes on behind it', async () => {
    const world = new MemoryWorld();
    for (let i = 0; i < 100; i++) await writeText(world.tree('laptop'), `f${i}`, 'x');
    const bare = withListing(world.client(), async function* (prefix, options) {
      for await (const { key, size, version, storedAtMs } of world.client().list(prefix, options)) yield { key, size, version, storedAtMs };
    });
    let asked = 0;
    const stat: Backend['stat'] = async (key, options) => {
      if (++asked > 20) throw new SyncError('unreachable', 'gone');
      return world.client().stat(key, options);
    };
    await expect(scanAll(treeOn({ ...bare, stat }, 'laptop'))).rejects.toMatchObject({ code: 'unreachable' });
    const then = asked;
    await new Promise((resolve) => setImmediate(resolve));
    expect([asked, then <= 20 + 16]).toEqual([then, true]);
  });

  it('one object that cannot be looked at is a problem of its own', async () => {
    const world = new MemoryWorld();
    for (const name of ['a', 'bad', 'c']) await foreignPut(world.client(), name, name);
    const get: Backend['get'] = async (key, options) => {
      if (key === 'bad') throw new SyncError('no-permission', 'not yours');
      return world.client().get(key, options);
    };
    const bare = withListing(world.client(), (prefix, options) => world.client().list(prefix, options));
    const seen = await scanAll(treeOn({ ...bare, get }, 'laptop'));
    expect(picture(seen)).toEqual({ a: hashOf('a'), c: hashOf('c') });
    expect(seen.problems).toMatchObject([{ path: 'bad', reason: 'unreadable', subtree: false }]);
  });

  it.each([
    ['too long', 'x'.repeat(5000)],
    ['empty', ''],
    ['with a NUL', 'a\0b'],
  ])('C66 an object that says it is a link and is none (%s) is a problem, never an absence', async (_, text) => {
    const world = new MemoryWorld();
    await foreignPut(world.client(), 'link', text, { kind: 'symlink' });
    const tree = world.tree('laptop');
    expect(await scanAll(tree)).toMatchObject({ problems: [{ path: 'link', reason: 'corrupt' }] });
    await expect(tree.look(relPath('link'), 'symlink')).rejects.toMatchObject({ code: 'corrupt' });
  });

  it('metadata that is nonsense costs a full read and does no harm', async () => {
    const world = new MemoryWorld();
    const meta = { sha256: 'zz', mtime: '99999999999999999999', mode: '99', op: 'a b', device: '%E0%A4%A' };
    await foreignPut(world.client(), 'a', 'content', meta);
    const seen = (await scanAll(world.tree('laptop'))).entries.get(relPath('a'));
    expect(seen).toMatchObject({ entry: { kind: 'file', hash: hashOf('content'), size: 7, mode: null }, op: null, device: null });
  });

  it('an object that changes while it is looked at is seen as one whole version', async () => {
    const world = new MemoryWorld();
    await foreignPut(world.client(), 'a', 'one');
    let changes = 2;
    const stat: Backend['stat'] = async (key, options) => {
      const seen = await world.client().stat(key, options);
      if (changes-- > 0) await foreignPut(world.client(), 'a', `changed ${changes}`);
      return seen;
    };
    const bare = withListing(world.client(), async function* () {
      yield { key: 'a', size: 3, version: 'v1' as Version, storedAtMs: 0 };
    });
    const seen = (await scanAll(treeOn({ ...bare, stat }, 'laptop'))).entries.get(relPath('a'));
    expect(seen).toMatchObject({ entry: { hash: hashOf('changed 0') }, version: (await world.client().stat('a'))?.version });
  });

  it('C66 20,000 keys: every entry, each asked about once, at most 16 at a time', async () => {
    const world = new MemoryWorld();
    const client = world.client();
    for (let i = 0; i < 20_000; i++) await client.put(`d${i % 100}/f${i}`, bodyWith('x'), { condition: { kind: 'absent' }, meta: { sha256: hashOf('x') } });
    let now = 0;
    let most = 0;
    let asked = 0;
    const bare = withListing(client, async function* () {
      for await (const { key, size, version, storedAtMs } of client.list('')) yield { key, size, version, storedAtMs };
    });
    const stat: Backend['stat'] = async (key) => {
      asked++;
      most = Math.max(most, ++now);
      await Promise.resolve();
      now--;
      return client.stat(key);
    };
    const seen = await scanAll(treeOn({ ...bare, stat }, 'laptop'));
    expect([seen.entries.size, asked, most]).toEqual([20_100, 20_000, 16]);
  });
});

describe('a scan of a folder as a store', () => {
  it('C63 never looks through a link that somebody put there, nor writes through it', async () => {
    const store = new FakeStore();
    const tree = treeOn(await store.open('one'), 'laptop');
    await writeText(tree, 'd/a', 'x');
    store.fs.edit.write('/outside/secret', 'secret');
    store.fs.edit.symlink('/outside', `${STORE}/link`);
    expect(picture(await scanAll(tree))).toEqual({ d: '/', 'd/a': hashOf('x'), link: '-> /outside' });
    await expect(tree.write(relPath('link/secret'), fileOf('y'), bodyWith('y'), { op: 'o', expect: null })).rejects.toMatchObject({ code: 'name-not-allowed' });
    expect(await tree.look(relPath('link/secret'), 'file')).toBeNull();
    expect(store.fs.tree('/outside')).toEqual({ secret: 'secret' });
  });

  it('C15 C21 what has no key is listed as a problem, and nothing is concluded from it', async () => {
    const store = new FakeStore();
    const tree = treeOn(await store.open('one'), 'laptop');
    await writeText(tree, 'a', 'x');
    store.fs.edit.special(`${STORE}/fifo`);
    store.fs.disk.invalidName(STORE, 'caf\\xE9');
    store.fs.edit.mkdir(`${STORE}/closed`);
    store.fs.edit.chmod(`${STORE}/closed`, 0);
    const seen = await scanAll(tree);
    expect([...seen.problems].sort((a, b) => (a.path < b.path ? -1 : 1))).toMatchObject([
      { path: 'caf\\xE9', reason: 'invalid-utf8-name', subtree: true },
      { path: 'closed', reason: 'unreadable', subtree: true },
      { path: 'fifo', reason: 'special-file', subtree: true },
    ]);
    expect(picture(seen)).toMatchObject({ a: hashOf('x') });
  });

  it('C55 a full disk: the old object stays, nothing half written, no temporary file', async () => {
    const store = new FakeStore();
    const tree = treeOn(await store.open('one'), 'laptop');
    const version = await writeText(tree, 'a', 'old content');
    store.fs.disk.capacity = store.fs.disk.usedBytes() + 20;
    const big = 'x'.repeat(100);
    await expect(tree.write(relPath('a'), fileOf(big), bodyWith(big), { op: 'o', expect: version })).rejects.toMatchObject({ code: 'disk-full' });
    await expect(tree.write(relPath('b'), fileOf(big), bodyWith(big), { op: 'o', expect: null })).rejects.toMatchObject({ code: 'disk-full' });
    store.fs.disk.capacity = Number.POSITIVE_INFINITY;
    expect(picture(await scanAll(tree))).toEqual({ a: hashOf('old content') });
    expect(Object.keys(store.fs.tree(`${STORE}/.file-sync/local/tmp`, { all: true }))).toEqual([]);
    expect(await tree.look(relPath('a'), 'file')).toMatchObject({ version });
  });
});
