import type { ActivityRequest } from '../../src-preload/contract/channels.ts';
import type { ConflictOverride, HoldReason, IgnorePreview, WhyView } from '../../src-preload/contract/desktop.ts';
import type {
  AcceptReport,
  ContentPreview,
  DeletedFile,
  FileHistory,
  HistoryRange,
  LostView,
  PastFolder,
  RestorePlan,
  RestoreReport,
  RunView,
  TrashView,
} from '../../src-preload/contract/history.ts';
import type {
  ActivityItem,
  ActivityPage,
  ConflictPreview,
  ErrorView,
  FailureView,
  HeldView,
  Listed,
  PairReport,
  ProblemView,
  SettledView,
} from '../../src-preload/contract/model.ts';
import type { BucketsAnswer, TestAnswer } from '../../src-preload/contract/storage.ts';
import type { LogLevel, Tuning } from '../../src-preload/contract/tuning.ts';
import type { VaultLook } from '../../src-preload/contract/vault.ts';
import type { Pause } from '../compose/pair-rest.ts';
import type { Choice, ConflictPolicy } from '../core/conflict.ts';
import { SyncError } from '../core/errors.ts';
import type { BandwidthLimits } from '../platform/bandwidth.ts';
import type { BandwidthTimetable } from '../settings/bandwidth-timetable.ts';
import type { Schedule } from '../settings/schedule.ts';
import type { PairSide } from './moved-folder.ts';
import type { RestoreOrder } from './restore-desk.ts';
import type { S3Setup } from './s3-setup.ts';
import type { NewVaultSetup, OpenedVault, VaultSetup } from './vault-setup.ts';

/**
 * What the main thread and the engine thread say to each other: numbered calls, each answered once, and news. Both ends are this program, so messages are typed and not parsed; everything that crosses
 * is small plain data (lists are cut in pair-report.ts), because the main thread has 16 ms for it.
 */
export interface EngineCalls {
  /** Takes the pair on; it opens, fails and tries again on its own and tells so in its report. */
  readonly open: { readonly input: PairSetup; readonly answer: null };
  /** Finishes the step in flight and lets go of the folder. */
  readonly close: { readonly input: { readonly pair: string }; readonly answer: null };
  /** Null: until `resume`. */
  readonly pause: { readonly input: { readonly pair: string; readonly until: number | null }; readonly answer: null };
  /** Everything that keeps it still beside the user's pause. */
  readonly hold: { readonly input: { readonly pair: string; readonly reasons: readonly HoldReason[] }; readonly answer: null };
  readonly resume: { readonly input: { readonly pair: string }; readonly answer: null };
  readonly sync: { readonly input: { readonly pair: string }; readonly answer: null };
  /** The first HELD_LISTED of what is held for one reason. */
  readonly 'held-paths': { readonly input: { readonly pair: string; readonly side: HeldView['side']; readonly why: HeldView['why'] }; readonly answer: readonly string[] };
  /** A part of what cannot be synced, from a place of its list on. */
  readonly problems: { readonly input: { readonly pair: string; readonly from: number }; readonly answer: readonly ProblemView[] };
  readonly failures: { readonly input: { readonly pair: string; readonly from: number }; readonly answer: readonly FailureView[] };
  readonly release: { readonly input: { readonly pair: string; readonly shown: number }; readonly answer: null };
  readonly resolve: { readonly input: { readonly pair: string; readonly path: string; readonly choice: Choice }; readonly answer: null };
  /** The same choice for every conflict of a pair, if there are as many as were shown. */
  readonly 'resolve-all': { readonly input: { readonly pair: string; readonly choice: Choice; readonly shown: number }; readonly answer: null };
  /** Writes the backup's version of a conflict into a folder; answers where. */
  readonly 'conflict-copy': { readonly input: { readonly pair: string; readonly path: string; readonly folder: string; readonly mark: string }; readonly answer: string };
  /** What rules match in the synced folder. Another one stops it. */
  readonly 'ignore-preview': { readonly input: { readonly folder: string; readonly patterns: readonly string[]; readonly junk: boolean }; readonly answer: IgnorePreview };
  readonly preview: { readonly input: { readonly pair: string; readonly path: string }; readonly answer: ConflictPreview };
  /** The latest conflicts that are none any more, newest first. Null: of every pair. */
  readonly settled: { readonly input: { readonly pair: string | null }; readonly answer: readonly SettledView[] };
  readonly activity: { readonly input: ActivityRequest; readonly answer: ActivityPage };
  /** What was, and the way back to it; see {@link PastCalls}. */
  readonly past: { readonly input: { readonly pair: string; readonly ask: PastAsk }; readonly answer: PastCalls[PastCallName]['answer'] };
  /** Ends what is being planned or restored. */
  readonly 'past-stop': { readonly input: { readonly pair: string }; readonly answer: null };
  /** Refuses two ends that cannot become a pair, with the reason (C29). Answers with real paths; asks no store. */
  readonly check: { readonly input: PairEnds & { readonly others: readonly PairEnds[] }; readonly answer: PairEnds };
  /** Whether two folders lie on one disk. */
  readonly 'one-disk': { readonly input: { readonly one: string; readonly other: string }; readonly answer: boolean };
  /** The same of a side of a pair that was moved; only the folder with the pair's own mark will do. */
  readonly 'check-moved': {
    readonly input: { readonly now: PairEnds; readonly side: PairSide; readonly folder: string; readonly others: readonly PairEnds[] };
    readonly answer: PairEnds;
  };
  /** One at a time: another one stops it. Stopped, it is refused as `aborted` at once; what it put there is removed afterwards. */
  readonly 'storage-test': { readonly input: S3Setup; readonly answer: TestAnswer };
  /** Stops the test that is running, if one is. */
  readonly 'storage-stop': { readonly input: null; readonly answer: null };
  readonly 'storage-clean-up': { readonly input: S3Setup; readonly answer: null };
  /** The bucket's name is of no account here. */
  readonly 'storage-buckets': { readonly input: S3Setup; readonly answer: BucketsAnswer };
  /** Whether the store takes this sign-in for its place; refused with what it says, or as `unreachable` when it says nothing for a while. Changes nothing there. */
  readonly 'storage-sign-in': { readonly input: S3Setup; readonly answer: null };
  readonly 'storage-create': { readonly input: S3Setup; readonly answer: null };
  /** What lies at a place, and how it is protected. */
  readonly 'vault-look': { readonly input: BackendSetup; readonly answer: VaultLook };
  /** Opens the encrypted vault at a place with what was typed; writes nothing. */
  readonly 'vault-open': { readonly input: { readonly backend: BackendSetup; readonly text: string }; readonly answer: OpenedVault };
  /** The same with what this computer's keychain holds; null when that does not open it. */
  readonly 'vault-open-kept': { readonly input: { readonly backend: BackendSetup; readonly secret: string }; readonly answer: OpenedVault | null };
  /** Makes an encrypted vault at an empty place; fine too when that was done before. */
  readonly 'vault-create': { readonly input: { readonly backend: BackendSetup; readonly vault: NewVaultSetup }; readonly answer: null };
  /** For all pairs together; counts at once, for transfers under way too. */
  readonly limit: { readonly input: BandwidthLimits & { readonly timetable?: BandwidthTimetable }; readonly answer: null };
  /** Closes every pair. */
  readonly stop: { readonly input: null; readonly answer: null };
}
export type CallName = keyof EngineCalls;

/** What can be asked of the past of one pair. */
export interface PastCalls {
  readonly versions: { readonly input: { readonly path: string }; readonly answer: FileHistory };
  readonly preview: { readonly input: { readonly path: string; readonly version: string }; readonly answer: ContentPreview };
  readonly range: { readonly input: { readonly folder: string | null }; readonly answer: HistoryRange };
  readonly folder: { readonly input: { readonly folder: string | null; readonly at: number }; readonly answer: PastFolder };
  readonly deleted: { readonly input: { readonly search: string }; readonly answer: Listed<DeletedFile> };
  readonly runs: { readonly input: null; readonly answer: readonly RunView[] };
  readonly plan: { readonly input: RestoreOrder; readonly answer: RestorePlan };
  /** `agreed`: so many files may go. */
  readonly restore: { readonly input: RestoreOrder & { readonly agreed: number | null }; readonly answer: RestoreReport };
  readonly trash: { readonly input: null; readonly answer: Listed<TrashView> };
  readonly why: { readonly input: { readonly path: string }; readonly answer: WhyView };
  /** What the backup lost by being brought back from a backup of its own. */
  readonly lost: { readonly input: null; readonly answer: LostView };
  /** Brings it up to date from here. */
  readonly accept: { readonly input: null; readonly answer: AcceptReport };
  readonly 'trash-empty': { readonly input: { readonly shown: number }; readonly answer: null };
}
export type PastCallName = keyof PastCalls;
export type PastAsk = { readonly [C in PastCallName]: { readonly call: C; readonly input: PastCalls[C]['input'] } }[PastCallName];

/** The two places of a pair. */
export interface PairEnds {
  readonly source: string;
  readonly target: TargetEnd;
}
export type TargetEnd =
  | { readonly kind: 'local'; readonly folder: string }
  | { readonly kind: 's3'; readonly endpoint: string | null; readonly bucket: string; readonly prefix: string };

/** The other side with all that opens it; for S3 with keys, so it goes to the engine thread only. */
export type BackendSetup = { readonly kind: 'local'; readonly folder: string } | S3Setup;

/** One pair as the settings have it. */
export interface PairSetup extends PairRules {
  readonly id: string;
  readonly source: string;
  readonly backend: BackendSetup;
  readonly vault: VaultSetup;
  readonly pause: Pause;
  readonly holds: readonly HoldReason[];
}
/** What an engine goes by from its beginning to its end. */
export interface PairRules {
  readonly conflictPolicy: ConflictPolicy;
  readonly ignorePatterns: readonly string[];
  readonly ignoreJunk: boolean;
  /** The first pattern that fits a path says what becomes of its conflicts. */
  readonly conflictOverrides: readonly ConflictOverride[];
  readonly schedule: Schedule;
  readonly tuning: Tuning;
  /** Null: the computer's name. */
  readonly deviceName: string | null;
  readonly logLevel: LogLevel;
  /** Bytes; with less free on this computer's disks it rests. */
  readonly freeSpace: number;
}

export type ToWorker = { readonly [C in CallName]: { readonly id: number; readonly call: C; readonly input: EngineCalls[C]['input'] } }[CallName];

export type FromWorker =
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly error: ErrorView }
  | { readonly kind: 'news'; readonly news: EngineNews }
  /** A mistake of ours that nobody caught, in the work of that pair where it is known. */
  | { readonly kind: 'fault'; readonly message: string; readonly stack: string; readonly pair: string | null }
  /** A command paused or resumed the pair (docs/control.md). */
  | { readonly kind: 'paused'; readonly pair: string; readonly pause: Pause };

export interface EngineNews {
  /** The pairs whose report changed. */
  readonly reports: readonly { readonly pair: string; readonly report: PairReport }[];
  /** Actions that came to their end, oldest first. */
  readonly activity: readonly ActivityItem[];
  /** The newest of what the activity list has of a pair, newest first, where that is something else by now. */
  readonly recent: readonly { readonly pair: string; readonly items: readonly ActivityItem[] }[];
  /** Conflicts that a rule settled. */
  readonly settled: readonly SettledView[];
}

/** Any failure as data; a foreign error is one of ours. */
export function errorView(error: unknown): ErrorView {
  if (error instanceof SyncError) return { code: error.code, message: error.message, hint: error.hint ?? null };
  return { code: 'internal', message: error instanceof Error ? error.message : String(error), hint: null };
}

export function asError({ code, message, hint }: ErrorView): SyncError {
  return new SyncError(code, message, hint === null ? {} : { hint });
}
