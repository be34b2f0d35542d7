import { describe, expect, it } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { type BenchPair, BenchWorld } from '../testing/bench-pair.ts';
import { overBackend } from '../testing/over-backend.ts';
import type { SyncEngine } from './sync-engine.ts';

const DAY = 86_400_000;

async function settle(...engines: readonly SyncEngine[]): Promise<void> {
  for (let round = 0; round < 3; round++) for (const engine of engines) await engine.syncAll({ releaseHeld: true });
}
async function agreed(files: Record<string, string>) {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b')];
  const [left, right] = [await a.open(), await b.open()];
  for (const [path, text] of Object.entries(files)) a.write(path, text);
  await settle(left, right);
  return { world, a, b, left, right };
}
/** What a backup of the machine's state holds. */
function backUp({ storage }: BenchPair): () => void {
  const [base, facts, intents] = [new Map(storage.base), new Map(storage.facts), [...storage.intents]];
  return () => {
    storage.base.clear();
    storage.facts.clear();
    for (const [path, entry] of base) storage.base.set(path, entry);
    for (const [name, value] of facts) storage.facts.set(name, value);
    storage.intents.splice(0, storage.intents.length, ...intents);
  };
}
const texts = (tree: Record<string, string>): string[] =>
  Object.values(tree)
    .filter((text) => text !== '')
    .sort();

describe('the state', () => {
  it('C43 S38 restored from an old backup: a file made anew since is not taken for one deleted elsewhere', async () => {
    const { world, a, b, left, right } = await agreed({ f: 'one', g: 'two', k: 'x' });
    const restore = backUp(a);
    a.remove('f');
    b.remove('g');
    await settle(left, right);
    expect(a.tree).toEqual({ k: 'x' });
    a.write('f', 'one');
    a.write('g', 'two');
    restore();
    await settle(await a.open(), right);
    expect(a.tree).toEqual({ f: 'one', g: 'two', k: 'x' });
    expect([b.tree, world.stored]).toEqual([a.tree, a.tree]);
  });

  it('C43 S38 restored from an old backup: edits and deletions of the last days are neither undone nor doubled', async () => {
    const { world, a, b, left, right } = await agreed({ edited: 'one', gone: 'two', there: 'three', k: 'x' });
    const restore = backUp(a);
    a.write('edited', 'by a');
    b.write('there', 'by b');
    a.write('new', 'by a');
    a.remove('gone');
    await settle(left, right);
    const tree = a.tree;
    restore();
    const again = await a.open();
    expect((await again.syncAll({ dryRun: true })).planned.filter((action) => action.kind.startsWith('remove'))).toEqual([]);
    expect(await again.syncAll()).toMatchObject({ bytesUp: 0, bytesDown: 0, conflicts: [], held: [] });
    expect([a.tree, world.stored]).toEqual([tree, tree]);
    expect(await again.syncAll()).toMatchObject({ done: 0 });
    a.remove('k');
    await settle(again, right);
    expect(b.tree['k']).toBeUndefined();
  });

  it('C43 C42 a whole machine restored from an image: its old files never overwrite newer ones', async () => {
    const { world, a, b, left, right } = await agreed({ edited: 'one', gone: 'two', k: 'x', l: 'y' });
    const restore = backUp(a);
    const mark = a.fs.edit.read('/a/.file-sync/state-mark');
    b.write('edited', 'by b');
    a.remove('gone');
    a.write('new', 'since the image');
    await settle(left, right);
    restore();
    a.fs.edit.write('/a/.file-sync/state-mark', mark);
    a.remove('new');
    for (const [path, text] of [
      ['edited', 'one'],
      ['gone', 'two'],
    ] as const)
      a.write(path, text);
    world.tick(30 * DAY);
    await settle(await a.open(), right);
    expect(a.tree).toEqual({ edited: 'by b', k: 'x', l: 'y', new: 'since the image' });
    expect(b.tree).toEqual(a.tree);
    expect(a.everything).toContain('two');
  });

  it('C43 S39 a home folder copied to a second machine, state and device name included: two devices, nothing is lost', async () => {
    const { world, a, left } = await agreed({ f: 'one', g: 'two', k: 'x' });
    const twin = world.device('twin', { deviceName: 'a' });
    for (const [path, text] of Object.entries(world.fs.tree('/a', { all: true }))) if (!path.endsWith('/')) world.fs.edit.write(`/twin/${path}`, text);
    for (const [path, base] of a.storage.base) twin.storage.base.set(path, base);
    for (const [name, value] of a.storage.facts) twin.storage.facts.set(name, value);
    const copied = await twin.open();
    expect(await copied.syncAll()).toMatchObject({ bytesUp: 0, conflicts: [] });
    a.write('f', 'by the first');
    twin.write('f', 'by the second');
    a.remove('g');
    twin.write('new', 'by the second');
    await settle(left, copied);
    expect(texts(a.tree)).toEqual(['by the first', 'by the second', 'by the second', 'x']);
    expect(twin.tree).toEqual(a.tree);
  });

  it.each(['disk-full', 'read-only'] as const)('S98 C50 that cannot be written (%s): nothing is done that could not be recorded', async (code) => {
    const { world, a, b, left, right } = await agreed({ f: 'one', g: 'two' });
    a.write('f', 'edited');
    a.write('new', 'x');
    b.remove('g');
    await right.syncAll();
    const [tree, stored] = [a.tree, world.stored];
    a.stateStep = async (at) => {
      if (at.endsWith(':before')) throw new SyncError(code, 'the state');
    };
    await expect(left.syncAll()).rejects.toMatchObject({ code });
    expect([a.tree, world.stored]).toEqual([tree, stored]);
    expect(left.status()).toMatchObject({ state: 'error', error: { code } });
    a.stateStep = undefined;
    await settle(await a.open(), right);
    expect(b.tree).toEqual({ f: 'edited', new: 'x' });
    expect(a.tree).toEqual(b.tree);
  });

  it('S97 C50 lost while both sides changed: copies and conflict copies, no deletion', async () => {
    const { a, b, left, right } = await agreed({ f: 'one', g: 'two', k: 'x' });
    a.write('f', 'by a');
    b.write('f', 'by b');
    b.remove('g');
    await right.syncAll();
    a.storage.base.clear();
    a.storage.facts.clear();
    await settle(await a.open(), right, left);
    expect(texts(a.tree)).toEqual(['by a', 'by b', 'two', 'x']);
    expect(b.tree).toEqual(a.tree);
  });
});

describe('no room', () => {
  it('C55 S102 here: the old file stays, no part is left, and what is to be sent goes on', async () => {
    const world = new BenchWorld();
    const [a, b] = [world.device('a'), world.device('b', { maxConcurrent: 1 }, { disk: {} })];
    const [left, right] = [await a.open(), await b.open()];
    a.write('big', 'small yet');
    await settle(left, right);
    a.write('big', 'x'.repeat(2_000_000));
    a.write('a-first', 'x'.repeat(2_000_000));
    b.write('mine', 'to be sent');
    b.write('zoo', 'to be sent');
    await left.syncAll();
    b.fs.disk.capacity = 1_000_000;
    await expect(right.syncAll()).rejects.toMatchObject({ code: 'disk-full' });
    expect(b.tree).toEqual({ big: 'small yet', mine: 'to be sent', zoo: 'to be sent' });
    expect(world.stored).toMatchObject({ mine: 'to be sent', zoo: 'to be sent' });
    expect(Object.keys(b.fs.tree('/b/.file-sync/tmp'))).toEqual([]);
    b.fs.disk.capacity = Number.POSITIVE_INFINITY;
    await settle(right);
    expect(b.tree).toEqual({ ...a.tree, mine: 'to be sent', zoo: 'to be sent' });
  });

  it.each(['disk-full', 'quota'] as const)('C55 S132 in the store (%s): that is said, while downloads and deletions go on', async (code) => {
    const { world, a, b, left, right } = await agreed({ f: 'one', g: 'two', h: 'three', k: 'x' });
    b.write('zoo', 'by b');
    b.write('f', 'edited by b');
    await right.syncAll();
    const client = world.store.client();
    const full = overBackend(client, {
      put: async (key, body, options) => {
        if (key.startsWith('.file-sync/')) return client.put(key, body, options);
        throw new SyncError(code, 'no room');
      },
    });
    a.write('a-new', 'by a');
    a.remove('g');
    const engine = await a.open(full);
    await expect(engine.syncAll()).rejects.toMatchObject({ code });
    expect(engine.status()).toMatchObject({ state: 'error', error: { code } });
    expect(a.tree).toEqual({ 'a-new': 'by a', f: 'edited by b', h: 'three', k: 'x', zoo: 'by b' });
    expect(world.stored['g']).toBeUndefined();
    await settle(left, right);
    expect(b.tree).toEqual(a.tree);
  });
});

describe('a folder that may not be written', () => {
  it.each([
    ['S103 read-only', 'read-only'],
    ['S104 forbidden', 'no-permission'],
  ] as const)('%s: an error, no deletion, and it is tried again', async (_name, code) => {
    const { world, a, b, left, right } = await agreed({ 'd/f': 'one', 'd/g': 'two', k: 'x' });
    a.write('d/f', 'edited');
    a.remove('d/g');
    a.write('d/new', 'x');
    await left.syncAll();
    const before = b.tree;
    b.step = (label, path) => {
      if (['create', 'rename', 'link', 'unlink', 'mkdir'].includes(label) && path.startsWith('/b')) throw new SyncError(code, 'refused', { path });
    };
    const outcome = await right.syncAll().catch((error: unknown) => error);
    if (code === 'read-only') expect(outcome).toMatchObject({ code });
    else expect(outcome).toMatchObject({ failures: [{ code }, { code }, { code }] });
    expect(b.tree).toEqual(before);
    expect(world.stored).toEqual(a.tree);
    b.step = undefined;
    await settle(right);
    expect(b.tree).toEqual(a.tree);
  });
});

describe('clocks', () => {
  it('S106 one that jumps years ahead and back while the engine runs hurts nothing', async () => {
    const { world, a, b, left, right } = await agreed({ f: 'one', g: 'two' });
    a.write('f', 'edited');
    await settle(left, right);
    for (const jump of [20 * 365 * DAY, -30 * 365 * DAY, 0]) {
      a.clockOffBy = jump;
      expect(await left.syncAll()).toMatchObject({ done: 0, conflicts: [], held: [] });
    }
    expect(world.versions).toContain('one');
    expect([a.tree, b.tree]).toEqual([
      { f: 'edited', g: 'two' },
      { f: 'edited', g: 'two' },
    ]);
  });
});

describe('the root', () => {
  it('S47 C26 whose link points elsewhere now, or that was replaced by another folder: the folder pauses, nothing is deleted', async () => {
    const world = new BenchWorld();
    const a = world.device('a');
    world.fs.edit.rename('/a', '/disk1');
    world.fs.edit.symlink('/disk1', '/a');
    world.fs.edit.write('/disk1/f', 'one');
    world.fs.edit.mkdir('/disk2');
    world.tick(60_000);
    const engine = await a.open();
    await engine.syncAll();
    expect(world.stored).toEqual({ f: 'one' });
    world.fs.edit.remove('/a');
    world.fs.edit.symlink('/disk2', '/a');
    await expect(engine.syncAll()).rejects.toMatchObject({ code: 'root-missing' });
    await expect((await a.open()).syncAll()).rejects.toMatchObject({ code: 'root-replaced' });
    expect(world.stored).toEqual({ f: 'one' });
    expect(world.fs.tree('/disk2')).toEqual({});
    world.fs.edit.remove('/a');
    world.fs.edit.symlink('/disk1', '/a');
    expect(await engine.syncAll()).toMatchObject({ done: 0 });
  });
});

it('C52 C59 S124 a store that is away for hours: changes wait, nothing fails by name, and all goes at once when it is back', async () => {
  const { world, a, left, right, b } = await agreed({ f: 'one' });
  world.store.offline = true;
  for (let hour = 0; hour < 5; hour++) {
    a.write(`f${hour}`, `${hour}`);
    await expect(left.syncAll()).rejects.toMatchObject({ code: 'unreachable' });
    world.tick(3_600_000);
  }
  expect(left.status()).toMatchObject({ state: 'offline', failures: [], conflicts: [], held: [] });
  world.store.offline = false;
  await settle(left, right);
  expect(b.tree).toEqual(a.tree);
});
