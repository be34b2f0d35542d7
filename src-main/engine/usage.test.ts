import { expect, it } from 'vitest';
import type { BackendUsage } from '../backends/backend.ts';
import { memoryStateStore, memoryStorage } from '../state/memory-store.ts';
import { BenchWorld } from '../testing/bench-pair.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { overBackend } from '../testing/over-backend.ts';
import { UsageLedger } from './usage.ts';

const HOUR_MS = 3_600_000;

/** A store whose counts a test sets, and a ledger that is opened anew at each start of the program. */
function scene(start = Date.UTC(2026, 10, 30, 12)) {
  const storage = memoryStorage();
  const clock = new ManualClock(start);
  const counts: { now: BackendUsage | null } = { now: usage({}) };
  return { storage, clock, counts, open: () => UsageLedger.open({ counted: () => counts.now, notes: memoryStateStore({ storage }).notes, clock }) };
}

function usage(requests: Record<string, number>, bytesUp = 0, bytesDown = 0): BackendUsage {
  return { requests, bytesUp, bytesDown };
}

it('adds up over restarts, by month', async () => {
  const { clock, counts, open } = scene();
  const first = await open();
  counts.now = usage({ put: 2, list: 5 }, 10, 20);
  await first.write('now');
  counts.now = usage({ put: 3, list: 5 }, 11, 20);
  await first.write('now');
  counts.now = usage({ get: 1 }, 0, 7);
  const second = await open();
  expect(second.thisMonth).toEqual({ month: '2026-11', requests: { put: 3, list: 5, get: 1 }, bytesUp: 11, bytesDown: 27 });
  await clock.advance(12 * HOUR_MS);
  counts.now = usage({ get: 4 }, 0, 7);
  expect(second.thisMonth).toEqual({ month: '2026-12', requests: { get: 3 }, bytesUp: 0, bytesDown: 0 });
});

it('is written at the end of a cycle, and between cycles once an hour', async () => {
  const { clock, counts, open, storage } = scene();
  const ledger = await open();
  counts.now = usage({ list: 1 });
  await ledger.write('now and then');
  expect(storage.notes.size).toBe(0);
  await clock.advance(HOUR_MS);
  await ledger.write('now and then');
  expect(JSON.parse([...storage.notes.values()][0] ?? '')).toMatchObject({ requests: { list: 1 } });
});

it('what cannot be read counts as nothing, and the oldest months go', async () => {
  const { counts, open, storage } = scene();
  const before = memoryStateStore({ storage });
  for (let month = 1; month <= 12; month++) await before.notes.put('usage', `2025-${String(month).padStart(2, '0')}`, '{"requests":{"put":1},"bytesUp":1,"bytesDown":1}');
  for (const [month, text] of [
    ['2026-10', 'torn {'],
    ['2026-11', '{"requests":{"put":-1,"get":"many","list":2},"bytesUp":1e99}'],
  ] as const)
    await before.notes.put('usage', month, text);
  const ledger = await open();
  expect(ledger.thisMonth).toEqual({ month: '2026-11', requests: { list: 2 }, bytesUp: 0, bytesDown: 0 });
  counts.now = usage({ list: 1 });
  await ledger.write('now');
  expect((await before.notes.all('usage')).has('2025-01')).toBe(false);
  expect((await before.notes.all('usage')).has('2025-02')).toBe(true);
});

it('a store that does not count has none, and the status says so', async () => {
  const world = new BenchWorld();
  const engine = await world.device('a').open();
  await engine.syncAll();
  expect(engine.status().usage).toBeNull();
});

it('the status tells what was asked of a store that counts, also after a restart', async () => {
  const world = new BenchWorld();
  const a = world.device('a');
  const counting = () => {
    let puts = 0;
    const client = world.store.client();
    return overBackend(client, {
      put: (...given) => {
        puts++;
        return client.put(...given);
      },
      usage: () => usage({ put: puts }, 0, 0),
    });
  };
  a.write('f', '1');
  const first = await a.open(counting());
  await first.syncAll();
  // The vault, the file, and the entry of the feed.
  expect(first.status().usage).toMatchObject({ month: '2023-11', requests: { put: 3 } });
  a.write('f', '2');
  const second = await a.open(counting());
  await second.syncAll();
  expect(second.status().usage).toMatchObject({ requests: { put: 5 } });
});
