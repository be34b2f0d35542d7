import { describe, expect, it } from 'vitest';
import { relPath } from '../core/rel-path.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import { openPast } from '../remote/history/past-on-backend.ts';
import { BenchWorld } from '../testing/bench-pair.ts';
import { deletedFiles, fileHistory, historyRange, pastFolder, previewVersion } from './past-views.ts';

const MINUTE = 60_000;
const { signal } = new AbortController();

async function setUp() {
  const world = new BenchWorld();
  const device = world.device('a');
  const engine = await device.open();
  const sync = async (): Promise<number> => {
    await engine.syncAll({ releaseHeld: true });
    const at = world.clock.now();
    world.tick(MINUTE);
    return at;
  };
  return { world, device, engine, sync, past: openPast({ backend: world.store.client(), newHasher: nodeHasher }) };
}

/** A folder with something of every kind: edited, deleted, renamed, added, left alone. */
async function lived() {
  const made = await setUp();
  const { device, sync } = made;
  device.write('work/edited.txt', 'before');
  device.write('work/same.txt', 'same');
  device.write('letters/gone.txt', 'gone');
  device.write('letters/deep/gone too.txt', 'gone too');
  device.write('top.txt', 'top');
  const then = await sync();
  device.write('work/edited.txt', 'after, longer');
  device.remove('letters/gone.txt');
  device.remove('letters/deep/gone too.txt');
  device.write('later/new.txt', 'new');
  const after = await sync();
  return { ...made, then, after };
}

describe('the past of a folder, as a window shows it', () => {
  it('a folder at an instant beside now: what is the same, other, gone and came later, counted below folders', async () => {
    const { past, then } = await lived();
    const { entries, counts } = await pastFolder(past, null, then, signal);
    expect(counts).toEqual({ same: 2, changed: 1, gone: 2, added: 1, lost: 0 });
    expect(entries).toEqual({
      total: 4,
      items: [
        { name: 'later', kind: 'folder', size: 0, state: 'added', differs: 1 },
        { name: 'letters', kind: 'folder', size: 12, state: 'gone', differs: 2 },
        { name: 'work', kind: 'folder', size: 10, state: 'changed', differs: 1 },
        { name: 'top.txt', kind: 'file', size: 3, state: 'same', differs: 0 },
      ],
    });
    expect((await pastFolder(past, relPath('work'), then, signal)).entries.items).toEqual([
      { name: 'edited.txt', kind: 'file', size: 6, state: 'changed', differs: 0 },
      { name: 'same.txt', kind: 'file', size: 4, state: 'same', differs: 0 },
    ]);
  });

  it('what is there now and is a link is told as one; what was there before may have been something else', async () => {
    const { past, then } = await lived();
    const { entries } = await pastFolder(past, relPath('work'), then, signal, undefined, () => true);
    expect(entries.items.map(({ name, kind }) => [name, kind])).toEqual([
      ['edited.txt', 'file'],
      ['same.txt', 'link'],
    ]);
    const beside = await pastFolder(past, null, then, signal, undefined, (path) => path === 'top.txt');
    expect(beside.entries.items.at(-1)).toMatchObject({ name: 'top.txt', kind: 'link' });
  });

  it('what was brought back since is as it was, whatever became of it in between', async () => {
    const { device, sync, past } = await setUp();
    device.write('d/back', 'first');
    device.write('d/other', 'first');
    const then = await sync();
    for (const text of ['again', 'first']) {
      device.write('d/back', text);
      await sync();
    }
    device.write('d/other', 'after');
    await sync();
    const known = new Map();
    for (let round = 0; round < 2; round++) expect((await pastFolder(past, null, then, signal, known)).counts).toMatchObject({ same: 1, changed: 1 });
    expect(known.size).toBe(4);
  });

  it('what was renamed and came back under its old name is as it was', async () => {
    const { device, sync, past } = await setUp();
    device.write('d/a', 'content');
    device.write('d/b', 'other');
    const then = await sync();
    device.rename('d/a', 'e/a');
    device.rename('d/b', 'e/b');
    await sync();
    device.write('d/a', 'content');
    device.write('d/b', 'again');
    await sync();
    expect((await pastFolder(past, relPath('d'), then, signal)).entries.items.map(({ name, state }) => [name, state])).toEqual([
      ['a', 'same'],
      ['b', 'changed'],
    ]);
  });

  it('a sum of which a part is not known is not known', async () => {
    const { device, sync, past } = await setUp();
    device.write('d/a', 'content');
    device.write('e/b', 'content');
    const then = await sync();
    device.rename('d/a', 'e/a');
    await sync();
    expect((await pastFolder(past, null, then, signal)).entries.items.map(({ name, size }) => [name, size])).toEqual([
      ['d', null],
      ['e', 7],
    ]);
  });

  it('now, nothing differs; before the first sync there was nothing', async () => {
    const { past, world, then } = await lived();
    expect((await pastFolder(past, null, world.clock.now(), signal)).counts).toEqual({ same: 4, changed: 0, gone: 0, added: 0, lost: 0 });
    expect((await pastFolder(past, null, then - 60 * MINUTE, signal)).counts).toMatchObject({ same: 0, changed: 0, gone: 0 });
  });

  it('the range begins with the first change, ends now, and knows each moment in between', async () => {
    const { past, world, then, after } = await lived();
    const now = world.clock.now();
    const range = await historyRange(past, null, now, signal);
    expect(range).toMatchObject({ from: expect.any(Number), to: now });
    expect(range.from).toBeLessThanOrEqual(then);
    expect(range.moments.reduce((sum, { changes }) => sum + changes, 0)).toBe(5 + 1 + 2 + 1);
    expect(range.moments.at(-1)?.at).toBeLessThanOrEqual(after);
    expect(range.moments.map(({ at }) => at)).toEqual(range.moments.map(({ at }) => at).toSorted((a, b) => a - b));
    // At the last moment everything is as it is now.
    expect((await pastFolder(past, null, range.moments.at(-1)?.at ?? 0, signal)).counts).toEqual({ same: 4, changed: 0, gone: 0, added: 0, lost: 0 });
  });

  /** Files that each came at such a moment. */
  function pastOf(moments: readonly number[]) {
    const lives = moments.map((fromMs, i) => [{ path: relPath(`f${i}`), fromMs, untilMs: null, ended: 'is-there' }]);
    return {
      lives: async function* () {
        yield* lives;
      },
    } as unknown as Parameters<typeof historyRange>[0];
  }

  it('no two moments are of one second, which is how they are called: the last of it has all that came in it', async () => {
    const { moments } = await historyRange(pastOf([57_100, 57_200, 57_900, 59_000, 59_001]), null, 60_000, signal);
    expect(moments).toEqual([
      { at: 57_900, changes: 3 },
      { at: 59_001, changes: 2 },
    ]);
  });

  it('thousands of moments become some hundred, none of the changes lost', async () => {
    const past = pastOf(Array.from({ length: 3_000 }, (_, i) => i * 7_001));
    const { moments } = await historyRange(past, null, 3_000 * 7_001, signal);
    expect(moments.length).toBeLessThanOrEqual(400);
    expect(moments.length).toBeGreaterThan(100);
    expect(moments.reduce((sum, { changes }) => sum + changes, 0)).toBe(3_000);
    expect(moments.at(-1)?.at).toBe(2_999 * 7_001);
  });

  it('the versions of a file, newest first, each with its content', async () => {
    const { past, then } = await lived();
    const { versions, earlier } = await fileHistory(past, relPath('work/edited.txt'), signal);
    expect(versions).toMatchObject([
      { ended: 'is-there', until: null, size: 13, device: 'a', kept: true },
      { ended: 'replaced', size: 6, device: 'a', kept: true },
    ]);
    expect(earlier).toBe('nothing');
    expect(versions[1]?.from).toBeLessThanOrEqual(then);
    const [newest, oldest] = await Promise.all(versions.map(({ id }) => previewVersion(past, relPath('work/edited.txt'), id, signal)));
    expect([newest, oldest]).toEqual([
      { kind: 'text', text: 'after, longer' },
      { kind: 'text', text: 'before' },
    ]);
    expect(await previewVersion(past, relPath('work/edited.txt'), 'no-such-version', signal)).toEqual({ kind: 'none', why: 'unavailable' });
  });

  it('deleted files are found by part of their path, in any case, the latest first; what was renamed or made again is none', async () => {
    const { past, device, sync } = await lived();
    device.rename('top.txt', 'work/top.txt');
    device.write('letters/gone.txt', 'again');
    await sync();
    device.remove('work/same.txt');
    await sync();
    expect((await deletedFiles(past, '', signal)).items.map(({ path, size }) => [path, size])).toEqual([
      ['work/same.txt', 4],
      ['letters/deep/gone too.txt', 8],
    ]);
    expect(await deletedFiles(past, 'DEEP', signal)).toMatchObject({ total: 1, items: [{ path: 'letters/deep/gone too.txt' }] });
    expect(await deletedFiles(past, 'nothing like it', signal)).toEqual({ items: [], total: 0 });
  });

  it('what nobody waits for any more is read no further', async () => {
    const { past } = await lived();
    const stopped = AbortSignal.abort();
    await expect(pastFolder(past, null, 0, stopped)).rejects.toMatchObject({ code: 'aborted' });
    await expect(deletedFiles(past, '', stopped)).rejects.toMatchObject({ code: 'aborted' });
  });
});
