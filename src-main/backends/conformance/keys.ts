import { describe, expect, it } from 'vitest';
import { ABSENT, failing, type Kit, leafKeys, listed, putText, textAt, textBody, versionAt } from './kit.ts';

/** C17: names users have. Each becomes part of a key and must come back byte for byte. */
const ODD_NAMES: readonly (readonly [what: string, name: string])[] = [
  ['spaces', ' a  b '],
  ['quotes', `it's "quoted" \`so\``],
  ['percent, plus, ampersand', '100%+20%25&a=b;c'],
  ['hash and question mark', '#1?x=y'],
  ['backslash', 'a\\b\\..\\c'],
  ['newline and tab', 'a\nb\tc\r'],
  ['other control characters', '\u0001\u001b[31m\u007f'],
  ['leading dots', '...a'],
  ['two dots and more', '..a'],
  ['leading dash', '-rf'],
  ['tilde, brackets, stars', '~a[b]{c}*$d'],
  ['colon and pipe', 'c:a|b<c>'],
  ['emoji', '👩‍👩‍👧 🇩🇪'],
  ['CJK', '日本語の書類.txt'],
  ['right to left', 'שלום عليكم'],
  ['trailing dot and space', 'a. '],
  ['reserved on Windows', 'CON'],
  ['XML', '<a>&amp;</a>]]>'],
  ['replacement character', 'a\uFFFDb'],
  ['outside the basic plane', '𝒳'.repeat(20)],
  ['255 bytes', 'x'.repeat(255)],
  ['255 bytes of two each', `${'ä'.repeat(127)}x`],
];

/** C62: keys that lead out of the store, or nowhere. */
const HOSTILE = [
  '',
  '/',
  '//',
  '/a',
  '../a',
  'a/../b',
  '..',
  '.',
  './a',
  'a/.',
  'a/..',
  'a//b',
  'a/./b',
  '/etc/passwd',
  '../../outside',
  'a\0b',
  '\uD800',
  'a/../',
  '../',
] as const;

export function keyCases({ backend, second, store, options }: Kit): void {
  describe('names', () => {
    it.each(ODD_NAMES)('C17 S90 %s', async (_, name) => {
      for (const key of [name, `folder/${name}`, `${name}/below`]) {
        // A file system cannot hold a file and a folder of one name.
        if (key !== name || !options.isFileSystem) await putText(backend(), key, key);
      }
      const expected = [`folder/${name}`, `${name}/below`, ...(options.isFileSystem ? [] : [name])].sort();
      expect(await leafKeys(second())).toEqual(expected);
      expect(await leafKeys(second(), `${name}/`)).toEqual([`${name}/below`]);
      for (const key of expected) {
        expect(await textAt(second(), key)).toBe(key);
        expect((await second().stat(key))?.key).toBe(key);
        await second().delete(key, { version: await versionAt(second(), key) });
      }
      expect(await leafKeys(backend())).toEqual([]);
    });

    it('C17 keys of 1,024 bytes, and none longer', async () => {
      const long = `${'d'.repeat(200)}/${'é'.repeat(100)}/${'f'.repeat(200)}/${'g'.repeat(200)}/`;
      const key = long + 'h'.repeat(1024 - Buffer.byteLength(long));
      await putText(backend(), key, 'far down');
      expect(await textAt(second(), key)).toBe('far down');
      expect(await leafKeys(second())).toEqual([key]);
      await expect(backend().put(`${key}h`, textBody('x'), { condition: ABSENT, meta: {} })).rejects.toEqual(failing('name-too-long'));
      await expect(backend().stat(`${key}h`)).rejects.toEqual(failing('name-too-long'));
    });

    it('C18 a name in NFC and in NFD are two objects, or one and the same', async () => {
      const [nfc, nfd] = ['caf\u00e9', 'cafe\u0301'];
      await putText(backend(), nfc, 'composed');
      const result = await backend().put(nfd, textBody('decomposed'), { condition: ABSENT, meta: {} });
      expect(result.kind).toBe(options.normalises ? 'stale' : 'done');
      expect(await textAt(second(), nfc)).toBe('composed');
      if (!options.normalises) expect([await textAt(second(), nfd), (await leafKeys(second())).length]).toEqual(['decomposed', 2]);
    });

    it('C19 names equal but for case are two objects, or one, as the store says', async () => {
      await putText(backend(), 'Readme', 'upper');
      const result = await backend().put('readme', textBody('lower'), { condition: ABSENT, meta: {} });
      expect(result.kind).toBe(second().capabilities.caseInsensitive ? 'stale' : 'done');
      expect(await textAt(second(), 'Readme')).toBe('upper');
    });

    it.each(HOSTILE.map((key) => [JSON.stringify(key), key]))('C62 the key %s is refused', async (_, key) => {
      const version = await putText(backend(), 'a/b', 'mine');
      const before = await store().outside?.();
      const refused = failing('name-not-allowed');
      await expect(backend().put(key, textBody('x'), { condition: ABSENT, meta: {} })).rejects.toEqual(refused);
      await expect(backend().stat(key)).rejects.toEqual(refused);
      await expect(backend().get(key)).rejects.toEqual(refused);
      await expect(backend().delete(key, { version })).rejects.toEqual(refused);
      await expect(backend().copy({ key: 'a/b', version }, key, { condition: ABSENT })).rejects.toEqual(refused);
      await expect(backend().copy({ key, version }, 'c', { condition: ABSENT })).rejects.toEqual(refused);
      if (backend().move !== undefined) {
        await expect(backend().move?.({ key: 'a/b', version }, key, { meta: {} })).rejects.toEqual(refused);
        await expect(backend().move?.({ key, version }, 'c', { meta: {} })).rejects.toEqual(refused);
      }
      if (backend().capabilities.keepsReplaced) {
        await expect(backend().delete('a/b', { version, keepAs: key })).rejects.toEqual(refused);
        await expect(backend().put('a/b', textBody('x'), { condition: { kind: 'match', version }, meta: {}, keepAs: key })).rejects.toEqual(refused);
      }
      expect(await leafKeys(second())).toEqual(['a/b']);
      expect(await textAt(second(), 'a/b')).toBe('mine');
      expect(await store().outside?.()).toEqual(before);
    });
  });

  describe('folder markers', () => {
    it('C16 are made once, listed and removed', async () => {
      const made = await backend().put('empty/', textBody(''), { condition: ABSENT, meta: {} });
      expect(made.kind).toBe('done');
      expect(await second().put('empty/', textBody(''), { condition: ABSENT, meta: {} })).toEqual({ kind: 'stale' });
      expect((await listed(second(), '', { skip: '.file-sync/' })).map((o) => [o.key, o.size])).toEqual([['empty/', 0]]);
      const there = await second().stat('empty/');
      expect(there).toMatchObject({ key: 'empty/', size: 0 });
      expect(await textAt(second(), 'empty/')).toBe('');
      expect(await second().delete('empty/', { version: there?.version ?? (await versionAt(second(), 'empty/')) })).toEqual({ kind: 'done' });
      expect(await backend().stat('empty/')).toBeNull();
      expect(await leafKeys(backend())).toEqual([]);
    });

    it('are not the object of the same name', async () => {
      await backend().put('a/', textBody(''), { condition: ABSENT, meta: {} });
      expect(await backend().stat('a')).toBeNull();
      expect(await backend().get('a')).toBeNull();
      await putText(backend(), 'b', 'file');
      expect(await backend().stat('b/')).toBeNull();
      expect(await textAt(backend(), 'b')).toBe('file');
    });

    it('with objects below them never take those along', async () => {
      await backend().put('a/', textBody(''), { condition: ABSENT, meta: {} });
      await putText(backend(), 'a/b', 'below');
      const marker = await backend().stat('a/');
      if (marker !== null) {
        const removed = await backend().delete('a/', { version: marker.version });
        if (options.isFileSystem) expect(removed).toEqual({ kind: 'stale' });
      }
      expect(await textAt(second(), 'a/b')).toBe('below');
    });

    it('a file where a folder is, and a file below a file: both are kept or the second is stale', async () => {
      await putText(backend(), 'a/b', 'below');
      await putText(backend(), 'f', 'file');
      const over = await backend().put('a', textBody('over'), { condition: ABSENT, meta: {} });
      const under = await backend().put('f/x', textBody('under'), { condition: ABSENT, meta: {} });
      const expected = options.isFileSystem ? 'stale' : 'done';
      expect([over.kind, under.kind]).toEqual([expected, expected]);
      expect([await textAt(second(), 'a/b'), await textAt(second(), 'f')]).toEqual(['below', 'file']);
    });
  });

  describe('listings', () => {
    it('go by prefix as text, not by folder', async () => {
      const keys = ['ab', 'abc', 'a/b', 'a/bc', 'a/b.c', 'b/a', 'a b', 'a-b'];
      for (const key of keys) await putText(backend(), key, key);
      for (const prefix of ['', 'a', 'ab', 'a/', 'a/b', 'a/bc', 'a/b.', 'b', 'abcd', 'a/b/', 'c/']) {
        expect(await leafKeys(second(), prefix), `prefix ${JSON.stringify(prefix)}`).toEqual(keys.filter((key) => key.startsWith(prefix)).sort());
      }
    });

    it('leave out what they are told to skip, and nothing that only begins like it', async () => {
      for (const key of ['.file-sync/vault.json', '.file-sync/versions/a', '.file-syncing', '.file-sync.txt', 'a']) await putText(backend(), key, key);
      expect(await leafKeys(second())).toEqual(['.file-sync.txt', '.file-syncing', 'a']);
      expect(await leafKeys(second(), '.file-sync/', { skip: 'nothing/' })).toEqual(['.file-sync/vault.json', '.file-sync/versions/a']);
      expect(await leafKeys(second(), '.file-sync/versions/', { skip: 'nothing/' })).toEqual(['.file-sync/versions/a']);
    });

    it('may begin after a key, in the order of UTF-8 bytes', async () => {
      // In UTF-16, as JavaScript compares texts, the last two change places.
      const keys = ['d/a', 'd/b', 'd/b.c', 'd/c', 'd/\uff61', 'd/\u{1f600}'];
      for (const key of keys) await putText(backend(), key, 'x');
      const all = await leafKeys(backend(), 'd/');
      for (const [at, after] of keys.entries()) {
        const found = await leafKeys(second(), 'd/', { after });
        expect([all, keys.slice(at + 1).sort()]).toContainEqual(found);
      }
      expect((await leafKeys(second(), 'd/', { after: 'c/z' })).length).toBe(keys.length);
    });

    it(`C66 are complete with ${options.manyKeys} keys, each once`, async () => {
      const keys = Array.from({ length: options.manyKeys }, (_, i) => `many/${i % 7}/${String(i).padStart(5, '0')}`);
      const queue = [...keys];
      const lane = async (): Promise<void> => {
        for (let key = queue.pop(); key !== undefined; key = queue.pop()) await putText(backend(), key, key);
      };
      await Promise.all(Array.from({ length: 8 }, lane));
      await putText(backend(), 'other', 'x');
      expect(await leafKeys(second())).toEqual([...keys, 'other'].sort());
      expect(await leafKeys(second(), 'many/3/')).toEqual(keys.filter((key) => key.startsWith('many/3/')).sort());
      expect(await leafKeys(second(), '', { skip: 'many/' })).toEqual(['other']);
    });

    it.each(['../', '/', 'a/../b', './', '..', 'a//'])('C62 the prefix %s leads nowhere', async (prefix) => {
      await putText(backend(), 'a/b', 'x');
      const found = await listed(backend(), prefix).catch((error: unknown) => {
        expect(error).toEqual(failing('name-not-allowed'));
        return [];
      });
      expect(found).toEqual([]);
    });
  });
}
