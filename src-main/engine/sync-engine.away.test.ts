import { expect, it } from 'vitest';
import type { Backend, ObjectInfo } from '../backends/backend.ts';
import { BenchWorld } from '../testing/bench-pair.ts';

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
