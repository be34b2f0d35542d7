import { describe, expect, it } from 'vitest';
import { PAGE, PagedList, type Part, type PartRequest } from './paged-list.ts';

function start(total: number) {
  const world = { list: 1, total, fails: false };
  const asked: PartRequest[] = [];
  const waiting: (() => void)[] = [];
  let drawn = 0;
  const list = new PagedList<string, string>({
    fetch: async (request) => {
      asked.push(request);
      await new Promise<void>((resolve) => waiting.push(resolve));
      if (world.fails) return { ok: false, error: 'away' };
      const end = Math.min(request.from + request.limit, world.total);
      const value: Part<string> = {
        list: world.list,
        total: world.total,
        items: Array.from({ length: Math.max(0, end - request.from) }, (_, i) => `${world.list}/${request.from + i}`),
      };
      return { ok: true, value };
    },
    onChange: () => {
      drawn++;
    },
  });
  /** Answers what is asked for, until nothing is. */
  const settle = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      next();
      for (let i = 0; i < 10; i++) await Promise.resolve();
    }
  };
  const kept = (): number => Array.from({ length: world.total }, (_, i) => list.item(i)).filter((item) => item !== undefined).length;
  return { list, world, asked, settle, kept, drawn: () => drawn };
}

describe('a list in pages', () => {
  it('fetches what is on the screen, and no more', async () => {
    const { list, asked, settle, drawn } = start(100_000);
    expect(list.loaded).toBe(false);
    list.look(0, 20);
    await settle();
    expect([list.loaded, list.total, list.item(0), list.item(20)]).toEqual([true, 100_000, '1/0', '1/20']);
    list.look(10, 40);
    await settle();
    list.look(90, 120);
    await settle();
    expect(asked.map(({ from }) => from)).toEqual([0, PAGE]);
    expect([list.item(110), drawn()]).toEqual(['1/110', 2]);
  });

  it('passes over what was on the screen only while something else was on its way', async () => {
    const { list, asked, settle } = start(100_000);
    list.look(0, 20);
    await settle();
    for (let first = 1_000; first <= 99_000; first += 1_000) list.look(first, first + 20);
    await settle();
    expect(asked.map(({ from }) => from)).toEqual([0, 1_000, 99_000]);
    expect(list.item(99_010)).toBe('1/99010');
  });

  it('lets go of what is far away, so that it never grows', async () => {
    const { list, settle, kept } = start(100_000);
    for (let first = 0; first < 100_000; first += 500) {
      list.look(first, first + 20);
      await settle();
    }
    expect(kept()).toBeLessThanOrEqual(21 * PAGE);
    expect(list.item(99_510)).toBe('1/99510');
    expect(list.item(0)).toBeUndefined();
  });

  it('keeps the old list until the new one is there', async () => {
    const { list, world, settle } = start(300);
    list.look(0, 20);
    await settle();
    Object.assign(world, { list: 2, total: 301 });
    list.refresh();
    expect(list.item(0)).toBe('1/0');
    await settle();
    expect([list.item(0), list.total]).toEqual(['2/0', 301]);
  });

  it('forgets its pages when places mean something else', async () => {
    const { list, world, settle } = start(1_000);
    list.look(0, 20);
    await settle();
    list.look(500, 520);
    world.list = 2;
    world.total = 10;
    await settle();
    expect([list.total, list.item(0), list.item(510)]).toEqual([10, '2/0', undefined]);
  });

  it('says what went wrong, and asks again when somebody looks again', async () => {
    const { list, world, asked, settle } = start(1_000);
    world.fails = true;
    list.look(0, 20);
    await settle();
    expect([list.loaded, list.error, asked.length]).toEqual([true, 'away', 1]);
    world.fails = false;
    list.refresh();
    await settle();
    expect([list.error, list.item(3)]).toEqual([null, '1/3']);
  });

  it('draws nothing after its end', async () => {
    const { list, settle, drawn } = start(1_000);
    list.look(0, 20);
    list.end();
    await settle();
    expect(drawn()).toBe(0);
  });
});
