import { type ErrorCode, SyncError } from '../core/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { FileStat } from '../platform/fs.ts';

export interface DiskOptions {
  /** Gives every mtime and ctime. */
  readonly clock: Pick<Clock, 'now'>;
  /** Times are rounded down to it: 1n (default) to 2_000_000_000n. */
  readonly timeStepNs?: bigint;
  readonly caseInsensitive?: boolean;
  /** Names are kept and given back in NFD, as HFS+ does. */
  readonly normalises?: boolean;
  /** False: a rename gives a new inode number. Default true, as are the next three. */
  readonly stableIds?: boolean;
  readonly hardLinks?: boolean;
  readonly symlinks?: boolean;
  /** False: permission bits are not kept, as on FAT. */
  readonly modes?: boolean;
  /** True: the bits bind, as they do for an ordinary user. False (as for root): they are kept and nothing more. Default true. */
  readonly enforceModes?: boolean;
}

export type NodeKind = FileStat['kind'];

/** What a name stands for. Open handles hold on to it, so it outlives its last name. */
export interface Inode {
  ino: bigint;
  readonly dev: bigint;
  readonly kind: NodeKind;
  mode: number;
  mtimeNs: bigint;
  ctimeNs: bigint;
  readonly bornNs: bigint;
  nlink: number;
  data: Uint8Array;
  /** What a power cut leaves of `data`. */
  durable: Uint8Array;
  target: string;
  readonly children: Map<string, Slot>;
}
interface Slot {
  name: string;
  node: Inode;
  readonly valid: boolean;
  /** The folder a mounted volume hides. */
  readonly covered?: Slot;
}
interface Place {
  readonly folder: Inode;
  readonly key: string;
  readonly name: string;
  readonly slot: Slot | undefined;
}

const NOTHING = new Uint8Array(0);
const UMASK = 0o022;
const LONGEST_NAME_BYTES = 255;
/** As Linux: one link more is a loop. */
const MOST_LINKS = 40;

/** A POSIX file system in memory, with the answers Linux gives (checked against it by property test). All its calls are synchronous, so each is one atomic step. */
export class FakeDisk {
  readonly options: DiskOptions;
  /** Bytes that fit, over all files; may be lowered and raised at any time. */
  capacity = Number.POSITIVE_INFINITY;
  #lastIno = 1n;
  #lastDev = 1n;
  #lastNow = Number.NaN;
  #ticks = 0n;
  readonly #root: Inode;

  constructor(options: DiskOptions) {
    this.options = options;
    this.#root = this.#newInode('folder', 0o755, 1n);
  }

  // --- looking -------------------------------------------------------------------------------------------------------

  stat(node: Inode): FileStat {
    const bits = this.options.modes === false ? (node.kind === 'folder' ? 0o755 : 0o644) : node.mode;
    const size = node.kind === 'file' ? node.data.length : node.kind === 'symlink' ? Buffer.byteLength(node.target) : 0;
    return {
      kind: node.kind,
      size,
      mtimeNs: node.mtimeNs,
      ctimeNs: node.ctimeNs,
      bornNs: node.bornNs,
      ino: node.ino,
      dev: node.dev,
      mode: node.kind === 'symlink' ? 0o777 : bits,
      nlink: node.nlink,
    };
  }

  /** The node a path names, its last component not followed; null where none is. */
  find(path: string): Inode | null {
    try {
      return this.#locate(path).slot?.node ?? null;
    } catch (error) {
      if (error instanceof SyncError && error.code === 'not-found') return null;
      throw error;
    }
  }
  need(path: string): Inode {
    const node = this.find(path);
    if (node === null) throw fail('not-found', path);
    return node;
  }

  list(path: string): { readonly name: string; readonly valid: boolean }[] {
    const node = this.#follow(path);
    if (node.kind !== 'folder') throw fail('not-found', path);
    this.#permit(node, 0o400, path);
    return [...node.children.values()].map(({ name, valid }) => ({ name, valid }));
  }

  realPath(path: string): string {
    return this.#canonical(path, 0);
  }

  usedBytes(): number {
    const seen = new Set<Inode>();
    let used = 0;
    const add = (node: Inode): void => {
      if (seen.has(node)) return;
      seen.add(node);
      used += node.data.length;
      for (const slot of node.children.values()) for (let at: Slot | undefined = slot; at !== undefined; at = at.covered) add(at.node);
    };
    add(this.#root);
    return used;
  }

  // --- changing ------------------------------------------------------------------------------------------------------

  open(path: string): Inode {
    const node = this.need(path);
    if (node.kind !== 'file') throw fail('not-supported', path);
    this.#permit(node, 0o400, path);
    return node;
  }

  create(path: string, mode: number): Inode {
    const place = this.#free(path);
    return this.#enter(place, this.#newInode('file', mode & ~UMASK & 0o777, place.folder.dev));
  }
  openAppend(path: string, mode: number): Inode {
    const node = this.find(path);
    if (node === null) return this.create(path, mode);
    if (node.kind !== 'file') throw fail('not-supported', path);
    this.#permit(node, 0o200, path);
    return node;
  }
  append(node: Inode, chunk: Uint8Array, path: string): void {
    const room = this.capacity === Number.POSITIVE_INFINITY ? chunk.length : Math.max(0, this.capacity - this.usedBytes());
    const fits = chunk.subarray(0, room);
    this.setData(node, Buffer.concat([node.data, fits]));
    if (fits.length < chunk.length) throw fail('disk-full', path);
  }
  setData(node: Inode, data: Uint8Array): void {
    node.data = data;
    node.mtimeNs = node.ctimeNs = this.#now();
  }
  mkdir(path: string): void {
    const place = this.#free(path);
    this.#enter(place, this.#newInode('folder', 0o755, place.folder.dev));
  }
  symlink(target: string, path: string): void {
    if (this.options.symlinks === false) throw fail('not-supported', path);
    const place = this.#free(path);
    const node = this.#newInode('symlink', 0o777, place.folder.dev);
    node.target = target;
    this.#enter(place, node);
  }
  special(path: string): void {
    const place = this.#free(path);
    this.#enter(place, this.#newInode('other', 0o644, place.folder.dev));
  }
  /** A name that is not UTF-8: it is listed, and no path reaches it. */
  invalidName(folder: string, shown: string): void {
    const node = this.need(folder);
    node.children.set(`\0${shown}`, { name: shown, node: this.#newInode('file', 0o644, node.dev), valid: false });
  }

  link(from: string, to: string): void {
    const node = this.need(from);
    const place = this.#free(to);
    if (node.dev !== place.folder.dev) throw fail('cross-device', to);
    if (this.options.hardLinks === false || node.kind === 'folder') throw fail('not-supported', to);
    node.nlink++;
    this.#enter(place, node);
    node.ctimeNs = this.#now();
  }

  unlink(path: string): void {
    const { slot, ...place } = this.#taken(path);
    if (slot.node.kind === 'folder') throw fail('io', path);
    this.#leave({ ...place, slot }, path);
    slot.node.nlink--;
    slot.node.ctimeNs = this.#now();
  }

  rmdir(path: string): void {
    const { slot, ...place } = this.#taken(path);
    if (slot.node.kind !== 'folder') throw fail('not-found', path);
    if (slot.covered) throw fail('busy', path);
    if (slot.node.children.size > 0) throw fail('not-empty', path);
    this.#leave({ ...place, slot }, path);
  }

  rename(from: string, to: string): void {
    this.#locate(from);
    const target = this.#locate(to);
    const source = this.#taken(from);
    const node = source.slot.node;
    this.#permit(source.folder, 0o300, from);
    this.#permit(target.folder, 0o300, to);
    if (source.slot.covered || target.slot?.covered) throw fail('busy', to);
    if (node.dev !== target.folder.dev) throw fail('cross-device', to);
    if (node.kind === 'folder' && (node === target.folder || this.#holds(node, target.folder))) throw fail('name-not-allowed', to);
    if (target.slot && (target.slot.node === source.folder || this.#holds(target.slot.node, source.folder))) throw fail('not-empty', to);
    const sameEntry = source.folder === target.folder && source.key === target.key;
    if (target.slot && !sameEntry) {
      // POSIX: two names of one file stay as they are.
      if (target.slot.node === node) return;
      this.#checkReplace(node, target.slot.node, to);
      target.slot.node.nlink--;
      target.slot.node.ctimeNs = this.#now();
    }
    source.folder.children.delete(source.key);
    if (this.options.stableIds === false) node.ino = ++this.#lastIno;
    node.ctimeNs = this.#now();
    this.#touch(source.folder);
    this.#enter(target, node);
  }

  setMtime(path: string, mtimeNs: bigint): void {
    const node = this.need(path);
    node.mtimeNs = this.#round(mtimeNs);
    node.ctimeNs = this.#now();
  }
  chmod(path: string, mode: number): void {
    const node = this.need(path);
    if (node.kind === 'symlink') throw fail('not-supported', path);
    if (this.options.modes !== false) node.mode = mode & 0o777;
    node.ctimeNs = this.#now();
  }

  /** Mounts a volume (a new, empty one by default) over a folder; the result is the volume, for mounting it again. */
  mount(path: string, volume?: Inode): Inode {
    const place = this.#taken(path);
    const node = volume ?? this.#newInode('folder', 0o755, ++this.#lastDev);
    place.folder.children.set(place.key, { name: place.slot.name, node, valid: true, covered: place.slot });
    return node;
  }
  unmount(path: string): void {
    const place = this.#taken(path);
    if (place.slot.covered) place.folder.children.set(place.key, place.slot.covered);
  }

  /** What was written and not synced is gone; names, sizes of synced data and times stay (ext4 does exactly this). `holes`: the sizes of all data stay, and zeros are read where nothing was synced (XFS). */
  powerCut({ holes = false }: { readonly holes?: boolean } = {}): void {
    const seen = new Set<Inode>();
    const cut = (node: Inode): void => {
      if (seen.has(node)) return;
      seen.add(node);
      const lost = Math.max(0, node.data.length - node.durable.length);
      node.data = holes ? Buffer.concat([node.durable, new Uint8Array(lost)]) : node.durable;
      for (const slot of node.children.values()) for (let at: Slot | undefined = slot; at !== undefined; at = at.covered) cut(at.node);
    };
    cut(this.#root);
  }

  // --- names ---------------------------------------------------------------------------------------------------------

  #locate(path: string, hops = 0): Place {
    const parts = partsOf(path);
    if (path.includes('\0')) throw fail('name-not-allowed', path);
    const name = parts.pop();
    if (name === undefined) return { folder: this.#root, key: '', name: '', slot: { name: '', node: this.#root, valid: true } };
    let folder = this.#root;
    for (let index = 0; index < parts.length; index++) {
      const part = parts[index] as string;
      if (folder.kind !== 'folder') throw fail('not-found', path);
      checkName(part, path);
      this.#permit(folder, 0o100, path);
      const next = folder.children.get(this.#key(part))?.node;
      if (next === undefined) throw fail('not-found', path);
      if (next.kind !== 'symlink') {
        folder = next;
        continue;
      }
      if (hops >= MOST_LINKS) throw fail('not-supported', path);
      const before = `/${parts.slice(0, index).join('/')}`;
      const rest = [...parts.slice(index + 1), name].join('/');
      return this.#locate(resolveText(before, next.target, rest), hops + 1);
    }
    if (folder.kind !== 'folder') throw fail('not-found', path);
    this.#permit(folder, 0o100, path);
    checkName(name, path);
    const key = this.#key(name);
    return { folder, key, name: this.options.normalises ? name.normalize('NFD') : name, slot: folder.children.get(key) };
  }

  #follow(path: string, hops = 0): Inode {
    const node = this.need(path);
    if (node.kind !== 'symlink') return node;
    if (hops >= MOST_LINKS) throw fail('not-supported', path);
    return this.#follow(resolveText(path.slice(0, path.lastIndexOf('/')), node.target, ''), hops + 1);
  }

  #canonical(path: string, hops: number): string {
    if (hops > MOST_LINKS) throw fail('not-supported', path);
    let done = '';
    const parts = path.split('/').filter((part) => part !== '');
    for (const [index, part] of parts.entries()) {
      const node = this.need(`${done}/${part}`);
      if (node.kind === 'symlink') return this.#canonical(resolveText(done, node.target, parts.slice(index + 1).join('/')), hops + 1);
      done = `${done}/${this.#locate(`${done}/${part}`).slot?.name ?? part}`;
    }
    return done === '' ? '/' : done;
  }

  #taken(path: string): Place & { readonly slot: Slot } {
    const place = this.#locate(path);
    if (place.slot === undefined) throw fail('not-found', path);
    return { ...place, slot: place.slot };
  }
  #free(path: string): Place {
    const place = this.#locate(path);
    if (place.slot !== undefined) throw fail('exists', path);
    this.#permit(place.folder, 0o300, path);
    return place;
  }
  #enter(place: Place, node: Inode): Inode {
    place.folder.children.set(place.key, { name: place.name, node, valid: true });
    this.#touch(place.folder);
    return node;
  }
  #leave(place: Place, path: string): void {
    this.#permit(place.folder, 0o300, path);
    place.folder.children.delete(place.key);
    this.#touch(place.folder);
  }
  #checkReplace(node: Inode, old: Inode, path: string): void {
    if (node.kind === 'folder' && old.kind !== 'folder') throw fail('not-found', path);
    if (node.kind !== 'folder' && old.kind === 'folder') throw fail('exists', path);
    if (old.children.size > 0) throw fail('not-empty', path);
  }
  #holds(folder: Inode, sought: Inode): boolean {
    return [...folder.children.values()].some(({ node }) => node === sought || this.#holds(node, sought));
  }
  #key(name: string): string {
    const normal = this.options.normalises ? name.normalize('NFD') : name;
    return this.options.caseInsensitive ? normal.toLowerCase() : normal;
  }
  #permit(node: Inode, bits: number, path: string): void {
    if (this.options.enforceModes !== false && (node.mode & bits) !== bits) throw fail('no-permission', path);
  }

  #newInode(kind: NodeKind, mode: number, dev: bigint): Inode {
    const now = this.#now();
    return { ino: ++this.#lastIno, dev, kind, mode, mtimeNs: now, ctimeNs: now, bornNs: now, nlink: 1, data: NOTHING, durable: NOTHING, target: '', children: new Map() };
  }
  #touch(folder: Inode): void {
    folder.mtimeNs = folder.ctimeNs = this.#now();
  }
  /** Changes within one reading of the clock still get times of their own, 1 ns apart, unless the step hides it. */
  #now(): bigint {
    const now = this.options.clock.now();
    this.#ticks = now === this.#lastNow ? this.#ticks + 1n : 0n;
    this.#lastNow = now;
    return this.#round(BigInt(Math.floor(now)) * 1_000_000n + this.#ticks);
  }
  #round(ns: bigint): bigint {
    const step = this.options.timeStepNs ?? 1n;
    const rest = ns % step;
    return ns - (rest < 0n ? rest + step : rest);
  }
}

export function fail(code: ErrorCode, path: string): SyncError {
  return new SyncError(code, `${code}: ${path}`, { path });
}

/** Nearly every path is `/a/b`. */
function partsOf(path: string): string[] {
  const parts = path.split('/');
  if (parts[0] === '') parts.shift();
  return parts.includes('') ? parts.filter((part) => part !== '') : parts;
}

function checkName(name: string, path: string): void {
  // A UTF-16 unit takes at most 3 bytes.
  if (3 * name.length > LONGEST_NAME_BYTES && Buffer.byteLength(name) > LONGEST_NAME_BYTES) throw fail('name-too-long', path);
}

/** The path that a link in `folder` leads to, with `rest` below it; `.` and `..` taken by text, which is right as long as `folder` is canonical enough for a test. */
function resolveText(folder: string, target: string, rest: string): string {
  const out: string[] = [];
  for (const part of `${target.startsWith('/') ? '' : folder}/${target}/${rest}`.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') out.pop();
    else out.push(part);
  }
  return `/${out.join('/')}`;
}
