import { describe, expect, it } from 'vitest';
import { ABSENT, failing, type Kit, listed, match, putText, textAt, textBody, versionAt } from './kit.ts';

const WRITERS = 16;

/** Many writers at once: exactly one wins, nobody is overwritten unseen (I10). */
export function raceCases({ backend, second, options }: Kit): void {
  const client = (i: number) => (i % 2 === 0 ? backend() : second());
  const rounds = Array.from({ length: options.rounds }, (_, i) => i);

  describe('races', () => {
    it(`C40 S26 of ${WRITERS} puts of a new key, exactly one is done`, async ({ skip }) => {
      skip(!options.decidesRaces);
      for (const round of rounds) {
        const key = `r/${round}`;
        const results = await Promise.all(Array.from({ length: WRITERS }, (_, i) => client(i).put(key, textBody(`by ${i}`), { condition: ABSENT, meta: { op: `${i}` } })));
        const winners = results.flatMap((r, i) => (r.kind === 'done' ? [{ i, version: r.version }] : []));
        expect(winners.length, `round ${round}`).toBe(1);
        expect(await textAt(second(), key)).toBe(`by ${winners[0]?.i}`);
        expect(await second().stat(key)).toMatchObject({ version: winners[0]?.version, meta: { op: `${winners[0]?.i}` } });
      }
    });

    it(`C40 S26 S145 of ${WRITERS} puts over one version, exactly one is done`, async ({ skip }) => {
      skip(!options.decidesRaces);
      let version = await putText(backend(), 'a', 'start');
      for (const round of rounds) {
        const seen = version;
        const results = await Promise.all(
          Array.from({ length: WRITERS }, (_, i) => client(i).put('a', textBody(`${round} by ${i}`), { condition: match(seen), meta: { op: `${i}` } })),
        );
        const winners = results.flatMap((r, i) => (r.kind === 'done' ? [{ i, version: r.version }] : []));
        expect(winners.length, `round ${round}`).toBe(1);
        expect(await textAt(backend(), 'a')).toBe(`${round} by ${winners[0]?.i}`);
        version = await versionAt(second(), 'a');
        expect(winners[0]?.version).toBe(version);
      }
    });

    it('C41 a put and a delete of one version: one of them wins', async ({ skip }) => {
      skip(!options.decidesRaces);
      for (const round of rounds) {
        const key = `d/${round}`;
        const version = await putText(backend(), key, 'old');
        const [put, removed] = await Promise.all([backend().put(key, textBody('edit'), { condition: match(version), meta: {} }), second().delete(key, { version })]);
        const text = await textAt(backend(), key);
        // The delete may also come second to nothing: the put was stale because the object was gone.
        expect([put.kind, removed.kind, text], `round ${round}`).toEqual(put.kind === 'done' ? ['done', 'stale', 'edit'] : ['stale', 'done', null]);
      }
    });

    it('C41 a key deleted and made anew at once is never half there', async ({ skip }) => {
      skip(!options.decidesRaces);
      for (const round of rounds) {
        const key = `n/${round}`;
        const version = await putText(backend(), key, 'old');
        const [removed, made] = await Promise.all([second().delete(key, { version }), backend().put(key, textBody('new'), { condition: ABSENT, meta: {} })]);
        expect(removed.kind).toBe('done');
        expect(await textAt(second(), key)).toBe(made.kind === 'done' ? 'new' : null);
      }
    });

    it('many deletes of one version leave nothing and hurt nobody', async () => {
      const version = await putText(backend(), 'a', 'x');
      await putText(backend(), 'b', 'y');
      const results = await Promise.all(Array.from({ length: WRITERS }, (_, i) => client(i).delete('a', { version })));
      expect(results.some((r) => r.kind === 'done')).toBe(true);
      expect([await textAt(backend(), 'a'), await textAt(backend(), 'b')]).toEqual([null, 'y']);
    });

    it('of two copies to one new key, exactly one is done', async ({ skip }) => {
      skip(!options.decidesRaces);
      for (const round of rounds) {
        const from = [await putText(backend(), `s/${round}/0`, 'zero'), await putText(backend(), `s/${round}/1`, 'one')] as const;
        const results = await Promise.all(from.map((version, i) => client(i).copy({ key: `s/${round}/${i}`, version }, `t/${round}`, { condition: ABSENT })));
        expect(results.filter((r) => r.kind === 'done').length).toBe(1);
        expect(await textAt(backend(), `t/${round}`)).toBe(results[0]?.kind === 'done' ? 'zero' : 'one');
      }
    });

    it('moves of one object to many places: one is done, and one object is left', async () => {
      if (backend().move === undefined) return;
      for (const round of rounds) {
        const version = await putText(backend(), `m/${round}/from`, `content ${round}`);
        const results = await Promise.all(Array.from({ length: 4 }, (_, i) => client(i).move?.({ key: `m/${round}/from`, version }, `m/${round}/to-${i}`, { meta: {} })));
        expect(results.filter((r) => r?.kind === 'done').length).toBe(1);
        expect((await listed(second(), `m/${round}/`)).filter((o) => !o.key.endsWith('/')).map((o) => o.key)).toEqual([
          `m/${round}/to-${results.findIndex((r) => r?.kind === 'done')}`,
        ]);
      }
    });

    it('moves across each other do not wait for each other for ever', async () => {
      if (backend().move === undefined) return;
      const a = await putText(backend(), 'x/a', 'A');
      const b = await putText(backend(), 'x/b', 'B');
      await Promise.allSettled([backend().move?.({ key: 'x/a', version: a }, 'x/b', { meta: {} }), second().move?.({ key: 'x/b', version: b }, 'x/a', { meta: {} })]);
      const contents = await Promise.all((await listed(backend(), 'x/')).filter((o) => !o.key.endsWith('/')).map((o) => textAt(backend(), o.key)));
      expect(contents.sort()).toEqual(['A', 'B']);
    });

    it('puts of many keys below new folders all succeed', async () => {
      const results = await Promise.all(Array.from({ length: 32 }, (_, i) => client(i).put(`new/${i % 3}/deep/${i}`, textBody(`${i}`), { condition: ABSENT, meta: {} })));
      expect(results.every((r) => r.kind === 'done')).toBe(true);
      expect((await listed(second(), 'new/')).filter((o) => !o.key.endsWith('/')).length).toBe(32);
    });

    it('a listing while others write shows every object that stays', async () => {
      for (let i = 0; i < 40; i++) await putText(backend(), `stay/${i}`, `${i}`);
      const writing = (async () => {
        for (let i = 0; i < 20; i++) await second().delete(`go/${i}`, { version: await putText(second(), `go/${i}`, 'x') });
      })();
      const seen = new Set<string>();
      for await (const info of backend().list('')) {
        expect(seen.has(info.key), `${info.key} twice`).toBe(false);
        seen.add(info.key);
      }
      await writing;
      expect([...seen].filter((key) => /^stay\/./.test(key)).length).toBe(40);
    });

    it('a reader never sees half of a replacement', async () => {
      const big = (letter: string) => letter.repeat(200_000);
      let version = await putText(backend(), 'a', big('a'));
      let reading = true;
      const reader = (async () => {
        while (reading) {
          // Simulated disks answer at once: without a pause nobody else would get a turn.
          await new Promise((resolve) => setImmediate(resolve));
          const text = await textAt(second(), 'a').catch((error: unknown) => {
            expect(error).toEqual(failing('busy', 'corrupt'));
            return big('-');
          });
          expect(text).toBe(big(text?.[0] ?? 'absent'));
        }
      })();
      for (const letter of 'bcdefgh') version = await putText(backend(), 'a', big(letter), { condition: match(version) });
      reading = false;
      await reader;
    });
  });
}
