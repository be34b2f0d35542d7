import { describe, expect, it } from 'vitest';
import type { ReviseOptions } from '../engine/sync-manager.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import { openPast } from '../remote/history/past-on-backend.ts';
import { BenchWorld } from '../testing/bench-pair.ts';
import { type RestoreParts, type RestoreWhat, restoreAt } from './restore-request.ts';

/** Two devices that agree on sixty files. */
async function setUp() {
  const world = new BenchWorld();
  const [here, other] = [world.device('a'), world.device('b')];
  const [engine, far] = [await here.open(), await other.open()];
  for (let n = 0; n < 60; n++) here.write(`file ${n}`, `number ${n}`);
  for (const each of [engine, far]) await each.syncAll();
  world.tick(60_000);
  const options: ReviseOptions[] = [];
  const parts: RestoreParts = {
    engine,
    reviser: {
      revise: (wanted, given) => {
        options.push(given);
        return engine.revise(wanted, given);
      },
      runs: () => engine.runs(),
      held: () => engine.held(),
      passed: () => engine.passed(),
      reclaim: (paths) => engine.reclaim(paths),
    },
    past: openPast({ backend: world.store.client(), newHasher: nodeHasher }),
    trashFinder: () => here.findTrashed,
    trashed: () => Promise.reject(new Error('nothing is in the trash')),
  };
  const ask = (what: RestoreWhat, { dryRun = false, releaseHeld = false } = {}) => restoreAt(parts, { what, dryRun, releaseHeld }, new AbortController().signal);
  return { here, other, engine, far, ask, options };
}
const HELD = { kind: 'held' } as const;

describe('I8 what the guard holds is brought back', () => {
  it('after files went here: shown first, then whole here again, and nowhere gone', async () => {
    const { here, other, engine, far, ask } = await setUp();
    for (let n = 0; n < 60; n++) here.remove(`file ${n}`);
    expect((await engine.syncAll()).held).toHaveLength(1);
    const preview = await ask(HELD, { dryRun: true });
    expect([preview.planned.length, preview.done.length, preview.again, here.tree]).toEqual([60, 0, [], {}]);
    const done = await ask(HELD);
    expect(done).toMatchObject({ left: [], again: [], held: null, report: { held: [] } });
    expect([done.done.length, here.tree['file 7']]).toEqual([60, 'number 7']);
    await far.syncAll();
    expect(Object.keys(other.tree)).toHaveLength(60);
    expect(await ask(HELD)).toMatchObject({ planned: [], done: [], again: [], report: null });
  });

  it('after files went on the other side: they stay here, and go there once more', async () => {
    const { here, other, far, ask } = await setUp();
    for (let n = 0; n < 60; n++) other.remove(`file ${n}`);
    await far.syncAll({ releaseHeld: true });
    const preview = await ask(HELD, { dryRun: true });
    expect([preview.planned, preview.again.length]).toEqual([[], 60]);
    await far.syncAll();
    expect(other.tree).toEqual({});
    expect(await ask(HELD)).toMatchObject({ again: preview.again, report: { held: [] } });
    await far.syncAll();
    expect(other.tree).toEqual(here.tree);
    expect(other.tree['file 7']).toBe('number 7');
  });

  it('and what else is held stays so, also where many files may go', async () => {
    const { here, ask, options } = await setUp();
    for (let n = 0; n < 60; n++) here.remove(`file ${n}`);
    await ask(HELD, { releaseHeld: true });
    expect(options.at(-1)).toMatchObject({ dryRun: false, releaseHeld: true, keepsHeld: true });
  });
});

it('a run that is no longer remembered is refused, and one that is comes undone', async () => {
  const { here, engine, ask, options } = await setUp();
  here.write('file 1', 'changed');
  await engine.syncAll();
  const [last] = await engine.runs();
  await expect(ask({ kind: 'run', id: 'nobody' })).rejects.toMatchObject({ code: 'usage', message: 'this run is no longer remembered' });
  expect(await ask({ kind: 'run', id: last?.id ?? '' })).toMatchObject({ left: [], again: [] });
  expect(here.tree['file 1']).toBe('number 1');
  expect(options.at(-1)).toMatchObject({ undoes: true });
  await ask({ kind: 'time', atMs: Date.now(), path: null });
  expect(options.at(-1)).toMatchObject({ undoes: false });
});
