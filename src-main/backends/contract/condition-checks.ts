import type { Version } from '../../core/entry.ts';
import type { ContractCheck } from './kit.ts';
import { ABSENT, expectSame, leafKeys, match, putText, textAt, textBody, versionAt } from './kit.ts';

const OVERWRITTEN = 'a device could overwrite what another saved and it has not seen';
const REMOVED = 'a device could delete what another has just saved';
const RENAMED = 'renaming could overwrite a file';

/** Nothing is written or removed unless it still is what the caller saw. */
export const CONDITION_CHECKS: readonly ContractCheck[] = [
  {
    name: 'a write for a new key does not replace what is there',
    matters: OVERWRITTEN,
    run: async ({ first, second }) => {
      const version = await putText(first, 'a', 'first');
      expectSame((await second.put('a', textBody('second'), { condition: ABSENT, meta: {} })).kind, 'stale', 'the second write');
      expectSame([await textAt(first, 'a'), await versionAt(first, 'a')], ['first', version], 'what stays');
    },
  },
  {
    name: 'a write over the version that is there replaces it',
    matters: 'changes could not be saved',
    run: async ({ first, second }) => {
      const old = await putText(first, 'a', 'old');
      const next = await putText(second, 'a', 'new', { condition: match(old) });
      expectSame([await textAt(first, 'a'), await versionAt(first, 'a')], ['new', next], 'what is there');
    },
  },
  {
    name: 'a write over another version changes nothing',
    matters: OVERWRITTEN,
    run: async ({ first, second }) => {
      const old = await putText(first, 'a', 'old');
      await putText(first, 'a', 'newer', { condition: match(old) });
      expectSame((await second.put('a', textBody('late'), { condition: match(old), meta: {} })).kind, 'stale', 'the late write');
      expectSame(await textAt(first, 'a'), 'newer', 'what stays');
    },
  },
  {
    name: 'a write over a deleted object does not bring it back',
    matters: 'deleted files would come back',
    run: async ({ first, second }) => {
      const version = await putText(first, 'a', 'x');
      await first.delete('a', { version });
      expectSame((await second.put('a', textBody('y'), { condition: match(version), meta: {} })).kind, 'stale', 'the write');
      expectSame((await second.put('b', textBody('y'), { condition: match('no-such-version' as Version), meta: {} })).kind, 'stale', 'a write where nothing ever was');
      expectSame(await leafKeys(first), [], 'what is there');
    },
  },
  {
    name: 'every write makes a new version, also of equal bytes',
    matters: 'a change back to an earlier content would go unnoticed',
    run: async ({ first, second }) => {
      const versions = [await putText(first, 'a', 'same', { meta: { op: '0' } })];
      for (let i = 1; i < 6; i++) versions.push(await putText(i % 2 === 0 ? first : second, 'a', 'same', { condition: match(versions.at(-1) as Version), meta: { op: `${i}` } }));
      expectSame(new Set(versions).size, versions.length, 'different versions');
    },
  },
  {
    name: 'a version stays while nobody writes',
    matters: 'unchanged files would be sent and fetched again and again',
    run: async ({ first, second }) => {
      const version = await putText(first, 'a', 'x');
      await putText(second, 'b', 'y');
      expectSame([await versionAt(second, 'a'), await versionAt(first, 'a')], [version, version], 'the version');
    },
  },
  {
    name: 'a deletion removes the version it names',
    matters: 'deleted files would stay in the backup',
    run: async ({ first, second }) => {
      const version = await putText(first, 'f/a', 'x');
      expectSame((await second.delete('f/a', { version })).kind, 'done', 'the deletion');
      expectSame([await first.stat('f/a'), await first.get('f/a'), await leafKeys(first)], [null, null, []], 'what is left');
    },
  },
  {
    name: 'a deletion leaves another version alone',
    matters: REMOVED,
    run: async ({ first, second }) => {
      const old = await putText(first, 'a', 'old');
      await putText(second, 'a', 'edited', { condition: match(old) });
      expectSame((await first.delete('a', { version: old })).kind, 'stale', 'the deletion');
      expectSame(await textAt(first, 'a'), 'edited', 'what stays');
    },
  },
  {
    name: 'a deletion of what is gone is done, and a neighbour stays',
    matters: 'deletions would fail for ever, or take others along',
    run: async ({ first, second }) => {
      const version = await putText(first, 'a', 'x');
      await putText(first, 'ab', 'neighbour');
      await first.delete('a', { version });
      expectSame([(await second.delete('a', { version })).kind, await leafKeys(second)], ['done', ['ab']], 'the second deletion, and what is left');
    },
  },
  {
    name: 'a key that was deleted can be made anew',
    matters: 'a file could not come back under its old name',
    run: async ({ first, second }) => {
      const version = await putText(first, 'a', 'same');
      await first.delete('a', { version });
      const again = await putText(second, 'a', 'same again');
      expectSame([again === version, await textAt(first, 'a')], [false, 'same again'], 'its version is the old one; its content');
      expectSame((await first.delete('a', { version })).kind, 'stale', 'a deletion of the old one');
    },
  },
  {
    name: 'a copy of another version, or of nothing, is not made',
    matters: 'an old version would be kept under the wrong name',
    run: async ({ first, second }) => {
      const old = await putText(first, 'a', 'old');
      await putText(second, 'a', 'new', { condition: match(old) });
      const kinds = [await first.copy({ key: 'a', version: old }, 'b', { condition: ABSENT }), await first.copy({ key: 'none', version: old }, 'b', { condition: ABSENT })];
      expectSame([...kinds.map(({ kind }) => kind), await second.stat('b')], ['stale', 'stale', null], 'both copies, and their target');
    },
  },
  {
    name: 'a copy does not replace what is there',
    matters: RENAMED,
    run: async ({ first, second }) => {
      const version = await putText(first, 'a', 'source');
      const taken = await putText(second, 'b', 'there');
      expectSame((await first.copy({ key: 'a', version }, 'b', { condition: ABSENT })).kind, 'stale', 'a copy to a key that is taken');
      expectSame(await textAt(second, 'b'), 'there', 'what stays');
      expectSame((await first.copy({ key: 'a', version }, 'b', { condition: match(taken) })).kind, 'done', 'a copy over the version that is there');
      expectSame(await textAt(second, 'b'), 'source', 'what is there then');
    },
  },
  {
    name: 'a rename within the store, where there is one, does not replace what is there',
    matters: RENAMED,
    run: async ({ first, second }) => {
      if (first.move === undefined) return;
      const version = await putText(first, 'a', 'source');
      await putText(second, 'b', 'there');
      expectSame((await first.move({ key: 'a', version }, 'b', { meta: {} })).kind, 'stale', 'a rename to a key that is taken');
      expectSame((await first.move({ key: 'a', version }, 'c', { meta: {} })).kind, 'done', 'a rename to a free key');
      expectSame([await textAt(second, 'b'), await textAt(second, 'c'), await second.stat('a')], ['there', 'source', null], 'what is there');
    },
  },
];
