import { describe, expect, it } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { runPool } from './pool.ts';

interface Job {
  readonly name: string;
  readonly ms: number;
}
const big = (name: string): Job => ({ name, ms: 10_000 });
const small = (name: string): Job => ({ name, ms: 10 });

/** Runs jobs on a clock of its own; when each began and ended, and how many were at work at most. */
async function play(jobs: readonly Job[], limit: number) {
  const clock = new ManualClock();
  const began = new Map<string, number>();
  const ended = new Map<string, number>();
  let atWork = 0;
  let most = 0;
  const work = async ({ name, ms }: Job): Promise<void> => {
    began.set(name, clock.monotonic());
    most = Math.max(most, ++atWork);
    await clock.sleep(ms);
    atWork--;
    ended.set(name, clock.monotonic());
  };
  const running = runPool(jobs, limit, work, ({ ms }) => ms > 1_000);
  await clock.advance(1_000_000);
  await running;
  return { began, ended, most };
}
const many = (count: number, make: (name: string) => Job, prefix: string): readonly Job[] => Array.from({ length: count }, (_, i) => make(`${prefix}${i}`));

describe('the pool', () => {
  it('lets small files flow past big ones, however many of these come first', async () => {
    const { ended, began, most } = await play([...many(20, big, 'big'), ...many(100, small, 'small')], 8);
    for (let i = 0; i < 100; i++) expect(ended.get(`small${i}`)).toBeLessThan(1_000);
    expect(most).toBe(8);
    // Six at first; the other two lanes are theirs too when no small file waits any more.
    expect([...began].filter(([name, at]) => name.startsWith('big') && at < 10_000)).toHaveLength(8);
    expect([...ended.values()].filter((at) => at > 30_500)).toEqual([]);
  });

  it.each([1, 2, 3])('gets all of them done with %i at a time', async (limit) => {
    const jobs = [...many(3, big, 'big'), ...many(5, small, 'small'), big('last')];
    const { ended, most } = await play(jobs, limit);
    expect([...ended.keys()].sort()).toEqual(jobs.map(({ name }) => name).sort());
    expect(most).toBe(limit);
    if (limit > 1) expect(ended.get('small4')).toBeLessThan(1_000);
  });

  it('starts in order what is of one kind', async () => {
    const order: string[] = [];
    const note = async (name: string): Promise<void> => void order.push(name);
    await runPool(['a', 'b', 'C', 'd', 'E'], 1, note, (name) => name < 'a');
    expect(order).toEqual(['a', 'b', 'C', 'd', 'E']);
  });

  it('stops at the first error, lets what is in flight end, and throws it', async () => {
    const clock = new ManualClock();
    const ended: number[] = [];
    const running = runPool([0, 1, 2, 3, 4, 5], 2, async (job) => {
      await clock.sleep(job === 1 ? 5 : 10);
      if (job === 1) throw new Error('first');
      ended.push(job);
    });
    const failed = expect(running).rejects.toThrow('first');
    await clock.advance(100);
    await failed;
    expect(ended).toEqual([0]);
  });
});
