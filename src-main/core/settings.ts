import type { ConflictPolicy } from './conflict.ts';
import type { Sample } from './sample.ts';

export const DIRECTIONS = ['two_way', 'upload_only', 'download_only'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** What a user can set for one folder pair; everything the planner and the engine obey. */
export interface PairSettings {
  /** Shown to other devices: in conflict names and as a file's author. */
  readonly deviceName: string;
  readonly direction: Direction;
  readonly conflictPolicy: ConflictPolicy;
  /** First match wins over `conflictPolicy`; patterns in gitignore syntax. */
  readonly conflictOverrides: readonly { readonly pattern: string; readonly policy: ConflictPolicy }[];
  readonly ignorePatterns: readonly string[];
  readonly ignoreJunk: boolean;
  /** Transfers at once, 1-64. */
  readonly maxConcurrent: number;
  /** A path is looked at after it was quiet for so long, ms; at most 2 s after the first event. */
  readonly debounceMs: number;
  /** The whole folder is looked at this often while watching, ms. */
  readonly fullScanEveryMs: number;
  /** How often the remote side is asked for changes while watching, ms. */
  readonly pollEveryMs: number;
  /** How often the remote side is listed in full where devices tell each other their changes, ms; elsewhere each poll does. */
  readonly listEveryMs: number;
  readonly versionsKeep: number;
  readonly versionsDays: number;
  /** Of older versions only the last of an hour, a day, a week stays. Left out: no. */
  readonly versionsThin?: boolean;
  /** All kept versions together, bytes. Left out or null: no limit. */
  readonly versionsMaxBytes?: number | null;
  /** `copies`: versions are kept as copies of ours even where the store keeps its own. Left out, `auto`: only where it does not. */
  readonly versionsKeepIn?: 'auto' | 'copies';
  /** What the store itself keeps goes by the same retention. Left out: that is left to the store. */
  readonly versionsPruneBucket?: boolean;
  /** How hard what this device sends is compressed where the vault is: 1 quick to 9 small. Left out: 3. */
  readonly compressionLevel?: number;
  /** How many files a restore drill fetches. Left out: none is made by itself. */
  readonly verifySample?: Sample;
  /** While watching a drill is made every so many days; 0: never. */
  readonly verifyEveryDays?: number;
  /** Days what a remote change replaced or removed stays in the local trash. */
  readonly trashDays: number;
  /** What waits for the user (I8): deletions on one side beyond both `files` and `fraction`; more than `rewrites` files that become noise, or all get one strange end to their names, within ten minutes (core/burst.ts). */
  readonly guard: { readonly files: number; readonly fraction: number; readonly rewrites: number };
}

export const DEFAULT_PAIR_SETTINGS: Omit<PairSettings, 'deviceName'> = {
  direction: 'two_way',
  conflictPolicy: 'keep_both',
  conflictOverrides: [],
  ignorePatterns: [],
  ignoreJunk: true,
  maxConcurrent: 8,
  debounceMs: 300,
  fullScanEveryMs: 3_600_000,
  pollEveryMs: 30_000,
  listEveryMs: 10_800_000,
  versionsKeep: 10,
  versionsDays: 30,
  trashDays: 30,
  guard: { files: 50, fraction: 0.25, rewrites: 20 },
};

/** How often a device that watches proves what is in the backup, and by how many files; the library makes none by itself. */
export const DEFAULT_DRILL = { verifySample: { kind: 'count', files: 25 }, verifyEveryDays: 30 } as const satisfies Partial<PairSettings>;

/** As it is set: so many rewrites pass, or all of them where it is 0; so many deletions, and so many percent of a folder. */
export function guardFor(set: { readonly rewrites?: number | undefined; readonly deletions?: number | undefined; readonly percent?: number | undefined }): PairSettings['guard'] {
  const { files, fraction, rewrites } = DEFAULT_PAIR_SETTINGS.guard;
  return { files: set.deletions ?? files, fraction: set.percent === undefined ? fraction : set.percent / 100, rewrites: (set.rewrites ?? rewrites) || Number.MAX_SAFE_INTEGER };
}
