import type { Body } from '../backends/backend.ts';
import type { BaseSnapshot, Entry, FileEntry, Hash, LocalSnapshot, Stamp, Version } from '../core/entry.ts';
import type { IgnoreRules } from '../core/ignore.ts';
import type { RelPath } from '../core/rel-path.ts';

/**
 * The local side as the engine sees it. Every change states what it expects and is refused (`stale`) when the file is no longer that; what it replaces or removes goes to the trash first (I2).
 * Per-path failures are SyncErrors with that path; a missing or foreign root is `root-missing` or `root-replaced`, never an empty tree (I8, C26).
 */
export interface LocalTree {
  readonly root: string;
  readonly features: LocalFeatures;

  /** Looks at the root's identity marker. */
  identity(): Promise<RootIdentity>;
  /** Writes the marker (once, on the first pairing). */
  mark(pairId: string): Promise<void>;

  /** A number kept in the root, 0 where none is; a state that is older than the root is found by it. What cannot be written stays as it was. */
  stateMark(): Promise<number>;
  setStateMark(mark: number): Promise<void>;

  /** The whole tree, or only what lies at and below `request.paths`. Throws `root-missing` rather than return nothing. */
  scan(request: ScanRequest): Promise<ScanResult>;

  /** A body that yields the file's bytes only if the file still is `stamp`, and whose last chunk comes only after the file was found unchanged and the bytes to hash to `entry.hash`;
   * else it throws `busy` (C1). For a symlink: its text. */
  read(path: RelPath, stamp: Stamp, entry: Entry): Body;

  /** Puts content in place: temp file, fsync, check that the path still is `expect` (null: absent), old content to the trash, rename, fsync of the folder (I4). What `source` gives is hashed on the way
   * and must be `entry.hash`, else `corrupt` and nothing is changed. Parent folders must exist. Of a large file, what was fetched stays for the next try when this one fails or the process dies. `stale`
   * too when the source is gone. */
  write(path: RelPath, entry: FileEntry, source: Source, expect: Stamp | null, signal?: AbortSignal): Promise<LocalResult>;
  link(path: RelPath, target: string, expect: Stamp | null): Promise<LocalResult>;
  makeFolder(path: RelPath): Promise<LocalResult>;
  setMode(path: RelPath, mode: number, expect: Stamp): Promise<LocalResult>;
  /** Moves a file or a link; refuses when `to` exists (unless it is the same file under another case). A folder takes another spelling of its own name, and no other name. */
  move(from: RelPath, to: RelPath, expect: Stamp): Promise<LocalResult>;
  /** Moves the file or link to the trash. */
  remove(path: RelPath, expect: Stamp): Promise<LocalResult>;
  /** What a run that died had taken away to look at, in a removal or a move of that stamp: it goes where it belongs, back to its path if it is not what was meant. Before anything is looked at. */
  settleRemoval(path: RelPath, expect: Stamp): Promise<void>;
  /** Removes a folder that is empty but for junk we never sync; `stale` when something is in it. */
  removeFolder(path: RelPath): Promise<LocalResult>;

  /** False for a stamp behind which an edit can hide, so that it says nothing about the bytes (C3). */
  proves(stamp: Stamp): boolean;
  /** Both are of one file with one time of change: what else differs came about without the usual traces (C2, S95). */
  sameMoment(a: Stamp, b: Stamp): boolean;
  /** Temporary files and parts of crashed runs that are still there, relative to the root; those that lie in the user's folders as far as the last scans saw them. */
  leftovers(): Promise<readonly string[]>;
  /** Temporary files of crashed runs; what was fetched of files that are not among `unfinished`; trash past its retention, which counts from the sweep that first met it. `nowMs`: the store's time where
   * it tells it, since no device's clock is to be trusted (C44). */
  sweep(nowMs: number, unfinished?: readonly Unfinished[]): Promise<void>;
  close(): Promise<void>;
}

/** Where a file's bytes come from. */
export interface Source {
  /** Which of all contents this path ever had; what one try has fetched is gone on from only under the same. */
  readonly version: Version;
  /** The bytes from `offset` on, at their end nothing; null when they are no longer there. */
  open(offset: number): Promise<AsyncIterable<Uint8Array> | null>;
}

/** A file that is still to be fetched. */
export interface Unfinished {
  readonly path: RelPath;
  readonly entry: FileEntry;
  readonly version: Version;
}

export interface LocalFeatures {
  readonly caseInsensitive: boolean;
  /** Names come back in another Unicode normalisation than they were given in. */
  readonly normalises: boolean;
  readonly symlinks: boolean;
  readonly modes: boolean;
  /** File ids survive a rename. */
  readonly stableIds: boolean;
  /** The coarsest step of an mtime, in ns. */
  readonly mtimeStepNs: bigint;
}

export type RootIdentity =
  | { readonly kind: 'missing' }
  | { readonly kind: 'not-a-folder' }
  | { readonly kind: 'unmarked'; readonly empty: boolean }
  | { readonly kind: 'marked'; readonly pairId: string };

export interface ScanRequest {
  /** What was true at the last agreement: a file whose stamp is still the base's is not read again, unless the stamp is racy or `rehash` is set. */
  readonly base: BaseSnapshot;
  /** Hashes of files that are not in the base, by stamp, from an earlier scan. */
  readonly known?: ReadonlyMap<Stamp, Hash>;
  /** Which of them are noise. */
  readonly noise?: ReadonlySet<Stamp>;
  readonly ignore: IgnoreRules;
  /** Read every file (`--full`). */
  readonly rehash: boolean;
  /** Limits the scan; paths that no longer exist are looked at too. */
  readonly paths?: ReadonlySet<RelPath>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (seen: { readonly files: number; readonly bytesHashed: number }) => void;
}
export interface ScanResult extends LocalSnapshot {
  /** The rules with every `.syncignore` found on the way added. */
  readonly ignore: IgnoreRules;
}

export type LocalResult = { readonly kind: 'done'; readonly stamp: Stamp } | { readonly kind: 'stale' };
