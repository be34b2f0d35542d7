import { describe, expect, it } from 'vitest';
import {
  ABSENT,
  brokenBody,
  bytesBody,
  bytesOf,
  failing,
  hashOf,
  type Kit,
  leafKeys,
  listed,
  match,
  noise,
  orNull,
  putText,
  SOME_META,
  textAt,
  textBody,
  versionAt,
} from './kit.ts';

/** Whole objects: what is put is what is got, or nothing is. */
export function objectCases({ backend, second, options }: Kit): void {
  describe('objects', () => {
    it('has nothing in an empty store', async () => {
      expect(await leafKeys(backend())).toEqual([]);
      expect(await backend().stat('a')).toBeNull();
      expect(await backend().stat('folder/a')).toBeNull();
      expect(await backend().get('a')).toBeNull();
    });

    it('gives back what was put, to both clients', async () => {
      const version = await putText(backend(), 'folder/a.txt', 'hello');
      for (const client of [backend(), second()]) {
        expect(await textAt(client, 'folder/a.txt')).toBe('hello');
        expect(await client.stat('folder/a.txt')).toMatchObject({ key: 'folder/a.txt', size: 5, version });
        expect((await listed(client, 'folder/a')).map(({ key, size, version: v }) => [key, size, v])).toEqual([['folder/a.txt', orNull(5), version]]);
      }
    });

    it('C16 stores an object of no bytes', async () => {
      await putText(backend(), 'empty', '');
      expect(await textAt(backend(), 'empty')).toBe('');
      expect(await backend().stat('empty')).toMatchObject({ size: 0 });
    });

    it('stores and gives back megabytes', async () => {
      const bytes = noise(options.bigBytes, 'big');
      await backend().put('big', bytesBody(bytes), { condition: ABSENT, meta: {} });
      const object = await second().get('big');
      expect(object?.info.size).toBe(bytes.length);
      expect((await bytesOf(object?.chunks ?? noChunks())).equals(bytes)).toBe(true);
    });

    it('reads on from any offset', async () => {
      const bytes = noise(600_000, 'offset');
      await backend().put('a', bytesBody(bytes), { condition: ABSENT, meta: {} });
      for (const offset of [0, 1, 65_536, 262_143, 599_999, 600_000]) {
        const object = await backend().get('a', { offset });
        expect((await bytesOf(object?.chunks ?? noChunks())).equals(bytes.subarray(offset)), `offset ${offset}`).toBe(true);
        expect(object?.info.size).toBe(600_000);
      }
    });

    it('gives a version when asked for it, and null once it is replaced', async () => {
      const old = await putText(backend(), 'a', 'old');
      expect(await bytesOf((await backend().get('a', { ifMatch: old }))?.chunks ?? noChunks())).toEqual(Buffer.from('old'));
      await putText(second(), 'a', 'new', { condition: match(old) });
      expect(await backend().get('a', { ifMatch: old })).toBeNull();
      expect(await textAt(backend(), 'a')).toBe('new');
    });

    it('gives null for an absent object even with a version or an offset', async () => {
      const version = await putText(backend(), 'a', 'x');
      await backend().delete('a', { version });
      expect(await backend().get('a', { ifMatch: version })).toBeNull();
      expect(await backend().get('a', { offset: 1 })).toBeNull();
    });

    it('a reader that began before a replacement sees one whole version or an error', async () => {
      const old = noise(900_000, 'old');
      const next = noise(900_000, 'next');
      await backend().put('a', bytesBody(old), { condition: ABSENT, meta: {} });
      const object = await backend().get('a');
      const reader = (object?.chunks ?? noChunks())[Symbol.asyncIterator]();
      const parts = [(await reader.next()).value as Uint8Array];
      await second().put('a', bytesBody(next), { condition: match(await versionAt(second(), 'a')), meta: {} });
      try {
        for (let piece = await reader.next(); !piece.done; piece = await reader.next()) parts.push(piece.value);
      } catch (error) {
        expect(error).toEqual(failing('busy', 'corrupt', 'unreachable'));
        return;
      }
      expect(Buffer.concat(parts).equals(old)).toBe(true);
    });

    it('an object opened and never read does no harm', async () => {
      const version = await putText(backend(), 'a', 'x');
      for (let i = 0; i < 50; i++) await backend().get('a');
      expect(await backend().delete('a', { version })).toEqual({ kind: 'done' });
    });

    it('says when it was stored, by a clock that does not run backwards', async () => {
      const first = await putText(backend(), 'a', '1');
      const before = (await backend().stat('a'))?.storedAtMs ?? Number.NaN;
      await putText(backend(), 'a', '2', { condition: match(first) });
      const after = (await backend().stat('a'))?.storedAtMs ?? Number.NaN;
      expect(after).toBeGreaterThanOrEqual(before);
    });
  });

  describe('the time of the store, where it tells it', () => {
    it('C44 is the clock that storedAtMs comes from, and does not run backwards', async () => {
      if (backend().now === undefined) return;
      const before = await backend().now?.();
      await putText(backend(), 'a', 'x');
      const stored = (await second().stat('a'))?.storedAtMs ?? Number.NaN;
      const after = await second().now?.();
      // Clocks of file systems stand still for some milliseconds, or for two seconds.
      expect(stored).toBeGreaterThanOrEqual((before ?? Number.NaN) - 2500);
      expect(after).toBeGreaterThanOrEqual(stored - 2500);
      expect(Math.abs((after ?? Number.NaN) - stored)).toBeLessThan(60_000);
    });
  });

  describe('a body', () => {
    it('that throws stores nothing, and its error comes through', async () => {
      await expect(backend().put('a', brokenBody(10, 20), { condition: ABSENT, meta: {} })).rejects.toEqual(failing('io'));
      await expect(backend().put('b', brokenBody(0, 20), { condition: ABSENT, meta: {} })).rejects.toEqual(failing('io'));
      expect(await leafKeys(backend())).toEqual([]);
    });

    it('C57 that throws leaves the old object as it was', async () => {
      const version = await putText(backend(), 'a', 'old', { meta: SOME_META });
      await expect(backend().put('a', brokenBody(10, 20), { condition: match(version), meta: {} })).rejects.toEqual(failing('io'));
      expect(await textAt(second(), 'a')).toBe('old');
      expect(await second().stat('a')).toMatchObject({ version, meta: SOME_META });
    });

    it.each([
      ['shorter', 3],
      ['longer', 5],
    ])('that is %s than it said is refused', async (_, actual) => {
      await expect(backend().put('a', bytesBody(new Uint8Array(actual), 4), { condition: ABSENT, meta: {} })).rejects.toEqual(failing('corrupt'));
      const version = await putText(backend(), 'b', 'old');
      await expect(backend().put('b', bytesBody(new Uint8Array(actual), 4), { condition: match(version), meta: {} })).rejects.toEqual(failing('corrupt'));
      expect(await backend().stat('a')).toBeNull();
      expect(await textAt(backend(), 'b')).toBe('old');
    });

    it('may be opened again for the next put', async () => {
      const body = bytesBody(noise(1000, 'again'));
      await backend().put('a', body, { condition: ABSENT, meta: {} });
      await backend().put('b', body, { condition: ABSENT, meta: {} });
      expect(body.opened).toBeGreaterThanOrEqual(2);
      expect(await textAt(backend(), 'a')).toBe(await textAt(backend(), 'b'));
    });

    it('is read to its end before anything is seen', async () => {
      let seenDuring: unknown = 'not asked';
      const client = second();
      const slow = {
        size: 4,
        async *open() {
          yield Buffer.from('ha');
          seenDuring = await client.stat('a');
          yield Buffer.from('lf');
        },
      };
      await backend().put('a', slow, { condition: ABSENT, meta: {} });
      expect(seenDuring).toBeNull();
      expect(await textAt(client, 'a')).toBe('half');
    });

    it('may give its chunks from one buffer used again', async () => {
      const buffer = new Uint8Array(2);
      const reused = {
        size: 4,
        async *open() {
          for (const text of ['ab', 'cd']) {
            buffer.set(Buffer.from(text));
            yield buffer;
          }
        },
      };
      await backend().put('a', reused, { condition: ABSENT, meta: {} });
      expect(await textAt(backend(), 'a')).toBe('abcd');
    });
  });

  describe('metadata', () => {
    it('S130 comes back as given, to both clients', async () => {
      await putText(backend(), 'a', 'x', { meta: SOME_META });
      expect((await backend().stat('a'))?.meta).toMatchObject(SOME_META);
      expect((await second().stat('a'))?.meta).toMatchObject(SOME_META);
      expect((await second().get('a'))?.info.meta).toMatchObject(SOME_META);
    });

    it('goes with its object: a replacement has its own', async () => {
      const old = await putText(backend(), 'a', 'x', { meta: { ...SOME_META, sha256: hashOf('x'), extra: 'old' } });
      await putText(second(), 'a', 'y', { meta: { op: 'new' }, condition: match(old) });
      const { meta } = (await backend().stat('a')) ?? { meta: {} };
      expect(meta).toMatchObject({ op: 'new' });
      expect(meta).not.toHaveProperty('extra');
      // A backend may find out the hash by itself.
      expect([undefined, hashOf('y')]).toContain((await backend().stat('a'))?.meta['sha256']);
    });

    it('C52 a hash of the bytes comes back', async () => {
      const meta = { ...SOME_META, sha256: hashOf('x') };
      const version = await putText(backend(), 'a', 'x', { meta });
      expect((await second().stat('a'))?.meta).toMatchObject(meta);
      await backend().copy({ key: 'a', version }, 'b', { condition: ABSENT });
      expect((await second().get('b'))?.info.meta).toMatchObject(meta);
    });

    it('holds 2,000 bytes', async () => {
      const meta = { long: 'v'.repeat(1990) };
      await putText(backend(), 'a', 'x', { meta });
      expect((await second().stat('a'))?.meta).toMatchObject(meta);
    });

    it('in a listing, where given, is what stat says', async () => {
      await putText(backend(), 'a', 'x', { meta: SOME_META });
      const [info] = await listed(second(), 'a');
      expect(info?.version).toBe((await second().stat('a'))?.version);
      if (info?.meta !== undefined) expect(info.meta).toEqual((await second().stat('a'))?.meta);
    });

    it('C14 a link is held as a link, with its text', async () => {
      if (!backend().capabilities.symlinks) return;
      await backend().put('link', textBody('../else/where'), { condition: ABSENT, meta: { kind: 'symlink', op: '1' } });
      expect((await second().stat('link'))?.meta).toMatchObject({ kind: 'symlink', op: '1' });
      expect(await textAt(second(), 'link')).toBe('../else/where');
      expect((await listed(second(), 'link')).map((info) => [info.key, info.size])).toEqual([['link', orNull(13)]]);
    });

    it('C14 a file has no kind, also after it replaced a link', async () => {
      if (!backend().capabilities.symlinks) return;
      await backend().put('a', textBody('target'), { condition: ABSENT, meta: { kind: 'symlink' } });
      await putText(backend(), 'a', 'file now', { condition: match(await versionAt(backend(), 'a')), meta: {} });
      expect((await second().stat('a'))?.meta).not.toHaveProperty('kind');
      expect(await textAt(second(), 'a')).toBe('file now');
      await backend().put('a', textBody('back'), { condition: match(await versionAt(backend(), 'a')), meta: { kind: 'symlink' } });
      expect((await second().stat('a'))?.meta).toMatchObject({ kind: 'symlink' });
    });
  });
}

async function* noChunks(): AsyncGenerator<Uint8Array> {}
