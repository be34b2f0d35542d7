import type { RelPath } from './rel-path.ts';

/** SHA-256 of a file's bytes, 64 lower-case hex digits. */
export type Hash = string & { readonly __hash: unique symbol };

/** Which bytes a local path held when it was looked at: an opaque text made of kind, size, mtime ns, ctime ns, inode and mode.
 * Equal stamps mean "not touched since"; unequal ones mean "look again", never "changed". Only the local side makes one. */
export type Stamp = string & { readonly __stamp: unique symbol };

/** Which object a remote key held: the backend's opaque token (ETag, generation, fingerprint). Only a backend makes one. */
export type Version = string & { readonly __version: unique symbol };

/** The version of a remote folder that has no marker object of its own: it is there only as long as something lies in it. */
export const IMPLIED_FOLDER = 'implied' as Version;

/** The version in a base that came from elsewhere (`state import`) and that no object here was seen to have: whatever is there now is another. */
export const UNSEEN_VERSION = 'unseen' as Version;

export interface FileEntry {
  readonly kind: 'file';
  readonly size: number;
  readonly hash: Hash;
  /** Nanoseconds since the epoch. Kept and shown, never compared between machines (C44). */
  readonly mtimeNs: bigint;
  /** Permission bits, 0o777 at most; null where the side has none, which never counts as a difference. */
  readonly mode: number | null;
}
export interface FolderEntry {
  readonly kind: 'folder';
}
export interface SymlinkEntry {
  readonly kind: 'symlink';
  /** The link's text as it stands; it is stored and never followed (C14). */
  readonly target: string;
}
export type Entry = FileEntry | FolderEntry | SymlinkEntry;
/** What holds content of its own, against folders. */
export type LeafEntry = FileEntry | SymlinkEntry;

/** Same kind and same bytes (or link text); times and permission bits do not count. */
export function sameContent(a: Entry, b: Entry): boolean {
  if (a.kind === 'file') return b.kind === 'file' && a.hash === b.hash && a.size === b.size;
  if (a.kind === 'symlink') return b.kind === 'symlink' && a.target === b.target;
  return b.kind === 'folder';
}

/** Same permission bits as far as both sides know them. */
export function sameMode(a: Entry, b: Entry): boolean {
  return a.kind !== 'file' || b.kind !== 'file' || a.mode === null || b.mode === null || a.mode === b.mode;
}

export interface Local {
  readonly entry: Entry;
  readonly stamp: Stamp;
  /** Identity within its file system, for finding renames; null where the file system has no stable one. */
  readonly fileId: string | null;
  /** A folder with ignored entries in it: it cannot be removed without touching what is out of scope. Ignored junk does not count; it goes to the trash when its folder goes. */
  readonly holdsIgnored?: boolean;
  /** Its bytes look like chance (core/noise.ts). Known of files that were read because they are not what was agreed. */
  readonly noise?: boolean;
  /** An empty file under the very mtime at which it held something: a power cut took its bytes (ext4 and others bring back names and times without them). It counts as unchanged, and is fetched again. */
  readonly lostBytes?: boolean;
}
export interface Remote {
  readonly entry: Entry;
  readonly version: Version;
  /** Operation id of the write that made this version, where the backend keeps metadata. */
  readonly op: string | null;
  /** Name of the device that wrote it. */
  readonly device: string | null;
  /** Which side's clock: the store's own time of the write in ms since the epoch. */
  readonly storedAtMs: number | null;
}

/** What both sides last agreed on at a path. It records observations, never orders (I5). */
export interface Base {
  readonly entry: Entry;
  /** The local stamp that held `entry`, or null when it was not seen (after an adopted crash). */
  readonly stamp: Stamp | null;
  readonly version: Version;
}

/** A path that cannot be looked at or cannot be held by a side. Nothing at it, nor (if `subtree`) below it, is planned (L8, C13, C21). */
export interface PathProblem {
  /** Shown as is; may be text that is no RelPath (a hostile key, a name in invalid UTF-8). */
  readonly path: string;
  readonly side: 'local' | 'remote';
  readonly reason: ProblemReason;
  /** True where everything below the path is unknown as well. */
  readonly subtree: boolean;
  readonly detail?: string;
}
export type ProblemReason =
  | 'unreadable'
  | 'changing'
  | 'special-file'
  | 'invalid-utf8-name'
  | 'unsafe-name'
  | 'name-not-allowed'
  | 'name-too-long'
  | 'name-collision'
  | 'other-file-system'
  | 'nested-pair'
  | 'file-and-folder'
  | 'symlink-not-supported'
  | 'too-large'
  | 'corrupt'
  /** In a vault that encrypts or compresses: the bytes are no object of ours. */
  | 'not-sealed'
  /** A name that this vault's key did not make. */
  | 'foreign-name'
  /** Of another vault, of another key, or altered: it does not open. */
  | 'other-key'
  /** Whole and ours, but made for another path. */
  | 'misplaced'
  /** Whole and ours, but older than what this device has already seen at the path. */
  | 'rolled-back'
  | 'failed';

/** One side's tree as it was seen; complete but for its problems. A scan that cannot promise this throws instead (I8). */
export interface LocalSnapshot {
  readonly entries: ReadonlyMap<RelPath, Local>;
  readonly problems: readonly PathProblem[];
}
export interface RemoteSnapshot {
  readonly entries: ReadonlyMap<RelPath, Remote>;
  readonly problems: readonly PathProblem[];
  /** Files and links of ours that bear the name of a folder: two devices stored the one and something in the other at the same moment, which a flat store allows. `entries` holds the folder. */
  readonly besideFolders: ReadonlyMap<RelPath, Remote>;
}
export type BaseSnapshot = ReadonlyMap<RelPath, Base>;
