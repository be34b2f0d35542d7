import { afterEach, describe, expect, it } from 'vitest';
import type { Conflict, Resolution } from '../core/conflict.ts';
import type { Base, Entry, Hash, Stamp, Version } from '../core/entry.ts';
import type { ErrorCode } from '../core/errors.ts';
import type { Intent } from '../core/intent.ts';
import { relPath } from '../core/rel-path.ts';
import type { ActivityFilter, ActivityRecord, StateStore } from './state-store.ts';

export const hashOf = (digit: string): Hash => digit.repeat(64) as Hash;
const stamp = (text: string): Stamp => text as Stamp;
const version = (text: string): Version => text as Version;
export const file: Entry = { kind: 'file', size: 5_000_000_000_000, hash: hashOf('a'), mtimeNs: 1_795_410_000_123_456_789n, mode: 0o644 };
/** Beyond 64 bits of ns, before 1970, and without permission bits. */
const oddFile: Entry = { kind: 'file', size: 0, hash: hashOf('0'), mtimeNs: -(2n ** 70n), mode: null };
const folder: Entry = { kind: 'folder' };
const link: Entry = { kind: 'symlink', target: '../elsewhere\nwith a newline' };

export const baseOf = (entry: Entry, n = 1): Base => ({ entry, stamp: stamp(`s${n}`), version: version(`v${n}`) });
/** Records of a store whose clock stands at about this time are new enough to be kept. */
const T0 = Date.UTC(2026, 10, 23);
const record = (n: number, path: string): ActivityRecord => ({ at: T0 + n, cycle: 'c1', path, to: null, what: 'upload', outcome: 'done', reason: 'new here', bytes: 7 });

/** The contract of StateStore as a suite. `open` starts on nothing; `reopen` starts again from what `open` has stored, as after a crash. */
export function describeStateStore(name: string, make: () => Promise<{ open(): Promise<StateStore>; clean(): Promise<void> }>): void {
  describe(`state store: ${name}`, () => {
    let clean: (() => Promise<void>) | null = null;
    afterEach(async () => clean?.());
    const setUp = async (): Promise<() => Promise<StateStore>> => {
      const made = await make();
      clean = made.clean;
      return made.open;
    };
    /** What a store opened afterwards has, the first one not being closed. */
    const afterCrash = async (work: (store: StateStore) => Promise<void>) => {
      const open = await setUp();
      await work(await open());
      return (await open()).load();
    };

    it('starts empty', async () => {
      const store = await (await setUp())();
      expect(await store.load()).toEqual({ rebuilt: false, base: new Map(), intents: [], conflicts: [], resolutions: [], values: {} });
    });

    it('C50 finds no fault with itself', async () => {
      const store = await (await setUp())();
      await store.commit({ put: [[relPath('x'), baseOf(file)]], activity: [record(1, 'a')] });
      expect(await store.faults()).toEqual([]);
    });

    it('keeps base entries of every kind exactly', async () => {
      const put: [ReturnType<typeof relPath>, Base][] = [
        [relPath('a b/ü#?%\n"\'.txt'), baseOf(file)],
        [relPath('old'), baseOf(oddFile, 2)],
        [relPath('a b'), { ...baseOf(folder, 3), stamp: null }],
        [relPath('link'), baseOf(link, 4)],
      ];
      const state = await afterCrash((store) => store.commit({ put }));
      expect(state.base).toEqual(new Map(put));
    });

    it('replaces and drops base entries', async () => {
      const path = relPath('x');
      const state = await afterCrash(async (store) => {
        await store.commit({
          put: [
            [path, baseOf(file)],
            [relPath('y'), baseOf(file)],
          ],
        });
        await store.commit({ put: [[path, baseOf(folder, 2)]], drop: [relPath('y'), relPath('never there')] });
      });
      expect([...state.base]).toEqual([[path, baseOf(folder, 2)]]);
    });

    it('tells names apart that differ in case or normalisation only', async () => {
      const names = ['name', 'NAME', 'é', 'e\u0301'].map(relPath);
      const state = await afterCrash((store) => store.commit({ put: names.map((name, n) => [name, baseOf(file, n)] as const) }));
      expect([...state.base.keys()].sort()).toEqual([...names].sort());
    });

    it('C48 keeps intents in order until they are settled', async () => {
      const intents: Intent[] = [
        { kind: 'remote-write', op: 'o1', path: relPath('b'), entry: file },
        { kind: 'remote-remove', op: 'o1', path: relPath('a'), version: version('v') },
        { kind: 'local-write', op: 'o2', path: relPath('c'), entry: oddFile, version: version('w') },
        { kind: 'local-remove', op: 'o3', path: relPath('d'), stamp: stamp('s') },
      ];
      const open = await setUp();
      const store = await open();
      await store.begin(intents.slice(0, 2));
      await store.begin(intents.slice(2));
      expect((await (await open()).load()).intents).toEqual(intents);
      await store.commit({ settled: ['o1', 'o3', 'unknown'] });
      expect((await (await open()).load()).intents).toEqual([intents[2]]);
    });

    it('keeps conflicts and resolutions', async () => {
      const conflict: Conflict = { path: relPath('c'), local: file, remote: link, remoteVersion: version('v'), remoteDevice: null, remoteStoredAtMs: 12, since: 1_795_410_000_000 };
      const other: Conflict = { ...conflict, path: relPath('d'), remoteDevice: 'büro' };
      const resolution: Resolution = { path: relPath('c'), choice: 'both', local: oddFile, remoteVersion: version('v') };
      const open = await setUp();
      const store = await open();
      await store.commit({ putConflicts: [conflict, other], putResolutions: [resolution] });
      expect(await (await open()).load()).toMatchObject({ conflicts: [conflict, other], resolutions: [resolution] });
      await store.commit({ dropConflicts: [conflict.path], dropResolutions: [conflict.path] });
      expect(await (await open()).load()).toMatchObject({ conflicts: [other], resolutions: [] });
    });

    it('keeps named values', async () => {
      const state = await afterCrash(async (store) => {
        await store.commit({ values: { vault: 'abc', gone: 'x' } });
        await store.commit({ values: { gone: null, empty: '' } });
      });
      expect(state.values).toEqual({ vault: 'abc', empty: '' });
    });

    it('gives activity newest first, limited, by path and by time', async () => {
      const store = await (await setUp())();
      await store.commit({ activity: [record(1, 'a'), record(2, 'b')] });
      await store.commit({ activity: [record(3, 'a')] });
      const times = async (query: Parameters<StateStore['activity']>[0]): Promise<number[]> => (await store.activity(query)).map(({ at }) => at - T0);
      expect(await times({ limit: 10 })).toEqual([3, 2, 1]);
      expect(await times({ limit: 2 })).toEqual([3, 2]);
      expect(await times({ limit: 10, path: 'a' })).toEqual([3, 1]);
      expect(await times({ limit: 10, before: T0 + 3 })).toEqual([2, 1]);
      expect(await times({ limit: 10, since: T0 + 2 })).toEqual([3, 2]);
      expect(await store.activity({ limit: 1 })).toEqual([record(3, 'a')]);
    });

    it('gives activity of a path and all below it, and of none that only begins alike', async () => {
      const store = await (await setUp())();
      await store.commit({ activity: ['a', 'a/b', 'a/b/c', 'a-b', 'a0', 'ab', 'a%'].map((path, at) => record(at, path)) });
      const paths = async (below: string): Promise<string[]> => (await store.activity({ limit: 10, below })).map(({ path }) => path);
      expect(await paths('a')).toEqual(['a/b/c', 'a/b', 'a']);
      expect(await paths('a/b')).toEqual(['a/b/c', 'a/b']);
    });

    it('gives a move by the name it took as by the one it gave', async () => {
      const store = await (await setUp())();
      const move = { ...record(2, 'old/a.txt'), what: 'move-remote', to: 'new/Ünder.txt' };
      await store.commit({ activity: [record(1, 'other'), move] });
      for (const query of [{ path: 'old/a.txt' }, { path: 'new/Ünder.txt' }, { below: 'old' }, { below: 'new' }, { below: 'new/Ünder.txt' }]) {
        expect(await store.activity({ limit: 10, ...query })).toEqual([move]);
      }
      expect(await store.activity({ limit: 10, below: 'new/Ü' })).toEqual([]);
      for (const search of ['OLD/', 'üNDER']) expect((await store.activityIndex({ search, failedOnly: false, without: [] })).ids.length).toBe(1);
    });

    it('tells where the activity that fits stands, newest first, and reads just that', async () => {
      const store = await (await setUp())();
      const failed = { ...record(2, 'Ünder/b.TXT'), outcome: 'failed' } as const;
      await store.commit({ activity: [record(1, 'a.txt'), failed, { ...record(3, 'c.txt'), what: 'adopt' }] });
      const all = { search: '', failedOnly: false, without: [] };
      const read = async (filter: ActivityFilter): Promise<readonly number[]> => {
        const { ids, times } = await store.activityIndex(filter);
        const records = await store.activity({ ids: [...ids], limit: ids.length });
        expect(records.map(({ at }) => at)).toEqual([...times]);
        return records.map(({ at }) => at - T0);
      };
      expect(await read(all)).toEqual([3, 2, 1]);
      expect(await read({ ...all, without: ['adopt', 'forget'] })).toEqual([2, 1]);
      expect(await read({ ...all, failedOnly: true })).toEqual([2]);
      expect(await read({ ...all, search: 'ünder/B.txt' })).toEqual([2]);
      const { ids } = await store.activityIndex(all);
      expect(await read({ ...all, after: ids[1] ?? 0 })).toEqual([3]);
      await store.commit({ activity: [record(4, 'd')] });
      expect(await read({ ...all, after: ids[0] ?? 0 })).toEqual([4]);
      expect((await store.activity({ ids: [ids[2] ?? 0, 1e9], limit: 10 })).map(({ at }) => at - T0)).toEqual([1]);
    });

    it('has one record of a failure that goes on, the latest, also after a restart', async () => {
      const open = await setUp();
      const failed = (n: number, path: string, code: ErrorCode = 'io'): ActivityRecord => ({ ...record(n, path), outcome: 'failed', reason: `${n}`, code });
      const store = await open();
      await store.commit({ activity: [failed(1, 'a'), failed(2, 'b')] });
      await store.commit({ activity: [failed(3, 'a'), { ...record(4, 'a'), outcome: 'stale' }] });
      const again = await open();
      await again.commit({ activity: [failed(5, 'a', 'busy')] });
      const told = { limit: 10, without: ['adopt'] };
      expect(await again.activity(told)).toEqual([{ ...failed(5, 'a', 'busy'), tries: 3 }, failed(2, 'b')]);
      await again.commit({ activity: [record(6, 'a'), failed(7, 'a')] });
      expect(await again.activity(told)).toEqual([failed(7, 'a'), record(6, 'a'), { ...failed(5, 'a', 'busy'), tries: 3 }, failed(2, 'b')]);
      const { ids } = await again.activityIndex({ search: '', failedOnly: true, without: [] });
      expect((await again.activity({ ids: [...ids], limit: 10 })).map(({ at }) => at - T0)).toEqual([7, 5, 2]);
    });

    it('tells of no folder that failed where the same keeps what lies in it', async () => {
      const store = await (await setUp())();
      const failed = (n: number, path: string, code: ErrorCode = 'name-too-long'): ActivityRecord => ({ ...record(n, path), outcome: 'failed', code });
      const deep = ['d', 'd/e', 'd/e/f', 'd/e/f/deep.txt'];
      for (let from = 0; from < 20; from += 10) await store.commit({ activity: deep.map((path, n) => failed(from + n, path)) });
      expect(await store.activity({ limit: 10 })).toEqual([{ ...failed(13, 'd/e/f/deep.txt'), tries: 2 }]);
      await store.commit({ activity: [failed(20, 'x', 'io'), failed(21, 'x/y')] });
      expect((await store.activity({ limit: 10 })).map(({ path }) => path)).toEqual(['x/y', 'x', 'd/e/f/deep.txt']);
    });

    it('leaves out what was out of date before it began', async () => {
      const store = await (await setUp())();
      await store.commit({ activity: [record(1, 'a'), { ...record(2, 'b'), outcome: 'stale' }, { ...record(3, 'c'), what: 'adopt' }] });
      expect((await store.activity({ limit: 1, without: ['adopt'] })).map(({ path }) => path)).toEqual(['a']);
      expect((await store.activityIndex({ search: '', failedOnly: false, without: [] })).ids.length).toBe(2);
      expect((await store.activity({ limit: 10 })).length).toBe(3);
    });

    it('keeps notes of every kind apart, and gives back what was put last', async () => {
      const open = await setUp();
      const { notes } = await open();
      await notes.put('upload', 'a/ü\n', 'first');
      await notes.put('upload', 'a/ü\n', '{"id":"second"}');
      await notes.put('blocks', 'a/ü\n', '');
      await notes.put('upload', 'gone', 'x');
      await notes.drop('upload', 'gone');
      await notes.drop('upload', 'never there');
      const again = (await open()).notes;
      expect(await again.all('upload')).toEqual(new Map([['a/ü\n', '{"id":"second"}']]));
      expect([await again.get('blocks', 'a/ü\n'), await again.get('usage', 'a/ü\n'), await again.get('upload', 'gone')]).toEqual(['', null, null]);
      expect(await again.all('store')).toEqual(new Map());
    });

    it('reads a note as it was put right before, by nobody waited for', async () => {
      const { notes } = await (await setUp())();
      const put = notes.put('store', 'ways', 'found');
      expect([await notes.get('store', 'ways'), await notes.all('store')]).toEqual(['found', new Map([['ways', 'found']])]);
      await put;
    });

    it('applies calls in the order made, also when nobody waits for each', async () => {
      const path = relPath('p');
      const state = await afterCrash(async (store) => {
        const calls = Array.from({ length: 50 }, (_, n) => store.commit(n % 2 === 0 ? { put: [[path, baseOf(file, n)]] } : { drop: [path] }));
        calls.push(store.commit({ put: [[path, baseOf(folder, 99)]] }));
        await Promise.all(calls);
      });
      expect(state.base).toEqual(new Map([[path, baseOf(folder, 99)]]));
    });
  });
}
