import { describe, expect, it } from 'vitest';
import type { ActivityRequest } from '../../src-preload/contract/channels.ts';
import type { ActivityItem } from '../../src-preload/contract/model.ts';
import type { ActivityRecord } from '../state/state-store.ts';
import { FakeEngine } from '../testing/fake-engine.ts';
import { SeededRandom } from '../testing/random.ts';
import { activityPage } from './activity-pages.ts';

const ASK: ActivityRequest = { pair: null, search: '', only: 'all', before: null, limit: 100 };

function engineWith(records: readonly ActivityRecord[]): FakeEngine {
  const engine = new FakeEngine();
  engine.records = records;
  return engine;
}

function record(at: number, path: string, change: Partial<ActivityRecord> = {}): ActivityRecord {
  return { at, cycle: 'c', path, what: 'upload', outcome: 'done', reason: '', bytes: 0, ...change };
}

async function everything(pairs: Parameters<typeof activityPage>[0], request: ActivityRequest): Promise<readonly ActivityItem[]> {
  const all: ActivityItem[] = [];
  for (let before = request.before, pages = 0; ; pages++) {
    expect(pages).toBeLessThan(1_000);
    const page = await activityPage(pairs, { ...request, before });
    all.push(...page.items);
    if (page.before === null) return all;
    expect(page.before).toBeLessThan(before ?? Number.POSITIVE_INFINITY);
    before = page.before;
  }
}

describe('pages of activity', () => {
  it.each([1, 2, 3, 4, 5])('give every record of every pair once, newest first (seed %i)', async (seed) => {
    const random = new SeededRandom(seed);
    const pairs = ['a', 'b', 'c'].map((id) => {
      let at = 1_000_000;
      // Many actions share a millisecond, which is where a page must not be cut.
      const records = Array.from({ length: random.below(2_500) }, (_, i) => {
        at -= random.below(4) === 0 ? random.below(50) : 0;
        return record(at, `${id}/${i}`);
      });
      return { id, engine: engineWith(records) };
    });
    const all = await everything(pairs, { ...ASK, limit: 1 + random.below(300) });
    expect(all.map(({ path }) => path).toSorted()).toEqual(pairs.flatMap(({ engine }) => engine.records.map(({ path }) => path)).toSorted());
    expect(all.every(({ at }, i) => i === 0 || at <= (all[i - 1]?.at ?? 0))).toBe(true);
  });

  it('search by part of the path in any case, and by failure', async () => {
    const pairs = [{ id: 'a', engine: engineWith([record(3, 'Photos/Cat.JPG'), record(2, 'notes.txt', { outcome: 'failed' }), record(1, 'cat.txt', { what: 'adopt' })]) }];
    expect((await activityPage(pairs, { ...ASK, search: 'cat' })).items.map(({ path }) => path)).toEqual(['Photos/Cat.JPG']);
    expect((await activityPage(pairs, { ...ASK, only: 'failed' })).items.map(({ path }) => path)).toEqual(['notes.txt']);
  });

  it('say where to go on when a search finds nothing for long', async () => {
    const records = Array.from({ length: 30_000 }, (_, i) => record(i, `f${i}`));
    const page = await activityPage([{ id: 'a', engine: engineWith(records) }], { ...ASK, search: 'f12', limit: 500 });
    expect(page.items.length + (page.before ?? 0)).toBeGreaterThan(0);
    const all = await everything([{ id: 'a', engine: engineWith(records) }], { ...ASK, search: 'f1234' });
    expect(all.map(({ path }) => path).toSorted()).toEqual(
      records
        .map(({ path }) => path)
        .filter((path) => path.includes('f1234'))
        .toSorted(),
    );
  });

  it('are empty without pairs', async () => {
    expect(await activityPage([], ASK)).toEqual({ items: [], before: null });
  });
});
