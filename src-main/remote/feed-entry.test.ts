import { expect, it } from 'vitest';
import type { Version } from '../core/entry.ts';
import { relPath } from '../core/rel-path.ts';
import { SeededRandom } from '../testing/random.ts';
import { entryKey, entryText, isEntryKey, keyAt, MAX_ENTRY_BYTES, readEntry } from './feed-entry.ts';

const CHANGES = [{ path: relPath('a/b'), version: '"etag"' as Version }, { path: relPath('gone'), version: null }, { path: relPath('who knows') }];
const entry = (change: object): string => JSON.stringify({ format: 1, device: 'x', paths: [['a', 'v1']], ...change });

it('reads what it writes', () => {
  expect(entryText(CHANGES, 'laptop')).toBe('{"format":1,"device":"laptop","paths":[["a/b","\\"etag\\""],["gone",null],["who knows"]]}');
  expect(readEntry(entryText(CHANGES, 'laptop'))).toEqual(CHANGES);
  expect(readEntry(entryText([], 'laptop'))).toEqual([]);
});

it.each([
  ['more than 500 paths', Array.from({ length: 501 }, (_, i) => ({ path: relPath(`f${i}`) }))],
  ['paths of more than 64 KiB', Array.from({ length: 100 }, (_, i) => ({ path: relPath(`${i}/${'x'.repeat(1000)}`) }))],
  ['anything', null],
])('%s are told as everything, in few bytes', (_, changes) => {
  const text = entryText(changes, 'd'.repeat(1000));
  expect(Buffer.byteLength(text)).toBeLessThan(MAX_ENTRY_BYTES / 100);
  expect(JSON.parse(text)).toMatchObject({ paths: [], everything: true });
  expect(readEntry(text)).toBeNull();
});

it.each([
  ['no JSON', 'paths: a'],
  ['nothing', ''],
  ['no object', '[1]'],
  ['null', 'null'],
  ['a newer format', entry({ format: 2 })],
  ['no format', entry({ format: undefined })],
  ['no paths', entry({ paths: undefined })],
  ['paths that are no list', entry({ paths: { length: 0 } })],
  ['a path that is no text', entry({ paths: [[1, 'v']] })],
  ['a path without a pair', entry({ paths: ['a'] })],
  ['an empty pair', entry({ paths: [[]] })],
  ['three of them', entry({ paths: [['a', 'v', 'w']] })],
  ['a version that is no text', entry({ paths: [['a', {}]] })],
  ['a way out of the folder', entry({ paths: [['a/../../b', 'v']] })],
  ['our own folder', entry({ paths: [['.File-Sync/vault.json', 'v']] })],
  ['too many paths', entry({ paths: Array.from({ length: 501 }, () => ['a']) })],
  ['everything', entry({ everything: true })],
])('C45 C66 %s means: look at everything', (_, text) => {
  expect(readEntry(text)).toBeNull();
});

it('C45 fuzz: whatever an entry holds, it names paths within the folder or says nothing', () => {
  const random = new SeededRandom(20_261_126);
  const good = Buffer.from(entryText(CHANGES, 'laptop'));
  for (let round = 0; round < 3_000; round++) {
    const bytes = round % 3 === 0 ? Buffer.from(Array.from({ length: random.below(200) }, () => random.below(256))) : Buffer.from(good);
    for (let n = random.below(4); n > 0 && bytes.length > 0; n--) bytes[random.below(bytes.length)] = random.pick([random.below(256), 0x22, 0x2e, 0x2f, 0x5b, 0x5d]);
    for (const { path } of readEntry(bytes.toString('utf8')) ?? []) expect(relPath(path)).toBe(path);
  }
});

it('keys sort by the time of the store, whoever wrote them', () => {
  const keys = [entryKey(999_999_999_999, 'zz', 10), entryKey(1_700_000_000_000.7, 'aa', 9), entryKey(1_700_000_000_001, 'aa', 1)];
  expect(keys).toEqual(['.file-sync/feed/0999999999999-zz-10', '.file-sync/feed/1700000000000-aa-9', '.file-sync/feed/1700000000001-aa-1']);
  expect([...keys].sort()).toEqual(keys);
  expect(keys.every(isEntryKey)).toBe(true);
  expect(keyAt(1_700_000_000_000) < (keys[1] ?? '')).toBe(true);
  for (const foreign of ['.file-sync/feed/', '.file-sync/feed/readme', '.file-sync/feed/1700000000000-a-1/x', '.file-sync/feed/17-a-1', 'x/1700000000000-a-1'])
    expect(isEntryKey(foreign)).toBe(false);
});
