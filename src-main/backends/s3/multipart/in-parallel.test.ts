import { expect, it } from 'vitest';
import { settle } from '../../../testing/manual-clock.ts';
import { inParallel } from './in-parallel.ts';

it('works on so many at once, on all in the end', async () => {
  let [running, most, done] = [0, 0, 0];
  const end = await inParallel([1, 2, 3, 4, 5, 6, 7], 3, async () => {
    most = Math.max(most, ++running);
    await settle();
    running--;
    done++;
    return 'next';
  });
  expect([end, most, done]).toEqual(['ended', 3, 7]);
});

it('begins nothing after a failure or a stop, and waits for what was begun', async () => {
  const seen: number[] = [];
  const work = (last: () => 'stop') => async (n: number) => {
    if (n === 2) return last();
    await settle();
    seen.push(n);
    return 'next' as const;
  };
  expect(
    await inParallel(
      [1, 2, 3, 4, 5, 6],
      2,
      work(() => 'stop'),
    ),
  ).toBe('stopped');
  expect(seen).toEqual([1]);
  const failing = inParallel(
    [1, 2, 3, 4, 5, 6],
    2,
    work(() => {
      throw new Error('no');
    }),
  );
  await expect(failing).rejects.toThrow('no');
  expect(seen).toEqual([1, 1]);
});

it('waits for what was begun also when the source of more breaks', async () => {
  let done = 0;
  async function* source(): AsyncGenerator<number> {
    yield 1;
    throw new Error('source');
  }
  const broken = inParallel(source(), 4, async () => {
    await settle();
    done++;
    return 'next';
  });
  await expect(broken).rejects.toThrow('source');
  expect(done).toBe(1);
});
