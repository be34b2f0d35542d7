import { describe, expect, it } from 'vitest';
import { relPath } from '../core/rel-path.ts';
import type { PairSettings } from '../core/settings.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import { openPast } from '../remote/history/past-on-backend.ts';
import { BenchWorld } from '../testing/bench-pair.ts';
import { asOf } from './restore.ts';
import type { SyncEngine } from './sync-engine.ts';
import type { ReviseOptions } from './sync-manager.ts';
import { before } from './undo.ts';
import type { Run } from './undo-log.ts';

const GO: ReviseOptions = { dryRun: false, releaseHeld: false };

async function setUp(files: Readonly<Record<string, string>>, settings: Partial<PairSettings> = {}) {
  const world = new BenchWorld();
  const [a, b] = [world.device('a', settings), world.device('b')];
  const [left, right] = [await a.open(), await b.open()];
  const past = openPast({ backend: world.store.client(), newHasher: nodeHasher });
  const sync = async (engine: SyncEngine): Promise<void> => {
    await engine.syncAll({ releaseHeld: true });
    world.tick(60_000);
  };
  const undo = async (engine: SyncEngine, run = 0, options = GO) => {
    const chosen: Run | undefined = (await engine.runs())[run];
    if (chosen === undefined) throw new Error('there is no such run');
    const revised = await engine.revise(before({ past, findTrashed: (engine === left ? a : b).findTrashed }, chosen), options);
    world.tick(60_000);
    return revised;
  };
  for (const [path, text] of Object.entries(files)) a.write(path, text);
  for (const engine of [left, right, left]) await sync(engine);
  return { world, a, b, left, right, sync, undo, past };
}

describe('undo', () => {
  it('takes back what another device did, on every device', async () => {
    const { a, b, left, right, sync, undo } = await setUp({ edited: 'before', gone: 'x', named: 'y', 'd/kept': 'z' });
    const tree = a.tree;
    b.write('edited', 'after');
    b.remove('gone');
    b.rename('named', 'd/renamed');
    b.write('new/file', 'made');
    await sync(right);
    await sync(left);
    expect(a.tree).not.toEqual(tree);
    expect(await undo(left)).toMatchObject({ left: [], held: null });
    await sync(right);
    expect([a.tree, b.tree]).toEqual([tree, tree]);
  });

  it('takes back what was sent from here, and is itself undone', async () => {
    const { world, a, b, left, right, sync, undo } = await setUp({ f: 'one' });
    a.write('f', 'two');
    a.write('g', 'new');
    await sync(left);
    await undo(left);
    expect([a.tree, world.stored]).toEqual([{ f: 'one' }, { f: 'one' }]);
    await undo(left);
    await sync(right);
    expect([a.tree, b.tree]).toEqual([
      { f: 'two', g: 'new' },
      { f: 'two', g: 'new' },
    ]);
  });

  it('leaves what has changed since, and tells', async () => {
    const { a, b, left, right, sync, undo } = await setUp({ f: 'one', g: 'one' });
    b.write('f', 'two');
    b.write('g', 'two');
    await sync(right);
    await sync(left);
    a.write('f', 'three');
    expect(await undo(left)).toMatchObject({ left: [{ path: 'f' }] });
    expect(a.tree).toEqual({ f: 'three', g: 'one' });
  });

  it('of an earlier run', async () => {
    const { a, left, sync, undo } = await setUp({ f: 'one', g: 'one' });
    a.write('f', 'two');
    await sync(left);
    a.write('g', 'two');
    await sync(left);
    await undo(left, 1);
    expect(a.tree).toEqual({ f: 'one', g: 'two' });
  });

  it('of a conflict of which both versions were kept takes neither away, and says so', async () => {
    const { a, b, left, right, sync, undo } = await setUp({ f: 'one', g: 'one' });
    a.write('f', 'by a');
    b.write('f', 'by b');
    b.write('g', 'two');
    await sync(right);
    await sync(left);
    expect(Object.values(a.tree).sort()).toEqual(['by a', 'by b', 'two']);
    expect(await undo(left)).toMatchObject({ left: [{ path: 'f', why: expect.stringContaining('f.conflict-a-') }] });
    expect(Object.values(a.tree).sort()).toEqual(['by a', 'by b', 'one']);
  });

  it.each([
    { choice: 'remote', stays: 'by b', back: 'by a', named: /^f\.conflict-a-/ },
    { choice: 'local', stays: 'by a', back: 'by b', named: /^f\.conflict-b-/ },
  ] as const)('of the decision for the $choice version brings the one that gave way back beside it, on every device', async ({ choice, stays, back, named }) => {
    for (const files of [{ f: 'one' }, {}]) {
      const { a, b, left, right, sync, undo } = await setUp({ other: 'x', ...files }, { conflictPolicy: 'manual' });
      a.write('f', 'by a');
      b.write('f', 'by b');
      await sync(right);
      await sync(left);
      await left.resolve(relPath('f'), choice);
      await sync(left);
      expect(a.tree).toEqual({ f: stays, other: 'x' });
      const decided = a.tree;
      const told = await undo(left, 0, { ...GO, dryRun: true });
      expect(told).toMatchObject({ planned: [{ kind: 'write', path: expect.stringMatching(named) }], left: [] });
      await undo(left);
      await sync(right);
      const beside = Object.keys(a.tree).find((path) => named.test(path)) ?? '';
      expect(a.tree).toEqual({ ...decided, [beside]: back });
      expect(b.tree).toEqual(a.tree);
      // Once more changes nothing; the undo itself can be undone.
      expect(await undo(left, 1)).toMatchObject({ planned: [], left: [] });
      await undo(left);
      expect(a.tree).toEqual(decided);
    }
  });

  it('of a decision whose other version is kept no more says so, and leaves the one that is there', async () => {
    const { a, b, left, right, sync, undo } = await setUp({ f: 'one' }, { conflictPolicy: 'keep_remote' });
    a.write('f', 'by a');
    b.write('f', 'by b');
    await sync(right);
    await sync(left);
    await a.trash.remove(await a.trash.list());
    expect(await undo(left)).toMatchObject({ planned: [], left: [{ path: 'f', why: expect.stringContaining('no longer kept') }] });
    expect(a.tree).toEqual({ f: 'by b' });
  });

  it('of a decision that a crash cut short brings both versions back', async () => {
    const { a, b, left, right, sync, past } = await setUp({ f: 'one' }, { conflictPolicy: 'keep_remote' });
    a.write('f', 'by a');
    b.write('f', 'by b');
    await sync(right);
    const died = new Promise<void>((resolve) => {
      const dies = (): Promise<void> | void => {
        if (a.tree['f'] === 'by b') return new Promise(() => resolve());
      };
      a.step = dies;
      a.stateStep = dies;
    });
    left.syncAll().catch(() => undefined);
    await died;
    a.step = undefined;
    a.stateStep = undefined;
    const again = await a.open();
    await sync(again);
    const [run] = await again.runs();
    expect(run?.deeds).toMatchObject([{ path: 'f', settled: { kind: 'gave-way', side: 'local' } }]);
    if (run !== undefined) await again.revise(before({ past, findTrashed: a.findTrashed }, run), GO);
    expect(Object.values(a.tree).sort()).toEqual(['by a', 'by b']);
  });

  it('a restore is one run, however the watcher hurries', async () => {
    const { world, a, left, sync, past } = await setUp({ f: 'one', g: 'one', h: 'one' });
    const atMs = world.clock.now();
    world.tick(60_000);
    const names = ['f', 'g', 'h'];
    for (const name of names) a.write(name, 'two');
    await sync(left);
    await left.start();
    let told = false;
    a.step = () => {
      if (told || a.tree['f'] !== 'one') return;
      told = true;
      a.watcher.tell({ kind: 'paths', paths: new Set([relPath('f')]) });
    };
    await left.revise(asOf(past, atMs, null), GO);
    await left.syncAll();
    await left.stop();
    expect(told).toBe(true);
    const [run] = await left.runs();
    expect(run?.deeds.map(({ path }) => path).sort()).toEqual(names);
  });

  it('a dry run changes nothing; equal files that were only recognised are never taken away', async () => {
    const { world, a, left, undo } = await setUp({ f: 'one' });
    const c = world.device('c');
    c.write('f', 'one');
    const third = await c.open();
    await third.syncAll();
    expect(await third.runs()).toEqual([]);
    expect(await undo(left, 0, { ...GO, dryRun: true })).toMatchObject({ planned: [{ kind: 'remove', path: 'f' }], done: [], report: null });
    expect([a.tree, c.tree]).toEqual([{ f: 'one' }, { f: 'one' }]);
  });

  it('remembers the last twenty runs over a restart', async () => {
    const { a, left, sync } = await setUp({ f: '0' });
    for (let i = 1; i <= 22; i++) {
      a.write('f', `${i}`);
      await sync(left);
    }
    await left.stop();
    const runs = await (await a.open()).runs();
    expect(runs).toHaveLength(20);
    expect(runs[0]?.deeds).toMatchObject([{ path: 'f', before: { kind: 'file' }, after: { kind: 'file' } }]);
  });

  it('of a run that a crash cut short takes back what happened, and what the next sync finished of it', async () => {
    const files = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`f${i}`, `old ${i}`]));
    const { a, b, left, right, sync, undo } = await setUp({ ...files, gone: 'x' });
    const tree = a.tree;
    for (const path of Object.keys(files)) b.write(path, `new ${path}`);
    b.remove('gone');
    await sync(right);
    // From then on nothing of that process goes on: not its disk, not its state.
    const died = new Promise<void>((resolve) => {
      let dead = false;
      const dies = (): Promise<void> | void => {
        dead ||= Object.values(a.tree).filter((text) => text.startsWith('new')).length > 3;
        if (dead) return new Promise(() => resolve());
      };
      a.step = dies;
      a.stateStep = dies;
    });
    left.syncAll({ releaseHeld: true }).catch(() => undefined);
    await died;
    a.step = undefined;
    a.stateStep = undefined;
    expect(Object.values(a.tree).filter((text) => text.startsWith('new')).length).toBeGreaterThan(2);
    const again = await a.open();
    const [cut] = await again.runs();
    expect(cut?.deeds.length).toBeGreaterThan(2);
    expect(cut?.deeds.length).toBeLessThan(Object.keys(tree).length);
    await again.syncAll({ releaseHeld: true });
    expect(a.tree).toEqual(b.tree);
    const [whole] = await again.runs();
    expect(whole?.id).toBe(cut?.id);
    expect(whole?.deeds).toHaveLength(Object.keys(tree).length);
    await undo(again);
    await sync(right);
    expect([a.tree, b.tree]).toEqual([tree, tree]);
    // An undo is a run like any other.
    await undo(again);
    expect(Object.values(a.tree).every((text) => text.startsWith('new'))).toBe(true);
  });

  it('of what a crash left is previewed as it is, before any sync goes on', async () => {
    const { world, a, left } = await setUp({ f: 'one', g: 'one' });
    a.write('f', 'two');
    a.write('g', 'two');
    let writes = 0;
    const died = new Promise<void>((resolve) => {
      a.stateStep = () => (world.stored['f'] === 'two' || writes++ > 500 ? new Promise(() => resolve()) : undefined);
    });
    left.syncAll().catch(() => undefined);
    await died;
    a.stateStep = undefined;
    const again = await a.open();
    const past = openPast({ backend: world.store.client(), newHasher: nodeHasher });
    const latest = async (): Promise<Run> => {
      const [run] = await again.runs();
      if (run === undefined) throw new Error('the run that was cut short is forgotten');
      return run;
    };
    const undoOf = before.bind(null, { past, findTrashed: a.findTrashed });
    expect(await again.revise(undoOf(latest), { ...GO, dryRun: true })).toMatchObject({
      planned: expect.arrayContaining([expect.objectContaining({ kind: 'write', path: 'f' })]),
      done: [],
    });
    expect((await latest()).deeds.map(({ path }) => path)).toContain('f');
    expect(a.tree).toEqual({ f: 'two', g: 'two' });
  });
});
