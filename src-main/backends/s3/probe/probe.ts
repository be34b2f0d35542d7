import { hasCode } from '../../../core/errors.ts';
import type { Clock, Random } from '../../../platform/clock.ts';
import type { S3Api } from '../s3-api.ts';
import type { Ways } from '../ways.ts';
import { Bench, type Missing } from './bench.ts';
import { probeComplete, probeCopy, probeDelete, probePut } from './conditions.ts';
import { probeFacts, probeKeys } from './facts.ts';

export interface Probed {
  readonly ways: Ways;
  readonly missing: readonly Missing[];
  readonly keepsMeta: boolean;
}

export const PROBE_FOLDER = '.file-sync/probe/';

/** Finds out how a bucket behaves by trying, with some 70 small requests and one of 5 MiB on throw-away objects, which are gone afterwards. What a store is called or answers to is never trusted: some take a
 * condition and ignore it. Afterwards the api speaks the store's dialect. */
export async function probe(ports: { readonly api: S3Api; readonly clock: Clock; readonly random: Random }, signal?: AbortSignal): Promise<Probed> {
  const { api, clock, random } = ports;
  const bench = new Bench(api, `${PROBE_FOLDER}${random.id()}/`, signal);
  api.speak({ etags: 'quoted', copyTarget: 'if-' });
  try {
    const stated = await bench.allowed('s3:GetBucketVersioning', 'unknown' as const, () => versioningOf(bench));
    const { put, etags } = await probePut(bench);
    const { complete, copyPart } = await bench.allowed('multipart uploads', { complete: 'refused' as const, copyPart: false }, () => probeComplete(bench));
    const { copy, copySource, copyTarget } = await bench.allowed('copies', { copy: 'refused' as const, copySource: 'refused' as const, copyTarget: 'if-' as const }, () =>
      probeCopy(bench, etags),
    );
    const dialect = { etags, copyTarget };
    api.speak(dialect);
    const deletes = await bench.allowed('s3:DeleteObject', 'refused' as const, () => probeDelete(bench));
    const { etagIsMd5, timesAgree, keepsMeta } = await probeFacts(bench);
    const keys = await probeKeys(bench);
    const guessed = bench.sawVersions ? 'enabled' : stated === 'unasked' ? 'off' : stated;
    const versioning = stated === 'unknown' || stated === 'unasked' ? guessed : stated;
    const now = await api.now(bench.call);
    const clockSkewMs = Math.round(clock.now() - now);
    const ways: Ways = { format: 1, probedAtMs: now, dialect, put, complete, copy, delete: deletes, copySource, versioning, etagIsMd5, timesAgree, copyPart, ...keys, clockSkewMs };
    return { ways, missing: bench.missing, keepsMeta };
  } finally {
    await bench.clear();
  }
}

/** `unasked`: the store does not know the question, which is no matter of permission. */
async function versioningOf({ api, call }: Bench): Promise<Ways['versioning'] | 'unasked'> {
  try {
    return await api.versioning(call);
  } catch (error) {
    if (hasCode(error, 'not-supported')) return 'unasked';
    throw error;
  }
}
