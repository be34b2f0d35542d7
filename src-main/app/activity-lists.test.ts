import { describe, expect, it } from 'vitest';
import type { ActivityRequest } from '../../src-preload/contract/channels.ts';
import type { ActivityItem } from '../../src-preload/contract/model.ts';
import type { ActivityRecord } from '../state/state-store.ts';
import { FakeEngine } from '../testing/fake-engine.ts';
import { SeededRandom } from '../testing/random.ts';
import { ActivityLists, type ActivitySource } from './activity-lists.ts';

const ASK: ActivityRequest = { pair: null, search: '', only: 'all', list: null, from: 0, limit: 100 };

function engineWith(records: readonly ActivityRecord[]): FakeEngine {
  const engine = new FakeEngine();
  engine.records = records;
  return engine;
}

function record(at: number, path: string, change: Partial<ActivityRecord> = {}): ActivityRecord {
  return { at, cycle: 'c', path, to: null, what: 'upload', outcome: 'done', reason: '', bytes: 0, ...change };
}

async function everything(lists: ActivityLists, sources: readonly ActivitySource[], request: ActivityRequest): Promise<readonly ActivityItem[]> {
  const first = await lists.page(sources, request);
  const all = [...first.items];
  while (all.length < first.total) {
    const page = await lists.page(sources, { ...request, list: first.list, from: all.length });
    expect(page).toMatchObject({ list: first.list, total: first.total });
    expect(page.items.length).toBe(Math.min(request.limit, first.total - all.length));
    all.push(...page.items);
  }
  return all;
}

describe('lists of activity', () => {
  it.each([1, 2, 3, 4, 5])('give every record of every pair once, newest first (seed %i)', async (seed) => {
    const random = new SeededRandom(seed);
    const sources = ['a', 'b', 'c'].map((id) => {
      let at = 1_000_000;
      // Many actions share a millisecond.
      const records = Array.from({ length: random.below(2_500) }, (_, i) => {
        at += random.below(4) === 0 ? random.below(50) : 0;
        return record(at, `${id}/${i}`);
      });
      return { id, engine: engineWith(records) };
    });
    const all = await everything(new ActivityLists(1), sources, { ...ASK, limit: 1 + random.below(300) });
    expect(all.map(({ path }) => path).toSorted()).toEqual(sources.flatMap(({ engine }) => engine.records.map(({ path }) => path)).toSorted());
    expect(all.every(({ at }, i) => i === 0 || at <= (all[i - 1]?.at ?? 0))).toBe(true);
  });

  it('give any part of 100,000 without reading the rest', async () => {
    const engine = engineWith(Array.from({ length: 100_000 }, (_, i) => record(i, `f${i}`)));
    let read = 0;
    const counted: ActivitySource['engine'] = {
      activityIndex: (filter) => engine.activityIndex(filter),
      activity: async (query) => {
        const records = await engine.activity(query);
        read += records.length;
        return records;
      },
    };
    const sources = [{ id: 'a', engine: counted }];
    const lists = new ActivityLists(1);
    const { list, total } = await lists.page(sources, { ...ASK, limit: 10 });
    expect(total).toBe(100_000);
    expect((await lists.page(sources, { ...ASK, list, from: 99_995, limit: 10 })).items.map(({ path }) => path)).toEqual(['f4', 'f3', 'f2', 'f1', 'f0']);
    expect((await lists.page(sources, { ...ASK, list, from: 200_000 })).items).toEqual([]);
    expect(read).toBe(15);
  });

  it('search by part of the path in any case, and by failure', async () => {
    const sources = [
      {
        id: 'a',
        engine: engineWith([
          record(1, 'cat.txt', { what: 'adopt' }),
          record(2, 'notes.txt', { outcome: 'failed' }),
          record(3, 'Photos/Cat.JPG'),
          record(4, 'old.txt', { what: 'move-remote', to: 'Cats/new.txt' }),
        ]),
      },
    ];
    const lists = new ActivityLists(1);
    expect((await lists.page(sources, { ...ASK, search: 'cat' })).items.map(({ path, to }) => [path, to])).toEqual([
      ['old.txt', 'Cats/new.txt'],
      ['Photos/Cat.JPG', null],
    ]);
    expect((await lists.page(sources, { ...ASK, only: 'failed' })).items.map(({ path }) => path)).toEqual(['notes.txt']);
  });

  it('keep their places while more happens, and have it when asked anew', async () => {
    const [one, two] = [engineWith([record(1, 'a'), record(2, 'b')]), engineWith([record(3, 'x')])];
    const sources = [
      { id: 'one', engine: one },
      { id: 'two', engine: two },
    ];
    const lists = new ActivityLists(1);
    const paths = async (list: number | null, limit = 9) => (await lists.page(sources, { ...ASK, list, limit })).items.map(({ path }) => path);
    const { list } = await lists.page(sources, ASK);
    one.records = [...one.records, record(4, 'c')];
    two.records = [...two.records, record(5, 'y')];
    expect(await paths(list)).toEqual(['x', 'b', 'a']);
    expect(await paths(null)).toEqual(['y', 'c', 'x', 'b', 'a']);
    expect(await paths(list, 2)).toEqual(['y', 'c']);
    const again = await lists.page(sources, ASK);
    expect((await lists.page(sources, ASK)).list).toBe(again.list);
  });

  it('are made anew when old records were given up, when a folder comes, and after a restart', async () => {
    const engine = engineWith([record(1, 'a'), record(2, 'b'), record(3, 'c')]);
    const sources = [{ id: 'one', engine }];
    const lists = new ActivityLists(1);
    const first = await lists.page(sources, { ...ASK, limit: 1 });
    engine.forgetBefore(2);
    const next = await lists.page(sources, { ...ASK, list: first.list, from: 1 });
    expect([next.list === first.list, next.total, next.items.map(({ path }) => path)]).toEqual([false, 2, ['b']]);
    const other = await lists.page([...sources, { id: 'two', engine: engineWith([record(9, 'z')]) }], { ...ASK, list: next.list });
    expect([other.list === next.list, other.total]).toEqual([false, 3]);
    const restarted = await new ActivityLists(1_000).page(sources, { ...ASK, list: other.list });
    expect([restarted.list === other.list, restarted.total]).toEqual([false, 2]);
  });

  it('are empty without pairs', async () => {
    expect(await new ActivityLists(7).page([], ASK)).toEqual({ list: 7, total: 0, items: [] });
  });
});
