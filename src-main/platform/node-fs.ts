import { type BigIntStats, constants } from 'node:fs';
import { type ErrorCode, SyncError } from '../core/errors.ts';
import type { DirName, FileStat, Fs, ReadHandle, WriteHandle } from './fs.ts';
import { blockingCalls, type Calls, pooledCalls, quickCalls } from './node-calls.ts';
import { errnoOf, fromNodeError } from './node-error.ts';

export interface NodeFsOptions {
  /** Calls that block the thread: several times faster, and only for a worker thread. */
  readonly blocking?: boolean;
  /** Only short calls block: for disks of this machine, never for a network's. */
  readonly quick?: boolean;
  /** Whether the system's `link` gives a second name to what a symbolic link points to, as macOS's does, instead of to the link. */
  readonly linkFollows?: boolean;
}

/** The real file system behind the port. */
export function nodeFs(options: NodeFsOptions = {}): Fs {
  return new NodeFs(options.blocking ? blockingCalls : options.quick ? quickCalls : pooledCalls, options.linkFollows ?? process.platform === 'darwin');
}

// Windows has neither flag; there a link is told by the lstat before.
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
/** Without it, opening a FIFO waits for a writer for ever. It changes nothing for a regular file. */
const NO_WAIT = constants.O_NONBLOCK ?? 0;
const IS_WINDOWS = process.platform === 'win32';
// EISDIR: what Node makes of Windows' ERROR_INVALID_FUNCTION, the answer of FAT and exFAT there (nodejs/node#65817).
const NO_HARD_LINKS: Readonly<Record<string, ErrorCode>> = { EPERM: 'not-supported', EMLINK: 'not-supported', EISDIR: 'not-supported' };
// EPERM: vfat has no links at all; Windows wants a privilege for them.
const NO_SYMLINKS: Readonly<Record<string, ErrorCode>> = { EPERM: 'not-supported', EISDIR: 'not-supported' };
/** Of a file that is renamed to where a folder has come meanwhile. */
const ONTO_FOLDER: Readonly<Record<string, ErrorCode>> = { EISDIR: 'exists' };
const NOT_REGULAR: Readonly<Record<string, ErrorCode>> = { ENXIO: 'not-supported', EISDIR: 'not-supported' };

class NodeFs implements Fs {
  readonly #calls: Calls;
  readonly #linkFollows: boolean;
  constructor(calls: Calls, linkFollows: boolean) {
    this.#calls = calls;
    this.#linkFollows = linkFollows;
  }

  async lstat(path: string): Promise<FileStat | null> {
    try {
      return toFileStat(await this.#calls.lstat(path));
    } catch (error) {
      const errno = errnoOf(error);
      if (errno === 'ENOENT' || errno === 'ENOTDIR') return null;
      throw fromNodeError(error, path);
    }
  }

  async readDir(path: string): Promise<readonly DirName[]> {
    return attempt(path, async () => {
      const names = await this.#calls.readNames(path);
      // A name that is not UTF-8 decodes with U+FFFD in it, so only then can there be one.
      if (!names.some((name) => name.includes('\uFFFD'))) return names.map((name) => ({ name, valid: true }));
      return (await this.#calls.readRawNames(path)).map(decodeName);
    });
  }

  async openRead(path: string): Promise<ReadHandle> {
    return attempt(
      path,
      async () => {
        if (IS_WINDOWS && !(await this.#calls.lstat(path)).isFile()) throw notRegular(path);
        const fd = await this.#calls.open(path, constants.O_RDONLY | NO_FOLLOW | NO_WAIT);
        const handle = new NodeReadHandle(this.#calls, fd, path);
        const isFile = await handle.stat().then(
          (stat) => stat.kind === 'file',
          async (error: unknown) => handle.close().then(() => Promise.reject(error)),
        );
        if (isFile) return handle;
        await handle.close();
        throw notRegular(path);
      },
      NOT_REGULAR,
    );
  }

  async create(path: string, mode: number): Promise<WriteHandle> {
    return this.#openForWriting(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW, mode);
  }
  async openAppend(path: string, mode: number): Promise<WriteHandle> {
    return this.#openForWriting(path, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | NO_FOLLOW | NO_WAIT, mode);
  }
  async #openForWriting(path: string, flags: number, mode: number): Promise<WriteHandle> {
    return attempt(path, async () => new NodeWriteHandle(this.#calls, await this.#calls.open(path, flags, mode), path), NOT_REGULAR);
  }

  async rename(from: string, to: string): Promise<void> {
    await attempt(from, () => this.#calls.rename(from, to), ONTO_FOLDER);
  }
  async link(from: string, to: string): Promise<void> {
    if (this.#linkFollows && (await attempt(from, () => this.#calls.lstat(from))).isSymbolicLink()) return this.symlink(await this.readLink(from), to);
    await attempt(to, () => this.#calls.link(from, to), NO_HARD_LINKS);
  }
  async unlink(path: string): Promise<void> {
    await attempt(path, () => this.#calls.unlink(path));
  }
  async mkdir(path: string): Promise<void> {
    await attempt(path, () => this.#calls.mkdir(path));
  }
  async rmdir(path: string): Promise<void> {
    await attempt(path, () => this.#calls.rmdir(path));
  }
  async symlink(target: string, path: string): Promise<void> {
    await attempt(path, () => this.#calls.symlink(target, path), NO_SYMLINKS);
  }
  async readLink(path: string): Promise<string> {
    return attempt(path, () => this.#calls.readlink(path), { EINVAL: 'not-supported' });
  }

  /** Node takes seconds as a double and libuv cuts to whole microseconds: what is set is the asked time rounded down to 1 us (1 ms before 1970), never off by more. */
  async setMtime(path: string, mtimeNs: bigint): Promise<void> {
    const time = mtimeNs < 0n ? dateBefore1970(mtimeNs) : secondsSince1970(mtimeNs);
    await attempt(path, () => this.#calls.lutimes(path, time, time));
  }

  async chmod(path: string, mode: number): Promise<void> {
    await attempt(path, async () => {
      const stat = await this.#calls.lstat(path);
      if (stat.isSymbolicLink()) throw new SyncError('not-supported', `a link has no permission bits of its own: ${path}`, { path });
      // Through a handle, so that a link put here after the look is not followed.
      const fd = await this.#openOrNull(path, constants.O_RDONLY | NO_FOLLOW | NO_WAIT);
      // RACE: a file we may not open can only be reached by name; a link put here since the look would be followed.
      if (fd === null) return this.#calls.chmod(path, mode);
      try {
        await this.#calls.fchmod(fd, mode);
      } finally {
        await this.#calls.close(fd);
      }
    });
  }

  async syncFolder(path: string): Promise<void> {
    if (IS_WINDOWS) return;
    await attempt(path, async () => {
      const fd = await this.#calls.open(path, constants.O_RDONLY | (constants.O_DIRECTORY ?? 0));
      try {
        await this.#calls.fsync(fd);
      } catch (error) {
        // Some network and FUSE file systems have no fsync for a folder.
        if (!['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(errnoOf(error) ?? '')) throw error;
      } finally {
        await this.#calls.close(fd);
      }
    });
  }

  async copyFile(from: string, to: string): Promise<void> {
    await attempt(from, async () => {
      // RACE: the copy itself follows a link put at `from` after this look.
      if (!(await this.#calls.lstat(from)).isFile()) throw notRegular(from);
      await this.#calls.copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    });
  }

  async realPath(path: string): Promise<string> {
    return attempt(path, () => this.#calls.realpath(path));
  }

  async freeBytes(path: string): Promise<number | null> {
    try {
      const { bavail, bsize } = await this.#calls.statfs(path);
      return Number(bavail * bsize);
    } catch {
      return null;
    }
  }

  async #openOrNull(path: string, flags: number): Promise<number | null> {
    try {
      return await this.#calls.open(path, flags);
    } catch (error) {
      if (errnoOf(error) === 'EACCES' || errnoOf(error) === 'EPERM') return null;
      throw error;
    }
  }
}

class NodeReadHandle implements ReadHandle {
  readonly #calls: Calls;
  readonly #fd: number;
  readonly #path: string;
  constructor(calls: Calls, fd: number, path: string) {
    this.#calls = calls;
    this.#fd = fd;
    this.#path = path;
  }
  async stat(): Promise<FileStat> {
    return attempt(this.#path, async () => toFileStat(await this.#calls.fstat(this.#fd)));
  }
  async read(buffer: Uint8Array, position: number): Promise<number> {
    return attempt(this.#path, () => this.#calls.read(this.#fd, buffer, position), { EINVAL: 'io' });
  }
  async close(): Promise<void> {
    await attempt(this.#path, () => this.#calls.close(this.#fd));
  }
}

class NodeWriteHandle implements WriteHandle {
  readonly #calls: Calls;
  readonly #fd: number;
  readonly #path: string;
  constructor(calls: Calls, fd: number, path: string) {
    this.#calls = calls;
    this.#fd = fd;
    this.#path = path;
  }
  async write(chunk: Uint8Array): Promise<void> {
    await attempt(
      this.#path,
      async () => {
        for (let rest = chunk; rest.length > 0; ) rest = rest.subarray(await this.#calls.write(this.#fd, rest));
      },
      { EINVAL: 'io' },
    );
  }
  async sync(): Promise<void> {
    await attempt(this.#path, () => this.#calls.fsync(this.#fd), { EINVAL: 'io' });
  }
  async stat(): Promise<FileStat> {
    return attempt(this.#path, async () => toFileStat(await this.#calls.fstat(this.#fd)));
  }
  async close(): Promise<void> {
    await attempt(this.#path, () => this.#calls.close(this.#fd));
  }
}

async function attempt<T>(path: string, call: () => T | Promise<T>, special?: Readonly<Record<string, ErrorCode>>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw fromNodeError(error, path, special);
  }
}

function notRegular(path: string): SyncError {
  return new SyncError('not-supported', `not a regular file: ${path}`, { path });
}

function toFileStat(stat: BigIntStats): FileStat {
  return {
    kind: stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : stat.isSymbolicLink() ? 'symlink' : 'other',
    size: Number(stat.size),
    mtimeNs: stat.mtimeNs,
    ctimeNs: stat.ctimeNs,
    ...(stat.birthtimeNs > 0n && stat.birthtimeNs <= stat.ctimeNs ? { bornNs: stat.birthtimeNs } : {}),
    ino: stat.ino,
    dev: stat.dev,
    mode: Number(stat.mode & 0o777n),
    nlink: Number(stat.nlink),
  };
}

function secondsSince1970(ns: bigint): number {
  const microseconds = ns / 1000n;
  // Half a microsecond more keeps the double's own error (0.12 us in this century) from tipping libuv's cut to the microsecond before.
  return Number(microseconds / 1_000_000n) + (Number(microseconds % 1_000_000n) + 0.5) / 1e6;
}
/** Node takes a negative number for "now", but not a negative Date. */
function dateBefore1970(ns: bigint): Date {
  return new Date(Number((ns - 999_999n) / 1_000_000n));
}

/** A name that is not UTF-8 is shown byte by byte (`caf\xE9`), so that two of them stay apart. */
function decodeName(raw: Buffer): DirName {
  const name = raw.toString('utf8');
  if (Buffer.from(name, 'utf8').equals(raw)) return { name, valid: true };
  const shown = Array.from(raw, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`));
  return { name: shown.join(''), valid: false };
}
