import { describe, expect, it } from 'vitest';
import type { Version } from '../../core/entry.ts';
import { ABSENT, bytesBody, failing, type Kit, leafKeys, listed, match, noise, putText, SOME_META, textAt, textBody, versionAt } from './kit.ts';

/** Nothing is written or removed unless it still is what the caller saw (I3). */
export function conditionCases({ backend, second }: Kit): void {
  describe('conditions', () => {
    it('absent: a key that is taken is stale, and stays', async () => {
      const version = await putText(backend(), 'a', 'first', { meta: SOME_META });
      expect(await second().put('a', textBody('second'), { condition: ABSENT, meta: {} })).toEqual({ kind: 'stale' });
      expect(await textAt(backend(), 'a')).toBe('first');
      expect(await backend().stat('a')).toMatchObject({ version, meta: SOME_META });
    });

    it('match: the version that is there is replaced', async () => {
      const old = await putText(backend(), 'a', 'old');
      const next = await putText(second(), 'a', 'new', { condition: match(old) });
      expect(next).not.toBe(old);
      expect(await textAt(backend(), 'a')).toBe('new');
      expect(await versionAt(backend(), 'a')).toBe(next);
    });

    it('match: another version is stale, and stays', async () => {
      const old = await putText(backend(), 'a', 'old');
      const next = await putText(backend(), 'a', 'newer', { condition: match(old) });
      expect(await second().put('a', textBody('late'), { condition: match(old), meta: {} })).toEqual({ kind: 'stale' });
      expect(await textAt(backend(), 'a')).toBe('newer');
      expect(await versionAt(backend(), 'a')).toBe(next);
    });

    it('S111 match: an absent object is stale, and is not made', async () => {
      const version = await putText(backend(), 'a', 'x');
      await backend().delete('a', { version });
      expect(await backend().put('a', textBody('y'), { condition: match(version), meta: {} })).toEqual({ kind: 'stale' });
      expect(await backend().put('b/c', textBody('y'), { condition: match('no-such-version' as Version), meta: {} })).toEqual({ kind: 'stale' });
      expect(await leafKeys(backend())).toEqual([]);
    });

    it('S114 every write makes a version of its own, even of equal bytes and times (ABA)', async () => {
      const meta = { mtime: '1700000000000000000', mode: '644' };
      const seen = new Set<string>();
      let version = await putText(backend(), 'a', 'same', { meta });
      for (let i = 0; i < 12; i++) {
        seen.add(version);
        version = await putText(i % 2 === 0 ? second() : backend(), 'a', 'same', { condition: match(version), meta });
      }
      seen.add(version);
      expect(seen.size).toBe(13);
    });

    it('S114 a key removed and made again has another version (ABA)', async () => {
      const meta = { mtime: '1700000000000000000' };
      const first = await putText(backend(), 'a', 'same', { meta });
      await backend().delete('a', { version: first });
      const again = await putText(second(), 'a', 'same', { meta });
      expect(again).not.toBe(first);
      expect(await backend().delete('a', { version: first })).toEqual({ kind: 'stale' });
      expect(await textAt(backend(), 'a')).toBe('same');
    });

    it('a version stays the same while nobody writes', async () => {
      const version = await putText(backend(), 'a', 'x', { meta: SOME_META });
      await textAt(second(), 'a');
      await putText(second(), 'b', 'y');
      await listed(second());
      expect(await versionAt(backend(), 'a')).toBe(version);
      expect((await listed(backend(), 'a'))[0]?.version).toBe(version);
    });
  });

  describe('delete', () => {
    it('removes the version it names', async () => {
      const version = await putText(backend(), 'f/a', 'x');
      expect(await second().delete('f/a', { version })).toEqual({ kind: 'done' });
      expect(await backend().stat('f/a')).toBeNull();
      expect(await leafKeys(backend())).toEqual([]);
    });

    it('C41 another version is stale, and stays', async () => {
      const old = await putText(backend(), 'a', 'old');
      await putText(second(), 'a', 'edited', { condition: match(old) });
      expect(await backend().delete('a', { version: old })).toEqual({ kind: 'stale' });
      expect(await textAt(backend(), 'a')).toBe('edited');
    });

    it('of what is absent is done', async () => {
      const version = await putText(backend(), 'a', 'x');
      expect(await backend().delete('a', { version })).toEqual({ kind: 'done' });
      expect(await second().delete('a', { version })).toEqual({ kind: 'done' });
      expect(await backend().delete('never/was', { version })).toEqual({ kind: 'done' });
    });

    it('leaves the neighbours', async () => {
      for (const key of ['a', 'ab', 'b/a', 'b/ab']) await putText(backend(), key, key);
      await backend().delete('a', { version: await versionAt(backend(), 'a') });
      await backend().delete('b/a', { version: await versionAt(backend(), 'b/a') });
      expect(await leafKeys(backend())).toEqual(['ab', 'b/ab']);
    });
  });

  describe('copy', () => {
    it('makes a second object with the metadata of the first', async () => {
      const version = await putText(backend(), 'a', 'content', { meta: SOME_META });
      expect(await backend().copy({ key: 'a', version }, 'f/b', { condition: ABSENT })).toMatchObject({ kind: 'done' });
      expect(await textAt(second(), 'f/b')).toBe('content');
      expect((await second().stat('f/b'))?.meta).toMatchObject(SOME_META);
      expect(await versionAt(second(), 'a')).toBe(version);
    });

    it('or with metadata of its own', async () => {
      const version = await putText(backend(), 'a', 'content', { meta: SOME_META });
      await backend().copy({ key: 'a', version }, 'b', { condition: ABSENT, meta: { op: 'mine' } });
      const meta = (await second().stat('b'))?.meta;
      expect(meta).toMatchObject({ op: 'mine' });
      expect(meta).not.toHaveProperty('device');
    });

    it('copies many bytes whole', async () => {
      const bytes = noise(700_000, 'copy');
      await backend().put('a', bytesBody(bytes), { condition: ABSENT, meta: {} });
      await backend().copy({ key: 'a', version: await versionAt(backend(), 'a') }, 'b', { condition: ABSENT });
      expect(await textAt(backend(), 'b')).toBe(Buffer.from(bytes).toString());
    });

    it('C14 a copied link is a link', async () => {
      if (!backend().capabilities.symlinks) return;
      await backend().put('link', textBody('x/y'), { condition: ABSENT, meta: { kind: 'symlink' } });
      await backend().copy({ key: 'link', version: await versionAt(backend(), 'link') }, 'other', { condition: ABSENT });
      expect((await second().stat('other'))?.meta).toMatchObject({ kind: 'symlink' });
      expect(await textAt(second(), 'other')).toBe('x/y');
    });

    it('of another version, or of nothing, is stale', async () => {
      const old = await putText(backend(), 'a', 'old');
      await putText(second(), 'a', 'new', { condition: match(old) });
      expect(await backend().copy({ key: 'a', version: old }, 'b', { condition: ABSENT })).toEqual({ kind: 'stale' });
      expect(await backend().copy({ key: 'none', version: old }, 'b', { condition: ABSENT })).toEqual({ kind: 'stale' });
      expect(await backend().stat('b')).toBeNull();
    });

    it('obeys the condition at its target', async () => {
      const version = await putText(backend(), 'a', 'source');
      const taken = await putText(backend(), 'b', 'there');
      expect(await backend().copy({ key: 'a', version }, 'b', { condition: ABSENT })).toEqual({ kind: 'stale' });
      expect(await backend().copy({ key: 'a', version }, 'b', { condition: match(version) })).toEqual({ kind: 'stale' });
      expect(await textAt(backend(), 'b')).toBe('there');
      expect(await backend().copy({ key: 'a', version }, 'b', { condition: match(taken) })).toMatchObject({ kind: 'done' });
      expect(await textAt(backend(), 'b')).toBe('source');
    });
  });

  describe('move, where there is one', () => {
    it('renames, with new metadata', async () => {
      const version = await putText(backend(), 'f/a', 'content', { meta: SOME_META });
      const moved = await backend().move?.({ key: 'f/a', version }, 'g/h/b', { meta: { ...SOME_META, op: 'moved' } });
      if (moved === undefined) return;
      expect(await leafKeys(second())).toEqual(['g/h/b']);
      expect(await second().stat('g/h/b')).toMatchObject({ version: moved.kind === 'done' && moved.version, meta: { ...SOME_META, op: 'moved' } });
      expect(await textAt(second(), 'g/h/b')).toBe('content');
    });

    it('to a key that is taken is stale: both stay', async () => {
      if (backend().move === undefined) return;
      const version = await putText(backend(), 'a', 'source');
      await putText(backend(), 'b', 'there');
      expect(await backend().move?.({ key: 'a', version }, 'b', { meta: {} })).toEqual({ kind: 'stale' });
      expect([await textAt(backend(), 'a'), await textAt(backend(), 'b')]).toEqual(['source', 'there']);
    });

    it('of another version, or of nothing, is stale', async () => {
      if (backend().move === undefined) return;
      const old = await putText(backend(), 'a', 'old');
      await putText(backend(), 'a', 'new', { condition: match(old) });
      expect(await backend().move?.({ key: 'a', version: old }, 'b', { meta: {} })).toEqual({ kind: 'stale' });
      expect(await backend().move?.({ key: 'none', version: old }, 'b', { meta: {} })).toEqual({ kind: 'stale' });
      expect(await leafKeys(backend())).toEqual(['a']);
    });

    it('C14 a moved link is a link', async () => {
      if (backend().move === undefined || !backend().capabilities.symlinks) return;
      await backend().put('link', textBody('x/y'), { condition: ABSENT, meta: { kind: 'symlink' } });
      await backend().move?.({ key: 'link', version: await versionAt(backend(), 'link') }, 'other', { meta: { kind: 'symlink' } });
      expect(await textAt(second(), 'other')).toBe('x/y');
      expect((await second().stat('other'))?.meta).toMatchObject({ kind: 'symlink' });
      expect(await second().stat('link')).toBeNull();
    });
  });

  describe('keepAs, where it works', () => {
    const kept = '.file-sync/versions/f/a/0000000000001~0000000000002~r';

    it('a replaced object stays under the other key, with its metadata', async () => {
      if (!backend().capabilities.keepsReplaced) return;
      const old = await putText(backend(), 'f/a', 'old', { meta: SOME_META });
      await putText(backend(), 'f/a', 'new', { condition: match(old), keepAs: kept });
      expect([await textAt(second(), kept), await textAt(second(), 'f/a')]).toEqual(['old', 'new']);
      expect((await second().stat(kept))?.meta).toMatchObject(SOME_META);
    });

    it('so does a removed one', async () => {
      if (!backend().capabilities.keepsReplaced) return;
      const version = await putText(backend(), 'f/a', 'old', { meta: SOME_META });
      expect(await backend().delete('f/a', { version, keepAs: kept })).toEqual({ kind: 'done' });
      expect([await textAt(second(), kept), await textAt(second(), 'f/a')]).toEqual(['old', null]);
      expect((await second().stat(kept))?.meta).toMatchObject(SOME_META);
    });

    it('C14 so does a link', async () => {
      if (!backend().capabilities.keepsReplaced || !backend().capabilities.symlinks) return;
      await backend().put('f/a', textBody('x/y'), { condition: ABSENT, meta: { kind: 'symlink' } });
      await putText(backend(), 'f/a', 'new', { condition: match(await versionAt(backend(), 'f/a')), keepAs: kept });
      expect([await textAt(second(), kept), await textAt(second(), 'f/a')]).toEqual(['x/y', 'new']);
      expect((await second().stat(kept))?.meta).toMatchObject({ kind: 'symlink' });
    });

    it('a stale call keeps nothing', async () => {
      if (!backend().capabilities.keepsReplaced) return;
      const old = await putText(backend(), 'f/a', 'old');
      await putText(backend(), 'f/a', 'new', { condition: match(old) });
      expect(await backend().put('f/a', textBody('late'), { condition: match(old), meta: {}, keepAs: kept })).toEqual({ kind: 'stale' });
      expect(await backend().delete('f/a', { version: old, keepAs: kept })).toEqual({ kind: 'stale' });
      expect(await backend().stat(kept)).toBeNull();
      expect(await textAt(backend(), 'f/a')).toBe('new');
    });

    it('what is kept already is never replaced', async () => {
      if (!backend().capabilities.keepsReplaced) return;
      await putText(backend(), kept, 'kept before');
      const version = await putText(backend(), 'f/a', 'other content');
      const attempts = [backend().put('f/a', textBody('new'), { condition: match(version), meta: {}, keepAs: kept }), backend().delete('f/a', { version, keepAs: kept })];
      for (const attempt of await Promise.allSettled(attempts)) if (attempt.status === 'rejected') expect(attempt.reason).toEqual(failing('exists', 'busy'));
      expect(await textAt(second(), kept)).toBe('kept before');
      expect(await textAt(second(), 'f/a')).toBe('other content');
    });
  });
}
