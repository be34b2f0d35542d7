import type { ConflictOverride, DiagnosticsPreview, IgnorePreview, SchedulePreview, ScheduleView, WhyView } from './desktop.ts';
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
  RestoreRequest,
  RunView,
  TrashView,
} from './history.ts';
import type {
  ActivityPage,
  AppState,
  Choice,
  ChosenFolder,
  ConflictPolicy,
  ConflictPreview,
  ErrorView,
  FailureView,
  HeldView,
  Listed,
  ProblemView,
  SettingsView,
  SettledView,
} from './model.ts';
import type {
  AddAnswer,
  BucketsAnswer,
  ChangeAnswer,
  HeldKeys,
  ImportedStorage,
  KeepPlace,
  S3Access,
  S3Place,
  SignIn,
  SignInAnswer,
  TargetChoice,
  TestAnswer,
  TypedKeys,
} from './storage.ts';
import type { OwnTuning } from './tuning.ts';
import type { NewVault, OpenRequest, RecoverySheet, VaultChoice, VaultLook } from './vault.ts';

/**
 * What a window may ask of the main process: intents, never paths to delete or places to write. Three tables are total over these names, so that a request without a name, a parser or a handler does
 * not compile: {@link CHANNELS}, `PARSERS` in parsers.ts and the handlers given to `serveRequests` in src-main/app/ipc-server.ts.
 */
export interface Requests {
  'app/state': { readonly input: null; readonly answer: AppState };
  'app/set': { readonly input: SettingsPatch; readonly answer: null };
  'app/dismiss': { readonly input: { readonly notice: string }; readonly answer: null };
  /** Something broke in the page; it goes into the app's log. */
  'app/fault': { readonly input: { readonly message: string }; readonly answer: null };
  'app/quit': { readonly input: null; readonly answer: null };
  /** Puts a text into the system's clipboard. */
  'app/copy': { readonly input: { readonly text: string }; readonly answer: null };
  'engine/restart': { readonly input: null; readonly answer: null };
  /** Opens the system's dialog; null when the user cancels. */
  'folder/choose': { readonly input: { readonly purpose: 'source' | 'target' | 'restore' }; readonly answer: ChosenFolder | null };
  /** Opens the system's dialog for a file of certificates; null when the user cancels. */
  'file/choose-ca': { readonly input: null; readonly answer: ChosenFolder | null };
  /** The names of the profiles in ~/.aws. */
  'storage/profiles': { readonly input: null; readonly answer: readonly string[] };
  /** Takes typed keys; none is ever sent back. */
  'storage/hold': { readonly input: TypedKeys; readonly answer: HeldKeys };
  /** Opens the system's dialog for a settings file (.env) and reads it; null when the user cancels. */
  'storage/import': { readonly input: null; readonly answer: ImportedStorage | null };
  /** Lets go of keys that were not used. */
  'storage/forget': { readonly input: null; readonly answer: null };
  'storage/buckets': { readonly input: S3Access; readonly answer: BucketsAnswer };
  'storage/create': { readonly input: S3Access & { readonly bucket: string }; readonly answer: null };
  /** Finds out how the store behaves, with throw-away objects. */
  'storage/test': { readonly input: S3Place; readonly answer: TestAnswer };
  /** Stops the test that is running, which then fails as `aborted`. */
  'storage/stop': { readonly input: null; readonly answer: null };
  /** Has the bucket itself give up unfinished uploads after some days; its other rules stay. */
  'storage/clean-up': { readonly input: S3Place; readonly answer: null };
  /** What lies at a place already, and how it is protected; changes nothing. */
  'vault/look': { readonly input: TargetChoice; readonly answer: VaultLook };
  /** Takes what is to open a new encrypted vault, and makes its recovery words. Nothing is written anywhere yet. */
  'vault/prepare': { readonly input: NewVault; readonly answer: RecoverySheet };
  /** Opens the system's dialog and writes the sheet there, for this user alone; answers where, or null when the user cancels. */
  'vault/sheet': { readonly input: PairChoice & { readonly token: string; readonly name: string }; readonly answer: string | null };
  /** Whether these are the words that were asked back. */
  'vault/confirm': { readonly input: { readonly token: string; readonly words: readonly string[] }; readonly answer: { readonly right: boolean } };
  /** Opens the encrypted vault at a place with what was typed; writes nothing. */
  'vault/open': { readonly input: OpenRequest; readonly answer: { readonly token: string } };
  /** Refuses what cannot be paired, with the reason; changes nothing. */
  'pair/check': { readonly input: PairChoice; readonly answer: { readonly isOnOneDisk: boolean } };
  'pair/add': {
    readonly input: PairChoice & { readonly name: string; readonly conflictPolicy: ConflictPolicy; readonly keep: KeepPlace; readonly vault: VaultChoice };
    readonly answer: AddAnswer;
  };
  /** The id of the access key in use, which is no secret; null: there is none, or it is not known. */
  'pair/key-id': { readonly input: PairRef; readonly answer: { readonly id: string | null } };
  /** Another sign-in for the same bucket, which is asked first whether it takes it; `untried`: it is not. */
  'pair/credentials': { readonly input: PairRef & { readonly signIn: SignIn; readonly keep: KeepPlace; readonly untried: boolean }; readonly answer: SignInAnswer };
  /** What opens the vault of a pair, typed again. */
  'pair/unlock': { readonly input: PairRef & { readonly text: string; readonly keep: KeepPlace }; readonly answer: ChangeAnswer };
  /** A side of a pair was moved or renamed: the system's dialog asks where it is now. Refused for a folder that is not the very one. */
  'pair/repoint': { readonly input: PairRef & { readonly side: 'source' | 'target' }; readonly answer: { readonly moved: boolean } };
  /** Stops syncing; touches no file on either side. */
  'pair/remove': { readonly input: PairRef; readonly answer: null };
  'pair/change': { readonly input: PairRef & PairPatch; readonly answer: null };
  'pair/open': { readonly input: PairRef & { readonly side: 'source' | 'target' }; readonly answer: null };
  /** Why a file is not synced, or that it is; changes nothing. Null: the system's dialog asks for one, and answers null when the user cancels. */
  'pair/why': { readonly input: PairRef & { readonly path: string | null }; readonly answer: WhyView | null };
  /** What rules would leave out; changes nothing. A later question stops an earlier one. */
  'ignore/preview': { readonly input: PairRef & { readonly patterns: readonly string[]; readonly junk: boolean }; readonly answer: IgnorePreview };
  'schedule/preview': { readonly input: ScheduleView; readonly answer: SchedulePreview };
  'diagnostics/preview': { readonly input: { readonly names: boolean }; readonly answer: DiagnosticsPreview };
  /** Opens the system's dialog and writes the file; answers where, or null when the user cancels. */
  'diagnostics/save': { readonly input: { readonly names: boolean }; readonly answer: string | null };
  /** Shows a file of the synced folder in the file manager. */
  'pair/reveal': { readonly input: PathRef; readonly answer: null };
  /** Opens a file of the synced folder in its program; what would be run instead is shown in the file manager. */
  'pair/open-file': { readonly input: PathRef; readonly answer: null };
  'sync/now': { readonly input: SomePair; readonly answer: null };
  'sync/pause': { readonly input: SomePair & { readonly length: PauseLength }; readonly answer: null };
  'sync/resume': { readonly input: SomePair; readonly answer: null };
  /** The next of what cannot be synced, from a place of the list on. */
  'pair/problems': { readonly input: PairRef & { readonly from: number }; readonly answer: readonly ProblemView[] };
  'pair/failures': { readonly input: PairRef & { readonly from: number }; readonly answer: readonly FailureView[] };
  /** Every name of what is held for one reason, up to HELD_LISTED. */
  'held/paths': { readonly input: PairRef & { readonly side: HeldView['side']; readonly why: HeldView['why'] }; readonly answer: readonly string[] };
  /** Lets the held deletions happen, if there are still as many as were shown. */
  'held/release': { readonly input: PairRef & { readonly shown: number }; readonly answer: null };
  'conflict/resolve': { readonly input: PathRef & { readonly choice: Choice }; readonly answer: null };
  /** The same choice for everything that was listed, if there are still as many. */
  'conflict/resolve-all': { readonly input: SomePair & { readonly choice: Choice; readonly shown: number }; readonly answer: null };
  /** Opens versions in the programs of this computer: ours where it lies, the backup's as a copy to look at. */
  'conflict/open': { readonly input: PathRef & { readonly which: 'local' | 'remote' | 'both' }; readonly answer: null };
  'conflict/preview': { readonly input: PathRef; readonly answer: ConflictPreview };
  /** The latest conflicts that are none any more, newest first. */
  'conflict/settled': { readonly input: SomePair; readonly answer: readonly SettledView[] };
  'activity/list': { readonly input: ActivityRequest; readonly answer: ActivityPage };
  /** Everything that is kept of one file. */
  'history/versions': { readonly input: PathRef; readonly answer: FileHistory };
  'history/preview': { readonly input: PathRef & { readonly version: string }; readonly answer: ContentPreview };
  /** When something in a folder changed; null: in all of it. */
  'history/range': { readonly input: FolderRef; readonly answer: HistoryRange };
  /** A folder as it was at an instant, beside what it is now. */
  'history/folder': { readonly input: FolderRef & { readonly at: number }; readonly answer: PastFolder };
  /** Deleted files by a part of their path, the latest first. */
  'history/deleted': { readonly input: PairRef & { readonly search: string }; readonly answer: Listed<DeletedFile> };
  'history/runs': { readonly input: PairRef; readonly answer: readonly RunView[] };
  /** What a restore would do; changes nothing. */
  'history/plan': { readonly input: RestoreRequest; readonly answer: RestorePlan };
  /** `agreed`: the number of files that go which the user was shown and agreed to. */
  'history/restore': { readonly input: RestoreRequest & { readonly agreed: number | null }; readonly answer: RestoreReport };
  /** Stops what is being read or restored, which then fails as `aborted`; what was restored by then stays. */
  'history/stop': { readonly input: PairRef; readonly answer: null };
  /** What a backup lost because its owner brought an older state of it back; changes nothing. */
  'restored/look': { readonly input: PairRef; readonly answer: LostView };
  /** The owner says he did: the backup is brought up to date from here. Deletes nothing on either side. */
  'restored/accept': { readonly input: PairRef; readonly answer: AcceptReport };
  /** What lies in the trash on this computer, the latest first. */
  'trash/list': { readonly input: PairRef; readonly answer: Listed<TrashView> };
  /** Removes all of it for good, if it still holds as much as was shown. */
  'trash/empty': { readonly input: PairRef & { readonly shown: number }; readonly answer: null };
}

export type Channel = keyof Requests;

export const CHANNELS: { readonly [C in Channel]: true } = {
  'app/state': true,
  'app/set': true,
  'app/dismiss': true,
  'app/fault': true,
  'app/quit': true,
  'app/copy': true,
  'engine/restart': true,
  'folder/choose': true,
  'file/choose-ca': true,
  'storage/profiles': true,
  'storage/hold': true,
  'storage/import': true,
  'storage/forget': true,
  'storage/buckets': true,
  'storage/create': true,
  'storage/test': true,
  'storage/stop': true,
  'storage/clean-up': true,
  'vault/look': true,
  'vault/prepare': true,
  'vault/sheet': true,
  'vault/confirm': true,
  'vault/open': true,
  'pair/check': true,
  'pair/add': true,
  'pair/key-id': true,
  'pair/credentials': true,
  'pair/unlock': true,
  'pair/repoint': true,
  'pair/remove': true,
  'pair/change': true,
  'pair/open': true,
  'pair/why': true,
  'ignore/preview': true,
  'schedule/preview': true,
  'diagnostics/preview': true,
  'diagnostics/save': true,
  'pair/reveal': true,
  'pair/open-file': true,
  'sync/now': true,
  'sync/pause': true,
  'sync/resume': true,
  'pair/problems': true,
  'pair/failures': true,
  'held/paths': true,
  'held/release': true,
  'conflict/resolve': true,
  'conflict/resolve-all': true,
  'conflict/open': true,
  'conflict/preview': true,
  'conflict/settled': true,
  'activity/list': true,
  'history/versions': true,
  'history/preview': true,
  'history/range': true,
  'history/folder': true,
  'history/deleted': true,
  'history/runs': true,
  'history/plan': true,
  'history/restore': true,
  'history/stop': true,
  'restored/look': true,
  'restored/accept': true,
  'trash/list': true,
  'trash/empty': true,
};

export interface PairRef {
  readonly pair: string;
}
export interface PathRef extends PairRef {
  readonly path: string;
}
/** Null: the whole of the synced folder. */
export interface FolderRef extends PairRef {
  readonly folder: string | null;
}
/** Null: every pair. */
export interface SomePair {
  readonly pair: string | null;
}
export interface PairChoice {
  /** Token of the folder on this computer. */
  readonly source: string;
  readonly target: TargetChoice;
}
export interface PairPatch {
  readonly name?: string | undefined;
  readonly conflictPolicy?: ConflictPolicy | undefined;
  readonly ignorePatterns?: readonly string[] | undefined;
  readonly ignoreJunk?: boolean | undefined;
  readonly conflictOverrides?: readonly ConflictOverride[] | undefined;
  readonly schedule?: ScheduleView | null | undefined;
  /** All of its own; what is left out becomes as for every folder. */
  readonly tuning?: OwnTuning | undefined;
}
export type SettingsPatch = { readonly [K in keyof SettingsView]?: SettingsView[K] | undefined };

export const PAUSE_LENGTHS = ['half-hour', 'hour', 'tomorrow', 'until-resumed'] as const;
export type PauseLength = (typeof PAUSE_LENGTHS)[number];

export interface ActivityRequest {
  readonly pair: string | null;
  /** Part of a path, in any case; empty: all. */
  readonly search: string;
  readonly only: 'all' | 'failed';
  /** The list to go on with; null: as it is now. */
  readonly list: number | null;
  /** The first one's place in the list. */
  readonly from: number;
  readonly limit: number;
}

/** Errors cross as data. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorView };

export const VIEWS = ['overview', 'folders', 'conflicts', 'history', 'activity', 'settings'] as const;
export type View = (typeof VIEWS)[number];

/** What the main process tells a window unasked. */
export interface Events {
  readonly state: AppState;
  /** With `pair`: that folder is what the user wants to see there. */
  readonly navigate: { readonly view: View; readonly pair?: string };
}
export type EventName = keyof Events;
export const EVENT_NAMES: { readonly [E in EventName]: true } = { state: true, navigate: true };

/** The name on the wire. */
export function wireName(name: Channel | EventName): string {
  return `file-sync:${name}`;
}

/** The whole of what preload.ts puts into the window, as `window.fileSync`. */
export interface Bridge {
  request<C extends Channel>(channel: C, input: Requests[C]['input']): Promise<Answer<Requests[C]['answer']>>;
  /** Returns the way to stop listening. */
  on<E extends EventName>(event: E, listener: (payload: Events[E]) => void): () => void;
}
