import { expect, it } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { BenchWorld } from '../testing/bench-pair.ts';

it('S45 a download that came to nothing does not claim what the user makes there later', async () => {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b')];
  const left = await a.open();
  a.write('f.txt', 'content');
  await left.syncAll();
  let goes = true;
  // The other device deletes it between the listing and the download.
  const backend = world.store.client({
    step: async (when, operation, key) => {
      if (!goes || when !== 'before' || operation !== 'get' || key !== 'f.txt') return;
      goes = false;
      a.remove('f.txt');
      await left.syncAll({ releaseHeld: true });
    },
  });
  const right = await b.open(backend);
  await right.syncAll();
  expect(b.tree).toEqual({});
  expect(b.storage.intents).toEqual([]);
  b.write('f.txt', 'content');
  await (await b.open()).syncAll({ releaseHeld: true });
  expect(b.tree).toEqual({ 'f.txt': 'content' });
});

it('S44 an upload that came to nothing does not claim what another device stores there later', async () => {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b')];
  b.write('f.txt', 'content');
  let once = true;
  b.step = (label, path) => {
    if (!once || label !== 'openRead' || !path.endsWith('/f.txt') || b.storage.intents.length === 0) return;
    once = false;
    b.remove('f.txt');
  };
  const right = await b.open();
  await right.syncAll();
  expect(b.storage.intents).toEqual([]);
  const left = await a.open();
  a.write('f.txt', 'content');
  await left.syncAll();
  await right.syncAll({ releaseHeld: true });
  expect(b.tree).toEqual({ 'f.txt': 'content' });
  expect(world.stored).toEqual({ 'f.txt': 'content' });
});

it('C7 S33 what could not be cleared away keeps a folder from being stored beside it', async () => {
  const world = new BenchWorld();
  const a = world.device('a');
  a.write('d', 'a file');
  await (await a.open()).syncAll();
  a.remove('d');
  a.write('d/in', 'a folder');
  let slow = true;
  const backend = world.store.client({
    step: async (when, operation, key) => {
      if (slow && when === 'before' && operation === 'delete' && key === 'd') throw new SyncError('throttled', 'slow down');
    },
  });
  const engine = await a.open(backend);
  expect((await engine.syncAll({ releaseHeld: true })).failures).toMatchObject([{ path: 'd', code: 'throttled' }]);
  expect(world.stored).toEqual({ d: 'a file' });
  slow = false;
  await engine.syncAll({ releaseHeld: true });
  expect(world.stored).toEqual({ 'd/': '', 'd/in': 'a folder' });
});

it('C7 S33 a folder with something left in it that could not be cleared away is no place for a file', async () => {
  const world = new BenchWorld();
  const a = world.device('a');
  a.write('d/in', 'in a folder');
  await (await a.open()).syncAll();
  a.remove('d');
  a.write('d', 'a file');
  let slow = true;
  const backend = world.store.client({
    step: async (when, operation, key) => {
      if (slow && when === 'before' && operation === 'delete' && key === 'd/in') throw new SyncError('throttled', 'slow down');
    },
  });
  const engine = await a.open(backend);
  expect((await engine.syncAll({ releaseHeld: true })).failures).toMatchObject([{ path: 'd/in', code: 'throttled' }]);
  expect(world.stored).toEqual({ 'd/': '', 'd/in': 'in a folder' });
  slow = false;
  await engine.syncAll({ releaseHeld: true });
  expect(world.stored).toEqual({ d: 'a file' });
  expect(a.tree).toEqual({ d: 'a file' });
});
