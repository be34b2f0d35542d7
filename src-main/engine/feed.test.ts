import { expect, it } from 'vitest';
import { relPath } from '../core/rel-path.ts';
import { FEED, POLLS_TO_LISTING, quiet, Scene, save, until } from '../testing/feed-scene.ts';
import { overBackend } from '../testing/over-backend.ts';

it('a poll when nothing changed is one listing of the feed', async () => {
  const scene = new Scene();
  const a = await scene.watch('a');
  await save(a, 'f', '1');
  await scene.poll();
  a.requests();
  await scene.poll(10);
  expect(a.requests()).toEqual(Array.from({ length: 10 }, () => `list ${FEED}`));
  expect(a.engine.status()).toMatchObject({ state: 'ok', lastSyncAt: scene.clock.now() });
  await a.engine.stop();
});

it('a change is on the other device within one poll, and costs it a few requests', async () => {
  const scene = new Scene();
  const [a, b] = [await scene.watch('a'), await scene.watch('b')];
  for (let i = 0; i < 20; i++) await save(a, `d/f${i}`, `${i}`);
  await scene.poll();
  expect(b.pair.tree).toEqual(a.pair.tree);
  await scene.poll();
  b.requests();
  await save(a, 'd/f7', 'new');
  await scene.poll();
  expect(b.pair.tree['d/f7']).toBe('new');
  const asked = b.requests().filter((request) => !request.endsWith('vault.json'));
  expect(asked).toEqual([`list ${FEED}`, expect.stringMatching(/^get \.file-sync\/feed\//), 'stat d/f7', 'get d/f7']);
  a.pair.remove('d/f7');
  a.pair.watcher.tell({ kind: 'paths', paths: new Set([relPath('d/f7')]) });
  await quiet();
  await scene.poll();
  expect(b.pair.tree).toEqual(a.pair.tree);
  expect(Object.keys(b.pair.tree)).toHaveLength(20);
  for (const { engine } of [a, b]) await engine.stop();
});

it('an entry names what was changed and the versions that are there now', async () => {
  const scene = new Scene();
  const a = await scene.watch('a');
  await save(a, 'd/f', '1');
  const [first] = scene.feed;
  const version = (key: string): string | undefined => scene.world.store.peek(key)?.version;
  expect(first).toMatch(new RegExp(`^\\.file-sync/feed/${scene.clock.now()}-[0-9a-f]{16}-0$`));
  expect(scene.entry(first ?? '')).toEqual({
    format: 1,
    device: 'a',
    paths: [
      ['d', version('d/')],
      ['d/f', version('d/f')],
    ],
  });
  a.pair.remove('d/f');
  a.pair.watcher.tell({ kind: 'paths', paths: new Set([relPath('d/f')]) });
  await quiet();
  expect(scene.entry(scene.feed[1] ?? '')).toMatchObject({ paths: [['d/f', null]] });
  await a.engine.stop();
});

it('a single sync tells too, once, and a sync that changes nothing tells nothing', async () => {
  const scene = new Scene();
  const b = await scene.watch('b');
  const a = scene.world.device('a');
  a.write('f', '1');
  const engine = await a.open();
  await engine.syncAll({ dryRun: true });
  expect(scene.feed).toHaveLength(0);
  await engine.syncAll();
  await engine.syncAll();
  expect(scene.feed).toHaveLength(1);
  await scene.poll();
  expect(b.pair.tree).toEqual({ f: '1' });
  await b.engine.stop();
});

it('C46 what another tool changes is found by the next full listing', async () => {
  const scene = new Scene();
  const a = await scene.watch('a');
  await scene.foreign('from elsewhere', 'x');
  await scene.poll(10);
  expect(a.pair.tree).toEqual({});
  a.requests();
  await scene.poll(POLLS_TO_LISTING - 9);
  expect(a.pair.tree).toEqual({ 'from elsewhere': 'x' });
  expect(a.requests().filter((request) => request === 'list ')).toHaveLength(1);
  await a.engine.stop();
});

it('many changes at once are told as everything, and answered by one listing', async () => {
  const scene = new Scene();
  const [a, b] = [await scene.watch('a'), await scene.watch('b')];
  for (let i = 0; i < 600; i++) a.pair.write(`f${i}`, `${i}`);
  a.pair.watcher.tell({ kind: 'everything', why: 'many' });
  await until(() => Object.keys(scene.world.stored).length === 600);
  await quiet();
  b.requests();
  await scene.poll();
  await until(() => Object.keys(b.pair.tree).length === 600);
  expect(b.requests().filter((request) => request.startsWith('list'))).toEqual([`list ${FEED}`, 'list ']);
  for (const { engine } of [a, b]) await engine.stop();
});

it.each([
  ['lists cheaply', { dearListing: false }],
  ['does not tell its time', {}],
])('where the store %s there is no feed, and each poll is a listing', async (why, capabilities) => {
  const scene = new Scene();
  const a = await scene.watch('a', (backend) => {
    const client = overBackend(backend, { capabilities: { ...backend.capabilities, ...capabilities } });
    return why === 'lists cheaply' ? client : new Proxy(client, { get: (target, name) => (name === 'now' ? undefined : Reflect.get(target, name)) });
  });
  await save(a, 'f', '1');
  await scene.foreign('g', '2');
  a.requests();
  await scene.poll();
  expect(a.pair.tree).toEqual({ f: '1', g: '2' });
  expect(a.requests().filter((request) => request.startsWith('list'))).toEqual(['list ']);
  expect(scene.feed).toEqual([]);
  await a.engine.stop();
});
