import type { DeleteAnswer, Dialect, Precondition, WriteAnswer } from '../s3-api.ts';
import type { Honour, Ways } from '../ways.ts';
import type { Bench } from './bench.ts';

export const ABSENT: Precondition = { kind: 'absent' };
const OTHER_ETAG = '0123456789abcdef0123456789abcdef';
export const OTHER: Precondition = { kind: 'etag', etag: OTHER_ETAG };
const RACERS = 8;
const ROUNDS = 3;
/** The smallest object of which S3 copies a range. */
const RANGE_BYTES = 5 * 1024 * 1024;

/** What an answer says about a condition that does not hold. */
export function honourOf(kind: (WriteAnswer | DeleteAnswer)['kind'] | 'no-upload' | 'source-changed'): Honour {
  if (kind === 'done') return 'ignored';
  return kind === 'failed' || kind === 'raced' || kind === 'source-changed' ? 'enforced' : 'refused';
}

export function weakest(...found: readonly Honour[]): Honour {
  return found.find((honour) => honour === 'ignored') ?? found.find((honour) => honour === 'refused') ?? 'enforced';
}

/** Conditions of PutObject: one at a time, in which form ETags are taken, and with many at once. */
export async function probePut(bench: Bench): Promise<{ readonly put: Honour; readonly etags: Dialect['etags'] }> {
  const made = await bench.put('put', 'first', ABSENT);
  if (made.kind !== 'done') return { put: 'refused', etags: 'quoted' };
  const again = honourOf((await bench.put('put', 'second', ABSENT)).kind);
  if (again !== 'enforced') return { put: again, etags: 'quoted' };
  const etags = await etagForm(bench);
  if (etags === null) return { put: 'refused', etags: 'quoted' };
  const wrong = honourOf((await bench.put('put', 'fourth', OTHER)).kind);
  const missing = honourOf((await bench.put('put-missing', 'x', OTHER)).kind);
  return { put: weakest(wrong, missing, await race(bench)), etags };
}

/** Null when no form of the right ETag is taken. */
async function etagForm(bench: Bench): Promise<Dialect['etags'] | null> {
  for (const etags of ['quoted', 'unquoted'] as const) {
    bench.api.speak({ etags, copyTarget: 'if-' });
    const etag = await bench.place('put', `third, ${etags}`);
    if ((await bench.put('put', `taken, ${etags}`, { kind: 'etag', etag })).kind === 'done') return etags;
  }
  return null;
}

async function race(bench: Bench): Promise<Honour> {
  const etag = await bench.place('race-over', 'start');
  const fields: readonly (readonly [string, Precondition])[] = [
    ...Array.from({ length: ROUNDS }, (_, i) => [`race-new-${i}`, ABSENT] as const),
    ['race-over', { kind: 'etag', etag }],
  ];
  for (const [name, precondition] of fields) {
    const racers = Array.from({ length: RACERS }, (_, i) => bench.send(name, `racer ${i}`, precondition));
    const answers = (await Promise.all(racers)).map(({ kind }) => kind);
    const won = answers.filter((kind) => kind === 'done').length;
    // Some stores fail the losers of a race as if they were in trouble: then the winner may have got no answer either.
    const mayHaveWon = won === 0 && answers.includes('unanswered') && answers.includes('failed');
    if (won !== 1 && !mayHaveWon) return 'ignored';
  }
  return 'enforced';
}

/** Conditions of CompleteMultipartUpload, and whether a range of an object can be a part. */
export async function probeComplete(bench: Bench): Promise<Pick<Ways, 'complete' | 'copyPart'>> {
  const { api, call } = bench;
  const etag = await bench.place('complete', 'there before');
  const upload = await bench.upload('complete');
  const part = await api.uploadPart(upload.key, { uploadId: upload.id, number: 1, bytes: Buffer.from('one part'), ...call });
  const parts = part === 'no-upload' ? [] : [{ number: 1, etag: part.etag }];
  let complete: Honour = 'enforced';
  for (const precondition of [ABSENT, OTHER]) {
    const answer = await api.complete(upload.key, upload.id, parts, { precondition, ...call });
    if (answer.kind === 'unanswered') throw answer.error;
    complete = weakest(complete, honourOf(answer.kind));
    if (complete !== 'enforced') return { complete, copyPart: await probeCopyPart(bench) };
  }
  const right = await api.complete(upload.key, upload.id, parts, { precondition: { kind: 'etag', etag }, ...call });
  return { complete: right.kind === 'done' ? complete : 'refused', copyPart: await probeCopyPart(bench) };
}

async function probeCopyPart(bench: Bench): Promise<boolean> {
  const { api, call } = bench;
  const bytes = new Uint8Array(RANGE_BYTES + 1);
  const body = {
    size: bytes.length,
    async *open() {
      for (let at = 0; at < bytes.length; at += 65536) yield bytes.subarray(at, at + 65536);
    },
  };
  const placed = await api.put(bench.key('range'), body, { meta: {}, ...call });
  if (placed.kind !== 'done') return false;
  const { key, id } = await bench.upload('range-copy');
  try {
    return typeof (await api.copyPart({ key: bench.key('range'), first: 0, last: RANGE_BYTES - 1 }, key, { uploadId: id, number: 1, ...call })) === 'object';
  } catch (error) {
    if (call.signal?.aborted === true) throw error;
    return false;
  }
}

/** Conditions of CopyObject, on both ends. */
export async function probeCopy(bench: Bench, etags: Dialect['etags']): Promise<Pick<Ways, 'copy' | 'copySource'> & Pick<Dialect, 'copyTarget'>> {
  const { api, call } = bench;
  const from = { key: bench.key('copy-from') };
  await bench.place('copy-from', 'source');
  const wrongSource = await api.copy({ ...from, etag: OTHER_ETAG }, bench.key('copy-wrong'), { meta: {}, ...call });
  if (wrongSource.kind === 'unanswered') throw wrongSource.error;
  const found: Honour[] = [];
  for (const copyTarget of ['if-', 'cf-copy-destination-if-'] as const) {
    api.speak({ etags, copyTarget });
    const copy = await probeCopyTarget(bench, from.key);
    if (copy === 'enforced') return { copy, copySource: honourOf(wrongSource.kind), copyTarget };
    found.push(copy);
  }
  return { copy: found[0] ?? 'ignored', copySource: honourOf(wrongSource.kind), copyTarget: 'if-' };
}

async function probeCopyTarget(bench: Bench, from: string): Promise<Honour> {
  const { api, call } = bench;
  const to = bench.key('copy-to');
  const etag = await bench.place('copy-to', 'there before');
  const honours: Honour[] = [];
  for (const precondition of [ABSENT, OTHER]) {
    const answer = await api.copy({ key: from }, to, { meta: {}, precondition, ...call });
    if (answer.kind === 'unanswered') throw answer.error;
    honours.push(honourOf(answer.kind));
  }
  if (weakest(...honours) !== 'enforced') return weakest(...honours);
  return (await api.copy({ key: from }, to, { meta: {}, precondition: { kind: 'etag', etag }, ...call })).kind === 'done' ? 'enforced' : 'refused';
}

export async function probeDelete(bench: Bench): Promise<Honour> {
  const { api, call } = bench;
  const etag = await bench.place('delete', 'there');
  const wrong = await api.delete(bench.key('delete'), { precondition: OTHER, ...call });
  if (wrong.kind === 'unanswered') throw wrong.error;
  if (honourOf(wrong.kind) !== 'enforced') return honourOf(wrong.kind);
  const right = await api.delete(bench.key('delete'), { precondition: { kind: 'etag', etag }, ...call });
  return right.kind === 'done' ? 'enforced' : 'refused';
}
