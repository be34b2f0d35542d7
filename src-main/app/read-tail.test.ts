import { expect, it } from 'vitest';
import { FakeFs } from '../testing/fake-fs.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { readTail } from './read-tail.ts';

it('reads the last whole lines of a long file', async () => {
  const disk = new FakeFs({ clock: new ManualClock() });
  const line = (i: number): string => `line ${i} ${'x'.repeat(90)}`;
  disk.edit.write('/app.log', Array.from({ length: 5_000 }, (_, i) => `${line(i)}\n`).join(''));
  expect(await readTail(disk.view(), '/app.log', 3)).toEqual([4_997, 4_998, 4_999].map(line));
  const all = await readTail(disk.view(), '/app.log', 100_000);
  expect(all.length).toBeGreaterThan(1_000);
  expect(all[0]).toMatch(/^line \d+ x{90}$/);
  expect(await readTail(disk.view(), '/none.log', 3)).toEqual([]);
});
