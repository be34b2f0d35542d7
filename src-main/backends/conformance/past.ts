import { describe, expect, it } from 'vitest';
import type { PastObject } from '../backend.ts';
import { bytesOf, type Kit, match, putText, SOME_META, textBody, versionAt } from './kit.ts';

/** What a store keeps by itself of what is replaced and removed. Nothing of this is asked of one that keeps nothing. */
export function pastCases({ backend, second }: Kit): void {
  const past = async (prefix = ''): Promise<PastObject[]> => {
    const found: PastObject[] = [];
    for await (const one of backend().listPast?.(prefix, { skip: '.file-sync/' }) ?? []) found.push(one);
    return found;
  };
  const textOf = async (key: string, one: PastObject | undefined): Promise<string | null> => {
    const object = one === undefined ? null : await second().get(key, { ifMatch: one.version });
    return object === null ? null : (await bytesOf(object.chunks)).toString();
  };

  describe('what the store itself keeps', () => {
    it('is told of objects that stay when they are replaced or removed, and gives them back by their names, whole or from an offset', async () => {
      const first = await putText(backend(), 'd/a', 'first', { meta: SOME_META });
      const isKept = (await backend().stat('d/a'))?.isKept === true;
      expect(await past('d/a')).toHaveLength(isKept ? 1 : 0);
      const second1 = await putText(backend(), 'd/a', 'second', { condition: match(first) });
      await putText(backend(), 'd/b', 'beside');
      await backend().delete('d/a', { version: second1 });
      if (!isKept) {
        expect(await past()).toEqual([]);
        return;
      }
      const older = (await past('d/a')).filter(({ untilMs }) => untilMs !== null);
      expect(older.map(({ key, was }) => [key, was])).toEqual([
        ['d/a', second1],
        ['d/a', first],
      ]);
      const [newer, oldest] = older;
      expect(oldest?.untilMs).toBe(newer?.storedAtMs);
      expect(newer?.afterMs).toBe(oldest?.storedAtMs);
      expect([await textOf('d/a', newer), await textOf('d/a', oldest)]).toEqual(['second', 'first']);
      expect(await backend().stat('d/a', { past: oldest?.version ?? first })).toMatchObject({ size: 5, meta: SOME_META, isPast: true });
      const rest = await backend().get('d/a', { ifMatch: oldest?.version ?? first, offset: 2 });
      expect(rest === null ? null : (await bytesOf(rest.chunks)).toString()).toBe('rst');
      expect(await backend().stat('d/a')).toBeNull();
      expect((await past()).filter(({ untilMs }) => untilMs === null).map(({ key }) => key)).toEqual(['d/b']);
    });

    it('a name of an older version is no condition that a write fulfils', async () => {
      const first = await putText(backend(), 'a', 'first');
      if ((await backend().stat('a'))?.isKept !== true) return;
      await putText(backend(), 'a', 'second', { condition: match(first) });
      const older = (await past('a')).find(({ was }) => was === first);
      expect(older).toBeDefined();
      const stale = { condition: match(older?.version ?? first), meta: {} };
      expect(await backend().put('a', textBody('third'), stale)).toEqual({ kind: 'stale' });
      expect(await backend().delete('a', { version: older?.version ?? first })).toEqual({ kind: 'stale' });
    });

    it('forgets one version by its name, and never what is there now', async () => {
      const first = await putText(backend(), 'a', 'first');
      if ((await backend().stat('a'))?.isKept !== true) return;
      await putText(backend(), 'a', 'second', { condition: match(first) });
      const all = await past('a');
      for (const { version } of all) await backend().forget?.('a', version);
      expect((await past('a')).map(({ untilMs }) => untilMs)).toEqual([null]);
      expect(await versionAt(second(), 'a')).toBe(all.find(({ untilMs }) => untilMs === null)?.was);
      expect(
        await textOf(
          'a',
          all.find(({ untilMs }) => untilMs !== null),
        ),
      ).toBeNull();
    });
  });
}
