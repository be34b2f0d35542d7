import type { Version } from '../../core/entry.ts';
import { hasCode, throwIfAborted } from '../../core/errors.ts';
import type { Clock, NewHasher, Random } from '../../platform/clock.ts';
import type { FileStat, Fs } from '../../platform/fs.ts';
import type {
  Backend,
  Body,
  CallOptions,
  Capabilities,
  Condition,
  CopyOptions,
  DeleteOptions,
  DeleteResult,
  GetOptions,
  ListOptions,
  Meta,
  ObjectBody,
  ObjectDetail,
  ObjectInfo,
  PutOptions,
  WriteResult,
} from '../backend.ts';
import { readPieces, textPieces } from './bytes.ts';
import { dressTemp, fillTemp } from './fill.ts';
import { FolderSync } from './folder-sync.ts';
import { MetaJournal } from './meta-journal.ts';
import { OwnTemps } from './own-temps.ts';
import { Placement } from './placement.ts';
import { StoreClock } from './store-clock.ts';
import { StoreKeys } from './store-keys.ts';
import { folderOf, layoutOf, type StoreLayout, versionOf } from './store-layout.ts';
import { StorePresence } from './store-presence.ts';
import { walkStore } from './walk.ts';

export interface LocalBackendOptions {
  readonly fs: Fs;
  readonly clock: Clock;
  readonly random: Random;
  readonly newHasher: NewHasher;
  /** An existing folder: a NAS share, a USB drive, another disk. */
  readonly root: string;
  /** Unique among all engines that use the folder; names this one's temporary files and journal. */
  readonly client: string;
  /** Tells of changes in the folder; left out: it is only listed now and then. */
  readonly watch?: (root: string, onHint: (keys: readonly string[] | null) => void) => Promise<() => Promise<void>>;
}

/** A folder as a store: each object a plain file under its own name, links as links, markers as folders. Several devices may use it at once (docs/format.md, "A folder as a store").
 * The folder may be away when this is called: every call on it says so (`unreachable`), and works once the drive is back (C28). */
export async function openLocalBackend(options: LocalBackendOptions): Promise<Backend> {
  const layout = layoutOf(options.root);
  return new LocalBackend(options, layout);
}

/** The versions' folder, below which empty folders are of no use to anyone. */
const VERSIONS = '.file-sync/versions/';
const STALE = { kind: 'stale' } as const;
const FOLDER = { kind: 'done', version: 'folder' as Version } as const;

class LocalBackend implements Backend {
  readonly id: string;
  readonly capabilities: Capabilities;
  readonly watch?: NonNullable<Backend['watch']>;
  readonly #fs: Fs;
  readonly #presence: StorePresence;
  readonly #temps: OwnTemps;
  readonly #journal: MetaJournal;
  readonly #keys: StoreKeys;
  readonly #placement: Placement;
  readonly #storeClock: StoreClock;

  /** Set by the first write that found the store. */
  #tidied = false;

  constructor(options: LocalBackendOptions, layout: StoreLayout) {
    this.#fs = options.fs;
    const presence = new StorePresence(options.fs, layout);
    const temps = new OwnTemps(options.fs, layout, options.random, options.client);
    this.#presence = presence;
    this.#temps = temps;
    this.#journal = new MetaJournal(options.fs, layout.journals, options.client);
    this.#keys = new StoreKeys(options.fs, layout, presence, options.random);
    this.#placement = new Placement({ fs: options.fs, locks: { ...options, folder: layout.locks }, keys: this.#keys, temps, folders: new FolderSync(options.fs) });
    this.#storeClock = new StoreClock(options.fs, options.clock, async () => {
      await this.#keys.ensure();
      return temps.next();
    });
    this.capabilities = {
      atomicConditions: false,
      symlinks: true,
      keepsReplaced: true,
      // Known once the store's marker was met.
      get modes() {
        return presence.modes;
      },
      get caseInsensitive() {
        return presence.caseInsensitive;
      },
    };
    this.id = `local:${options.root}`;
    const { watch } = options;
    if (watch !== undefined) this.watch = (onHint) => watch(options.root, onHint);
  }

  async *list(prefix: string, options: ListOptions = {}): AsyncGenerator<ObjectInfo> {
    throwIfAborted(options.signal);
    await this.#presence.require();
    await this.#journal.refresh();
    try {
      for await (const { key, stat } of walkStore({ fs: this.#fs, keys: this.#keys, presence: this.#presence }, prefix, options)) yield this.#withKnownMeta(key, stat);
    } catch (error) {
      await this.#presence.explain(error);
    }
    // A drive that went in the middle looks like a folder with less in it.
    await this.#presence.require();
  }

  stat(key: string, { signal }: CallOptions = {}): Promise<ObjectDetail | null> {
    return this.#run(signal, async () => {
      const stat = await this.#keys.look(key);
      return stat === null ? null : this.#detail(key, stat);
    });
  }

  get(key: string, { ifMatch, offset = 0, signal }: GetOptions = {}): Promise<ObjectBody | null> {
    return this.#run(signal, async () => {
      const stat = await this.#keys.look(key);
      if (stat === null || (ifMatch !== undefined && versionOf(stat) !== ifMatch)) return null;
      const info = await this.#detail(key, stat);
      if (stat.kind === 'folder') return { info, chunks: textPieces('', 0) };
      const path = this.#keys.path(key);
      if (stat.kind === 'symlink') return { info, chunks: textPieces(await this.#fs.readLink(path), offset) };
      return { info, chunks: this.#explained(readPieces(this.#fs, path, stat, offset, signal)) };
    });
  }

  put(key: string, body: Body, options: PutOptions): Promise<WriteResult> {
    const { condition, keepAs, meta, signal } = options;
    return this.#write(signal, async () => {
      this.#check(key, keepAs);
      if (key.endsWith('/')) return this.#makeFolder(key, condition);
      const old = condition.kind === 'match' ? await this.stat(key) : null;
      if (condition.kind === 'match' && old?.version !== condition.version) return STALE;
      return this.#throughTemp(async (temp) => {
        await fillTemp(this.#fs, temp, body, meta, signal);
        const placed = await this.#place(temp, key, condition, keepAs, signal);
        if (placed.kind === 'stale') return STALE;
        if (keepAs !== undefined && old !== null) await this.#recordKept(keepAs, old.meta);
        await this.#journal.record(key, placed.version, meta);
        return placed;
      });
    });
  }

  copy(from: { readonly key: string; readonly version: Version }, to: string, options: CopyOptions): Promise<WriteResult> {
    const { condition, signal } = options;
    return this.#write(signal, async () => {
      this.#check(from.key, to);
      const source = await this.#keys.look(from.key);
      if (source === null || versionOf(source) !== from.version) return STALE;
      if (source.kind === 'folder' || to.endsWith('/')) return to.endsWith('/') ? this.#makeFolder(to, condition) : STALE;
      const meta = options.meta ?? (await this.#metaOf(from.key, source));
      return this.#throughTemp(async (temp) => {
        const path = this.#keys.path(from.key);
        if (source.kind === 'symlink') await this.#fs.symlink(await this.#fs.readLink(path), temp);
        else await this.#placement.copyDurably(path, temp);
        // The copy is of this version only if the source still is it afterwards.
        const after = await this.#keys.look(from.key);
        if (after === null || versionOf(after) !== from.version) return STALE;
        if (source.kind === 'file') await dressTemp(this.#fs, temp, meta, source);
        const placed = await this.#place(temp, to, condition, undefined, signal);
        if (placed.kind === 'done') await this.#journal.record(to, placed.version, meta);
        return placed;
      });
    });
  }

  move(from: { readonly key: string; readonly version: Version }, to: string, { meta, signal }: { readonly meta: Meta } & CallOptions): Promise<WriteResult> {
    return this.#write(signal, async () => {
      this.#check(from.key, to);
      if (from.key.endsWith('/') || to.endsWith('/')) return this.#moveFolder(from.key, to);
      const moved = await this.#keys.withFolders(to, () => this.#placement.move(from.key, from.version, to, signal));
      if (moved?.kind === 'done') {
        this.#journal.forget(from.key);
        await this.#journal.record(to, moved.version, meta);
      }
      return moved ?? STALE;
    });
  }

  delete(key: string, { version, keepAs, signal }: DeleteOptions): Promise<DeleteResult> {
    return this.#write(signal, async () => {
      this.#check(key, keepAs);
      if (key.endsWith('/')) return this.#removeFolder(key);
      const old = await this.stat(key);
      if (old === null) return { kind: 'done' };
      if (old.version !== version) return STALE;
      const removed = await this.#keys.withFolders(keepAs ?? key, () => this.#placement.remove(key, version, keepAs, signal));
      if (removed?.kind === 'done') {
        this.#journal.forget(key);
        if (keepAs !== undefined) await this.#recordKept(keepAs, old.meta);
        if (key.startsWith(VERSIONS)) await this.#pruneFolders(key);
      }
      return removed ?? STALE;
    });
  }

  now(): Promise<number> {
    return this.#run(undefined, () => this.#storeClock.now());
  }

  close(): Promise<void> {
    return this.#journal.close();
  }

  /** The first write also clears what an earlier run left: an engine that only looks (a dry run beside the running app) has the same client name and must not. */
  async #write<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    return this.#run(signal, async () => {
      if (!this.#tidied) {
        await this.#presence.require();
        this.#tidied = true;
        await this.#temps.sweep();
      }
      return work();
    });
  }

  async #run<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    throwIfAborted(signal);
    try {
      return await work();
    } catch (error) {
      return this.#presence.explain(error);
    }
  }

  async *#explained(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* chunks;
    } catch (error) {
      await this.#presence.explain(error);
    }
  }

  #check(...keys: readonly (string | undefined)[]): void {
    for (const key of keys) if (key !== undefined) this.#keys.check(key);
  }

  /** Work that begins with a temporary file, which is used up when it is done. */
  async #throughTemp(work: (temp: string) => Promise<WriteResult>): Promise<WriteResult> {
    if (!this.#presence.known) await this.#keys.ensure();
    const temp = this.#temps.next();
    let usedUp = false;
    try {
      const result = await work(temp);
      usedUp = result.kind === 'done';
      return result;
    } finally {
      if (!usedUp) await this.#fs.unlink(temp).catch(() => undefined);
    }
  }

  async #place(temp: string, key: string, condition: Condition, keepAs: string | undefined, signal: AbortSignal | undefined): Promise<WriteResult> {
    const placed =
      condition.kind === 'absent'
        ? await this.#keys.withFolders(key, () => this.#placement.claim(temp, key, signal))
        : await this.#keys.withFolders(keepAs ?? key, () => this.#placement.replace(temp, key, condition.version, keepAs, signal));
    return placed ?? STALE;
  }

  async #makeFolder(key: string, condition: Condition): Promise<WriteResult> {
    if (condition.kind !== 'absent') return (await this.#keys.look(key)) === null ? STALE : FOLDER;
    const path = this.#keys.path(key);
    const made = await this.#keys.withFolders(key, async (): Promise<WriteResult> => {
      try {
        await this.#fs.mkdir(path);
      } catch (error) {
        if (hasCode(error, 'exists')) return STALE;
        throw error;
      }
      await this.#fs.syncFolder(folderOf(path));
      return FOLDER;
    });
    return made ?? STALE;
  }

  async #removeFolder(key: string): Promise<DeleteResult> {
    if ((await this.#keys.look(key)) === null) return { kind: 'done' };
    try {
      await this.#fs.rmdir(this.#keys.path(key));
      await this.#fs.syncFolder(folderOf(this.#keys.path(key)));
      return { kind: 'done' };
    } catch (error) {
      if (hasCode(error, 'not-empty')) return STALE;
      if (hasCode(error, 'not-found') && (await this.#keys.look(key)) === null) return { kind: 'done' };
      throw error;
    }
  }

  /** A marker moves; what is below it does not. */
  async #moveFolder(from: string, to: string): Promise<WriteResult> {
    if (!from.endsWith('/') || !to.endsWith('/') || (await this.#keys.look(from)) === null) return STALE;
    const made = await this.#makeFolder(to, { kind: 'absent' });
    if (made.kind === 'done') await this.#removeFolder(from);
    return made;
  }

  async #recordKept(keepAs: string, meta: Meta): Promise<void> {
    const stat = await this.#fs.lstat(this.#keys.path(keepAs));
    if (stat !== null) await this.#journal.record(keepAs, versionOf(stat), meta);
  }

  async #pruneFolders(key: string): Promise<void> {
    for (let cut = key.lastIndexOf('/'); cut >= VERSIONS.length; cut = key.lastIndexOf('/', cut - 1)) {
      try {
        await this.#fs.rmdir(this.#keys.path(key.slice(0, cut)));
      } catch {
        return;
      }
    }
  }

  async #detail(key: string, stat: FileStat): Promise<ObjectDetail> {
    return { ...info(key, stat), meta: await this.#metaOf(key, stat) };
  }

  async #metaOf(key: string, stat: FileStat): Promise<Meta> {
    const version = versionOf(stat);
    if (stat.kind !== 'folder' && this.#journal.find(key, version) === undefined) await this.#journal.refresh();
    return this.#merged(stat, this.#journal.find(key, version));
  }

  #withKnownMeta(key: string, stat: FileStat): ObjectInfo {
    const known = this.#journal.find(key, versionOf(stat));
    return known === undefined ? info(key, stat) : { ...info(key, stat), meta: this.#merged(stat, known) };
  }

  /** What the file itself shows, under what was recorded of this very version. Whether it is a link, only the file says. */
  #merged(stat: FileStat, recorded: Meta | undefined): Meta {
    const { kind: _, ...rest } = recorded ?? {};
    if (stat.kind === 'symlink') return { ...rest, kind: 'symlink' };
    if (stat.kind === 'folder') return rest;
    return { mtime: String(stat.mtimeNs), ...(this.#presence.modes ? { mode: stat.mode.toString(8) } : {}), ...rest };
  }
}

function info(key: string, stat: FileStat): ObjectInfo {
  return { key, size: stat.kind === 'folder' ? 0 : stat.size, version: versionOf(stat), storedAtMs: Number(stat.ctimeNs / 1_000_000n) };
}
