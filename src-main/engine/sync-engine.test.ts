import { expect, it } from 'vitest';
import type { Backend } from '../backends/backend.ts';
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
