import type { BackendUsage, Body } from '../backends/backend.ts';
import type { BaseSnapshot, Entry, Remote, RemoteSnapshot, Version } from '../core/entry.ts';
import type { RelPath } from '../core/rel-path.ts';

/**
 * A synced tree as it lies on a backend (layout: docs/format.md): `<path>` holds a file or link, `<path>/` marks a folder, `.file-sync/` is ours. The one implementation, `openRemoteTree`
 * (remote-tree-on-backend.ts), sits on any Backend. Every write is conditional and answers `stale` on a lost race (I3).
 */
export interface RemoteTree {
  readonly id: string;
  readonly capabilities: { readonly modes: boolean; readonly symlinks: boolean; readonly caseInsensitive: boolean };

  /** How devices tell each other what they changed; null where looking at everything costs little. */
  readonly feed: RemoteFeed | null;

  /** The vault's id from `.file-sync/vault.json`; null where there is none. Throws `unreachable`, `refused`, ... */
  vault(signal?: AbortSignal): Promise<string | null>;
  /** Creates `vault.json` if absent; returns the id of whoever was first. */
  createVault(id: string, signal?: AbortSignal): Promise<string>;

  /** Every file, link and folder (folders without a marker are implied by what lies below). Entries whose version is still the base's cost nothing more; others a stat, and a full read where no
   * hash is recorded. Keys that are no safe RelPath, or that are both a file and a folder, become problems (C62). */
  scan(request: RemoteScanRequest): Promise<RemoteSnapshot>;
  /** One path as it is now; null when the store says it is absent. Confirms an absence before a local deletion (I8). */
  look(path: RelPath, kind: Entry['kind'], signal?: AbortSignal): Promise<Remote | null>;

  /** Stores a file or link. `expect` null: must be absent. What it replaces is kept as a version first. */
  write(path: RelPath, entry: Entry, body: Body, options: RemoteWriteOptions): Promise<RemoteResult>;
  makeFolder(path: RelPath, options: { readonly op: string; readonly signal?: AbortSignal }): Promise<RemoteResult>;
  /** The bytes of one version, from `offset` on; null when it is no longer there. */
  read(path: RelPath, version: Version, options?: { readonly offset?: number; readonly signal?: AbortSignal }): Promise<AsyncIterable<Uint8Array> | null>;
  /** Removes a file or link after keeping it as a version, or a folder marker. */
  remove(path: RelPath, kind: Entry['kind'], version: Version, signal?: AbortSignal): Promise<{ readonly kind: 'done' | 'stale' }>;
  /** The removal of what was here, or its move to `to`, that a run of this device may have died in: where the file has its second name already, the first one goes. A store for which the second name made another version of
   * it would else seem to hold something new. Before anything is looked at. */
  settleRemoval(path: RelPath, was: { readonly entry: Entry; readonly version: Version }, to: RelPath | null, signal?: AbortSignal): Promise<void>;
  /** Server-side rename: copy under "absent", then remove the source if it still is `version`. `done` also when the source changed meanwhile: then both stay. */
  move(from: RelPath, to: RelPath, entry: Entry, version: Version, options: { readonly op: string; readonly signal?: AbortSignal }): Promise<RemoteResult>;

  /** What was asked of the store since it was opened; null where nobody counts. */
  usage(): BackendUsage | null;
  /** The store's time, ms; this device's where the store does not tell it. */
  now(signal?: AbortSignal): Promise<number>;
  /** Kept versions past their retention, and old entries of the feed. What stays is told. */
  sweep(rule: VersionRule, signal?: AbortSignal): Promise<KeptVersions>;
  watch?(onHint: (paths: ReadonlySet<RelPath> | null) => void): Promise<() => Promise<void>>;
  /** For a store that its owner brought back from a backup; null where objects say nothing of their age. */
  older?(): OlderFiles | null;
  close(): Promise<void>;
}

/** What came back from the past: refused as a problem (`rolled-back`), unless it is shown. */
export interface OlderFiles {
  /** While it is on, scans give what is older than what this device has seen, too. */
  show(on: boolean): void;
  /** What they gave so. */
  met(): ReadonlySet<RelPath>;
  /** For good: it is no problem any more. Durable when it returns. */
  accept(): Promise<void>;
}

/** Hints only: full scans are truth, and whatever happens to a hint costs time, never data (C45). */
export interface RemoteFeed {
  /** Paths that others say they changed since the last full scan, or since the last news; without those whose named version is the one `knows` gives (null: nothing is there). Null: it cannot say; look at everything. Costs
   * one listing of few keys when there is nothing new. Throws errors of the place, and `throttled`. */
  news(knows: (path: RelPath) => Version | null, signal?: AbortSignal): Promise<ReadonlySet<RelPath> | null>;
  /** Tells the others what this device changed; null: anything. */
  announce(changes: readonly RemoteChange[] | null, signal?: AbortSignal): Promise<void>;
}
/** Which version is there now; null: it is gone; left out: look. */
export interface RemoteChange {
  readonly path: RelPath;
  readonly version?: Version | null;
}

export interface RemoteScanRequest {
  readonly base: BaseSnapshot;
  /** What the previous scan saw; spares the stat where the version is still the same. */
  readonly previous?: RemoteSnapshot;
  /** Re-read every object's bytes (`--full`). */
  readonly rehash: boolean;
  /** The caller takes in all it sees: news of the feed go on from here. */
  readonly startsFeed?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (seen: { readonly objects: number }) => void;
}
export interface RemoteWriteOptions {
  readonly op: string;
  readonly expect: Version | null;
  readonly signal?: AbortSignal;
}
export interface VersionRule {
  /** At most so many versions of a path; 0 keeps none. */
  readonly keep: number;
  /** Older ones go. */
  readonly days: number;
  /** Of older ones only some stay: one an hour, a day, a week. */
  readonly thin?: boolean;
  /** All versions together; beyond it the oldest go, but never the newest of a path. */
  readonly maxBytes?: number | null;
  /** What the store itself keeps goes by this rule too; left out: that is left to the store. */
  readonly prunesStore?: boolean;
}
/** What is kept besides the tree itself. */
export interface KeptVersions {
  readonly count: number;
  readonly bytes: number;
}
export type RemoteResult = { readonly kind: 'done'; readonly version: Version } | { readonly kind: 'stale' };
