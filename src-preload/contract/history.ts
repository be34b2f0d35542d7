import type { ErrorView, Listed } from './model.ts';

/** One content a file had. */
export interface VersionView {
  readonly id: string;
  /** By the store's clock. */
  readonly from: number;
  /** Null while it is there. */
  readonly until: number | null;
  readonly ended: 'is-there' | 'replaced' | 'removed' | 'moved' | 'unknown';
  /** False: something was there, and retention removed its content. */
  readonly kept: boolean;
  readonly size: number | null;
  readonly device: string | null;
  /** The text of a link; null for files. */
  readonly link: string | null;
}
export interface FileHistory {
  /** Newest first. */
  readonly versions: readonly VersionView[];
  /** What was there before the oldest. */
  readonly earlier: 'nothing' | 'expired' | 'unknown';
  /** What gave way on this computer, the latest first: versions that the backup may never have had. */
  readonly trashed: readonly TrashView[];
}

/** When something in a folder changed, gathered so that there are at most some hundred. */
export interface HistoryRange {
  readonly from: number;
  /** The store's time when it was asked. */
  readonly to: number;
  readonly moments: readonly { readonly at: number; readonly changes: number }[];
}

/** `gone`: it was there then and is not now; `added`: the other way round; `lost`: something was or may have been there, and is no longer kept. */
export const PAST_STATES = ['same', 'changed', 'gone', 'added', 'lost'] as const;
export type PastState = (typeof PAST_STATES)[number];

/** What lay in a folder, or lies there now, by its name. */
export interface PastEntry {
  readonly name: string;
  /** `link`: that it is one is known of what is there now; of what is gone a listing does not tell. */
  readonly kind: 'file' | 'folder' | 'link';
  /** As it was then; of what came later, as it is now. */
  readonly size: number | null;
  readonly state: PastState;
  /** Of a folder: files below it that were other then. */
  readonly differs: number;
}
export interface PastFolder {
  readonly entries: Listed<PastEntry>;
  /** Files at and below the folder. */
  readonly counts: Readonly<Record<PastState, number>>;
}

export interface DeletedFile {
  readonly path: string;
  /** The version that was there last. */
  readonly id: string;
  readonly at: number;
  readonly size: number | null;
}

/** What one run of syncs changed; numbers are of files and links, but for `folders`. */
export interface RunView {
  readonly id: string;
  readonly at: number;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  /** Got another name, and are neither added nor removed. */
  readonly moved: number;
  /** Came or went. */
  readonly folders: number;
  /** The first few of them, folders last, as they are called afterwards. */
  readonly paths: readonly string[];
  /** False where nothing would change any more. */
  readonly canUndo: boolean;
  /** When it was undone; null where it was not, or something of it is left. */
  readonly undoneAt: number | null;
  /** Nothing of it can be undone, since what was there before is kept nowhere. */
  readonly notKept: boolean;
}

export interface TrashView {
  readonly path: string;
  /** The part of the trash it lies in. */
  readonly batch: string;
  /** Null: not known. */
  readonly at: number | null;
  readonly size: number;
  readonly kind: 'file' | 'symlink';
}

/** What to bring back. `held`: what is held back as it was before; `conflict`: the version of a file that gave way when it was last decided between two. */
export type RestoreWhat =
  | { readonly kind: 'moment'; readonly at: number; readonly folder: string | null }
  | { readonly kind: 'version'; readonly path: string; readonly id: string }
  | { readonly kind: 'run'; readonly id: string }
  | { readonly kind: 'conflict'; readonly path: string }
  | { readonly kind: 'trash'; readonly path: string; readonly batch: string }
  | { readonly kind: 'held' };

export interface RestoreRequest {
  readonly pair: string;
  readonly what: RestoreWhat;
  /** Token of a folder to write into; null: where it was. Only moments and versions go elsewhere. */
  readonly to: string | null;
}

export interface ChangeView {
  readonly kind: 'write' | 'replace' | 'send' | 'remove' | 'move' | 'make-folder' | 'remove-folder' | 'set-mode';
  readonly path: string;
  readonly to: string | null;
  readonly size: number | null;
}
export interface RestorePlan {
  readonly changes: Listed<ChangeView>;
  readonly counts: Readonly<Record<ChangeView['kind'], number>>;
  /** What stays as it is, with the reason. */
  readonly left: Listed<{ readonly path: string; readonly why: string }>;
  /** So many files would go that it takes a second yes; null where it does not. */
  readonly held: number | null;
}
export interface RestoreReport {
  /** All that was done. */
  readonly done: number;
  readonly counts: RestorePlan['counts'];
  /** What the one file that came back is called now; null where none did, or several. */
  readonly file: string | null;
  readonly left: RestorePlan['left'];
  /** Null: it came to its end. Otherwise so many files were to come back, and `error` is what ended it before; null: the user. */
  readonly cut: { readonly files: number; readonly error: ErrorView | null } | null;
}

/** What a backup does not hold any more because its owner brought an older state of it back; each by its path. */
export interface LostView {
  /** An older version is there; the one here is sent again. */
  readonly older: Listed<string>;
  /** Gone there, sent again. */
  readonly missing: Listed<string>;
  /** Other content is there, of unknown age: both are kept. */
  readonly differing: Listed<string>;
}
export interface AcceptReport {
  /** Changes that were carried over. */
  readonly done: number;
  readonly failed: number;
}

export type ContentPreview =
  | { readonly kind: 'text'; readonly text: string }
  /** As a data URL. */
  | { readonly kind: 'image'; readonly url: string }
  | { readonly kind: 'none'; readonly why: 'too-large' | 'not-text' | 'not-a-file' | 'unavailable' };
