import { describe, expect, it } from 'vitest';
import { SyncError } from '../../core/errors.ts';
import { ABSENT, failing, type Kit, leafKeys, listed, match, putText, textAt, textBody } from './kit.ts';

/** Stopping, and a store that is not there. */
export function presenceCases({ backend, second, store }: Kit): void {
  describe('an aborted signal', () => {
    const signal = AbortSignal.abort();
    it('ends every call, and nothing is done', async () => {
      const version = await putText(backend(), 'a', 'x');
      const calls: readonly (readonly [string, () => Promise<unknown>])[] = [
        ['stat', () => backend().stat('a', { signal })],
        ['get', async () => (await backend().get('a', { signal }))?.chunks[Symbol.asyncIterator]().next()],
        ['list', () => listed(backend(), '', { signal })],
        ['list of nothing', () => listed(backend(), 'none/', { signal })],
        ['put', () => backend().put('b', textBody('y'), { condition: ABSENT, meta: {}, signal })],
        ['put of nothing', () => backend().put('b', textBody(''), { condition: ABSENT, meta: {}, signal })],
        ['replace', () => backend().put('a', textBody('y'), { condition: match(version), meta: {}, signal })],
        ['copy', () => backend().copy({ key: 'a', version }, 'b', { condition: ABSENT, signal })],
        ['delete', () => backend().delete('a', { version, signal })],
        ['move', async () => (backend().move === undefined ? Promise.reject(new SyncError('aborted', '')) : backend().move?.({ key: 'a', version }, 'b', { meta: {}, signal }))],
      ];
      for (const [name, call] of calls) await expect(call(), name).rejects.toEqual(failing('aborted'));
      expect(await leafKeys(second())).toEqual(['a']);
      expect(await textAt(second(), 'a')).toBe('x');
    });

    it('that comes in the middle of a body stores nothing', async () => {
      const stop = new AbortController();
      const body = {
        size: 4,
        async *open() {
          yield Buffer.from('ab');
          stop.abort();
          yield Buffer.from('cd');
        },
      };
      await expect(backend().put('a', body, { condition: ABSENT, meta: {}, signal: stop.signal })).rejects.toEqual(failing('aborted'));
      expect(await leafKeys(backend())).toEqual([]);
    });
  });

  describe('a store that is gone', () => {
    const gone = failing('unreachable');

    it('C26 C27 C28 S143 throws; it never looks empty', async () => {
      const { vanish } = store();
      if (vanish === undefined) return;
      const version = await putText(backend(), 'f/a', 'x');
      await leafKeys(second());
      await vanish();
      for (const client of [backend(), second()]) {
        await expect(listed(client, '')).rejects.toEqual(gone);
        await expect(listed(client, 'f/')).rejects.toEqual(gone);
        await expect(client.stat('f/a')).rejects.toEqual(gone);
        await expect(client.stat('f/')).rejects.toEqual(gone);
        await expect(client.get('f/a')).rejects.toEqual(gone);
        await expect(client.put('f/b', textBody('y'), { condition: ABSENT, meta: {} })).rejects.toEqual(gone);
        await expect(client.put('new/', textBody(''), { condition: ABSENT, meta: {} })).rejects.toEqual(gone);
        await expect(client.put('f/a', textBody('y'), { condition: match(version), meta: {} })).rejects.toEqual(gone);
        await expect(client.copy({ key: 'f/a', version }, 'b', { condition: ABSENT })).rejects.toEqual(gone);
        await expect(client.delete('f/a', { version })).rejects.toEqual(gone);
        await expect(client.delete('f/', { version })).rejects.toEqual(gone);
        if (client.move !== undefined) await expect(client.move({ key: 'f/a', version }, 'b', { meta: {} })).rejects.toEqual(gone);
      }
    });

    it('C28 S143 is the same store when it is back', async () => {
      const { vanish, comeBack } = store();
      if (vanish === undefined || comeBack === undefined) return;
      const version = await putText(backend(), 'f/a', 'x');
      await vanish();
      await expect(backend().stat('f/a')).rejects.toEqual(gone);
      await comeBack();
      expect(await backend().stat('f/a')).toMatchObject({ version });
      expect(await leafKeys(second())).toEqual(['f/a']);
      await putText(backend(), 'f/a', 'y', { condition: match(version) });
      expect(await textAt(second(), 'f/a')).toBe('y');
    });

    it('C28 while it is being listed never ends the listing as if it were complete', async () => {
      const { vanish } = store();
      if (vanish === undefined) return;
      for (let i = 0; i < 20; i++) await putText(backend(), `${i}/a`, 'x');
      const listing = second().list('')[Symbol.asyncIterator]();
      const seen: string[] = [];
      const next = async (): Promise<boolean> => {
        const step = await listing.next();
        if (!step.done) seen.push(step.value.key);
        return step.done !== true;
      };
      await next();
      await vanish();
      try {
        while (await next());
      } catch (error) {
        expect(error).toEqual(gone);
        return;
      }
      // It was complete before the store went.
      expect(seen.filter((key) => key.endsWith('/a')).length).toBe(20);
    });

    it('C28 while a body is read leaves nothing behind', async () => {
      const { vanish, comeBack } = store();
      if (vanish === undefined || comeBack === undefined) return;
      await putText(backend(), 'a', 'x');
      const body = {
        size: 4,
        async *open() {
          yield Buffer.from('ab');
          await vanish();
          yield Buffer.from('cd');
        },
      };
      await expect(backend().put('b', body, { condition: ABSENT, meta: {} })).rejects.toEqual(gone);
      await comeBack();
      expect(await leafKeys(second())).toEqual(['a']);
    });
  });
}
