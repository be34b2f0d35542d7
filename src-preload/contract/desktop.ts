import type { HeldReason } from '../../src-main/core/action.ts';
import type { ConflictPolicy } from '../../src-main/core/conflict.ts';
import type { ProblemReason } from '../../src-main/core/entry.ts';
import type { ErrorCode } from '../../src-main/core/errors.ts';
import type { IgnoreRule } from '../../src-main/core/ignore.ts';

import type { Kept } from './model.ts';

export type { HeldReason, IgnoreRule };

/** Why the app itself lets a folder rest, beside the user's own pause. `disk`: hardly any room is left here. */
export const HOLD_REASONS = ['sleep', 'battery', 'metered', 'quiet', 'disk'] as const;
export type HoldReason = (typeof HOLD_REASONS)[number];

/** What the machine says of itself; null where it does not say. */
export interface MachineView {
  readonly online: boolean;
  readonly onBattery: boolean | null;
  /** Whether what is sent and fetched is paid for by the byte. */
  readonly metered: boolean | null;
}

export const NOTIFY_LEVELS = ['all', 'attention', 'off'] as const;
export type NotifyLevel = (typeof NOTIFY_LEVELS)[number];

/** What can be told. The last two are routine work, told with `all` alone. */
export const NOTIFY_EVENTS = ['conflict', 'held', 'error', 'failures', 'disk', 'engine', 'offline', 'finished'] as const;
export type NotifyEvent = (typeof NOTIFY_EVENTS)[number];
export const ROUTINE_EVENTS: readonly NotifyEvent[] = ['offline', 'finished'];
export type NotifySwitches = Readonly<Record<NotifyEvent, boolean>>;

/** The languages there are words in. */
export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];
export const LANGUAGE_CHOICES = ['system', ...LANGUAGES] as const;
export type LanguageChoice = (typeof LANGUAGE_CHOICES)[number];

export const CONTRASTS = ['system', 'high'] as const;
export type Contrast = (typeof CONTRASTS)[number];
export const MOTIONS = ['system', 'reduced'] as const;
export type Motion = (typeof MOTIONS)[number];

/** What becomes of the conflicts of some files; patterns as in .gitignore. */
export interface ConflictOverride {
  readonly pattern: string;
  readonly policy: ConflictPolicy;
}

/** When a folder is synced. */
export interface ScheduleView {
  /** Cron, in five fields; null: as changes come. */
  readonly cron: string | null;
  /** IANA name; null: this machine's. */
  readonly timeZone: string | null;
  /** `22:00-07:00`. */
  readonly quiet: readonly string[];
}

export interface IgnoredItem {
  readonly path: string;
  readonly isFolder: boolean;
}
/** What ignore rules match now. */
export interface IgnorePreview {
  /** Files and links that were looked at, those in folders that are left out among them. */
  readonly total: number;
  /** Of these, what is left out. */
  readonly files: number;
  /** Folders that are left out by a rule of their own, with all they hold. */
  readonly folders: number;
  /** Patterns that can match nothing, whatever is there. */
  readonly hopeless: readonly string[];
  /** False: the folder is larger than what could be looked at in time. */
  readonly complete: boolean;
  /** The first of them. */
  readonly items: readonly IgnoredItem[];
}

/** What is wrong with a schedule: not five fields of cron, true at no time, quiet hours that are none, a time zone that nobody knows. */
export type ScheduleFault = 'malformed' | 'never' | 'quiet' | 'time-zone';
export interface SchedulePreview {
  /** When the next syncs begin, ms since the epoch. */
  readonly runs: readonly number[];
  /** Why it is none; null when it is one. */
  readonly fault: ScheduleFault | null;
}

/** What becomes of one path. `above`: the folder that stands in its way. */
export type WhyAnswer =
  /** `isThere`: something of that name is on this computer. */
  | { readonly kind: 'ignored'; readonly rule: IgnoreRule; readonly isThere: boolean }
  /** A whole path that lies in another synced folder, of this name. */
  | { readonly kind: 'elsewhere'; readonly folder: string }
  /** Never heard of; a few that are called alike, wherever they lie. */
  | { readonly kind: 'nowhere'; readonly alike: readonly string[] }
  /** Changed on both sides, which no sync has seen yet: it will ask which version to keep, or settle it as the folder's settings say. */
  | { readonly kind: 'unasked' }
  | { readonly kind: 'settles'; readonly kept: Kept }
  | { readonly kind: 'held'; readonly why: HeldReason }
  | { readonly kind: 'conflict' | 'pending' | 'agreed' | 'differs' | 'link' }
  /** The folder's direction does not carry it over. */
  | { readonly kind: 'one-way'; readonly direction: 'upload_only' | 'download_only' }
  /** It lies behind a link. */
  | { readonly kind: 'behind-link'; readonly above: string }
  /** It is on neither side any more. `at`: null where the time is not known; `kept`: an earlier version can be brought back. */
  | { readonly kind: 'deleted' | 'moved'; readonly at: number | null; readonly kept: boolean }
  /** It is in step itself, and so many of those that lie in it are not. */
  | { readonly kind: 'below'; readonly what: 'held' | 'conflicts' | 'unasked' | 'problems' | 'failed' | 'planned' | 'oneWay'; readonly count: number }
  | { readonly kind: 'problem'; readonly side: 'local' | 'remote'; readonly reason: ProblemReason; readonly above: string | null }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string };
export interface WhyView {
  readonly path: string;
  readonly answer: WhyAnswer;
}

/** What a diagnostics file would hold, to be read before it is given to anybody. */
export interface DiagnosticsPreview {
  readonly text: string;
}
