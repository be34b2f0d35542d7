import { expect, it } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { relPath } from '../core/rel-path.ts';
import { Scene, save } from '../testing/feed-scene.ts';

it('C28 a store that is away at a poll is waited for, and looked at in full when it is back', async () => {
  const scene = new Scene();
  const a = await scene.watch('a');
  scene.world.store.offline = true;
  await scene.poll();
  expect(a.engine.status().state).toBe('offline');
  scene.world.store.offline = false;
  await scene.foreign('meanwhile', 'x');
  await scene.poll();
  expect(a.engine.status().state).toBe('ok');
  expect(a.pair.tree).toEqual({ meanwhile: 'x' });
  await a.engine.stop();
});

it('C26 a folder that goes away is noticed at the next poll, also when nothing changed on the store', async () => {
  const scene = new Scene();
  const a = await scene.watch('a');
  await save(a, 'f', '1');
  scene.world.fs.edit.rename(a.pair.root, '/elsewhere');
  await scene.poll();
  expect(a.engine.status()).toMatchObject({ state: 'error', error: { code: 'root-missing' } });
  expect(scene.world.stored).toEqual({ f: '1' });
  await a.engine.stop();
});

/** Two devices of which one sends a file and the other fails to do that with it. */
async function oneFailing(call: RegExp) {
  const scene = new Scene();
  const [a, b] = [await scene.watch('a'), await scene.watch('b')];
  Object.assign(b, { failOn: call, error: new SyncError('throttled', 'slow down') });
  await save(a, 'f', '1');
  return { scene, a, b };
}

it('a path that cannot be looked at when it is told of is looked at again at the next poll', async () => {
  const { scene, a, b } = await oneFailing(/^stat f$/);
  await scene.poll();
  expect(b.pair.tree).toEqual({});
  b.failOn = null;
  await scene.poll();
  expect(b.pair.tree).toEqual({ f: '1' });
  for (const { engine } of [a, b]) await engine.stop();
});

it('what failed is tried again at each poll without listing the store', async () => {
  const { scene, a, b } = await oneFailing(/^get f$/);
  await scene.poll(3);
  expect(b.engine.status().failures).toMatchObject([{ path: 'f', attempts: 3 }]);
  expect(b.requests().filter((request) => request === 'list ')).toHaveLength(1);
  b.failOn = null;
  await scene.poll();
  expect(b.pair.tree).toEqual({ f: '1' });
  for (const { engine } of [a, b]) await engine.stop();
});

it('what a dry run or a limited sync saw and left is done at the next poll', async () => {
  const scene = new Scene();
  const a = await scene.watch('a');
  await scene.foreign('f', '1');
  await a.engine.syncAll({ dryRun: true });
  expect(a.pair.tree).toEqual({});
  await scene.poll();
  expect(a.pair.tree).toEqual({ f: '1' });
  await scene.foreign('g', '2');
  await a.engine.syncAll({ path: relPath('other') });
  await scene.poll();
  expect(a.pair.tree).toEqual({ f: '1', g: '2' });
  await a.engine.stop();
});
