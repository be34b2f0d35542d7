import { expect, it } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { relPath } from '../core/rel-path.ts';
import { FEED, POLLS_TO_LISTING, quiet, Scene, save, until } from '../testing/feed-scene.ts';
import { overBackend } from '../testing/over-backend.ts';

const HOUR_MS = 3_600_000;

it.each([
  ['lost', (scene: Scene) => eachEntry(scene, (key) => scene.world.store.remove(key))],
  ['malformed', (scene: Scene) => rewrite(scene, () => 'not json')],
  ['of a newer version', (scene: Scene) => rewrite(scene, (text) => text.replace('"format":1', '"format":2'))],
  ['without end', (scene: Scene) => rewrite(scene, (text) => text.padEnd(100_000, ' '))],
  ['with paths that lead outside', (scene: Scene) => rewrite(scene, () => JSON.stringify({ format: 1, device: 'x', paths: [['../../etc/passwd', 'v1']] }))],
  ['doubled', (scene: Scene) => eachEntry(scene, (key) => scene.put(key.replace(/\d+$/, '77'), scene.world.bytes(key)))],
  ['from the future', (scene: Scene) => eachEntry(scene, (key) => move(scene, key, key.replace(/feed\/\d{13}/, 'feed/9999999999999')))],
  ['from long ago', (scene: Scene) => eachEntry(scene, (key) => move(scene, key, key.replace(/feed\/\d{13}/, 'feed/0000000000001')))],
])('C45 entries that are %s cost time, never data', async (_, harm) => {
  const scene = new Scene();
  const [a, b] = [await scene.watch('a'), await scene.watch('b')];
  await save(a, 'f', '1');
  await scene.poll(6);
  b.pair.write('f', '2');
  b.pair.watcher.tell({ kind: 'paths', paths: new Set([relPath('f')]) });
  await quiet();
  harm(scene);
  await scene.poll(POLLS_TO_LISTING + 1);
  expect([a.pair.tree, b.pair.tree]).toEqual([{ f: '2' }, { f: '2' }]);
  expect([a.engine.status().state, b.engine.status().state]).toEqual(['ok', 'ok']);
  // And it is not a listing at every poll from then on.
  a.requests();
  await scene.poll(5);
  expect(a.requests()).toEqual(Array.from({ length: 5 }, () => `list ${FEED}`));
  for (const { engine } of [a, b]) await engine.stop();
});

it('C45 an entry that is late, under a time from before the last poll, is still read', async () => {
  const scene = new Scene();
  const [a, b] = [await scene.watch('a'), await scene.watch('b')];
  await save(a, 'f', '1');
  const [key = ''] = scene.feed;
  const text = scene.world.bytes(key);
  scene.world.store.remove(key);
  await scene.poll(2);
  expect(b.pair.tree).toEqual({});
  scene.put(key, text);
  await scene.poll();
  expect(b.pair.tree).toEqual({ f: '1' });
  for (const { engine } of [a, b]) await engine.stop();
});

it('C45 an entry that could not be read is read at the next poll', async () => {
  const scene = new Scene();
  const [a, b] = [await scene.watch('a'), await scene.watch('b')];
  b.failOn = /^get .*feed/;
  b.error = new SyncError('throttled', 'slow down');
  await save(a, 'f', '1');
  await scene.poll();
  expect(b.engine.status()).toMatchObject({ state: 'ok', files: 0 });
  b.failOn = null;
  b.requests();
  await scene.poll();
  expect(b.pair.tree).toEqual({ f: '1' });
  expect(b.requests()).not.toContain('list ');
  for (const { engine } of [a, b]) await engine.stop();
});

it('C48 a device that dies between a change and the telling tells at its next start', async () => {
  const scene = new Scene();
  const b = await scene.watch('b');
  const a = scene.world.device('a');
  a.write('f', '1');
  const dying = overBackend(scene.world.store.client(), {
    put: async (key, body, options) => (key.startsWith(FEED) ? new Promise(() => undefined) : scene.world.store.client().put(key, body, options)),
  });
  const engine = await a.open(dying);
  void engine.syncAll();
  await until(() => a.storage.base.size > 0);
  await quiet();
  expect(scene.feed).toHaveLength(0);
  await scene.poll();
  expect(b.pair.tree).toEqual({});
  await (await a.open()).syncAll();
  await scene.poll();
  expect(b.pair.tree).toEqual({ f: '1' });
  expect(scene.feed).toHaveLength(1);
  await (await a.open()).syncAll();
  expect(scene.feed).toHaveLength(1);
  await b.engine.stop();
});

it('that nobody can be told fails no sync, and is told later', async () => {
  const scene = new Scene();
  const [a, b] = [await scene.watch('a'), await scene.watch('b')];
  a.failOn = /^put .*feed/;
  a.error = new SyncError('no-permission', 'not here');
  await save(a, 'f', '1');
  expect(a.engine.status()).toMatchObject({ state: 'ok', error: null });
  expect(scene.world.stored).toEqual({ f: '1' });
  a.failOn = null;
  await save(a, 'g', '2');
  await scene.poll();
  expect(b.pair.tree).toEqual({ f: '1', g: '2' });
  for (const { engine } of [a, b]) await engine.stop();
});

it('old entries are swept by whoever looks at everything, whatever time they claim', async () => {
  const scene = new Scene();
  scene.put(`${FEED}9999999999999-0123456789abcdef-0`, '{}');
  scene.put(`${FEED}a name of something else`, '{}');
  const a = await scene.watch('a');
  await save(a, 'f', '1');
  expect(scene.feed).toHaveLength(3);
  await scene.clock.advance(25 * HOUR_MS);
  await quiet();
  await save(a, 'f', '2');
  await (await scene.world.device('b').open()).syncAll();
  expect(scene.feed).toEqual([expect.stringMatching(/-1$/), `${FEED}a name of something else`]);
  await a.engine.stop();
});

function eachEntry({ feed }: Scene, harm: (key: string) => void): void {
  for (const key of feed) harm(key);
}
function rewrite(scene: Scene, change: (text: string) => string): void {
  for (const key of scene.feed) {
    const text = scene.world.bytes(key);
    scene.world.store.remove(key);
    scene.put(key, change(text));
  }
}
function move(scene: Scene, from: string, to: string): void {
  const text = scene.world.bytes(from);
  scene.world.store.remove(from);
  scene.put(to, text);
}
