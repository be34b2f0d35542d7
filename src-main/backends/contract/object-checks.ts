import type { ContractCheck, Kit } from './kit.ts';
import { ABSENT, bytesBody, bytesOf, expectMeta, expectSame, expectTrue, isEqual, leafKeys, listed, match, noise, putBody, putText, SOME_META, textAt, versionAt } from './kit.ts';

const LOST = 'files would come back other than they were sent';
/** Above the size from which a bucket is sent to in parts. */
const BIG = 17 * 1024 * 1024 + 123;

/** Whole objects: what is put is what is got, or nothing is. */
export const OBJECT_CHECKS: readonly ContractCheck[] = [
  {
    name: 'an object that is not there is not found',
    matters: 'missing files would look like files, or like errors',
    run: async ({ first }) => {
      expectSame([await first.stat('a'), await first.get('a'), await leafKeys(first)], [null, null, []], 'an empty place');
    },
  },
  {
    name: 'what one client writes, the other reads at once',
    matters: 'a device would not see what another has just saved',
    run: async ({ first, second }) => {
      const version = await putText(first, 'folder/a.txt', 'hello');
      expectSame(await textAt(second, 'folder/a.txt'), 'hello', 'the content');
      const found = await second.stat('folder/a.txt');
      expectSame([found?.size, found?.version], [5, version], 'size and version');
      expectSame(
        (await listed(second, 'folder/a')).map((info) => [info.key, info.size, info.version]),
        [['folder/a.txt', 5, version]],
        'the listing',
      );
    },
  },
  {
    name: 'an empty object is kept',
    matters: 'empty files would be lost',
    run: async ({ first, second }) => {
      await putText(first, 'empty', '');
      expectSame([await textAt(second, 'empty'), (await second.stat('empty'))?.size], ['', 0], 'content and size');
    },
  },
  {
    name: 'every byte comes back',
    matters: LOST,
    run: async ({ first, second }) => {
      const bytes = noise(300_000, 1);
      await putBody(first, 'a', bytesBody(bytes));
      await expectBytes({ first, second }, 'a', bytes);
    },
  },
  {
    name: 'a big object goes up in parts and comes back whole',
    matters: 'big files could not be kept, or would come back damaged',
    isCostly: true,
    run: async (kit) => {
      const bytes = noise(BIG, 2);
      await putBody(kit.first, 'big', bytesBody(bytes), { meta: SOME_META });
      expectMeta((await kit.second.stat('big'))?.meta, SOME_META, 'metadata of a big object');
      await expectBytes(kit, 'big', bytes);
    },
  },
  {
    name: 'a big object is replaced under a condition',
    matters: 'of two devices that save a big file at once one would be overwritten',
    isRace: true,
    isCostly: true,
    run: async ({ first, second }) => {
      const old = await putText(first, 'big', 'small as yet');
      const seen = await putText(second, 'big', 'changed by the other', { condition: match(old) });
      expectSame((await first.put('big', bytesBody(noise(BIG, 3)), { condition: match(old), meta: {} })).kind, 'stale', 'a big object over another version');
      expectSame([await textAt(first, 'big'), await versionAt(first, 'big')], ['changed by the other', seen], 'what stays');
    },
  },
  {
    name: 'reading goes on from any byte',
    matters: 'interrupted downloads would begin anew or end in damage',
    run: async ({ first, second }) => {
      const bytes = noise(200_000, 4);
      await putBody(first, 'a', bytesBody(bytes));
      for (const offset of [1, 65_536, 199_999, 200_000]) {
        const object = await second.get('a', { offset });
        expectTrue(object !== null && isEqual(await bytesOf(object.chunks), bytes.subarray(offset)), `reading from byte ${offset} gave other bytes`);
      }
    },
  },
  {
    name: 'a version that was replaced is not read any more',
    matters: 'a download could mix two versions of a file',
    run: async ({ first, second }) => {
      const old = await putText(first, 'a', 'old');
      await putText(second, 'a', 'new', { condition: match(old) });
      expectSame(await first.get('a', { ifMatch: old }), null, 'asking for the old version');
    },
  },
  {
    name: 'metadata comes back as given',
    matters: 'times and modes of files would be lost, and checksums with them',
    run: async ({ first, second }) => {
      await putText(first, 'a', 'x', { meta: SOME_META });
      expectMeta((await second.stat('a'))?.meta, SOME_META, 'metadata');
      expectMeta((await second.get('a'))?.info.meta, SOME_META, 'metadata with the content');
    },
  },
  {
    name: '2,000 bytes of metadata are kept',
    matters: 'files with long facts could not be kept',
    run: async ({ first, second }) => {
      const meta = { ...SOME_META, note: 'n'.repeat(1_700) };
      await putText(first, 'a', 'x', { meta });
      expectMeta((await second.stat('a'))?.meta, meta, 'metadata');
    },
  },
  {
    name: 'a copy has the bytes and the metadata of its source',
    matters: 'renamed files and old versions would be damaged',
    run: async (kit) => {
      const bytes = noise(100_000, 5);
      const version = await putBody(kit.first, 'a', bytesBody(bytes), { meta: SOME_META });
      expectSame((await kit.first.copy({ key: 'a', version }, 'f/b', { condition: ABSENT })).kind, 'done', 'a copy');
      await expectBytes(kit, 'f/b', bytes);
      expectMeta((await kit.second.stat('f/b'))?.meta, SOME_META, 'metadata of the copy');
      expectSame(await versionAt(kit.second, 'a'), version, 'the source afterwards');
    },
  },
  {
    name: 'a copy may have metadata of its own',
    matters: 'old versions would not know when they were current',
    run: async ({ first, second }) => {
      const version = await putText(first, 'a', 'x', { meta: SOME_META });
      await first.copy({ key: 'a', version }, 'b', { condition: ABSENT, meta: { op: 'mine' } });
      const meta = (await second.stat('b'))?.meta;
      expectSame([meta?.['op'], meta?.['device'] ?? null], ['mine', null], 'metadata of the copy');
    },
  },
  {
    name: 'times of the store do not run backwards',
    matters: 'restoring to a date would take the wrong version',
    run: async ({ first }) => {
      const version = await putText(first, 'a', '1');
      const before = (await first.stat('a'))?.storedAtMs ?? Number.NaN;
      await putText(first, 'a', '2', { condition: match(version) });
      expectTrue(((await first.stat('a'))?.storedAtMs ?? Number.NaN) >= before, 'the second write has an earlier time than the first');
    },
  },
];

async function expectBytes({ second }: Kit, key: string, bytes: Uint8Array): Promise<void> {
  const object = await second.get(key);
  expectTrue(object !== null, `nothing is found at ${key}`);
  if (object !== null) expectTrue(isEqual(await bytesOf(object.chunks), bytes), `the bytes of ${key} are not those that were written`);
}
