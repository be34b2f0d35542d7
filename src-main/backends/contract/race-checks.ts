import type { Version } from '../../core/entry.ts';
import type { WriteResult } from '../backend.ts';
import type { ContractCheck, Kit } from './kit.ts';
import { ABSENT, expectSame, expectTrue, leafKeys, match, putText, textAt, textBody, versionAt } from './kit.ts';

const WRITERS = 8;
const ROUNDS = 4;
const BOTH = 'of two devices that save one file in the same moment, one would be overwritten unseen';

/** Two devices at the same moment: one of them wins, the other is told. */
export const RACE_CHECKS: readonly ContractCheck[] = [
  {
    name: `of ${WRITERS} writers of a new key exactly one wins`,
    matters: BOTH,
    isRace: true,
    run: async (kit) => {
      for (let round = 0; round < ROUNDS; round++) {
        const results = await atOnce(kit, (client, i) => client.put(`r/${round}`, textBody(`by ${i}`), { condition: ABSENT, meta: { op: `${i}` } }));
        expectSame(await textAt(kit.second, `r/${round}`), `by ${soleWinner(results)}`, 'the content');
      }
    },
  },
  {
    name: `of ${WRITERS} writers over one version exactly one wins`,
    matters: BOTH,
    isRace: true,
    run: async (kit) => {
      let version = await putText(kit.first, 'a', 'start');
      for (let round = 0; round < ROUNDS; round++) {
        const seen = version;
        const results = await atOnce(kit, (client, i) => client.put('a', textBody(`${round} by ${i}`), { condition: match(seen), meta: { op: `${i}` } }));
        expectSame(await textAt(kit.first, 'a'), `${round} by ${soleWinner(results)}`, 'the content');
        version = await versionAt(kit.second, 'a');
      }
    },
  },
  {
    name: 'of a write and a deletion of one version one wins',
    matters: 'a file edited on one device would vanish because another deletes it in the same moment',
    isRace: true,
    run: async ({ first, second }) => {
      for (let round = 0; round < 2 * ROUNDS; round++) {
        const version = await putText(first, `d/${round}`, 'old');
        const [put, removed] = await Promise.all([first.put(`d/${round}`, textBody('edit'), { condition: match(version), meta: {} }), second.delete(`d/${round}`, { version })]);
        const expected = put.kind === 'done' ? ['done', 'stale', 'edit'] : ['stale', 'done', null];
        expectSame([put.kind, removed.kind, await textAt(first, `d/${round}`)], expected, 'write, deletion, what is there');
      }
    },
  },
  {
    name: 'of two copies to one new key exactly one wins',
    matters: 'of two files renamed to one name in the same moment, one would be overwritten',
    isRace: true,
    run: async (kit) => {
      for (let round = 0; round < ROUNDS; round++) {
        const sources = [await putText(kit.first, `s/${round}/0`, 'by 0'), await putText(kit.first, `s/${round}/1`, 'by 1')];
        const results = await Promise.all(sources.map((version, i) => clientOf(kit, i).copy({ key: `s/${round}/${i}`, version }, `t/${round}`, { condition: ABSENT })));
        expectSame(await textAt(kit.first, `t/${round}`), `by ${soleWinner(results)}`, 'the content');
      }
    },
  },
  {
    name: 'many deletions of one version leave nothing and hurt nobody',
    matters: 'a file deleted on two devices at once would stay, or take others along',
    run: async (kit) => {
      const version: Version = await putText(kit.first, 'a', 'x');
      await putText(kit.first, 'b', 'y');
      const results = await atOnce(kit, (client) => client.delete('a', { version }));
      expectTrue(
        results.some(({ kind }) => kind === 'done'),
        'no deletion was done',
      );
      expectSame([await textAt(kit.first, 'a'), await textAt(kit.second, 'b')], [null, 'y'], 'what is left');
    },
  },
  {
    name: 'many writers of different keys all succeed',
    matters: 'devices that work at the same time would hinder each other',
    run: async (kit) => {
      const results = await Promise.all(Array.from({ length: 24 }, (_, i) => clientOf(kit, i).put(`new/${i % 3}/deep/${i}`, textBody(`${i}`), { condition: ABSENT, meta: {} })));
      expectSame([results.filter(({ kind }) => kind === 'done').length, (await leafKeys(kit.second, 'new/')).length], [24, 24], 'writes done, and objects there');
    },
  },
];

function clientOf({ first, second }: Kit, i: number): Kit['first'] {
  return i % 2 === 0 ? first : second;
}

function atOnce<T>(kit: Kit, work: (client: Kit['first'], i: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: WRITERS }, (_, i) => work(clientOf(kit, i), i)));
}

function soleWinner(results: readonly WriteResult[]): number {
  const winners = results.flatMap(({ kind }, i) => (kind === 'done' ? [i] : []));
  expectSame(winners.length, 1, 'writers that were told they had won');
  return winners[0] ?? -1;
}
