import type { ConflictView, ErrorView, FailureView, Listed, PairReport, ProblemView, SideView } from '../../src-preload/contract/model.ts';
import type { CodecSettings } from '../codec/vault-document.ts';
import type { Conflict } from '../core/conflict.ts';
import type { Entry } from '../core/entry.ts';
import { assertNever } from '../core/errors.ts';
import type { PairStatus } from '../core/events.ts';
import { estimateCost, type OwnPrices } from '../settings/s3-prices.ts';

/** A window shows the first of each list and the number of all. */
const CONFLICTS_SHOWN = 500;
const PATHS_SHOWN = 100;
const IN_FLIGHT_SHOWN = 6;

/** An engine's status as what crosses to the main thread and the windows: plain, small, without bigints. */
export function pairReport(status: PairStatus, thisDevice: string, codec: CodecSettings | null, prices: OwnPrices | null = null, holds: PairReport['holds'] = []): PairReport {
  const { state, summary, watchMode, pausedUntil, lastSyncAt, lastFullScanAt, files, bytes, pending, progress, error } = status;
  return {
    state,
    summary,
    watchMode,
    pausedUntil,
    holds,
    quietPassedUntil: null,
    nextSyncAt: null,
    lastSyncAt,
    lastFullScanAt,
    files,
    bytes,
    kept: status.kept ?? null,
    pending: Math.max(0, pending - status.held.reduce((sum, { paths }) => sum + paths.length, 0)),
    progress: progress === null ? null : { ...progress, inFlight: progress.inFlight.slice(0, IN_FLIGHT_SHOWN) },
    conflicts: listed(status.conflicts, CONFLICTS_SHOWN, (conflict) => conflictView(conflict, thisDevice)),
    held: status.held.map(({ side, why, files, wentOver = 0, paths }) => ({ side, why, files, wentOver, paths: listed(paths, PATHS_SHOWN, String) })),
    problems: listed(status.problems, PATHS_SHOWN, problemView),
    failures: listed(status.failures, PATHS_SHOWN, failureView),
    usage: status.usage === null ? null : { ...status.usage, cost: estimateCost(status.target, status.usage, bytes + (status.kept?.bytes ?? 0), prices) },
    codec: codec === null ? null : { encryption: codec.encryption, compression: codec.compression, hideNames: codec.names !== 'plain' },
    wantsSecret: error?.wantsSecret === true,
    error: error === null ? null : { code: error.code, message: error.message, hint: error.hint },
    trouble: null,
  };
}

/** What a report has no room for, a part at a time. */
export function moreProblems({ problems }: PairStatus, from: number): readonly ProblemView[] {
  return problems.slice(from, from + PATHS_SHOWN).map(problemView);
}

export function moreFailures({ failures }: PairStatus, from: number): readonly FailureView[] {
  return failures.slice(from, from + PATHS_SHOWN).map(failureView);
}

function problemView({ path, side, reason, detail }: PairStatus['problems'][number]): ProblemView {
  return { path, side, reason, detail: detail ?? null };
}

function failureView({ path, code, message, attempts, since }: PairStatus['failures'][number]): FailureView {
  return { path, code, message, attempts, since };
}

/** A pair whose engine is not open. */
export function closedReport(state: PairReport['state'], summary: string, error: ErrorView | null): PairReport {
  return {
    state,
    summary,
    watchMode: '',
    pausedUntil: null,
    holds: [],
    quietPassedUntil: null,
    nextSyncAt: null,
    lastSyncAt: null,
    lastFullScanAt: null,
    files: 0,
    bytes: 0,
    kept: null,
    pending: 0,
    progress: null,
    conflicts: { items: [], total: 0 },
    held: [],
    problems: { items: [], total: 0 },
    failures: { items: [], total: 0 },
    usage: null,
    codec: null,
    wantsSecret: false,
    error,
    trouble: null,
  };
}

function conflictView({ path, local, remote, remoteDevice, remoteStoredAtMs, since }: Conflict, thisDevice: string): ConflictView {
  const stored = sideView(remote, remoteDevice);
  return { path, local: sideView(local, thisDevice), remote: { ...stored, modifiedAt: stored.modifiedAt ?? remoteStoredAtMs }, since };
}

function sideView(entry: Entry, device: string | null): SideView {
  switch (entry.kind) {
    case 'file':
      return { kind: 'file', size: entry.size, modifiedAt: Number(entry.mtimeNs / 1_000_000n), device };
    case 'folder':
    case 'symlink':
      return { kind: entry.kind, size: null, modifiedAt: null, device };
    default:
      return assertNever(entry);
  }
}

function listed<A, B>(all: readonly A[], shown: number, view: (item: A) => B): Listed<B> {
  return { items: all.slice(0, shown).map(view), total: all.length };
}
