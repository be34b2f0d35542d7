import { SyncError } from '../../core/errors.ts';
import type { StoreFinding, StoreReport } from '../backend.ts';
import type { Probed } from './probe/probe.ts';
import { type Level, levelOf, type Ways } from './ways.ts';

const MINUTE_MS = 60_000;
const PROTECTION = { conditional: 'atomic', lineage: 'afterwards', 'best-effort': 'best-effort' } as const satisfies Record<Level, StoreReport['protection']>;

const NO_META = 'The store does not give back what is noted beside an object, by which a device knows its own writes.';
const NO_TIMES = 'The store tells another time in listings than for a single object, so that versions cannot be told apart.';
const OTHER_STORE = 'Ask the provider, or use another store: nothing is written to this one.';

/** Why nothing may be written to such a store; null when it is fit. */
export function unfitness({ ways, keepsMeta }: Pick<Probed, 'ways' | 'keepsMeta'>): SyncError | null {
  if (keepsMeta && ways.timesAgree) return null;
  return new SyncError('config', keepsMeta ? NO_TIMES : NO_META, { hint: OTHER_STORE });
}

/** What the probe found, for people. */
export function storeReport({ ways, missing, keepsMeta }: Probed): StoreReport {
  return {
    protection: PROTECTION[levelOf(ways)],
    findings: [
      saving(ways),
      deletions(ways),
      largeFiles(ways),
      ...missing.map(({ what, error }) =>
        finding('permission', 'bad', `The credentials may not: ${what}. ${error.message}`, error.hint ?? 'Allow it in the policy of the credentials.'),
      ),
      clock(ways),
      versions(ways),
      ...(keepsMeta ? [] : [finding('metadata', 'bad', NO_META, OTHER_STORE)]),
      ...(ways.timesAgree ? [] : [finding('times', 'bad', NO_TIMES, OTHER_STORE)]),
      ...(ways.listsInOrder ? [] : [finding('listings', 'note', 'Listings are not in order: they are read in full every time.', null)]),
      ...(ways.oddKeys.length === 0
        ? []
        : [finding('names', 'warning', `Some names do not come back as they were given: ${ways.oddKeys.join(', ')}.`, 'Avoid such names in the synced folder.')]),
    ],
  };
}

function finding(check: string, verdict: StoreFinding['verdict'], text: string, fix: string | null): StoreFinding {
  return { check, verdict, text, fix };
}

function saving(ways: Ways): StoreFinding {
  const check = 'conditional writes';
  switch (levelOf(ways)) {
    case 'conditional':
      return finding(check, 'good', 'Two devices saving at once: protected. The store lets one win, and the other sees it.', null);
    case 'lineage':
      return finding(
        check,
        'good',
        'Two devices saving at once: protected by versions. The store takes both; who came second is found right after the write and becomes a conflict.',
        null,
      );
    case 'best-effort':
      return finding(
        check,
        'warning',
        'Two devices saving the same file in the same moment: best effort. The store neither judges conditions nor keeps versions; a short window stays open.',
        'Turn on versioning for the bucket, then run this again.',
      );
  }
}

function deletions(ways: Ways): StoreFinding {
  const check = 'conditional deletions';
  if (levelOf(ways) === 'lineage') return finding(check, 'good', 'Deletions: protected by versions.', null);
  if (levelOf(ways) === 'best-effort')
    return finding(check, 'warning', 'Deletions: best effort. An edit in the very moment of a deletion can go with it.', 'Turn on versioning for the bucket, then run this again.');
  if (ways.delete === 'enforced') return finding(check, 'good', 'Deletions: protected.', null);
  return finding(check, 'good', 'Deletions: protected by short claims. Each takes one request more.', null);
}

function largeFiles(ways: Ways): StoreFinding {
  const check = 'large files';
  if (levelOf(ways) !== 'conditional' || ways.complete === 'enforced') return finding(check, 'good', 'Large files: protected like all others.', null);
  return finding(check, 'note', 'Large files: two devices that replace one at once go one after the other by a lease; some milliseconds stay open.', null);
}

function clock({ clockSkewMs }: Ways): StoreFinding {
  const minutes = Math.round(Math.abs(clockSkewMs) / MINUTE_MS);
  if (minutes < 2) return finding('clock', 'good', 'This device and the store agree on the time.', null);
  const text = `This device's clock is ${minutes} minutes ${clockSkewMs > 0 ? 'ahead of' : 'behind'} the store's.`;
  return finding('clock', minutes < 10 ? 'note' : 'warning', text, 'Let the system set its clock by the network. Stores refuse requests that are 15 minutes off.');
}

function versions(ways: Ways): StoreFinding {
  if (ways.versioning === 'enabled')
    return finding(
      'versions',
      'note',
      'The bucket keeps old versions: File Sync reads them as its own history and makes no second copies (VERSIONS_KEEP_IN). They stay until a rule of the bucket ends them, or VERSIONS_PRUNE_BUCKET is set.',
      'Set a lifecycle rule that ends noncurrent versions after some weeks, or VERSIONS_PRUNE_BUCKET=true.',
    );
  if (ways.versioning === 'unknown') return finding('versions', 'note', 'Whether the bucket keeps old versions could not be learned.', 'Allow s3:GetBucketVersioning.');
  return finding('versions', 'good', 'The bucket keeps no old versions of its own; File Sync keeps them.', null);
}
