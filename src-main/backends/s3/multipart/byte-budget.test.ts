import { expect, it } from 'vitest';
import { settle } from '../../../testing/manual-clock.ts';
import { ByteBudget } from './byte-budget.ts';

it('lets no more through than it has, first come first served', async () => {
  const budget = new ByteBudget(10);
  const order: string[] = [];
  const first = await budget.take(6);
  const take = async (name: string, bytes: number): Promise<() => void> => {
    const give = await budget.take(bytes);
    order.push(name);
    return give;
  };
  const [large, small] = [take('large', 9), take('small', 1)];
  await settle();
  expect([order, budget.used]).toEqual([[], 6]);
  first();
  first();
  await settle();
  expect([order, budget.used]).toEqual([['large', 'small'], 10]);
  (await large)();
  (await small)();
  expect(budget.used).toBe(0);
});

it('what is larger than all of it is served when nothing else is held', async () => {
  const budget = new ByteBudget(10);
  const held = await budget.take(1);
  const huge = budget.take(500);
  await settle();
  expect(budget.used).toBe(1);
  held();
  (await huge)();
  expect(budget.used).toBe(0);
});

it('whoever is interrupted while waiting makes room for the next', async () => {
  const budget = new ByteBudget(10);
  const held = await budget.take(5);
  const stop = new AbortController();
  const waiting = budget.take(8, stop.signal);
  const behind = budget.take(5);
  stop.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
  (await behind)();
  held();
  expect(budget.used).toBe(0);
  await expect(budget.take(1, stop.signal)).rejects.toMatchObject({ code: 'aborted' });
});
