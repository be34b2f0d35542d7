import { expect, it } from 'vitest';
import { relPath } from '../core/rel-path.ts';
import { BenchWorld } from '../testing/bench-pair.ts';
import { settle } from '../testing/manual-clock.ts';

it('C72 what waits here for the next sync is counted, without asking the store, and is nothing after it', async () => {
  const world = new BenchWorld();
  const device = world.device('a', { ignorePatterns: ['*.log'] });
  for (const name of ['same', 'edited', 'gone', 'left out.txt']) device.write(name, name);
  let asked = 0;
  const engine = await device.open(
    world.store.client({
      step: async () => {
        asked++;
      },
    }),
  );
  await engine.syncAll();
  const counts: number[] = [];
  const stop = new AbortController();
  const watching = engine.watchWaiting((count) => counts.push(count), stop.signal);
  const told = async (): Promise<number | undefined> => {
    device.watcher.tell({ kind: 'paths', paths: new Set([relPath('edited')]) });
    for (let i = 0; i < 20; i++) await settle();
    return counts.at(-1);
  };
  expect(await told()).toBe(0);
  const before = asked;
  device.write('edited', 'otherwise');
  device.write('new', 'new');
  device.write('x.log', 'left out');
  device.remove('gone');
  expect(await told()).toBe(3);
  expect(asked).toBe(before);
  await engine.syncAll();
  for (let i = 0; i < 20; i++) await settle();
  expect(counts.at(-1)).toBe(0);
  stop.abort();
  await watching;
});
