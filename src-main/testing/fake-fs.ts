import type { DirName, FileStat, Fs, ReadHandle, WriteHandle } from '../platform/fs.ts';
import { type DiskOptions, FakeDisk, fail, type Inode } from './fake-disk.ts';

export type FsLabel =
  | 'lstat'
  | 'readDir'
  | 'openRead'
  | 'read'
  | 'create'
  | 'openAppend'
  | 'write'
  | 'sync'
  | 'fstat'
  | 'close'
  | 'rename'
  | 'link'
  | 'unlink'
  | 'mkdir'
  | 'rmdir'
  | 'symlink'
  | 'readLink'
  | 'setMtime'
  | 'chmod'
  | 'syncFolder'
  | 'copyFile'
  | 'realPath'
  | 'freeBytes';

/**
 * Runs before every call, which then happens in one atomic step. It may wait (another device goes first), throw a SyncError (a fault: the call did not happen), or
 * throw a {@link Crash} or never resolve (the program died there).
 */
export type Step = (label: FsLabel, path: string) => Promise<void> | void;

/** Hears of each call in the instant before it happens, when nothing else can come between. `to` is the new name of a rename or link. */
export type Observe = (label: FsLabel, path: string, to: string | null) => void;

export interface ViewOptions {
  readonly step?: Step;
  readonly observe?: Observe;
  /** A read of this file gives at most so many bytes, as a network file system may: then the file can change between two reads of it. */
  readonly readsAtMost?: (path: string) => number;
}

/** Thrown by a {@link Step}: the program is dead from here on. No code of ours may catch it and go on. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** A simulated file system: one disk, what the user does to it, and as many views (devices, runs of one program) as a test wants. */
export class FakeFs {
  readonly disk: FakeDisk;
  /** The user, or another program, at work: direct, synchronous, not seen by any step. */
  readonly edit: Edit;

  constructor(options: DiskOptions) {
    this.disk = new FakeDisk(options);
    this.edit = new Edit(this.disk);
  }

  /** The port over this disk. Each run of each device takes its own, with its own step. */
  view(step?: Step, options: Omit<ViewOptions, 'step'> = {}): Fs {
    return new FakeView(this.disk, step === undefined ? options : { ...options, step });
  }

  /** Path -> text (a folder ends in `/` and holds '', a link holds `-> target`, what has no bytes `?`), sorted. Leaves out our own folder at the top unless `all`. */
  tree(root: string, options: { readonly all?: boolean } = {}): Record<string, string> {
    const found: [string, string][] = [];
    const walk = (path: string, rel: string): void => {
      for (const { name, valid } of this.disk.list(path)) {
        if (rel === '' && name === '.file-sync' && !options.all) continue;
        if (!valid) continue;
        const node = this.disk.need(`${path}/${name}`);
        const isFolder = node.kind === 'folder';
        found.push([
          `${rel}${name}${isFolder ? '/' : ''}`,
          node.kind === 'file' ? Buffer.from(node.data).toString() : node.kind === 'symlink' ? `-> ${node.target}` : isFolder ? '' : '?',
        ]);
        if (isFolder) walk(`${path}/${name}`, `${rel}${name}/`);
      }
    };
    walk(root, '');
    return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  powerCut(options: { readonly holes?: boolean } = {}): void {
    this.disk.powerCut(options);
  }
}

/** What a user does; parents are made as needed, and a change is durable at once. */
export class Edit {
  readonly #disk: FakeDisk;
  constructor(disk: FakeDisk) {
    this.#disk = disk;
  }

  /** Truncates and writes in place, as most editors' "save" does. `mtimeNs` puts the time back afterwards, as `touch -r` does. */
  write(path: string, content: string | Uint8Array, options: { readonly mtimeNs?: bigint; readonly mode?: number } = {}): void {
    this.#parents(path);
    const node = this.#disk.find(path) ?? this.#disk.create(path, 0o644);
    this.#disk.setData(node, typeof content === 'string' ? Buffer.from(content) : content);
    node.durable = node.data;
    if (options.mode !== undefined) this.#disk.chmod(path, options.mode);
    if (options.mtimeNs !== undefined) this.#disk.setMtime(path, options.mtimeNs);
  }
  append(path: string, text: string): void {
    this.write(path, this.read(path) + text);
  }
  /** Saves by a temporary file and a rename: a new inode under the old name. */
  replace(path: string, content: string | Uint8Array): void {
    this.write(`${path}.new~`, content);
    this.#disk.rename(`${path}.new~`, path);
  }
  read(path: string): string {
    return Buffer.from(this.#disk.open(path).data).toString();
  }
  exists(path: string): boolean {
    return this.#disk.find(path) !== null;
  }
  mkdir(path: string): void {
    this.#parents(`${path}/x`);
  }
  /** Removes a file, or a folder with all that is in it. */
  remove(path: string): void {
    if (this.#disk.need(path).kind === 'folder') {
      for (const { name } of this.#disk.list(path)) this.remove(`${path}/${name}`);
      this.#disk.rmdir(path);
    } else this.#disk.unlink(path);
  }
  rename(from: string, to: string): void {
    this.#parents(to);
    this.#disk.rename(from, to);
  }
  link(from: string, to: string): void {
    this.#parents(to);
    this.#disk.link(from, to);
  }
  symlink(target: string, path: string): void {
    this.#parents(path);
    this.#disk.symlink(target, path);
  }
  chmod(path: string, mode: number): void {
    this.#disk.chmod(path, mode);
  }
  setMtime(path: string, mtimeNs: bigint): void {
    this.#disk.setMtime(path, mtimeNs);
  }
  /** A FIFO, socket or device. */
  special(path: string): void {
    this.#parents(path);
    this.#disk.special(path);
  }
  #parents(path: string): void {
    for (let cut = path.indexOf('/', 1); cut > 0; cut = path.indexOf('/', cut + 1)) {
      if (this.#disk.find(path.slice(0, cut)) === null) this.#disk.mkdir(path.slice(0, cut));
    }
  }
}

class FakeView implements Fs {
  readonly #disk: FakeDisk;
  readonly #options: ViewOptions;
  constructor(disk: FakeDisk, options: ViewOptions) {
    this.#disk = disk;
    this.#options = options;
  }

  async lstat(path: string): Promise<FileStat | null> {
    return this.#run('lstat', path, () => {
      const node = this.#disk.find(path);
      return node === null ? null : this.#disk.stat(node);
    });
  }
  async readDir(path: string): Promise<readonly DirName[]> {
    return this.#run('readDir', path, () => this.#disk.list(path));
  }
  async openRead(path: string): Promise<ReadHandle> {
    const node = await this.#run('openRead', path, () => this.#disk.open(path));
    return {
      stat: () => this.#run('fstat', path, () => this.#disk.stat(node)),
      read: (buffer, position) =>
        this.#run('read', path, () => {
          const part = node.data.subarray(position, position + Math.min(buffer.length, this.#options.readsAtMost?.(path) ?? buffer.length));
          buffer.set(part);
          return part.length;
        }),
      close: () => this.#run('close', path, () => undefined),
    };
  }
  async create(path: string, mode: number): Promise<WriteHandle> {
    return this.#writer(path, await this.#run('create', path, () => this.#disk.create(path, mode)));
  }
  async openAppend(path: string, mode: number): Promise<WriteHandle> {
    return this.#writer(path, await this.#run('openAppend', path, () => this.#disk.openAppend(path, mode)));
  }
  async rename(from: string, to: string): Promise<void> {
    await this.#run('rename', from, () => this.#disk.rename(from, to), [from, to]);
  }
  async link(from: string, to: string): Promise<void> {
    await this.#run('link', to, () => this.#disk.link(from, to), [from, to]);
  }
  async unlink(path: string): Promise<void> {
    await this.#run('unlink', path, () => this.#disk.unlink(path));
  }
  async mkdir(path: string): Promise<void> {
    await this.#run('mkdir', path, () => this.#disk.mkdir(path));
  }
  async rmdir(path: string): Promise<void> {
    await this.#run('rmdir', path, () => this.#disk.rmdir(path));
  }
  async symlink(target: string, path: string): Promise<void> {
    await this.#run('symlink', path, () => this.#disk.symlink(target, path));
  }
  async readLink(path: string): Promise<string> {
    return this.#run('readLink', path, () => {
      const node = this.#disk.need(path);
      if (node.kind !== 'symlink') throw fail('not-supported', path);
      return node.target;
    });
  }
  async setMtime(path: string, mtimeNs: bigint): Promise<void> {
    await this.#run('setMtime', path, () => this.#disk.setMtime(path, mtimeNs));
  }
  async chmod(path: string, mode: number): Promise<void> {
    await this.#run('chmod', path, () => this.#disk.chmod(path, mode));
  }
  async syncFolder(path: string): Promise<void> {
    await this.#run('syncFolder', path, () => void this.#disk.list(path));
  }
  async copyFile(from: string, to: string): Promise<void> {
    await this.#run('copyFile', from, () => {
      const source = this.#disk.open(from);
      const copy = this.#disk.create(to, source.mode);
      copy.mode = source.mode;
      try {
        this.#disk.append(copy, source.data, to);
      } catch (error) {
        this.#disk.unlink(to);
        throw error;
      }
    });
  }
  async realPath(path: string): Promise<string> {
    return this.#run('realPath', path, () => this.#disk.realPath(path));
  }
  async freeBytes(path: string): Promise<number | null> {
    return this.#run('freeBytes', path, () => (this.#disk.capacity === Number.POSITIVE_INFINITY ? null : Math.max(0, this.#disk.capacity - this.#disk.usedBytes())));
  }

  #writer(path: string, node: Inode): WriteHandle {
    return {
      write: (chunk) => this.#run('write', path, () => this.#disk.append(node, chunk, path)),
      sync: () =>
        this.#run('sync', path, () => {
          node.durable = node.data;
        }),
      stat: () => this.#run('fstat', path, () => this.#disk.stat(node)),
      close: () => this.#run('close', path, () => undefined),
    };
  }

  async #run<T>(label: FsLabel, path: string, call: () => T, names: readonly [string, string | null] = [path, null]): Promise<T> {
    const { step, observe } = this.#options;
    if (step !== undefined) await step(label, path);
    observe?.(label, ...names);
    return call();
  }
}
