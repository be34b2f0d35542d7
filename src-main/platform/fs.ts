/**
 * The file system port. Everything that touches disk goes through it, so that a simulated one can replay any interleaving and crash
 * (DESIGN 11). Paths are absolute native paths. Every failure is a SyncError: ENOENT and ENOTDIR `not-found`, EEXIST `exists`, ENOTEMPTY
 * `not-empty`, EACCES/EPERM `no-permission`, ENOSPC/EDQUOT `disk-full`, EROFS `read-only`, EBUSY/ETXTBSY `busy`, EXDEV `cross-device`, ENAMETOOLONG
 * `name-too-long`, EINVAL/EILSEQ on a name `name-not-allowed`, ENOSYS/ENOTSUP `not-supported`, else `io`. No call follows a symlink in its last component.
 */
export interface Fs {
  /** Null when nothing is there. */
  lstat(path: string): Promise<FileStat | null>;
  /** Names in a folder, in no order, without `.` and `..`. A name that is not valid UTF-8 comes as `{ name, valid: false }`, name made printable. */
  readDir(path: string): Promise<readonly DirName[]>;
  /** Opens a regular file for reading (O_NOFOLLOW); `not-found` where there is none, `not-supported` where it is no regular file. */
  openRead(path: string): Promise<ReadHandle>;
  /** Creates a file that must not exist (O_EXCL, O_NOFOLLOW). */
  create(path: string, mode: number): Promise<WriteHandle>;
  /** Opens a file for appending, creating it if missing. */
  openAppend(path: string, mode: number): Promise<WriteHandle>;
  /** Atomic; replaces a file at `to`. */
  rename(from: string, to: string): Promise<void>;
  /** Hard link; `exists` when `to` is there, `not-supported` where the file system has none. Never replaces. */
  link(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  mkdir(path: string): Promise<void>;
  rmdir(path: string): Promise<void>;
  symlink(target: string, path: string): Promise<void>;
  readLink(path: string): Promise<string>;
  /** Sets the modification time to the precision the file system has. */
  setMtime(path: string, mtimeNs: bigint): Promise<void>;
  chmod(path: string, mode: number): Promise<void>;
  /** Makes the folder's entries durable; a no-op where the platform has no such call. */
  syncFolder(path: string): Promise<void>;
  /** Copies a file's bytes to a new file (`exists` if there), by reflink where possible. */
  copyFile(from: string, to: string): Promise<void>;
  /** The canonical path with every symlink resolved. */
  realPath(path: string): Promise<string>;
  /** Bytes an ordinary user can still write, or null when unknown. */
  freeBytes(path: string): Promise<number | null>;
}

export interface DirName {
  readonly name: string;
  readonly valid: boolean;
}
export interface FileStat {
  readonly kind: 'file' | 'folder' | 'symlink' | 'other';
  readonly size: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  /** When it was made; left out where the file system does not keep that. */
  readonly bornNs?: bigint;
  readonly ino: bigint;
  readonly dev: bigint;
  /** Permission bits only (0o777). */
  readonly mode: number;
  readonly nlink: number;
}
export interface ReadHandle {
  stat(): Promise<FileStat>;
  /** Reads into `buffer` from `position`; 0 at the end of the file. */
  read(buffer: Uint8Array, position: number): Promise<number>;
  close(): Promise<void>;
}
export interface WriteHandle {
  /** Writes all of `chunk` at the end. */
  write(chunk: Uint8Array): Promise<void>;
  /** fsync. */
  sync(): Promise<void>;
  stat(): Promise<FileStat>;
  close(): Promise<void>;
}
