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
import { dressMoved, dressTemp, fillTemp } from './fill.ts';
import { FolderMarkers } from './folder-markers.ts';
import { FolderSync } from './folder-sync.ts';
import { type LockPorts, releaseOwnLocks } from './key-lock.ts';
import { MetaJournal } from './meta-journal.ts';
import { ObjectFacts } from './object-facts.ts';
import { OwnTemps } from './own-temps.ts';
import { Placement } from './placement.ts';
import { StoreClock } from './store-clock.ts';
import { StoreKeys } from './store-keys.ts';
import { layoutOf, type StoreLayout, sameFile, versionOf } from './store-layout.ts';
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
  /** Whose names the disk holds, as Node names it; left out: this system's. */
  readonly platform?: string;
  /** Tells of changes in the folder; left out: it is only listed now and then. */
  readonly watch?: (root: string, onHint: (keys: readonly string[] | null) => void) => Promise<() => Promise<void>>;
}

export const localBackendId = (root: string): string => `local:${root}`;

/** A folder as a store: each object a plain file under its own name, links as links, markers as folders. Several devices may use it at once (docs/format.md, "A folder as a store").
 * The folder may be away when this is called: every call on it says so (`unreachable`), and works once the drive is back (C28). */
export async function openLocalBackend(options: LocalBackendOptions): Promise<Backend> {
  const layout = layoutOf(options.root);
  return new LocalBackend(options, layout);
}

/** The versions' folder, below which empty folders are of no use to anyone. */
const VERSIONS = '.file-sync/versions/';
const STALE = { kind: 'stale' } as const;

class LocalBackend implements Backend {
  readonly id: string;
  readonly capabilities: Capabilities;
  readonly watch?: NonNullable<Backend['watch']>;
  readonly #fs: Fs;
  readonly #presence: StorePresence;
  readonly #temps: OwnTemps;
  readonly #locks: LockPorts;
  readonly #journal: MetaJournal;
  readonly #keys: StoreKeys;
  readonly #placement: Placement;
  readonly #markers: FolderMarkers;
  readonly #facts: ObjectFacts;
  readonly #storeClock: StoreClock;

  /** What the first write that finds the store waits for, and all others with it: a sweep must not meet what they write. */
  #tidied: Promise<void> | null = null;

  constructor(options: LocalBackendOptions, layout: StoreLayout) {
    this.#fs = options.fs;
    const presence = new StorePresence(options.fs, layout);
    const temps = new OwnTemps(options.fs, layout, options.random, options.client);
    this.#presence = presence;
    this.#temps = temps;
    this.#locks = { ...options, folder: layout.locks };
    this.#journal = new MetaJournal(options.fs, layout.journals, options.client);
    this.#keys = new StoreKeys(options.fs, layout, presence, options.random, options.platform ?? process.platform);
    this.#placement = new Placement({ fs: options.fs, locks: this.#locks, keys: this.#keys, temps, folders: new FolderSync(options.fs) });
    this.#markers = new FolderMarkers(options.fs, this.#keys);
    this.#facts = new ObjectFacts(options.fs, this.#journal, presence);
    this.#storeClock = new StoreClock(options.fs, options.clock, async () => {
      await this.#keys.ensure();
      return temps.next();
    });
    this.capabilities = {
      atomicConditions: false,
      symlinks: true,
      keepsReplaced: true,
      keepsMeta: false,
      dearListing: false,
      listsInOrder: true,
      // Known once the store's marker was met.
      get modes() {
        return presence.modes;
      },
      get caseInsensitive() {
        return presence.caseInsensitive;
      },
    };
    this.id = localBackendId(options.root);
    const { watch } = options;
    if (watch !== undefined) this.watch = (onHint) => watch(options.root, onHint);
  }

  async *list(prefix: string, options: ListOptions = {}): AsyncGenerator<ObjectInfo> {
    throwIfAborted(options.signal);
    await this.#presence.require();
    await this.#journal.refresh();
    try {
      for await (const { key, stat } of walkStore({ fs: this.#fs, keys: this.#keys, presence: this.#presence }, prefix, options)) yield this.#facts.known(key, stat);
    } catch (error) {
      await this.#presence.explain(error);
    }
    // A drive that went in the middle looks like a folder with less in it.
    await this.#presence.require();
  }

  stat(key: string, { signal }: CallOptions = {}): Promise<ObjectDetail | null> {
    return this.#run(signal, async () => {
      const stat = await this.#look(key);
      return stat === null ? null : this.#facts.detail(key, stat);
    });
  }

  get(key: string, { ifMatch, offset = 0, signal }: GetOptions = {}): Promise<ObjectBody | null> {
    return this.#run(signal, async () => {
      const stat = await this.#look(key);
      if (stat === null || (ifMatch !== undefined && versionOf(stat) !== ifMatch)) return null;
      const info = await this.#facts.detail(key, stat);
      if (stat.kind === 'folder') return { info, chunks: textPieces('', 0) };
      const path = this.#keys.path(key);
      if (stat.kind === 'symlink') {
        const text = await this.#fs.readLink(path).catch(nullIfReplaced);
        return text === null ? null : { info, chunks: textPieces(text, offset) };
      }
      return { info, chunks: this.#explained(readPieces(this.#fs, path, stat, offset, signal)) };
    });
  }

  put(key: string, body: Body, options: PutOptions): Promise<WriteResult> {
    const { condition, keepAs, meta, signal } = options;
    return this.#write(signal, async () => {
      this.#check(key, keepAs);
      if (key.endsWith('/')) return this.#markers.make(key, condition);
      const old = condition.kind === 'match' ? await this.stat(key) : null;
      if (condition.kind === 'match' && old?.version !== condition.version) return STALE;
      return this.#throughTemp(async (temp) => {
        await fillTemp(this.#fs, temp, body, meta, signal);
        const placed = await this.#place(temp, key, condition, keepAs, signal);
        if (placed.kind === 'stale') return STALE;
        if (keepAs !== undefined && old !== null) await this.#facts.recordKept(this.#keys.path(keepAs), keepAs, old.meta);
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
      if (source.kind === 'folder' || to.endsWith('/')) return to.endsWith('/') ? this.#markers.make(to, condition) : STALE;
      const meta = options.meta ?? (await this.#facts.metaOf(from.key, source));
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
      if (from.key.endsWith('/') || to.endsWith('/')) return this.#markers.move(from.key, to);
      const dress = (path: string, stat: FileStat): Promise<boolean> => dressMoved(this.#fs, path, meta, stat);
      const moved = await this.#keys.withFolders(to, () => this.#placement.move(from.key, from.version, to, dress, signal));
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
      if (key.endsWith('/')) return this.#markers.remove(key);
      const old = await this.stat(key);
      if (old === null) return { kind: 'done' };
      if (old.version !== version) return STALE;
      const removed = await this.#keys.withFolders(keepAs ?? key, () => this.#placement.remove(key, version, keepAs, signal));
      if (removed?.kind === 'done') {
        this.#journal.forget(key);
        if (keepAs !== undefined) await this.#facts.recordKept(this.#keys.path(keepAs), keepAs, old.meta);
        if (key.startsWith(VERSIONS)) await this.#pruneFolders(key);
      }
      return removed ?? STALE;
    });
  }

  isSame(key: string, other: string, { signal }: CallOptions = {}): Promise<boolean> {
    return this.#run(signal, async () => {
      const [one, two] = [await this.#look(key), await this.#look(other)];
      return one?.kind === 'file' && two !== null && sameFile(one, two);
    });
  }

  now(): Promise<number> {
    return this.#run(undefined, () => this.#storeClock.now());
  }

  forgetHints(): Promise<void> {
    return this.#run(undefined, () => this.#journal.removeAll());
  }

  close(): Promise<void> {
    return this.#journal.close();
  }

  /** The first write also clears what an earlier run left: an engine that only looks (a dry run beside the running app) has the same client name and must not. */
  async #write<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    return this.#run(signal, async () => {
      await this.#tidy();
      return work();
    });
  }

  async #tidy(): Promise<void> {
    if (this.#tidied === null) await this.#presence.require();
    this.#tidied ??= Promise.all([this.#temps.sweep(), releaseOwnLocks(this.#locks)]).then(() => undefined);
    try {
      await this.#tidied;
    } catch (error) {
      this.#tidied = null;
      throw error;
    }
  }

  /** What was found is of a store that is met with it, so that its mount point is not taken for it later on. */
  async #look(key: string): Promise<FileStat | null> {
    if (!this.#presence.known) await this.#presence.require();
    const stat = await this.#keys.look(key);
    if (stat !== null && !this.#presence.known) await this.#presence.require();
    return stat;
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

  async #pruneFolders(key: string): Promise<void> {
    for (let cut = key.lastIndexOf('/'); cut >= VERSIONS.length; cut = key.lastIndexOf('/', cut - 1)) {
      try {
        await this.#fs.rmdir(this.#keys.path(key.slice(0, cut)));
      } catch {
        return;
      }
    }
  }
}

/** A file that took a link's place since the look. */
function nullIfReplaced(error: unknown): null {
  if (!hasCode(error, 'not-supported', 'not-found')) throw error;
  return null;
}
