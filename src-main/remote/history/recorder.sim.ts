import { expect, it } from 'vitest';
import { HistoryPlay, type StoreKind } from '../../testing/history-play.ts';

const STEPS = Number(process.env['HISTORY_STEPS'] ?? 60);
const SEED = Number(process.env['SEED'] ?? 77);
/** Trees rebuilt of each history. */
const INSTANTS = 200;

it.each<StoreKind>(['memory', 'folder', 's3'])(`for every instant the past of a %s rebuilds exactly the tree that stood there (SEED=${SEED})`, async (kind) => {
  const play = await HistoryPlay.start(SEED, kind);
  for (let step = 0; step < STEPS; step++) await play.step();
  // All that a history has was met: kept contents, renames, folders that went.
  for (const kind of ['.moved', '.folder', ''])
    expect(await play.count((key) => key.startsWith('.file-sync/versions/') && (/\.[a-z]+$/.exec(key)?.[0] ?? '') === kind)).toBeGreaterThan(0);
  const chosen = play.recorded.length <= INSTANTS ? play.recorded : Array.from({ length: INSTANTS }, () => play.random.pick(play.recorded));
  expect(chosen.some(({ tree }) => Object.keys(tree).length > 5)).toBe(true);
  for (const { atMs, tree } of chosen) {
    const rebuilt = await play.rebuilt(atMs);
    expect({ atMs, seed: SEED, ...rebuilt }).toEqual({ atMs, seed: SEED, tree, doubts: [] });
  }
});
