import { expect, it } from 'vitest';
import { relPath } from '../core/rel-path.ts';
import { BenchWorld } from '../testing/bench-pair.ts';

it('C31 keep_both: the first to arrive keeps the name, the other becomes a copy that reaches every device', async () => {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b')];
  const [left, right] = [await a.open(), await b.open()];
  a.write('f.txt', 'by a');
  b.write('f.txt', 'by b');
  await left.syncAll();
  await right.syncAll();
  await left.syncAll();
  const copy = Object.keys(a.tree).find((path) => path.includes('.conflict-b-'));
  expect(copy).toMatch(/^f\.conflict-b-\d{8}-\d{6}\.txt$/);
  expect(a.tree).toEqual({ 'f.txt': 'by a', [copy ?? '']: 'by b' });
  expect(b.tree).toEqual(a.tree);
});

it('C31 keep_local and keep_remote: the loser stays as a version or in the trash', async () => {
  for (const [policy, winner] of [
    ['keep_local', 'by b'],
    ['keep_remote', 'by a'],
  ] as const) {
    const world = new BenchWorld();
    const [a, b] = [world.device('a'), world.device('b', { conflictPolicy: policy })];
    const [left, right] = [await a.open(), await b.open()];
    a.write('f', 'by a');
    b.write('f', 'by b');
    await left.syncAll();
    await right.syncAll();
    expect(b.tree).toEqual({ f: winner });
    expect(world.stored).toEqual({ f: winner });
    const kept = [...b.everything, ...world.versions];
    expect(kept).toContain('by a');
    expect(kept).toContain('by b');
  }
});

it('C38 manual: both stay untouched; an answer counts only for what was shown', async () => {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b', { conflictPolicy: 'manual' })];
  const [left, right] = [await a.open(), await b.open()];
  a.write('f', 'by a');
  b.write('f', 'by b');
  b.write('other', 'goes on');
  await left.syncAll();
  expect((await right.syncAll()).conflicts.map((c) => c.path)).toEqual(['f']);
  expect(right.status().state).toBe('attention');
  expect(b.tree['f']).toBe('by b');
  expect(world.stored).toEqual({ f: 'by a', other: 'goes on' });

  await right.resolve(relPath('f'), 'local');
  a.write('f', 'by a, once more');
  await left.syncAll();
  expect((await right.syncAll()).conflicts.map((c) => c.path)).toEqual(['f']);
  expect(world.stored['f']).toBe('by a, once more');

  await right.resolve(relPath('f'), 'local');
  expect((await right.syncAll()).conflicts).toEqual([]);
  expect(world.stored['f']).toBe('by b');
  expect(world.versions).toContain('by a, once more');
  await expect(right.resolve(relPath('f'), 'local')).rejects.toMatchObject({ code: 'not-found' });
});

it('C38 an open conflict and its answer survive a restart', async () => {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b', { conflictPolicy: 'manual' })];
  a.write('f', 'by a');
  b.write('f', 'by b');
  await (await a.open()).syncAll();
  await (await b.open()).syncAll();
  const again = await b.open();
  expect(again.conflicts().map((c) => c.path)).toEqual(['f']);
  await again.resolve(relPath('f'), 'remote');
  await (await b.open()).syncAll();
  expect(b.tree).toEqual({ f: 'by a' });
  expect(b.everything).toContain('by b');
});

it('C38 a sync limited to another path keeps the open conflict and its answer', async () => {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b', { conflictPolicy: 'manual' })];
  const [left, right] = [await a.open(), await b.open()];
  a.write('f', 'by a');
  b.write('f', 'by b');
  await left.syncAll();
  await right.syncAll();
  await right.resolve(relPath('f'), 'local');
  b.write('other', 'x');
  expect((await right.syncAll({ path: relPath('other') })).conflicts.map((c) => c.path)).toEqual(['f']);
  expect(world.stored).toEqual({ f: 'by a', other: 'x' });
  expect((await right.syncAll()).conflicts).toEqual([]);
  expect(world.stored['f']).toBe('by b');
});
