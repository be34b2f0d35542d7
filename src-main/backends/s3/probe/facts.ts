import type { ListedObject } from '../s3-api.ts';
import { tokenOf } from '../token.ts';
import type { Ways } from '../ways.ts';
import { type Bench, textBody } from './bench.ts';

const TEXT = 'File Sync probe';
const TEXT_MD5 = 'ed0c66995f291fb78a9bcca3f688e127';

/** Keys that some stores change or refuse, in the order of their UTF-8 bytes. */
const ODD: readonly (readonly [what: string, key: string])[] = [
  ['spaces at both ends', ' a  b '],
  ['names equal but for case', 'CASE'],
  ['a line break', 'a\nb'],
  ['percent, plus and question mark', 'a%20+b?c#d'],
  ['names equal but for case', 'case'],
  ['decomposed letters', 'e\u0301'],
  ['composed letters', '\u00e9'],
  ['the end of the basic plane', '\uff5e'],
  ['emoji', '\u{1f600}'],
];

/** Metadata that come back; what an ETag is; whether HEAD, listing and copy tell the same second. */
export async function probeFacts(bench: Bench): Promise<Pick<Ways, 'etagIsMd5' | 'timesAgree'> & { readonly keepsMeta: boolean }> {
  const { api, call } = bench;
  const meta = { mtime: '1700000000123456000', note: 'a%20b' };
  await bench.put('facts', TEXT, undefined, meta);
  const copied = await api.copy({ key: bench.key('facts') }, bench.key('facts-copy'), { meta, ...call });
  const head = await api.head(bench.key('facts'), call);
  const copy = await api.head(bench.key('facts-copy'), call);
  const listed = (await api.list(bench.key('facts'), call)).objects.find(({ key }) => key === head?.key);
  const copyAgrees = copied.kind === 'done' && (copied.lastModifiedMs === null || sameSecond(copy, { etag: copied.etag, lastModifiedMs: copied.lastModifiedMs }));
  return {
    etagIsMd5: head?.etag === TEXT_MD5,
    timesAgree: copyAgrees && sameSecond(head, listed),
    keepsMeta: head?.meta['mtime'] === meta.mtime && head.meta['note'] === meta.note,
  };
}

type Timed = Pick<ListedObject, 'etag' | 'lastModifiedMs'>;

function sameSecond(a: Timed | null | undefined, b: Timed | null | undefined): boolean {
  return a !== null && a !== undefined && b !== null && b !== undefined && tokenOf(a).second === tokenOf(b).second && a.etag === b.etag;
}

/** Keys that do not come back as they were given, and the order of a listing. */
export async function probeKeys(bench: Bench): Promise<Pick<Ways, 'oddKeys' | 'listsInOrder'>> {
  const { api, call } = bench;
  const wanted = ODD.map(([what, name]) => ({ what, key: bench.key(`odd/${name}`) }));
  const refused = new Set<string>();
  await Promise.all(
    wanted.map(async ({ what, key }) => {
      const answer = await api.put(key, textBody(what), { meta: {}, ...call }).catch(() => null);
      if (answer?.kind !== 'done') refused.add(key);
    }),
  );
  const folder = `${bench.folder}odd/`;
  const { objects } = await api.list(folder, call);
  const found = objects.map(({ key }) => key);
  const middle = wanted[4]?.key ?? '';
  const after = (await api.list(folder, { startAfter: middle, ...call })).objects.map(({ key }) => key);
  const present = wanted.map(({ key }) => key).filter((key) => found.includes(key));
  const isSame = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((key, i) => key === b[i]);
  return {
    oddKeys: [...new Set(wanted.filter(({ key }) => refused.has(key) || !found.includes(key)).map(({ what }) => what))],
    listsInOrder: isSame(found, present) && isSame(after, present.slice(present.indexOf(middle) + 1)),
  };
}
