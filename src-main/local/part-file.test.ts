import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { FileEntry, Hash, Stamp, Version } from '../core/entry.ts';
import { SyncError } from '../core/errors.ts';
import { IgnoreRules } from '../core/ignore.ts';
import { relPath } from '../core/rel-path.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import { nodeRandom } from '../platform/node-random.ts';
import { fakeWorld } from '../testing/disk-world.ts';
import type { DiskOptions } from '../testing/fake-disk.ts';
import { Crash, type Step } from '../testing/fake-fs.ts';
import type { LocalTree, Source } from './local-tree.ts';
import { openLocalTree } from './open-local-tree.ts';

const PATH = relPath('big');
const TEXT = 'abcdefghij';
const PARTS = { from: 8, syncEvery: 4 };
const UNREACHABLE = new SyncError('unreachable', 'the network went');

function entryOf(text: string): FileEntry {
  return { kind: 'file', size: text.length, hash: createHash('sha256').update(text).digest('hex') as Hash, mtimeNs: 1_600_000_000_000_000_000n, mode: 0o600 };
}

/** Two bytes at a time; breaks off after so many in all. Remembers from where it was asked. */
class Download implements Source {
  readonly version: Version;
  readonly asked: number[] = [];
  readonly #text: string;
  fetched = 0;
  breaksAfter = Number.POSITIVE_INFINITY;

  constructor(text = TEXT, version = 'v1') {
    this.version = version as Version;
    this.#text = text;
  }
  async open(offset: number): Promise<AsyncIterable<Uint8Array> | null> {
    this.asked.push(offset);
    return this.#bytes(offset);
  }
  async *#bytes(offset: number): AsyncGenerator<Uint8Array> {
    for (let at = offset; at < this.#text.length; at += 2) {
      if (this.fetched >= this.breaksAfter) throw UNREACHABLE;
      const piece = Buffer.from(this.#text.slice(at, at + 2));
      this.fetched += piece.length;
      yield piece;
    }
  }
}

function world(disk: Partial<DiskOptions> = {}) {
  let step: Step = () => undefined;
  const made = fakeWorld(disk)((label, path) => step(label, path));
  const open = (client = 'me'): Promise<LocalTree> =>
    openLocalTree({ fs: made.fs, clock: made.clock, random: nodeRandom, newHasher: nodeHasher, root: made.root, trashDays: 30, platform: 'posix', parts: PARTS, client });
  const onStep = (next: Step): void => {
    step = next;
  };
  const ours = (): string[] => Object.keys(made.tree({ all: true })).filter((path) => path.startsWith('.file-sync/tmp/') && !path.endsWith('/'));
  const write = (local: LocalTree, source: Source, text = TEXT, expected: Stamp | null = null, signal?: AbortSignal) => local.write(PATH, entryOf(text), source, expected, signal);
  return { ...made, open, onStep, ours, write };
}
const scan = (local: LocalTree) => local.scan({ base: new Map(), ignore: IgnoreRules.of([], { junk: false }), rehash: false });
const DONE = { kind: 'done', stamp: expect.any(String) };

describe('a large download that is cut off', () => {
  it('S94 C52 goes on where it was, in the same run and in the next, and leaves nothing behind', async () => {
    const { open, write, ours, tree } = world();
    const local = await open();
    const source = new Download();
    source.breaksAfter = 4;
    await expect(write(local, source)).rejects.toBe(UNREACHABLE);
    expect(ours()).toHaveLength(1);
    source.breaksAfter = 8;
    await expect(write(local, source)).rejects.toBe(UNREACHABLE);
    source.breaksAfter = Number.POSITIVE_INFINITY;
    expect(await write(await open(), source)).toEqual(DONE);
    expect(source.asked).toEqual([0, 4, 8]);
    expect(source.fetched).toBe(TEXT.length);
    expect(tree()).toEqual({ big: TEXT });
    expect(ours()).toEqual([]);
  });

  it('keeps what a pause interrupts', async () => {
    const { open, write } = world();
    const local = await open();
    const source = new Download();
    const stop = new AbortController();
    const paused: Source = {
      version: source.version,
      open: async (offset) => {
        const chunks = (await source.open(offset)) ?? [];
        return (async function* () {
          for await (const chunk of chunks) {
            yield chunk;
            if (source.fetched >= 4) stop.abort();
          }
        })();
      },
    };
    await expect(write(local, paused, TEXT, null, stop.signal)).rejects.toMatchObject({ code: 'aborted' });
    expect(await write(local, source)).toEqual(DONE);
    expect(source.asked).toEqual([0, 4]);
  });

  it('a small one begins anew', async () => {
    const { open, write, ours } = world();
    const source = new Download('abcdef');
    source.breaksAfter = 4;
    await expect(write(await open(), source, 'abcdef')).rejects.toBe(UNREACHABLE);
    expect(ours()).toEqual([]);
  });

  it.each([
    { name: 'another version of the same bytes', text: TEXT, version: 'v2', client: 'me' },
    { name: 'other bytes under the same version', text: 'abcdefghiJ', version: 'v1', client: 'me' },
    { name: 'another engine on the folder', text: TEXT, version: 'v1', client: 'somebody else' },
  ])('C57 never goes on with the part of $name', async ({ text, version, client }) => {
    const { open, write, ours, tree } = world();
    const first = new Download();
    first.breaksAfter = 6;
    await expect(write(await open(), first)).rejects.toBe(UNREACHABLE);
    const local = await open(client);
    const second = new Download(text, version);
    expect(await write(local, second, text)).toEqual(DONE);
    expect(second.asked).toEqual([0]);
    expect(tree()).toEqual({ big: text });
    expect(ours()).toHaveLength(1);
    await local.sweep(0);
    expect(ours()).toEqual([]);
  });

  it('C49 is not trusted after a power cut: bytes that were never written are found and fetched once more', async () => {
    const { fake, open, write, tree } = world();
    const source = new Download();
    source.breaksAfter = 6;
    await expect(write(await open(), source)).rejects.toBe(UNREACHABLE);
    fake.powerCut({ holes: true });
    source.breaksAfter = Number.POSITIVE_INFINITY;
    expect(await write(await open(), source)).toEqual(DONE);
    expect(source.asked).toEqual([0, 6, 0]);
    expect(tree()).toEqual({ big: TEXT });
  });

  it('C49 loses no more in a power cut than came since the last sync', async () => {
    const { fake, open, write } = world();
    const source = new Download();
    source.breaksAfter = 6;
    await expect(write(await open(), source)).rejects.toBe(UNREACHABLE);
    fake.powerCut();
    source.breaksAfter = Number.POSITIVE_INFINITY;
    expect(await write(await open(), source)).toEqual(DONE);
    expect(source.asked).toEqual([0, 4]);
  });

  it('C58 is corrupt where the store gives damaged bytes, and the next try begins anew', async () => {
    const { open, write, ours, tree } = world();
    const local = await open();
    const damaged = new Download('abcdeFghij');
    damaged.breaksAfter = 6;
    await expect(write(local, damaged)).rejects.toBe(UNREACHABLE);
    damaged.breaksAfter = Number.POSITIVE_INFINITY;
    await expect(write(local, damaged)).rejects.toMatchObject({ code: 'corrupt' });
    expect(damaged.asked).toEqual([0, 6, 0]);
    expect(ours()).toEqual([]);
    expect(await write(local, new Download())).toEqual(DONE);
    expect(tree()).toEqual({ big: TEXT });
  });

  it('C55 S102 gives its room back when the disk is full, and needs only room for the rest', async () => {
    const { fake, open, write, ours, tree, write: _, ...disk } = world();
    const local = await open();
    fake.edit.write(`${disk.root}/big`, 'old');
    await disk.age();
    const stamp = (await scan(local)).entries.get(PATH)?.stamp ?? null;
    const source = new Download();
    source.breaksAfter = 6;
    await expect(write(local, source, TEXT, stamp)).rejects.toBe(UNREACHABLE);
    source.breaksAfter = Number.POSITIVE_INFINITY;
    fake.disk.capacity = fake.disk.usedBytes() + 3;
    await expect(write(local, source, TEXT, stamp)).rejects.toMatchObject({ code: 'disk-full' });
    expect(ours()).toHaveLength(1);
    fake.disk.capacity = fake.disk.usedBytes() + 4;
    expect(await write(local, source, TEXT, stamp)).toEqual(DONE);
    expect(source.asked).toEqual([0, 6]);
    const next = new Download('0123456789', 'v2');
    const placed = (await scan(local)).entries.get(PATH)?.stamp ?? null;
    fake.disk.capacity = fake.disk.usedBytes() + 10;
    disk.onStep((label) => {
      if (label === 'write') fake.disk.capacity = fake.disk.usedBytes() + 1;
    });
    await expect(write(local, next, '0123456789', placed)).rejects.toMatchObject({ code: 'disk-full' });
    expect(ours()).toEqual([]);
    expect(tree()).toEqual({ big: TEXT });
  });

  it('never writes into what was put in place in the moment of a crash', async () => {
    const { fake, open, write, onStep, root } = world();
    const local = await open();
    onStep((label) => {
      if (label === 'unlink') throw new Crash('after the link');
    });
    await expect(write(local, new Download())).rejects.toBeInstanceOf(Crash);
    onStep(() => undefined);
    fake.edit.write(`${root}/big`, 'edited');
    fake.edit.rename(`${root}/big`, `${root}/mine`);
    const again = new Download();
    expect(await write(await open(), again)).toEqual(DONE);
    expect(again.asked).toEqual([0]);
    expect(fake.tree(root)).toEqual({ big: TEXT, mine: 'edited' });
  });

  it('is known as what is left over, and kept by a sweep only while it is still to be fetched', async () => {
    const { open, write, ours } = world();
    const source = new Download();
    source.breaksAfter = 6;
    const local = await open();
    await expect(write(local, source)).rejects.toBe(UNREACHABLE);
    expect(await local.leftovers()).toEqual(ours());
    const unfinished = { path: PATH, entry: entryOf(TEXT), version: source.version };
    await local.sweep(0, [unfinished]);
    expect(ours()).toHaveLength(1);
    await local.sweep(0, [{ ...unfinished, version: 'v2' as Version }]);
    expect(ours()).toEqual([]);
  });
});

describe.each([
  { name: 'a crash', hardLinks: true, cut: null },
  { name: 'a power cut that shortens files', hardLinks: true, cut: { holes: false } },
  { name: 'a power cut that leaves holes', hardLinks: true, cut: { holes: true } },
  { name: 'a power cut without hard links', hardLinks: false, cut: { holes: true } },
])('$name at any step of a large download', ({ hardLinks, cut }) => {
  it.each([
    { name: 'a new file', before: null },
    { name: 'a replaced file', before: 'old' },
  ])('C48 C49 S94 $name: the next run goes on to the whole', async ({ before }) => {
    for (let dieAt = 1, ended = false; !ended; dieAt++) {
      const { fake, open, write, onStep, ours, tree, root, age } = world({ hardLinks });
      if (before !== null) fake.edit.write(`${root}/big`, before);
      await age();
      const first = await open();
      const stampIn = async (local: LocalTree): Promise<Stamp | null> => (await scan(local)).entries.get(PATH)?.stamp ?? null;
      const stamp = await stampIn(first);
      let calls = 0;
      onStep(() => {
        if (++calls >= dieAt) throw new Crash(`at call ${calls}`);
      });
      ended = (await write(first, new Download(), TEXT, stamp).catch((error: unknown) => error)) instanceof Crash === false;
      onStep(() => undefined);
      if (cut !== null) fake.powerCut(cut);
      expect([before, TEXT]).toContain(tree()['big'] ?? null);
      await age();
      const local = await open();
      const source = new Download();
      if (tree()['big'] !== TEXT) expect(await write(local, source, TEXT, await stampIn(local))).toEqual(DONE);
      expect(tree()).toEqual({ big: TEXT });
      if (source.asked[0] !== undefined && source.asked.length === 1) expect(source.fetched).toBe(TEXT.length - source.asked[0]);
      await local.sweep(0);
      expect(ours()).toEqual([]);
    }
  });
});
