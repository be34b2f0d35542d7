import type { Ways } from '../../backends/s3/ways.ts';
import type { Quirks } from '../s3-server/quirks.ts';

/** What a probe finds in a bucket with these quirks. */
export function waysOf(quirks: Quirks, now: number): Ways {
  const isVersioned = quirks.versioning === 'always';
  const isBlind = isVersioned && quirks.versionedConditions === 'against-nothing';
  return {
    format: 1,
    probedAtMs: now,
    dialect: { etags: quirks.ifMatchForm === 'unquoted' && !isBlind ? 'unquoted' : 'quoted', copyTarget: quirks.copyConditionPrefix },
    put: isBlind ? 'ignored' : quirks.putConditions,
    complete: isBlind ? 'ignored' : quirks.completeConditions,
    copy: isBlind ? 'ignored' : quirks.copyConditions,
    delete: quirks.deleteConditions,
    copySource: quirks.copySourceConditions,
    versioning: isVersioned ? 'enabled' : 'off',
    etagIsMd5: quirks.etag === 'md5',
    timesAgree: true,
    copyPart: true,
    listsInOrder: quirks.listOrder === 'utf8',
    oddKeys: [],
    clockSkewMs: 0,
  };
}
