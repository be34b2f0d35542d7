import { expect, it } from 'vitest';
import type { Backend } from '../backends/backend.ts';
import { SyncError } from '../core/errors.ts';
import { relPath } from '../core/rel-path.ts';
import { bodyOf } from '../remote/small-body.ts';
import { type BenchPair, BenchWorld } from '../testing/bench-pair.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { overBackend } from '../testing/over-backend.ts';
import type { SyncEngine } from './sync-engine.ts';

const POLL_MS = 30_000;
const HOUR_MS = 3_600_000;
const POLLS_TO_LISTING = 20;
const FEED = '.file-sync/feed/';

/** Waits for what an engine does on its own; only the test moves time. */
async function until(holds: () => boolean): Promise<void> {
  for (let turns = 0; turns < 5000; turns++) {
    if (holds()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('waited in vain');
}

async function quiet(): Promise<void> {
  for (let turns = 0; turns < 60; turns++) await new Promise((resolve) => setImmediate(resolve));
}

interface Watching {
  readonly pair: BenchPair;
  readonly engine: SyncEngine;
  /** What this device asked of the store, since the last look at it. */
  readonly requests: () => string[];
  /** Fails every call on such keys. */
  failOn: RegExp | null;
  error: SyncError;
}

/** Devices that watch one store, on a clock that the test moves. */
class Scene {
  readonly clock = new ManualClock();
  readonly world = new BenchWorld(this.clock);

  async watch(name: string, change: (backend: Backend) => Backend = (backend) => backend): Promise<Watching> {
    const pair = this.world.device(name, { listEveryMs: POLLS_TO_LISTING * POLL_MS });
    const log: string[] = [];
    const watching: Watching = {
      pair,
      engine: await pair.open(
        change(
          this.world.store.client({
            step: async (when, operation, key) => {
              if (when !== 'before') return;
              log.push(`${operation} ${key}`);
              if (watching.failOn?.test(`${operation} ${key}`)) throw watching.error;
            },
          }),
        ),
      ),
      requests: () => log.splice(0),
      failOn: null,
      error: new SyncError('unreachable', 'no answer'),
    };
    await watching.engine.start();
    await until(() => watching.engine.status().lastSyncAt !== null);
    await quiet();
    return watching;
  }

  /** Time for one poll of everybody. */
  async poll(times = 1): Promise<void> {
    for (let i = 0; i < times; i++) {
      await this.clock.advance(POLL_MS);
      await quiet();
    }
  }

  get feed(): readonly string[] {
    return this.world.store.keys.filter((key) => key.startsWith(FEED)).sort();
  }

  entry(key: string): unknown {
    return JSON.parse(this.world.bytes(key));
  }

  /** A program that knows nothing of us. */
  async foreign(key: string, text: string): Promise<void> {
    await this.world.store.client().put(key, bodyOf(Buffer.from(text)), { condition: { kind: 'absent' }, meta: {} });
  }
}

/** A user saves a file, and the watcher says so. */
async function save({ pair }: Watching, path: string, text: string): Promise<void> {
  pair.write(path, text);
  pair.watcher.tell({ kind: 'paths', paths: new Set([relPath(path)]) });
  await quiet();
}

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

it.each([
  ['lost', (scene: Scene) => eachEntry(scene, (key) => scene.world.store.remove(key))],
  ['malformed', (scene: Scene) => rewrite(scene, () => 'not json')],
  ['of a newer version', (scene: Scene) => rewrite(scene, (text) => text.replace('"format":1', '"format":2'))],
  ['without end', (scene: Scene) => rewrite(scene, (text) => text.padEnd(100_000, ' '))],
  ['with paths that lead outside', (scene: Scene) => rewrite(scene, () => JSON.stringify({ format: 1, device: 'x', paths: [['../../etc/passwd', 'v1']] }))],
  ['doubled', (scene: Scene) => eachEntry(scene, (key) => put(scene, key.replace(/\d+$/, '77'), scene.world.bytes(key)))],
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

function eachEntry({ feed }: Scene, harm: (key: string) => void): void {
  for (const key of feed) harm(key);
}
function rewrite(scene: Scene, change: (text: string) => string): void {
  for (const key of scene.feed) {
    const text = scene.world.bytes(key);
    scene.world.store.remove(key);
    put(scene, key, change(text));
  }
}
function move(scene: Scene, from: string, to: string): void {
  const text = scene.world.bytes(from);
  scene.world.store.remove(from);
  put(scene, to, text);
}
function put(scene: Scene, key: string, text: string): void {
  scene.world.store.write(key, { kind: 'absent' }, Buffer.from(text), {});
}

it('C45 an entry that is late, under a time from before the last poll, is still read', async () => {
  const scene = new Scene();
  const [a, b] = [await scene.watch('a'), await scene.watch('b')];
  await save(a, 'f', '1');
  const [key = ''] = scene.feed;
  const text = scene.world.bytes(key);
  scene.world.store.remove(key);
  await scene.poll(2);
  expect(b.pair.tree).toEqual({});
  put(scene, key, text);
  await scene.poll();
  expect(b.pair.tree).toEqual({ f: '1' });
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

it('a path that cannot be looked at when it is told of is looked at again at the next poll', async () => {
  const scene = new Scene();
  const [a, b] = [await scene.watch('a'), await scene.watch('b')];
  b.failOn = /^stat f$/;
  b.error = new SyncError('throttled', 'slow down');
  await save(a, 'f', '1');
  await scene.poll();
  expect(b.pair.tree).toEqual({});
  b.failOn = null;
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

it('what failed is tried again at each poll without listing the store', async () => {
  const scene = new Scene();
  const [a, b] = [await scene.watch('a'), await scene.watch('b')];
  b.failOn = /^get f$/;
  b.error = new SyncError('throttled', 'slow down');
  await save(a, 'f', '1');
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

it('old entries are swept by whoever looks at everything, whatever time they claim', async () => {
  const scene = new Scene();
  put(scene, `${FEED}9999999999999-0123456789abcdef-0`, '{}');
  put(scene, `${FEED}a name of something else`, '{}');
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
