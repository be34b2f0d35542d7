import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Backend } from '../backends/backend.ts';
import type { TestStore } from '../backends/conformance.ts';
import { relPath } from '../core/rel-path.ts';
import { fakeTestStore, realTestStore } from '../testing/local-store.ts';
import { bodyWith, fileOf, foreignPut, hashOf, keysUnder, linkTo, MemoryWorld, picture, readText, scanAll, textOf, treeOn, writeLink, writeText } from '../testing/remote-kit.ts';
import type { RemoteTree } from './remote-tree.ts';

const STORES: readonly (readonly [string, () => Promise<TestStore>])[] = [
  ['memory', async () => new MemoryWorld().testStore()],
  ['a folder on a simulated disk', () => fakeTestStore()],
  ['a folder on the real disk', realTestStore],
];
const VERSIONS = '.file-sync/versions/';

describe.each(STORES)('a synced tree on %s', (_, open) => {
  let store: TestStore;
  let backend: Backend;
  let laptop: RemoteTree;
  let desk: RemoteTree;
  beforeEach(async () => {
    store = await open();
    backend = store.backend;
    laptop = treeOn(store.backend, 'laptop');
    desk = treeOn(store.second, 'Büro #1');
  });
  afterEach(async () => {
    await laptop.close();
    await desk.close();
    await store.dispose?.();
  });

  it('one vault: the first to make it wins, everybody reads its id', async () => {
    expect(await laptop.vault()).toBeNull();
    const ids = await Promise.all([laptop.createVault('a'.repeat(32)), desk.createVault('b'.repeat(32))]);
    expect(ids[0]).toBe(ids[1]);
    expect(await desk.vault()).toBe(ids[0]);
    expect((await scanAll(laptop)).entries.size).toBe(0);
  });

  it('C27 a vault file that cannot be read, or of a newer format, is never taken for none', async () => {
    await foreignPut(backend, '.file-sync/vault.json', '{"format": 1');
    await expect(laptop.vault()).rejects.toMatchObject({ code: 'corrupt' });
    await foreignPut(backend, '.file-sync/vault.json', JSON.stringify({ format: 4, vault: 'a'.repeat(32) }));
    await expect(laptop.vault()).rejects.toMatchObject({ code: 'config' });
    await foreignPut(backend, '.file-sync/vault.json', JSON.stringify({ format: 1, vault: '../../x' }));
    await expect(laptop.vault()).rejects.toMatchObject({ code: 'corrupt' });
    await foreignPut(backend, '.file-sync/vault.json', ' '.repeat(70_000));
    await expect(laptop.vault()).rejects.toMatchObject({ code: 'corrupt' });
  });

  it('C26 C27 C28 a store that is gone is unreachable for every question, never empty', async () => {
    if (store.vanish === undefined) return;
    await laptop.createVault('a'.repeat(32));
    const version = await writeText(laptop, 'f/a', 'x');
    await scanAll(desk);
    await store.vanish();
    const gone = { code: 'unreachable' };
    for (const tree of [laptop, desk]) {
      await expect(tree.vault(), 'vault').rejects.toMatchObject(gone);
      await expect(scanAll(tree), 'scan').rejects.toMatchObject(gone);
      await expect(tree.look(relPath('f/a'), 'file'), 'look').rejects.toMatchObject(gone);
      await expect(tree.look(relPath('f'), 'folder'), 'look').rejects.toMatchObject(gone);
      await expect(tree.remove(relPath('f/a'), 'file', version), 'remove').rejects.toMatchObject(gone);
      await expect(tree.write(relPath('f/a'), fileOf('y'), bodyWith('y'), { op: 'o', expect: version }), 'write').rejects.toMatchObject(gone);
    }
    await store.comeBack?.();
    expect(picture(await scanAll(laptop))).toEqual({ f: '/', 'f/a': hashOf('x') });
  });

  it('what one device writes the other sees, with who wrote it and in which operation', async () => {
    const written = await laptop.write(relPath('d/a.txt'), fileOf('hello', 0o755), bodyWith('hello'), { op: '0123456789abcdef', expect: null });
    if (written.kind !== 'done') throw new Error('stale');
    const seen = (await scanAll(desk)).entries.get(relPath('d/a.txt'));
    expect(seen).toMatchObject({ entry: fileOf('hello', 0o755), version: written.version, op: '0123456789abcdef', device: 'laptop' });
    expect(await desk.look(relPath('d/a.txt'), 'file')).toEqual(seen);
    expect(await readText(desk, 'd/a.txt', written.version)).toBe('hello');
    const other = await desk.write(relPath('d/b'), fileOf('x'), bodyWith('x'), { op: 'o2', expect: null });
    expect((await scanAll(laptop)).entries.get(relPath('d/b'))).toMatchObject({ version: other.kind === 'done' && other.version, device: 'Büro #1' });
  });

  it('C16 C14 folders, empty files and links come back as such', async () => {
    await laptop.makeFolder(relPath('empty'), { op: 'o' });
    await writeText(laptop, 'nothing', '');
    await writeLink(laptop, 'd/link', '../nöwhere/∞');
    expect(picture(await scanAll(desk))).toEqual({ empty: '/', nothing: hashOf(''), d: '/', 'd/link': '-> ../nöwhere/∞' });
    expect(await desk.look(relPath('d/link'), 'symlink')).toMatchObject({ entry: linkTo('../nöwhere/∞') });
    expect(await desk.look(relPath('empty'), 'folder')).toMatchObject({ entry: { kind: 'folder' } });
    expect(await desk.look(relPath('d'), 'folder')).toMatchObject({ entry: { kind: 'folder' } });
    expect(await desk.look(relPath('none'), 'folder')).toBeNull();
    expect(await desk.look(relPath('none'), 'file')).toBeNull();
  });

  it.each([
    ' a  b ',
    '100%+20%25&a=b',
    '#1?x=y',
    'a\\b',
    'new\nline\ttab',
    '...',
    '-rf',
    '👩‍👩‍👧',
    '日本語',
    'a. ',
    'CON',
    `${'ä'.repeat(127)}x`,
  ])('C17 the name %j', async (name) => {
    await writeText(laptop, `d/${name}`, 'one');
    const seen = (await scanAll(desk)).entries.get(relPath(`d/${name}`));
    expect(seen?.entry).toEqual(fileOf('one'));
    if (seen === undefined) return;
    const next = await writeText(desk, `d/${name}`, 'two', seen.version);
    expect(await laptop.remove(relPath(`d/${name}`), 'file', next)).toEqual({ kind: 'done' });
    const kept = await keysUnder(backend, VERSIONS);
    expect(kept.map((key) => key.slice(0, key.lastIndexOf('/') + 1))).toEqual([`${VERSIONS}d/${name}/`, `${VERSIONS}d/${name}/`]);
    expect(new Set(await Promise.all(kept.map((key) => textOf(backend, key))))).toEqual(new Set(['one', 'two']));
  });

  it('C17 a key of 1,024 bytes can be replaced and removed like any other; what it held is kept', async () => {
    const long = `${['d', 'e', 'f', 'g'].map((c) => c.repeat(200)).join('/')}/`;
    const path = relPath(long + 'h'.repeat(1024 - long.length));
    const version = await writeText(laptop, path, 'one');
    await laptop.remove(path, 'file', await writeText(laptop, path, 'two', version));
    expect(await laptop.look(path, 'file')).toBeNull();
    const kept = await keysUnder(backend, '.file-sync/versions-long/');
    expect((await Promise.all(kept.map((key) => textOf(backend, key)))).sort()).toEqual([path, 'one', 'two'].sort());
    await laptop.sweep({ keep: 1, days: 30 });
    expect((await Promise.all((await keysUnder(backend, '.file-sync/versions-long/')).map((key) => textOf(backend, key)))).sort()).toEqual([path, 'two'].sort());
  });

  it('C18 NFC and NFD of one name are two paths, byte for byte', async () => {
    await writeText(laptop, 'caf\u00e9', 'composed');
    await writeText(laptop, 'cafe\u0301', 'decomposed');
    expect(picture(await scanAll(desk))).toEqual({ 'caf\u00e9': hashOf('composed'), 'cafe\u0301': hashOf('decomposed') });
  });

  it('C40 two devices write one new path: one is done, the other stale', async () => {
    for (let round = 0; round < 8; round++) {
      const path = relPath(`n/${round}`);
      const results = await Promise.all([laptop, desk, laptop, desk].map((tree, i) => tree.write(path, fileOf(`by ${i}`), bodyWith(`by ${i}`), { op: `op${i}`, expect: null })));
      expect(results.filter((r) => r.kind === 'done').length).toBe(1);
      const winner = results.findIndex((r) => r.kind === 'done');
      expect(await laptop.look(path, 'file')).toMatchObject({ entry: fileOf(`by ${winner}`), op: `op${winner}` });
    }
  });

  it('C40 two devices replace one version: one is done; what was there is kept', async () => {
    let version = await writeText(laptop, 'a', 'start');
    let old = 'start';
    for (let round = 0; round < 8; round++) {
      const expect_ = version;
      const results = await Promise.all(
        [laptop, desk].map((tree, i) => tree.write(relPath('a'), fileOf(`${round} by ${i}`), bodyWith(`${round} by ${i}`), { op: `o${i}`, expect: expect_ })),
      );
      const winner = results.findIndex((r) => r.kind === 'done');
      expect(results.filter((r) => r.kind === 'done').length, `round ${round}`).toBe(1);
      const won = results[winner];
      if (won?.kind === 'done') version = won.version;
      expect(await textOf(backend, 'a')).toBe(`${round} by ${winner}`);
      const kept = await Promise.all((await keysUnder(backend, `${VERSIONS}a/`)).map((key) => textOf(backend, key)));
      expect(kept).toContain(old);
      old = `${round} by ${winner}`;
    }
  });

  it('C41 S43 a removal and an edit of one version race: the edit survives, or was never accepted', async () => {
    for (let round = 0; round < 8; round++) {
      const path = relPath(`r${round}`);
      const version = await writeText(laptop, path, 'old');
      const [removed, written] = await Promise.all([laptop.remove(path, 'file', version), desk.write(path, fileOf('edit'), bodyWith('edit'), { op: 'o', expect: version })]);
      expect(await textOf(backend, path)).toBe(written.kind === 'done' ? 'edit' : null);
      if (written.kind === 'done') expect(removed.kind).toBe('stale');
      expect(await Promise.all((await keysUnder(backend, `${VERSIONS}${path}/`)).map((key) => textOf(backend, key)))).toContain('old');
    }
  });

  it('replaced and removed content is kept under its path with its metadata, and swept by the rule', async () => {
    let version = await writeText(laptop, 'd/a', 'v0');
    for (let i = 1; i < 5; i++) version = await writeText(laptop, 'd/a', `v${i}`, version);
    await laptop.remove(relPath('d/a'), 'file', version);
    const kept = await keysUnder(backend, VERSIONS);
    expect(await Promise.all(kept.map((key) => textOf(backend, key)))).toHaveLength(5);
    for (const key of kept) expect((await backend.stat(key))?.meta['sha256']).toBe(hashOf((await textOf(backend, key)) ?? ''));
    await laptop.sweep({ keep: 2, days: 30 });
    expect(new Set(await Promise.all((await keysUnder(backend, VERSIONS)).map((key) => textOf(backend, key))))).toEqual(new Set(['v3', 'v4']));
    expect((await scanAll(desk)).entries.size).toBeLessThanOrEqual(1);
  });

  it('a stale replacement or removal keeps nothing and changes nothing', async () => {
    const old = await writeText(laptop, 'a', 'old');
    const now = await writeText(desk, 'a', 'now', old);
    const before = await keysUnder(backend, '');
    expect(await laptop.write(relPath('a'), fileOf('late'), bodyWith('late'), { op: 'o', expect: old })).toEqual({ kind: 'stale' });
    expect(await laptop.remove(relPath('a'), 'file', old)).toEqual({ kind: 'stale' });
    expect(await keysUnder(backend, '')).toEqual(before);
    expect(await laptop.remove(relPath('a'), 'file', now)).toEqual({ kind: 'done' });
    expect(await laptop.remove(relPath('a'), 'file', now)).toEqual({ kind: 'done' });
  });

  it('S69 a move keeps bytes, times and bits, and names its own operation', async () => {
    const version = await writeText(laptop, 'd/a', 'content');
    const moved = await laptop.move(relPath('d/a'), relPath('e/b'), fileOf('content'), version, { op: 'moving' });
    expect(moved.kind).toBe('done');
    expect(picture(await scanAll(desk))).toEqual(expect.objectContaining({ e: '/', 'e/b': hashOf('content') }));
    expect(await desk.look(relPath('d/a'), 'file')).toBeNull();
    expect(await desk.look(relPath('e/b'), 'file')).toMatchObject({ entry: fileOf('content'), op: 'moving', version: moved.kind === 'done' && moved.version });
  });

  it('a move onto what is there, or of what has changed, is stale; all stays', async () => {
    const a = await writeText(laptop, 'a', 'A');
    await writeText(laptop, 'b', 'B');
    expect(await laptop.move(relPath('a'), relPath('b'), fileOf('A'), a, { op: 'o' })).toEqual({ kind: 'stale' });
    const next = await writeText(desk, 'a', 'AA', a);
    expect(await laptop.move(relPath('a'), relPath('c'), fileOf('A'), a, { op: 'o' })).toEqual({ kind: 'stale' });
    expect(picture(await scanAll(laptop))).toEqual({ a: hashOf('AA'), b: hashOf('B') });
    expect(await readText(laptop, 'a', next)).toBe('AA');
  });

  it('C14 a moved link stays a link', async () => {
    const version = await writeLink(laptop, 'l', 'to');
    expect(await laptop.move(relPath('l'), relPath('d/m'), linkTo('to'), version, { op: 'o' })).toMatchObject({ kind: 'done' });
    expect(picture(await scanAll(desk))).toEqual({ d: '/', 'd/m': '-> to' });
  });

  it('a folder goes only when it is empty; making it again is done', async () => {
    const made = await laptop.makeFolder(relPath('d'), { op: 'o' });
    expect(await desk.makeFolder(relPath('d'), { op: 'p' })).toEqual(made);
    const file = await writeText(desk, 'd/a', 'x');
    if (made.kind !== 'done') throw new Error('stale');
    await laptop.remove(relPath('d'), 'folder', made.version);
    expect(await desk.look(relPath('d/a'), 'file')).toMatchObject({ version: file });
    expect((await scanAll(desk)).entries.has(relPath('d'))).toBe(true);
    await desk.remove(relPath('d/a'), 'file', file);
    await laptop.remove(relPath('d'), 'folder', made.version);
    expect((await scanAll(desk)).entries.size).toBe(0);
  });

  it('C46 S41 S129 what a foreign tool wrote is read for its hash once, and known by its version after that', async () => {
    await foreignPut(backend, 'd/foreign', 'from elsewhere');
    const first = await scanAll(laptop);
    expect(first.entries.get(relPath('d/foreign'))).toMatchObject({ entry: { hash: hashOf('from elsewhere'), size: 14 }, op: null, device: null });
    let reads = 0;
    const counting: Backend = {
      id: backend.id,
      capabilities: backend.capabilities,
      put: backend.put.bind(backend),
      copy: backend.copy.bind(backend),
      delete: backend.delete.bind(backend),
      close: backend.close.bind(backend),
      list: backend.list.bind(backend),
      stat: backend.stat.bind(backend),
      get: (...args: Parameters<Backend['get']>) => {
        reads++;
        return backend.get(...args);
      },
    };
    expect(picture(await scanAll(treeOn(counting, 'laptop'), first))).toEqual(picture(first));
    expect(reads).toBe(0);
    const base = new Map([...first.entries].map(([path, { entry, version }]) => [path, { entry, version, stamp: null }]));
    expect(picture(await treeOn(counting, 'laptop').scan({ base, rehash: false }))).toEqual(picture(first));
    expect(reads).toBe(0);
    await treeOn(counting, 'laptop').scan({ base, previous: first, rehash: true });
    expect(reads).toBe(1);
  });

  it('C46 a foreign tool overwrites and deletes: seen as such, never overwritten unseen', async () => {
    const version = await writeText(laptop, 'a', 'ours');
    await writeText(laptop, 'b', 'ours too');
    await foreignPut(backend, 'a', 'theirs');
    const b = await backend.stat('b');
    if (b !== null) await backend.delete('b', { version: b.version });
    expect(await laptop.write(relPath('a'), fileOf('next'), bodyWith('next'), { op: 'o', expect: version })).toEqual({ kind: 'stale' });
    expect(picture(await scanAll(laptop))).toEqual({ a: hashOf('theirs') });
    expect(await laptop.look(relPath('b'), 'file')).toBeNull();
  });

  it('C57 a version that is replaced can no longer be opened', async () => {
    const old = await writeText(laptop, 'a', 'old');
    await writeText(desk, 'a', 'new', old);
    expect(await readText(laptop, 'a', old)).toBeNull();
  });

  it('C57 a reader sees one whole version or an error, never a mix', async () => {
    const big = (letter: string) => letter.repeat(600_000);
    let version = await writeText(laptop, 'a', big('a'));
    for (const letter of 'bcd') {
      const chunks = (await desk.read(relPath('a'), version))?.[Symbol.asyncIterator]();
      const first = await chunks?.next();
      version = await writeText(laptop, 'a', big(letter), version);
      const parts = [Buffer.from(first?.value ?? [])];
      try {
        for (let step = await chunks?.next(); step !== undefined && !step.done; step = await chunks?.next()) parts.push(Buffer.from(step.value));
      } catch (error) {
        expect(error).toMatchObject({ code: 'busy' });
        continue;
      }
      const text = Buffer.concat(parts).toString();
      expect(text).toBe(big(text[0] ?? ''));
    }
  });

  it('a body that breaks, or is cut off by the signal, leaves the old object and nothing else', async () => {
    const version = await writeText(laptop, 'a', 'old');
    const before = await keysUnder(backend, '');
    const broken = {
      size: 4,
      async *open() {
        yield Buffer.from('ne');
        throw new Error('the file changed');
      },
    };
    await expect(laptop.write(relPath('a'), fileOf('next'), broken, { op: 'o', expect: version })).rejects.toThrow('the file changed');
    await expect(laptop.write(relPath('b'), fileOf('next'), broken, { op: 'o', expect: null })).rejects.toThrow('the file changed');
    await expect(laptop.write(relPath('a'), fileOf('next'), bodyWith('next'), { op: 'o', expect: version, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'aborted',
    });
    expect((await keysUnder(backend, '')).filter((key) => !key.startsWith(VERSIONS))).toEqual(before);
    expect(await textOf(backend, 'a')).toBe('old');
    expect(await backend.stat('a')).toMatchObject({ version });
  });
});
