import type { PairReport, PairView } from '../../src-preload/contract/model.ts';
import type { StorageView } from '../../src-preload/contract/storage.ts';
import { protectionView } from './pair-vaults.ts';
import type { BackendSetting, PairSetting } from './settings-schema.ts';
import { shownMessage, shownPath } from './shown-path.ts';

/** A pair as windows see it: its settings, without keys, and what its engine last told. Paths below `homeDir` begin with `~`. */
export function pairView(pair: PairSetting, report: PairReport, { paused, homeDir }: { readonly paused: boolean; readonly homeDir: string }): PairView {
  const { id, name, source, backend, protection, conflictPolicy, conflictOverrides, ignorePatterns, ignoreJunk, schedule, tuning } = pair;
  return {
    ...report,
    error: report.error === null ? null : { ...report.error, message: shownMessage(report.error.message, homeDir) },
    paused,
    id,
    name,
    source: shownPath(source, homeDir),
    storage: storageView(backend, homeDir),
    protection: protectionView(protection, report.codec),
    settings: { conflictPolicy, conflictOverrides, ignorePatterns, ignoreJunk, schedule, tuning },
  };
}

function storageView(backend: BackendSetting, homeDir: string): StorageView {
  if (backend.kind === 'local') return { kind: 'folder', path: shownPath(backend.folder, homeDir) };
  const { kind, provider, bucket, prefix, endpoint, region, credentials } = backend;
  return { kind, provider, bucket, prefix, endpoint, region, signIn: credentials.kind === 'keychain' ? { kind: 'keychain' } : credentials };
}
