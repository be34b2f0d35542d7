import * as fs from 'node:fs';
import { promisify } from 'node:util';

type Awaitable<T> = T | Promise<T>;

/** The system calls the file system adapter is made of, in two manners: through libuv's thread pool, or on the calling thread. File handles are plain numbers in both, so one adapter serves them. */
export interface Calls {
  lstat(path: string): Awaitable<fs.BigIntStats>;
  fstat(fd: number): Awaitable<fs.BigIntStats>;
  readNames(path: string): Awaitable<string[]>;
  readRawNames(path: string): Awaitable<Buffer[]>;
  open(path: string, flags: number, mode?: number): Awaitable<number>;
  close(fd: number): Awaitable<void>;
  read(fd: number, into: Uint8Array, position: number): Awaitable<number>;
  write(fd: number, from: Uint8Array): Awaitable<number>;
  fsync(fd: number): Awaitable<void>;
  fchmod(fd: number, mode: number): Awaitable<void>;
  chmod(path: string, mode: number): Awaitable<void>;
  lutimes(path: string, atime: number | Date, mtime: number | Date): Awaitable<void>;
  rename(from: string, to: string): Awaitable<void>;
  link(from: string, to: string): Awaitable<void>;
  unlink(path: string): Awaitable<void>;
  mkdir(path: string): Awaitable<unknown>;
  rmdir(path: string): Awaitable<void>;
  symlink(target: string, path: string): Awaitable<void>;
  readlink(path: string): Awaitable<string>;
  copyFile(from: string, to: string, flags: number): Awaitable<void>;
  realpath(path: string): Awaitable<string>;
  statfs(path: string): Awaitable<fs.BigIntStatsFs>;
}

const [openLater, closeLater, fsyncLater, fchmodLater, fstatLater] = [promisify(fs.open), promisify(fs.close), promisify(fs.fsync), promisify(fs.fchmod), promisify(fs.fstat)];
const [readLater, writeLater] = [promisify(fs.read), promisify(fs.write)];

export const pooledCalls: Calls = {
  lstat: (path) => fs.promises.lstat(path, { bigint: true }),
  fstat: (fd) => fstatLater(fd, { bigint: true }),
  readNames: (path) => fs.promises.readdir(path),
  readRawNames: (path) => fs.promises.readdir(path, { encoding: 'buffer' }),
  open: (path, flags, mode) => openLater(path, flags, mode),
  close: (fd) => closeLater(fd),
  read: async (fd, into, position) => (await readLater(fd, into, 0, into.length, position)).bytesRead,
  write: async (fd, from) => (await writeLater(fd, from, 0, from.length, null)).bytesWritten,
  fsync: (fd) => fsyncLater(fd),
  fchmod: (fd, mode) => fchmodLater(fd, mode),
  chmod: (path, mode) => fs.promises.chmod(path, mode),
  lutimes: (path, atime, mtime) => fs.promises.lutimes(path, atime, mtime),
  rename: (from, to) => fs.promises.rename(from, to),
  link: (from, to) => fs.promises.link(from, to),
  unlink: (path) => fs.promises.unlink(path),
  mkdir: (path) => fs.promises.mkdir(path),
  rmdir: (path) => fs.promises.rmdir(path),
  symlink: (target, path) => fs.promises.symlink(target, path),
  readlink: (path) => fs.promises.readlink(path),
  copyFile: (from, to, flags) => fs.promises.copyFile(from, to, flags),
  realpath: promisify(fs.realpath.native),
  statfs: (path) => fs.promises.statfs(path, { bigint: true }),
};

export const blockingCalls: Calls = {
  lstat: (path) => fs.lstatSync(path, { bigint: true }),
  fstat: (fd) => fs.fstatSync(fd, { bigint: true }),
  readNames: (path) => fs.readdirSync(path),
  readRawNames: (path) => fs.readdirSync(path, { encoding: 'buffer' }),
  open: fs.openSync,
  close: fs.closeSync,
  read: (fd, into, position) => fs.readSync(fd, into, 0, into.length, position),
  write: (fd, from) => fs.writeSync(fd, from, 0, from.length, null),
  fsync: fs.fsyncSync,
  fchmod: fs.fchmodSync,
  chmod: fs.chmodSync,
  lutimes: fs.lutimesSync,
  rename: fs.renameSync,
  link: fs.linkSync,
  unlink: fs.unlinkSync,
  mkdir: (path) => fs.mkdirSync(path),
  rmdir: (path) => fs.rmdirSync(path),
  symlink: (target, path) => fs.symlinkSync(target, path),
  readlink: (path) => fs.readlinkSync(path),
  copyFile: fs.copyFileSync,
  realpath: (path) => fs.realpathSync.native(path),
  statfs: (path) => fs.statfsSync(path, { bigint: true }),
};

/** Up to this a read or write is a matter of microseconds on a disk of this machine. */
const SMALL_BYTES = 64 * 1024;

/**
 * What costs microseconds on a disk of this machine is done at once; what may take longer (fsync, big pieces, copies) goes to the pool. A call through the pool costs some 50 us of this thread's time,
 * and a small file takes some forty calls.
 */
export const quickCalls: Calls = {
  ...blockingCalls,
  read: (fd, into, position) => (into.length <= SMALL_BYTES ? blockingCalls : pooledCalls).read(fd, into, position),
  write: (fd, from) => (from.length <= SMALL_BYTES ? blockingCalls : pooledCalls).write(fd, from),
  fsync: pooledCalls.fsync,
  copyFile: pooledCalls.copyFile,
  realpath: pooledCalls.realpath,
  statfs: pooledCalls.statfs,
};
