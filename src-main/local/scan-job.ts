import type { Hash, PathProblem, Stamp } from '../core/entry.ts';
import type { RuleSource } from '../core/ignore.ts';
import type { NamePlatform } from '../core/name-rules.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { RacyRule } from './stamp.ts';

/** What a scan is to look at: plain data, so that it can go to a worker thread. */
export interface ScanJob {
  /** Canonical. */
  readonly root: string;
  readonly platform: NamePlatform;
  /** Ignore rules: of the settings, and for a limited scan of the folders above. */
  readonly sources: readonly RuleSource[];
  /** Null: the whole tree. */
  readonly paths: readonly RelPath[] | null;
  /** A lookup may find a file under another spelling, so exact names come from listings only. */
  readonly foldsNames: boolean;
  readonly stableIds: boolean;
  readonly modes: boolean;
  readonly racy: RacyRule;
}

export interface SeenFile {
  readonly kind: 'file';
  readonly path: RelPath;
  readonly stamp: Stamp;
  readonly fileId: string | null;
  readonly size: number;
  readonly mtimeNs: bigint;
  readonly mode: number | null;
  /** Written so recently that whoever writes it may not be done. */
  readonly fresh: boolean;
}

/** One thing the walk came across. A folder comes after what lies in it. */
export type Seen =
  | SeenFile
  | { readonly kind: 'symlink'; readonly path: RelPath; readonly stamp: Stamp; readonly fileId: string | null; readonly target: string }
  | { readonly kind: 'folder'; readonly path: RelPath; readonly stamp: Stamp; readonly fileId: string | null; readonly holdsIgnored: boolean }
  | { readonly kind: 'problem'; readonly problem: PathProblem }
  | { readonly kind: 'rules'; readonly source: RuleSource }
  /** A temporary file of ours in a folder of the user's: an absolute path. */
  | { readonly kind: 'temp'; readonly path: string };

/** What came of reading a file; one that went meanwhile has no result. */
export type Hashed = { readonly kind: 'file'; readonly file: SeenFile; readonly hash: Hash; readonly noise: boolean } | { readonly kind: 'problem'; readonly problem: PathProblem };

/** Runs scans, on this thread or another. */
export interface Scanner {
  scan(job: ScanJob, sink: ScanSink, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Where a scan reports to. It waits for each answer, so that at most one batch is on its way. */
export interface ScanSink {
  /** Takes a batch; answers the indices of the files whose bytes must be read. */
  seen(batch: readonly Seen[]): Promise<readonly number[]>;
  hashed(results: readonly Hashed[]): Promise<void>;
  /** So many more bytes were read. */
  progress(bytes: number): void;
  /** Throws `aborted` once nobody wants the result. */
  check(): void;
}
