import { describe, expect, it } from 'vitest';
import type { ObjectInfo } from '../backends/backend.ts';
import { BURST_WINDOW_MS } from '../core/burst.ts';
import { SyncError } from '../core/errors.ts';
import { bodyOf } from '../remote/small-body.ts';
import { type BenchPair, BenchWorld } from '../testing/bench-pair.ts';
import { overBackend } from '../testing/over-backend.ts';
import type { SyncEngine } from './sync-engine.ts';

const DAY = 86_400_000;

async function synced(count: number, world = new BenchWorld()): Promise<{ world: BenchWorld; a: BenchPair; engine: SyncEngine }> {
  const a = world.device('a');
  for (let n = 0; n < count; n++) a.write(`d${n % 3}/f${n}`, `content ${n}`);
  const engine = await a.open();
  await engine.syncAll();
  return { world, a, engine };
}
const files = (tree: Record<string, string>): string[] => Object.keys(tree).filter((path) => !path.endsWith('/'));

describe('what a store says, or fails to say', () => {
  it('S51 a listing that silently lacks most keys deletes nothing: each is asked about by name', async () => {
    const { world, a } = await synced(30);
    const client = world.store.client();
    const blind = overBackend(client, {
      list: async function* (prefix, options) {
        for await (const info of client.list(prefix, options)) if (!/f\d*[1-9]$/.test(info.key)) yield info;
      },
    });
    const before = a.tree;
    const engine = await a.open(blind);
    await engine.syncAll({ releaseHeld: true });
    expect(a.tree).toEqual(before);
    expect(world.stored).toEqual(before);
    expect(await (await a.open()).syncAll()).toMatchObject({ done: 0, conflicts: [] });
  });

  it('S53 a store that may not be asked about a missing key: the file stays, and it is said', async () => {
    const { world, a } = await synced(9);
    const client = world.store.client();
    world.store.remove('d0/f0');
    const shy = overBackend(client, {
      stat: async (key, options) => {
        if (key === 'd0/f0') throw new SyncError('no-permission', '403', { path: key });
        return client.stat(key, options);
      },
    });
    const report = await (await a.open(shy)).syncAll();
    expect(report.failures).toMatchObject([{ path: 'd0/f0', code: 'no-permission' }]);
    expect(a.tree['d0/f0']).toBe('content 0');
  });

  it.each(['unreachable', 'throttled', 'io'] as const)('C53 S50 S135 a listing that fails late (%s) ends the cycle without conclusions', async (code) => {
    const { world, a } = await synced(30);
    const client = world.store.client();
    const failing = overBackend(client, {
      list: async function* (prefix, options) {
        let seen = 0;
        for await (const info of client.list(prefix, options)) {
          if (++seen > 10) throw new SyncError(code, 'page 7 of 10');
          yield info;
        }
      },
    });
    const before = a.tree;
    await expect((await a.open(failing)).syncAll({ releaseHeld: true })).rejects.toMatchObject({ code });
    expect([a.tree, world.stored]).toEqual([before, before]);
  });

  it('S42 S127 one key that may not be written: the edit stays here and is listed, the others go on, and it is sent once it may be', async () => {
    const { world, a } = await synced(3);
    const client = world.store.client();
    const strict = overBackend(client, {
      put: async (key, body, options) => {
        if (key === 'd0/f0') throw new SyncError('no-permission', 'AccessDenied', { path: key });
        return client.put(key, body, options);
      },
    });
    a.write('d0/f0', 'edited');
    a.write('other', 'edited too');
    const engine = await a.open(strict);
    for (let turn = 0; turn < 3; turn++) expect((await engine.syncAll()).failures).toMatchObject([{ path: 'd0/f0', code: 'no-permission', attempts: turn + 1 }]);
    expect(a.tree['d0/f0']).toBe('edited');
    expect(world.stored).toMatchObject({ 'd0/f0': 'content 0', other: 'edited too' });
    expect(engine.status().state).toBe('attention');
    await (await a.open()).syncAll();
    expect(world.stored['d0/f0']).toBe('edited');
  });

  it('S56 objects that a rule of the store expired: the guard holds the deletions here', async () => {
    const { world, a, engine } = await synced(80);
    const doomed = Object.keys(world.stored)
      .filter((key) => !key.endsWith('/'))
      .slice(0, 60);
    for (const key of doomed) world.store.remove(key);
    expect((await engine.syncAll()).held).toMatchObject([{ side: 'local', why: 'too-many' }]);
    expect(files(a.tree)).toHaveLength(80);
  });

  it('C66 an object that claims 5 TB costs neither the disk nor the others', async () => {
    const { world, a } = await synced(3);
    const b = world.device('b', {}, { disk: {} });
    b.fs.disk.capacity = 1_000_000;
    const client = world.store.client();
    const claim = <T extends ObjectInfo>(info: T): T => (info.key === 'd0/f0' ? { ...info, size: 5e12 } : info);
    const lying = overBackend(client, {
      list: async function* (prefix, options) {
        for await (const info of client.list(prefix, options)) yield claim(info);
      },
      stat: async (key, options) => {
        const info = await client.stat(key, options);
        return info === null ? null : claim(info);
      },
    });
    await expect((await b.open(lying)).syncAll()).rejects.toMatchObject({ code: 'disk-full' });
    expect(b.tree).toMatchObject({ 'd1/f1': 'content 1', 'd2/f2': 'content 2' });
    expect(b.fs.disk.usedBytes()).toBeLessThan(100_000);
    expect(a.tree['d0/f0']).toBe('content 0');
  });
});

it('C58 an object whose bytes are not what it says is named, is not written over the good copy, and stops nothing else', async () => {
  const { world, a, engine } = await synced(3);
  const tool = world.store.client();
  const there = await tool.stat('d0/f0');
  if (there === null) throw new Error('not stored');
  const rotten = await tool.put('d0/f0', bodyOf(Buffer.from('Content 0')), {
    condition: { kind: 'match', version: there.version },
    meta: { ...there.meta, sha256: 'a'.repeat(64) },
  });
  expect(rotten.kind).toBe('done');
  const b = world.device('b');
  const other = await b.open();
  for (const [device, tree] of [
    [engine, a],
    [other, b],
  ] as const) {
    expect((await device.syncAll()).failures).toMatchObject([{ path: 'd0/f0', code: 'corrupt' }]);
    expect(tree.tree).toMatchObject({ 'd1/f1': 'content 1', 'd2/f2': 'content 2' });
  }
  expect([a.tree['d0/f0'], b.tree['d0/f0']]).toEqual(['content 0', undefined]);
});

it('S150 C30 the first run with both sides full: a preview tells what it would do and does nothing; then equal files are adopted and nothing is deleted', async () => {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b')];
  for (const [path, text] of Object.entries({ equal: 'the same', differs: 'by a', 'only/a': 'x' })) a.write(path, text);
  for (const [path, text] of Object.entries({ equal: 'the same', differs: 'by b', 'only/b': 'y' })) b.write(path, text);
  await (await a.open()).syncAll();
  const engine = await b.open();
  const before = [b.tree, world.stored];
  const { planned } = await engine.syncAll({ dryRun: true });
  expect(planned.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
    'adopt equal',
    'adopt only',
    'set-aside-local differs',
    'download differs',
    'download only/a',
    'upload only/b',
  ]);
  expect([b.tree, world.stored]).toEqual(before);
  expect(await engine.syncAll()).toMatchObject({ bytesDown: 5, held: [] });
  expect(
    Object.values(b.tree)
      .filter((text) => text !== '')
      .sort(),
  ).toEqual(['by a', 'by b', 'the same', 'x', 'y']);
});

describe('many deletions', () => {
  it('S57 hundreds of deletions wait for the word of the user, the rest goes on, and what they took is kept', async () => {
    const { world, a, engine } = await synced(500);
    for (const path of files(a.tree)) a.remove(path);
    a.write('new', 'goes on');
    const report = await engine.syncAll();
    expect(report.held[0]?.actions.length).toBeGreaterThanOrEqual(500);
    expect(world.stored['new']).toBe('goes on');
    expect(files(world.stored)).toHaveLength(501);
    await engine.syncAll({ releaseHeld: true });
    expect(files(world.stored)).toEqual(['new']);
    expect(world.versions).toHaveLength(500);
  });

  it('S59 C8 a folder of many files renamed on the bench: moved, nothing sent, the guard silent', async () => {
    const { world, a, engine } = await synced(0);
    const b = world.device('b');
    const other = await b.open();
    for (let n = 0; n < 200; n++) a.write(`old/deep/f${n}`, `content ${n}`);
    await engine.syncAll();
    await other.syncAll();
    a.rename('old', 'new');
    expect(await engine.syncAll()).toMatchObject({ bytesUp: 0, held: [] });
    expect(await other.syncAll()).toMatchObject({ bytesDown: 0, held: [] });
    expect(b.tree).toEqual(a.tree);
    for (const [at, what] of [[engine, 'move-remote'] as const, [other, 'move-local'] as const])
      expect(await at.activity({ limit: 1, path: 'new/deep/f7' })).toMatchObject([{ path: 'old/deep/f7', to: 'new/deep/f7', what, outcome: 'done' }]);
  });

  it('S58 every file is overwritten at once: each old content is kept as a version', async () => {
    const { world, a, engine } = await synced(60);
    const before = files(a.tree).map((path) => a.tree[path]);
    for (const path of files(a.tree)) a.write(path, `encrypted ${path}`);
    await engine.syncAll();
    expect(world.versions.toSorted()).toEqual(before.toSorted());
  });

  it('S64 C11 deleted and made again before the look is one change, or none', async () => {
    const { world, a, engine } = await synced(6);
    a.remove('d0/f0');
    a.write('d0/f0', 'content 0');
    a.remove('d1/f1');
    a.write('d1/f1', 'other');
    expect(await engine.syncAll()).toMatchObject({ done: 1 });
    expect(world.stored).toMatchObject({ 'd0/f0': 'content 0', 'd1/f1': 'other' });
  });

  it('S60 C67 a new ignore rule deletes nothing on either side, and neither does taking it back', async () => {
    const { world, a } = await synced(30);
    const before = a.tree;
    const ignoring = await a.open(undefined, { ignorePatterns: ['d1/', 'f0'] });
    expect(await ignoring.syncAll({ releaseHeld: true })).toMatchObject({ done: 0, held: [] });
    expect([a.tree, world.stored]).toEqual([before, before]);
    expect(await (await a.open()).syncAll({ releaseHeld: true })).toMatchObject({ done: 0, conflicts: [], held: [] });
    expect([a.tree, world.stored]).toEqual([before, before]);
  });
});

describe('the trash', () => {
  it.each(['edited', 'deleted'])('S63 that cannot be used: what was %s elsewhere is neither replaced nor removed here, and that is said', async (what) => {
    const { world, a } = await synced(6);
    const b = world.device('b');
    const other = await b.open();
    await other.syncAll();
    if (what === 'edited') a.write('d0/f0', 'edited');
    else a.remove('d0/f0');
    await (await a.open()).syncAll();
    b.step = (label, path) => {
      if (path.includes('.file-sync/trash') && label === 'mkdir') throw new SyncError('no-permission', 'EACCES', { path });
    };
    expect((await other.syncAll()).failures).toMatchObject([{ path: 'd0/f0', code: 'no-permission' }]);
    expect(b.tree['d0/f0']).toBe('content 0');
    b.step = undefined;
    expect((await other.syncAll()).failures).toEqual([]);
    expect(b.tree).toEqual(a.tree);
    expect(b.everything).toContain('content 0');
  });

  it('C44 S106 is not swept early by a clock that jumped years ahead and back', async () => {
    const { world, a, engine } = await synced(6);
    const b = world.device('b');
    const other = await b.open();
    await other.syncAll();
    a.remove('d0/f0');
    await engine.syncAll();
    await other.syncAll();
    expect(b.everything).toContain('content 0');
    b.clockOffBy = 10 * 365 * DAY;
    for (let turn = 0; turn < 3; turn++) await (await b.open()).syncAll();
    expect(b.everything).toContain('content 0');
    b.clockOffBy = 0;
    world.tick(40 * DAY);
    for (let turn = 0; turn < 3; turn++) await (await b.open()).syncAll();
    expect(b.everything).not.toContain('content 0');
  });
});

describe('I8 deletions one by one', () => {
  const remaining = ({ stored }: BenchWorld): number => files(stored).length;

  it('are held once as many went as may go at once, through a restart, and stay so after the window; the rest goes on', async () => {
    const { world, a } = await synced(90);
    for (let n = 0; n < 90; n += 10) {
      for (let k = n; k < n + 10; k++) a.remove(`d${k % 3}/f${k}`);
      await (await a.open()).syncAll();
      world.tick(20_000);
    }
    expect(remaining(world)).toBe(40);
    world.tick(BURST_WINDOW_MS);
    a.write('new', 'new');
    const engine = await a.open();
    expect((await engine.syncAll()).held).toMatchObject([{ side: 'remote', why: 'root-emptied' }]);
    expect(remaining(world)).toBe(41);
    expect((await engine.syncAll({ releaseHeld: true })).held).toEqual([]);
    expect(remaining(world)).toBe(1);
  });

  it('what the user agreed to does not count, and what he brought back ends it', async () => {
    const { world, a, engine } = await synced(200);
    const remove = (from: number, to: number): void => {
      for (let n = from; n < to; n++) a.remove(`d${n % 3}/f${n}`);
    };
    remove(0, 60);
    expect((await engine.syncAll()).held).toMatchObject([{ why: 'too-many', actions: { length: 60 } }]);
    await engine.syncAll({ releaseHeld: true });
    remove(60, 80);
    expect((await engine.syncAll()).held).toEqual([]);
    remove(80, 125);
    expect((await engine.syncAll()).held).toMatchObject([{ why: 'too-many', actions: { length: 45 } }]);
    for (let n = 80; n < 125; n++) a.write(`d${n % 3}/f${n}`, `content ${n}`);
    expect((await engine.syncAll()).held).toEqual([]);
    world.tick(BURST_WINDOW_MS);
    remove(80, 90);
    expect((await engine.syncAll()).held).toEqual([]);
    expect(remaining(world)).toBe(110);
  });

  it('a few in an hour are none', async () => {
    const { world, a, engine } = await synced(90);
    for (let n = 0; n < 80; n += 20) {
      for (let k = n; k < n + 20; k++) a.remove(`d${k % 3}/f${k}`);
      expect((await engine.syncAll()).held).toEqual([]);
      world.tick(BURST_WINDOW_MS);
    }
    expect(remaining(world)).toBe(10);
  });
});
