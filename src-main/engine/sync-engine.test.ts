import { expect, it } from 'vitest';
import type { Backend, ObjectInfo } from '../backends/backend.ts';
import { SyncError } from '../core/errors.ts';
import { relPath } from '../core/rel-path.ts';
import { bodyOf } from '../remote/small-body.ts';
import { BenchWorld } from '../testing/bench-pair.ts';

/** Waits for what the loop does on its own; every wait inside it is on simulated time. */
async function until(holds: () => boolean): Promise<void> {
  for (let turns = 0; turns < 5000; turns++) {
    if (holds()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('waited in vain');
}

it('carries new, edited, renamed and deleted files and folders both ways', async () => {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b')];
  const [left, right] = [await a.open(), await b.open()];
  a.write('docs/one.txt', 'one');
  b.write('two.txt', 'two');
  await left.syncAll();
  await right.syncAll();
  await left.syncAll();
  expect(a.tree).toEqual({ 'docs/': '', 'docs/one.txt': 'one', 'two.txt': 'two' });
  expect(b.tree).toEqual(a.tree);
  a.rename('docs', 'papers');
  b.write('two.txt', 'two, edited');
  const renamed = await left.syncAll();
  expect(renamed.bytesUp).toBe(0);
  await right.syncAll();
  await left.syncAll();
  b.remove('papers');
  await right.syncAll({ releaseHeld: true });
  await left.syncAll({ releaseHeld: true });
  expect(a.tree).toEqual({ 'two.txt': 'two, edited' });
  expect(b.tree).toEqual(a.tree);
  expect(world.stored).toEqual(a.tree);
});

it('L5 a second sync does nothing', async () => {
  const world = new BenchWorld();
  const a = world.device('a');
  a.write('x', '1');
  const engine = await a.open();
  expect((await engine.syncAll()).done).toBe(1);
  expect(await engine.syncAll()).toMatchObject({ done: 0, stale: 0, bytesUp: 0, bytesDown: 0 });
  expect(engine.status()).toMatchObject({ state: 'ok', files: 1, pending: 0, error: null });
});

it('C31 keep_both: the first to arrive keeps the name, the other becomes a copy that reaches every device', async () => {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b')];
  const [left, right] = [await a.open(), await b.open()];
  a.write('f.txt', 'by a');
  b.write('f.txt', 'by b');
  await left.syncAll();
  await right.syncAll();
  await left.syncAll();
  const copy = Object.keys(a.tree).find((path) => path.includes('.conflict-b-'));
  expect(copy).toMatch(/^f\.conflict-b-\d{8}-\d{6}\.txt$/);
  expect(a.tree).toEqual({ 'f.txt': 'by a', [copy ?? '']: 'by b' });
  expect(b.tree).toEqual(a.tree);
});

it('C31 keep_local and keep_remote: the loser stays as a version or in the trash', async () => {
  for (const [policy, winner] of [
    ['keep_local', 'by b'],
    ['keep_remote', 'by a'],
  ] as const) {
    const world = new BenchWorld();
    const [a, b] = [world.device('a'), world.device('b', { conflictPolicy: policy })];
    const [left, right] = [await a.open(), await b.open()];
    a.write('f', 'by a');
    b.write('f', 'by b');
    await left.syncAll();
    await right.syncAll();
    expect(b.tree).toEqual({ f: winner });
    expect(world.stored).toEqual({ f: winner });
    const kept = [...b.everything, ...world.versions];
    expect(kept).toContain('by a');
    expect(kept).toContain('by b');
  }
});

it('C38 manual: both stay untouched; an answer counts only for what was shown', async () => {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b', { conflictPolicy: 'manual' })];
  const [left, right] = [await a.open(), await b.open()];
  a.write('f', 'by a');
  b.write('f', 'by b');
  b.write('other', 'goes on');
  await left.syncAll();
  expect((await right.syncAll()).conflicts.map((c) => c.path)).toEqual(['f']);
  expect(right.status().state).toBe('attention');
  expect(b.tree['f']).toBe('by b');
  expect(world.stored).toEqual({ f: 'by a', other: 'goes on' });

  await right.resolve(relPath('f'), 'local');
  a.write('f', 'by a, once more');
  await left.syncAll();
  expect((await right.syncAll()).conflicts.map((c) => c.path)).toEqual(['f']);
  expect(world.stored['f']).toBe('by a, once more');

  await right.resolve(relPath('f'), 'local');
  expect((await right.syncAll()).conflicts).toEqual([]);
  expect(world.stored['f']).toBe('by b');
  expect(world.versions).toContain('by a, once more');
  await expect(right.resolve(relPath('f'), 'local')).rejects.toMatchObject({ code: 'not-found' });
});

it('C38 an open conflict and its answer survive a restart', async () => {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b', { conflictPolicy: 'manual' })];
  a.write('f', 'by a');
  b.write('f', 'by b');
  await (await a.open()).syncAll();
  await (await b.open()).syncAll();
  const again = await b.open();
  expect(again.conflicts().map((c) => c.path)).toEqual(['f']);
  await again.resolve(relPath('f'), 'remote');
  await (await b.open()).syncAll();
  expect(b.tree).toEqual({ f: 'by a' });
  expect(b.everything).toContain('by b');
});

it('C38 a sync limited to another path keeps the open conflict and its answer', async () => {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b', { conflictPolicy: 'manual' })];
  const [left, right] = [await a.open(), await b.open()];
  a.write('f', 'by a');
  b.write('f', 'by b');
  await left.syncAll();
  await right.syncAll();
  await right.resolve(relPath('f'), 'local');
  b.write('other', 'x');
  expect((await right.syncAll({ path: relPath('other') })).conflicts.map((c) => c.path)).toEqual(['f']);
  expect(world.stored).toEqual({ f: 'by a', other: 'x' });
  expect((await right.syncAll()).conflicts).toEqual([]);
  expect(world.stored['f']).toBe('by b');
});

it('C23 S103 a file in use is told, tried again, and stops nothing else', async () => {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b')];
  a.write('locked', 'new');
  a.write('free', 'free');
  await (await a.open()).syncAll();
  b.step = (label, path) => {
    if (label === 'link' && path.endsWith('/locked')) throw new SyncError('busy', 'the file is in use', { path });
  };
  const engine = await b.open();
  const report = await engine.syncAll();
  expect(report.failures).toMatchObject([{ path: 'locked', code: 'busy', attempts: 1 }]);
  expect(b.tree).toEqual({ free: 'free' });
  expect(engine.status().state).toBe('attention');
  expect((await engine.syncAll()).failures).toMatchObject([{ attempts: 2 }]);
  b.step = undefined;
  expect((await engine.syncAll()).failures).toEqual([]);
  expect(b.tree).toEqual({ free: 'free', locked: 'new' });
});

it('C13 S48 a folder that cannot be read is listed, and nothing in it is deleted on the other side', async () => {
  const world = new BenchWorld();
  const a = world.device('a');
  a.write('secret/f', '1');
  const engine = await a.open();
  await engine.syncAll();
  a.step = (label, path) => {
    if (label === 'readDir' && path.endsWith('/secret')) throw new SyncError('no-permission', 'permission denied', { path });
  };
  const report = await engine.syncAll();
  expect(report.problems).toMatchObject([{ path: 'secret', reason: 'unreadable', side: 'local' }]);
  expect(world.stored).toEqual({ 'secret/': '', 'secret/f': '1' });
});

it('C26 S46 a root without its marker stops the folder; nothing is deleted, and it goes on when the root is back', async () => {
  const world = new BenchWorld();
  const a = world.device('a');
  a.write('f', '1');
  await (await a.open()).syncAll();
  world.fs.edit.rename(a.root, '/elsewhere');
  const gone = await a.open().catch((error: unknown) => error);
  expect(gone).toMatchObject({ code: 'root-missing' });
  world.fs.edit.mkdir(a.root);
  const engine = await a.open();
  await expect(engine.syncAll()).rejects.toMatchObject({ code: 'root-replaced' });
  expect(engine.status().state).toBe('error');
  expect(world.stored).toEqual({ f: '1' });
  world.fs.edit.remove(a.root);
  world.fs.edit.rename('/elsewhere', a.root);
  expect((await (await a.open()).syncAll()).done).toBe(0);
});

it("C26 a root with another pair's marker stops the folder, also for a look only", async () => {
  const world = new BenchWorld();
  const a = world.device('a');
  a.write('f', '1');
  const engine = await a.open();
  await engine.syncAll();
  const marker = `${a.root}/.file-sync/identity.json`;
  world.fs.edit.write(marker, world.fs.edit.read(marker).replace(/"pairId": "[0-9a-f]+"/, '"pairId": "0123456789abcdef"'));
  a.remove('f');
  for (const dryRun of [true, false]) await expect(engine.syncAll({ dryRun, releaseHeld: true })).rejects.toMatchObject({ code: 'root-replaced' });
  expect(world.stored).toEqual({ f: '1' });
});

it('C27 S54 an emptied store, or another vault, stops the folder and deletes nothing here', async () => {
  const world = new BenchWorld();
  const a = world.device('a');
  a.write('f', '1');
  const engine = await a.open();
  await engine.syncAll();
  for (const key of world.store.keys) world.store.remove(key);
  await expect(engine.syncAll()).rejects.toMatchObject({ code: 'remote-missing' });
  await (await world.device('stranger').open()).syncAll();
  await expect(engine.syncAll()).rejects.toMatchObject({ code: 'remote-replaced' });
  expect(a.tree).toEqual({ f: '1' });
});

it('C28 a store that goes away is waited for', async () => {
  const world = new BenchWorld();
  const a = world.device('a');
  a.write('f', '1');
  const engine = await a.open();
  await engine.syncAll();
  world.store.offline = true;
  await expect(engine.syncAll()).rejects.toMatchObject({ code: 'unreachable' });
  expect(engine.status().state).toBe('offline');
  world.store.offline = false;
  await engine.syncAll();
  expect(engine.status()).toMatchObject({ state: 'ok', error: null });
});

it('C50 S97 I5 a lost state costs one comparison: no conflict, no transfer, no deletion', async () => {
  const world = new BenchWorld();
  const a = world.device('a');
  for (let i = 0; i < 20; i++) a.write(`d${i % 3}/f${i}`, `content ${i}`);
  await (await a.open()).syncAll();
  const before = a.tree;
  a.storage.base.clear();
  a.storage.facts.clear();
  a.storage.intents.length = 0;
  const report = await (await a.open()).syncAll();
  expect(report).toMatchObject({ done: 0, bytesUp: 0, bytesDown: 0, conflicts: [] });
  expect(a.tree).toEqual(before);
});

it('I8 a mass deletion is held, everything else goes on, and a word releases it', async () => {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b')];
  for (let i = 0; i < 80; i++) a.write(`f${i}`, `content ${i}`);
  const [left, right] = [await a.open(), await b.open()];
  await left.syncAll();
  await right.syncAll();
  for (let i = 0; i < 60; i++) a.remove(`f${i}`);
  a.write('new', 'goes on');
  const report = await left.syncAll();
  expect(report.held).toMatchObject([{ side: 'remote', why: 'too-many' }]);
  expect(report.held[0]?.actions).toHaveLength(60);
  expect(Object.keys(world.stored)).toHaveLength(81);
  expect(left.status()).toMatchObject({ state: 'attention', pending: 60 });
  expect((await left.syncAll({ releaseHeld: true })).held).toEqual([]);
  expect(Object.keys(world.stored)).toHaveLength(21);
  expect((await right.syncAll()).held).toMatchObject([{ side: 'local' }]);
  expect(Object.keys(b.tree)).toHaveLength(81);
});

it('C53 I8 what a listing left out is not deleted here: the store is asked for it', async () => {
  const world = new BenchWorld();
  const a = world.device('a');
  a.write('f', '1');
  a.write('g', '2');
  await (await a.open()).syncAll();
  const client = world.store.client();
  const forgetful: Backend = new Proxy(client, {
    get: (target, name) => {
      if (name === 'list') return listWithoutF;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  async function* listWithoutF(...given: Parameters<Backend['list']>): AsyncGenerator<ObjectInfo> {
    for await (const info of client.list(...given)) if (info.key !== 'f') yield info;
  }
  await (await a.open(forgetful)).syncAll({ releaseHeld: true });
  expect(a.tree).toEqual({ f: '1', g: '2' });
  expect(world.stored).toEqual(a.tree);
});

it('a dry run shows the plan and changes nothing, not even on the first time', async () => {
  const world = new BenchWorld();
  const a = world.device('a');
  a.write('f', '1');
  const engine = await a.open();
  const report = await engine.syncAll({ dryRun: true });
  expect(report.planned).toMatchObject([{ kind: 'upload', path: 'f' }]);
  expect(world.store.keys).toEqual([]);
  expect(a.storage.base.size).toBe(0);
});

it('a path limits the sync to it and to the folders it needs', async () => {
  const world = new BenchWorld();
  const a = world.device('a');
  a.write('d/wanted', '1');
  a.write('d/unwanted', '2');
  a.write('elsewhere', '3');
  await (await a.open()).syncAll({ path: relPath('d/wanted') });
  expect(world.stored).toEqual({ 'd/': '', 'd/wanted': '1' });
});

it('versions that a part of the folder left behind are counted without asking the store, as the next sweep counts them', async () => {
  const world = new BenchWorld();
  const a = world.device('a');
  for (const name of ['edited', 'gone', 'd/new']) a.write(name, name);
  const engine = await a.open();
  await engine.syncAll();
  expect(engine.status().kept).toEqual({ count: 0, bytes: 0 });
  a.write('edited', 'another');
  a.write('d/new', 'newer');
  a.write('fresh', 'fresh');
  a.remove('gone');
  for (const path of ['edited', 'gone', 'fresh']) await engine.syncAll({ path: relPath(path) });
  expect(engine.status().kept).toEqual({ count: 2, bytes: 'edited'.length + 'gone'.length });
  const again = await a.open();
  expect(again.status().kept).toEqual(engine.status().kept);
  await again.syncAll({ path: relPath('d/new') });
  const counted = again.status().kept;
  expect(counted?.count).toBe(3);
  await again.syncAll();
  expect(again.status().kept).toEqual(counted);
});

it('C2 S16 --full finds a change that kept size and times; --force sends everything again', async () => {
  const world = new BenchWorld();
  const a = world.device('a');
  a.write('f', 'one');
  const engine = await a.open();
  await engine.syncAll();
  const node = world.fs.disk.need('/a/f');
  node.data = Buffer.from('two');
  expect((await engine.syncAll()).done).toBe(0);
  expect((await engine.syncAll({ full: true })).done).toBe(1);
  expect(world.stored).toEqual({ f: 'two' });
  expect((await engine.syncAll({ force: true })).bytesUp).toBe(3);
});

it('while watching, a hint is enough, a pause holds it back, and a resume brings it', async () => {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b')];
  const engine = await a.open();
  await engine.start();
  await until(() => engine.status().lastSyncAt !== null);
  a.write('f', '1');
  a.watcher.tell({ kind: 'paths', paths: new Set([relPath('f')]) });
  await until(() => world.stored['f'] === '1');
  engine.pause();
  expect(engine.status().state).toBe('paused');
  a.write('new/deep/g', '2');
  a.watcher.tell({ kind: 'paths', paths: new Set([relPath('new/deep/g')]) });
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
  expect(Object.keys(world.stored)).toEqual(['f']);
  await expect(engine.syncAll()).rejects.toMatchObject({ code: 'usage' });
  engine.resume();
  await until(() => world.stored['new/deep/g'] === '2');
  a.write('other/deep/h', '3');
  a.watcher.tell({ kind: 'paths', paths: new Set([relPath('other/deep/h')]) });
  await until(() => world.stored['other/deep/h'] === '3');
  await engine.stop();
  await (await b.open()).syncAll();
  expect(b.tree).toEqual(a.tree);
});

it('C62 a hint about a remote object that cannot be looked at does not end the sync; the others are fetched, and the next full look lists it', async () => {
  const world = new BenchWorld();
  const a = world.device('a');
  const client = world.store.client();
  let tell: (keys: readonly string[] | null) => void = () => undefined;
  const watched: Backend = {
    id: client.id,
    capabilities: client.capabilities,
    list: client.list.bind(client),
    stat: client.stat.bind(client),
    get: client.get.bind(client),
    put: client.put.bind(client),
    copy: client.copy.bind(client),
    delete: client.delete.bind(client),
    close: client.close.bind(client),
    watch: async (onHint) => {
      tell = onHint;
      return async () => undefined;
    },
  };
  const engine = await a.open(watched);
  await engine.start();
  await until(() => engine.status().lastSyncAt !== null);
  await client.put('bad', bodyOf(new Uint8Array(0)), { condition: { kind: 'absent' }, meta: { kind: 'symlink' } });
  await client.put('good', bodyOf(Buffer.from('fine')), { condition: { kind: 'absent' }, meta: {} });
  tell(['bad', 'good']);
  await until(() => a.tree['good'] === 'fine');
  expect(engine.status().error).toBeNull();
  await engine.stop();
  const report = await (await a.open()).syncAll();
  expect(report.problems).toMatchObject([{ path: 'bad', reason: 'corrupt' }]);
  expect(a.tree).toEqual({ good: 'fine' });
});

it('an interrupted sync ends at once, and the next one completes it', async () => {
  const world = new BenchWorld();
  const a = world.device('a', { maxConcurrent: 1 });
  for (let i = 0; i < 10; i++) a.write(`f${i}`, `${i}`);
  const engine = await a.open();
  const stop = new AbortController();
  engine.on('action', ({ action }) => {
    if (action.path === 'f3') stop.abort();
  });
  await expect(engine.syncAll({ signal: stop.signal })).rejects.toMatchObject({ code: 'aborted' });
  expect(Object.keys(world.stored).length).toBeLessThan(10);
  await engine.syncAll();
  expect(Object.keys(world.stored)).toHaveLength(10);
});

it('why tells both sides, the decision and the last error', async () => {
  const world = new BenchWorld();
  const a = world.device('a', { ignorePatterns: ['*.log'] });
  a.write('f', '1');
  a.write('x.log', '2');
  const engine = await a.open();
  expect(await engine.why(relPath('f'))).toMatchObject({ base: null, remote: null, decision: 'upload: new here' });
  expect(await engine.why(relPath('x.log'))).toMatchObject({ decision: 'ignored: left alone on both sides', ignoredBy: '*.log in the settings' });
  await engine.syncAll();
  expect(await engine.why(relPath('f'))).toMatchObject({ decision: 'nothing: both sides agree' });
});
