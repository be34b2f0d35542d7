import { describe, expect, it } from 'vitest';
import type { Backend } from '../backends/backend.ts';
import { SyncError } from '../core/errors.ts';
import { BenchWorld } from '../testing/bench-pair.ts';
import { Crash } from '../testing/fake-fs.ts';
import { overBackend } from '../testing/over-backend.ts';

const PIECE = 1_000;
const SIZE = 20 * PIECE;
const BIG = 'x'.repeat(SIZE - 5);

/** A store with a big file in it, and a device that is to fetch it over a line that breaks. */
async function setUp() {
  const world = new BenchWorld();
  const [a, b] = [world.device('a'), world.device('b', {}, { disk: {}, parts: { from: 10 * PIECE, syncEvery: 5 * PIECE } })];
  a.write('big', `${BIG}one..`);
  await (await a.open()).syncAll();
  const line = { breaksAfter: Number.POSITIVE_INFINITY, fetched: 0, offsets: [] as number[] };
  const store = world.store.client({ pieceBytes: PIECE });
  const backend: Backend = overBackend(store, {
    get: async (key, options) => {
      const object = await store.get(key, options);
      if (object === null || key !== 'big') return object;
      line.offsets.push(options?.offset ?? 0);
      return { ...object, chunks: broken(object.chunks, line) };
    },
  });
  const parts = (): string[] => Object.keys(b.fs.tree('/b', { all: true })).filter((path) => path.endsWith('.part'));
  return { world, a, b, line, backend, parts };
}

async function* broken(chunks: AsyncIterable<Uint8Array>, line: { breaksAfter: number; fetched: number }): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    if (line.breaksAfter-- <= 0) throw new SyncError('unreachable', 'the network went');
    line.fetched += chunk.length;
    yield chunk;
  }
}

describe('a large file that is fetched over a line that breaks', () => {
  it('C52 comes byte by byte once, however often the line breaks', async () => {
    const { b, line, backend, parts } = await setUp();
    const engine = await b.open(backend);
    for (let tries = 0; tries < 4; tries++) {
      line.breaksAfter = 4;
      await expect(engine.syncAll()).rejects.toMatchObject({ code: 'unreachable' });
      expect(parts()).toHaveLength(1);
    }
    line.breaksAfter = Number.POSITIVE_INFINITY;
    expect(await engine.syncAll()).toMatchObject({ bytesDown: 4 * PIECE, failures: [] });
    expect(line).toMatchObject({ fetched: SIZE, offsets: [0, 4, 8, 12, 16].map((n) => n * PIECE) });
    expect(b.tree).toEqual({ big: `${BIG}one..` });
    expect(parts()).toEqual([]);
  });

  it('C48 C49 costs a process that is killed nothing, and a power cut what came since the last sync', async () => {
    const { b, line, backend } = await setUp();
    const killed = await b.open(backend);
    b.step = (label) => {
      if (label === 'write' && line.fetched >= 8 * PIECE) throw new Crash('killed');
    };
    await killed.syncAll().catch(() => undefined);
    expect(line.fetched).toBe(8 * PIECE);
    b.step = undefined;
    line.breaksAfter = 6;
    await expect((await b.open(backend)).syncAll()).rejects.toMatchObject({ code: 'unreachable' });
    b.fs.powerCut();
    line.breaksAfter = Number.POSITIVE_INFINITY;
    await (await b.open(backend)).syncAll();
    // The eighth piece was never written; of 13 pieces 12 were durable: 7 + 5.
    expect(line.offsets.map((bytes) => bytes / PIECE)).toEqual([0, 7, 12]);
    expect(line.fetched).toBe(SIZE + 2 * PIECE);
    expect(b.tree).toEqual({ big: `${BIG}one..` });
  });

  it('C57 is begun anew when another device replaces it meanwhile, and nothing is left of the old one', async () => {
    const { a, b, line, backend, parts } = await setUp();
    const engine = await b.open(backend);
    line.breaksAfter = 12;
    await expect(engine.syncAll()).rejects.toMatchObject({ code: 'unreachable' });
    a.write('big', `${BIG}two..`);
    await (await a.open()).syncAll();
    line.breaksAfter = Number.POSITIVE_INFINITY;
    await engine.syncAll();
    expect(line.offsets).toEqual([0, 0]);
    expect(b.tree).toEqual({ big: `${BIG}two..` });
    expect(parts()).toEqual([]);
  });

  it('leaves nothing behind when it is removed meanwhile', async () => {
    const { a, b, line, backend, parts } = await setUp();
    const engine = await b.open(backend);
    line.breaksAfter = 12;
    await expect(engine.syncAll()).rejects.toMatchObject({ code: 'unreachable' });
    a.remove('big');
    await (await a.open()).syncAll({ releaseHeld: true });
    await engine.syncAll();
    expect(parts()).toEqual([]);
  });

  it('shows in its progress what is there already', async () => {
    const { b, line, backend } = await setUp();
    line.breaksAfter = 16;
    await expect((await b.open(backend)).syncAll()).rejects.toMatchObject({ code: 'unreachable' });
    line.breaksAfter = Number.POSITIVE_INFINITY;
    const engine = await b.open(backend);
    const seen: number[] = [];
    engine.on('progress', ({ bytes, totalBytes }) => seen.push(bytes / totalBytes));
    expect(await engine.syncAll()).toMatchObject({ bytesDown: 4 * PIECE });
    expect(seen.at(-1)).toBe(1);
  });
});
