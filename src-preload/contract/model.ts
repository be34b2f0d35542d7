import type { HeldReason } from '../../src-main/core/action.ts';
import type { Choice, ConflictPolicy } from '../../src-main/core/conflict.ts';
import type { ProblemReason } from '../../src-main/core/entry.ts';
import type { ErrorCode } from '../../src-main/core/errors.ts';
import type { PairState, Progress } from '../../src-main/core/events.ts';
import type { BandwidthRow } from '../../src-main/settings/bandwidth-rows.ts';
import type { ConflictOverride, Contrast, HoldReason, Language, LanguageChoice, MachineView, Motion, NotifyLevel, NotifySwitches, ScheduleView } from './desktop.ts';
import type { StorageView } from './storage.ts';
import type { LogLevel, OwnTuning, Tuning } from './tuning.ts';
import type { ProtectionView } from './vault.ts';

export type { BandwidthRow, Choice, ConflictPolicy, ErrorCode, PairState, ProblemReason, Progress };

/** Everything a window shows, as one immutable picture; sent again whenever something in it changes, at most four times a second. */
export interface AppState {
  readonly overall: PairState;
  readonly pairs: readonly PairView[];
  readonly engine: EngineHealth;
  readonly tray: TrayPresence;
  readonly machine: MachineView;
  /** The one that is spoken. */
  readonly language: Language;
  readonly settings: SettingsView;
  readonly notices: readonly Notice[];
  /** The newest finished actions of all pairs, newest first. */
  readonly recent: readonly ActivityItem[];
  readonly version: string;
  /** How this device is called where its settings give it no name. */
  readonly computer: string;
}

/** `no-host`: this desktop shows no tray icons, so the window must stay reachable. */
export type TrayPresence = 'shown' | 'no-host' | 'unknown';

/** The thread that runs every pair. `restarted` stays until the user has seen it. */
export type EngineHealth =
  | { readonly kind: 'running' }
  | { readonly kind: 'restarting'; readonly message: string }
  | { readonly kind: 'restarted'; readonly at: number; readonly message: string }
  | { readonly kind: 'stopped'; readonly message: string };

/** Something about the app itself that the user should know once. */
export interface Notice {
  readonly id: string;
  readonly kind: 'settings-set-aside' | 'settings-newer' | 'settings-unwritten' | 'keys-left' | 'fault';
  /** Where the old file lies; for `settings-unwritten` why they cannot be written; for `keys-left` the name of the folder whose keys the keychain still has; for `fault` what went wrong inside the app. */
  readonly detail: string;
}

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export interface SettingsView {
  readonly theme: Theme;
  readonly startAtLogin: boolean;
  readonly language: LanguageChoice;
  readonly contrast: Contrast;
  readonly motion: Motion;
  readonly notify: NotifyLevel;
  readonly notifyEvents: NotifySwitches;
  /** Nothing is synced while the machine runs on its battery. */
  readonly pauseOnBattery: boolean;
  /** Folders with a bucket rest while the connection is paid for by the byte. */
  readonly pauseOnMetered: boolean;
  /** For every folder, before its own rules. */
  readonly ignorePatterns: readonly string[];
  /** Of folders without one of their own. */
  readonly schedule: ScheduleView;
  /** Bytes a second for all folders together; null: no limit. */
  readonly bandwidth: { readonly up: number | null; readonly down: number | null };
  /** What holds besides at certain times. */
  readonly bandwidthTimetable: readonly BandwidthRow[];
  /** With fewer bytes free on this computer's disks nothing is synced. */
  readonly freeSpace: number;
  /** Of folders, where they have none of their own. */
  readonly tuning: Tuning;
  /** Null: the computer's name. */
  readonly deviceName: string | null;
  /** Of the folders' logs. */
  readonly logLevel: LogLevel;
}

/** The first of possibly very many. */
export interface Listed<T> {
  readonly items: readonly T[];
  readonly total: number;
}

/** What the engine knows about one pair. */
export interface PairReport {
  readonly state: PairState;
  /** The state in words, from the engine. */
  readonly summary: string;
  readonly watchMode: string;
  readonly pausedUntil: number | null;
  /** What else keeps it still. */
  readonly holds: readonly HoldReason[];
  /** The end of quiet hours that it does not rest in, on the user's word. */
  readonly quietPassedUntil: number | null;
  /** By its schedule; null where changes are synced as they come. */
  readonly nextSyncAt: number | null;
  readonly lastSyncAt: number | null;
  readonly lastFullScanAt: number | null;
  readonly files: number;
  readonly bytes: number;
  /** Kept versions in the backup besides, as the last sweep left them; null when not known. */
  readonly kept: { readonly count: number; readonly bytes: number } | null;
  /** Changes that wait for nobody's word: what is held is not among them. */
  readonly pending: number;
  readonly progress: Progress | null;
  readonly conflicts: Listed<ConflictView>;
  readonly held: readonly HeldView[];
  readonly problems: Listed<ProblemView>;
  readonly failures: Listed<FailureView>;
  /** Null where requests are not counted. */
  readonly usage: UsageView | null;
  /** How files lie on the other side, as it was found there; null while that is not known, or in the open. */
  readonly codec: { readonly encryption: boolean; readonly compression: boolean; readonly hideNames: boolean } | null;
  /** What stands in its way may be removed by typing what opens its vault. */
  readonly wantsSecret: boolean;
  readonly error: ErrorView | null;
  /** Null where nothing stands in its way, or where it is not known since when. */
  readonly trouble: TroubleView | null;
}
export interface TroubleView {
  readonly since: number;
  /** When it was looked at last whether it is over; a folder that watches looks oftener than this tells. */
  readonly triedAt: number;
  /** Null: nobody knows, or on the next change. */
  readonly nextTryAt: number | null;
}

/** What this device asked of the store this month so far. */
export interface UsageView {
  /** `2026-11`. */
  readonly month: string;
  /** By kind: put, part, copy, list, get, head, delete, other. */
  readonly requests: Readonly<Record<string, number>>;
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** Null where prices are not known. */
  readonly cost: CostView | null;
}
/** An estimate, US dollars: by list prices, where they stand and when they stood there; or (all null) by the user's own. */
export type CostView = {
  /** Of this device, this month so far. */
  readonly requests: number;
  readonly egress: number;
  /** Of what is stored now, for a whole month. */
  readonly storage: number;
  readonly total: number;
} & (
  | { readonly provider: string; readonly note: string | null; readonly source: string; readonly asOf: string }
  | { readonly provider: null; readonly note: null; readonly source: null; readonly asOf: null }
);

export interface PairView extends PairReport {
  /** By the user, whatever else its state tells first. */
  readonly paused: boolean;
  readonly id: string;
  readonly name: string;
  /** A native path, for display only: a request names a pair by its id. */
  readonly source: string;
  readonly storage: StorageView;
  readonly protection: ProtectionView | null;
  readonly settings: PairSettingsView;
}

export interface PairSettingsView {
  readonly conflictPolicy: ConflictPolicy;
  /** In order: the first one that fits says it. */
  readonly conflictOverrides: readonly ConflictOverride[];
  /** Its own, beside those of every folder. */
  readonly ignorePatterns: readonly string[];
  readonly ignoreJunk: boolean;
  /** Its own; null: as for every folder. */
  readonly schedule: ScheduleView | null;
  readonly tuning: OwnTuning;
}

export interface ErrorView {
  readonly code: ErrorCode;
  readonly message: string;
  /** What the user can do about it. */
  readonly hint: string | null;
}

export interface ConflictView {
  readonly path: string;
  readonly local: SideView;
  readonly remote: SideView;
  readonly since: number;
}
export interface SideView {
  readonly kind: 'file' | 'folder' | 'symlink';
  readonly size: number | null;
  readonly modifiedAt: number | null;
  /** Null: unknown. */
  readonly device: string | null;
}

/** What became of a conflict: the version of this computer or of the backup stays, or both do. */
export type Kept = 'local' | 'remote' | 'both';
/** A conflict that is none any more, by a rule or by the user. */
export interface SettledView {
  readonly pair: string;
  readonly at: number;
  readonly path: string;
  readonly kept: Kept;
  /** The name of the second version; null: there is none, or it is not known. */
  readonly copy: string | null;
}

export interface HeldView {
  /** Where the files would be deleted. */
  readonly side: 'local' | 'remote';
  readonly why: HeldReason;
  /** A rewrite and the deletion that goes with it count as one. */
  readonly files: number;
  /** Files of a burst that went over before it was recognised; bringing back covers them too. */
  readonly wentOver: number;
  readonly paths: Listed<string>;
}
export interface ProblemView {
  readonly path: string;
  readonly side: 'local' | 'remote';
  readonly reason: ProblemReason;
  readonly detail: string | null;
}
export interface FailureView {
  readonly path: string;
  readonly code: ErrorCode;
  readonly message: string;
  readonly attempts: number;
  readonly since: number;
}

export interface ActivityItem {
  readonly pair: string;
  readonly at: number;
  readonly path: string;
  /** Where a move takes it. */
  readonly to: string | null;
  /** The action's kind, or `problem`. */
  readonly what: string;
  readonly outcome: 'done' | 'stale' | 'failed';
  readonly reason: string;
  readonly bytes: number;
  /** Of what failed, where it is known: the kind of failure. */
  readonly code?: ErrorCode;
  /** How often it failed, if more than once. */
  readonly tries?: number;
  /** An edit on one side stood against a deletion on the other; or a restore or an undo of the user's did it: what came, and what went for it. */
  readonly story?: 'edit-here-survived' | 'edit-there-survived' | 'brought-back' | 'gave-way' | 'undone' | 'undone-removal';
}
/** A part of a list that is too long to be sent. */
export interface ActivityPage {
  /** Another one than was asked for: what is known of the other stands elsewhere now. */
  readonly list: number;
  readonly total: number;
  readonly items: readonly ActivityItem[];
}

export type SidePreview =
  | { readonly kind: 'text'; readonly text: string }
  /** As a `data:` address. */
  | { readonly kind: 'image'; readonly url: string }
  | { readonly kind: 'none'; readonly why: 'too-large' | 'not-text' | 'not-a-file' | 'unavailable' };
export interface ConflictPreview {
  readonly local: SidePreview;
  readonly remote: SidePreview;
}

/** A folder the user picked in the system's dialog. The window holds only the token; `path` is for display. */
export interface ChosenFolder {
  readonly token: string;
  readonly path: string;
  readonly name: string;
}
