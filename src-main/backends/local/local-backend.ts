import type { Version } from '../../core/entry.ts';
import { hasCode, SyncError, throwIfAborted } from '../../core/errors.ts';
import type { Clock, NewHasher, Random } from '../../platform/clock.ts';
import type { FileStat, Fs } from '../../platform/fs.ts';
import type {
  Backend,
  Body,
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
import { checkKey } from '../key-rules.ts';
import { collectText, readPieces } from './bytes.ts';
import { type LockPorts, withKeyLock } from './key-lock.ts';
import { MetaJournal } from './meta-journal.ts';
import { layoutOf, PRIVATE_PREFIX, type StoreLayout, versionOf } from './store-layout.ts';
import { ensureStore, StorePresence } from './store-presence.ts';

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
  return new LocalBackend(options, layout, new StorePresence(options.fs, layout));
}

const CAPABILITIES: Capabilities = { atomicConditions: false, modes: true, symlinks: true, caseInsensitive: false, keepsReplaced: true };
/** The versions' folder, below which empty folders are of no use to anyone. */
const VERSIONS = '.file-sync/versions/';

class LocalBackend implements Backend {
  readonly id: string;
  readonly capabilities = CAPABILITIES;
  readonly watch?: NonNullable<Backend['watch']>;
  readonly #options: LocalBackendOptions;
  readonly #fs: Fs;
  readonly #layout: StoreLayout;
  readonly #presence: StorePresence;
  readonly #journal: MetaJournal;
  readonly #locks: LockPorts;

  constructor(options: LocalBackendOptions, layout: StoreLayout, presence: StorePresence) {
    this.#options = options;
    this.#fs = options.fs;
    this.#layout = layout;
    this.#presence = presence;
    this.#journal = new MetaJournal(options.fs, layout.journals, options.client);
    this.#locks = { ...options, folder: layout.locks };
    this.id = `local:${options.root}`;
    const { watch } = options;
    if (watch !== undefined) this.watch = (onHint) => watch(options.root, onHint);
  }

  async *list(prefix: string, options: ListOptions = {}): AsyncGenerator<ObjectInfo> {
    await this.#presence.require();
    await this.#journal.refresh();
    const cut = prefix.lastIndexOf('/') + 1;
    yield* this.#walk(prefix.slice(0, cut), prefix, options);
    // A drive that went in the middle looks like a folder with less in it.
    await this.#presence.require();
  }

  async *#walk(folder: string, prefix: string, options: ListOptions): AsyncGenerator<ObjectInfo> {
    for (const { name, valid } of await this.#namesIn(folder, options)) {
      throwIfAborted(options.signal);
      const key = `${folder}${name}`;
      const inside = key.startsWith(prefix) || prefix.startsWith(`${key}/`);
      if (!inside || `${key}/` === PRIVATE_PREFIX || `${key}/` === options.skip) continue;
      if (!valid) {
        options.unlisted?.(key, 'invalid-utf8-name');
        continue;
      }
      const stat = await this.#fs.lstat(this.#path(key));
      if (stat === null) continue;
      if (stat.kind === 'other') options.unlisted?.(key, 'special-file');
      else if (stat.kind === 'folder') {
        if (`${key}/`.startsWith(prefix)) yield info(`${key}/`, stat);
        yield* this.#walk(`${key}/`, prefix, options);
      } else if (key.startsWith(prefix)) yield this.#withKnownMeta(key, stat);
    }
  }

  async #namesIn(folder: string, options: ListOptions): Promise<readonly { readonly name: string; readonly valid: boolean }[]> {
    try {
      return await this.#fs.readDir(this.#path(folder));
    } catch (error) {
      if (hasCode(error, 'not-found', 'not-a-folder') && folder !== '') return [];
      if (!hasCode(error, 'no-permission') || folder === '') throw error;
      options.unlisted?.(folder.slice(0, -1), 'unreadable');
      return [];
    }
  }

  async stat(key: string): Promise<ObjectDetail | null> {
    const stat = await this.#look(key);
    if (stat === null) return null;
    const meta = await this.#metaOf(key, stat);
    return { ...info(key, stat), meta };
  }

  async get(key: string, { ifMatch, offset = 0, signal }: GetOptions = {}): Promise<ObjectBody | null> {
    const stat = await this.#look(key);
    if (stat === null || (ifMatch !== undefined && versionOf(stat) !== ifMatch)) return null;
    const detail = { ...info(key, stat), meta: await this.#metaOf(key, stat) };
    if (stat.kind === 'folder') return { info: detail, chunks: readPieces(null, 0, '') };
    if (stat.kind === 'symlink') return { info: detail, chunks: readPieces(await this.#fs.readLink(this.#path(key)), offset, key) };
    try {
      const handle = await this.#fs.openRead(this.#path(key));
      if (versionOf(await handle.stat()) === detail.version) return { info: detail, chunks: readPieces(handle, offset, key, detail.version, signal) };
      await handle.close();
      return ifMatch === undefined ? this.get(key, { offset, ...(signal === undefined ? {} : { signal }) }) : null;
    } catch (error) {
      if (hasCode(error, 'not-found', 'not-supported')) return null;
      throw error;
    }
  }

  async put(key: string, body: Body, options: PutOptions): Promise<WriteResult> {
    this.#check(key);
    await this.#ready(key);
    if (key.endsWith('/')) return this.#makeFolder(key, options.condition);
    const temp = `${this.#layout.temp}/${this.#options.client}-${this.#options.random.id()}`;
    try {
      await this.#fill(temp, body, options);
      const placed = await this.#place(temp, key, options);
      if (placed.kind === 'done') await this.#journal.record(key, placed.version, options.meta);
      return placed;
    } finally {
      await this.#fs.unlink(temp).catch(() => undefined);
    }
  }

  async copy(from: { readonly key: string; readonly version: Version }, to: string, options: CopyOptions): Promise<WriteResult> {
    this.#check(to);
    const source = await this.#look(from.key);
    if (source === null || versionOf(source) !== from.version) return { kind: 'stale' };
    const meta = options.meta ?? (await this.#metaOf(from.key, source));
    await this.#ready(to);
    const temp = `${this.#layout.temp}/${this.#options.client}-${this.#options.random.id()}`;
    try {
      if (source.kind === 'symlink') await this.#fs.symlink(await this.#fs.readLink(this.#path(from.key)), temp);
      else await this.#fs.copyFile(this.#path(from.key), temp);
      // The copy is of this version only if the source still is it afterwards.
      const after = await this.#look(from.key);
      if (after === null || versionOf(after) !== from.version) return { kind: 'stale' };
      if (source.kind === 'file') await this.#dress(temp, meta, source);
      const placed = await this.#place(temp, to, options);
      if (placed.kind === 'done') await this.#journal.record(to, placed.version, meta);
      return placed;
    } finally {
      await this.#fs.unlink(temp).catch(() => undefined);
    }
  }

  async move(from: { readonly key: string; readonly version: Version }, to: string, options: { readonly meta: Meta; readonly signal?: AbortSignal }): Promise<WriteResult> {
    this.#check(from.key);
    this.#check(to);
    await this.#ready(to);
    const result = await this.#locked(from.key, options.signal, async (): Promise<WriteResult> => {
      const stat = await this.#look(from.key);
      if (stat === null || versionOf(stat) !== from.version) return { kind: 'stale' };
      return this.#settleMove(this.#path(from.key), this.#path(to));
    });
    if (result.kind === 'done') await this.#journal.record(to, result.version, options.meta);
    return result;
  }

  async delete(key: string, { version, keepAs, signal }: DeleteOptions): Promise<DeleteResult> {
    this.#check(key);
    if (key.endsWith('/')) return this.#removeFolder(key);
    await this.#ready(keepAs ?? key, keepAs !== undefined);
    return this.#locked(key, signal, async (): Promise<DeleteResult> => {
      const stat = await this.#look(key);
      if (stat === null) return { kind: 'done' };
      if (versionOf(stat) !== version) return { kind: 'stale' };
      const aside = keepAs === undefined ? `${this.#layout.temp}/${this.#options.client}-${this.#options.random.id()}` : this.#path(keepAs);
      const done = await this.#takeAway(this.#path(key), aside, stat);
      if (done.kind === 'done' && keepAs === undefined) await this.#fs.unlink(aside);
      if (done.kind === 'done') await this.#fs.syncFolder(folderOf(this.#path(key)));
      if (key.startsWith(VERSIONS)) await this.#pruneFolders(key);
      return done;
    });
  }

  async close(): Promise<void> {
    await this.#journal.close();
  }

  /** What lies at a key, after making sure that no folder above is a link (C63). An absence counts only while the store is there. */
  async #look(key: string): Promise<FileStat | null> {
    this.#check(key);
    await this.#refuseLinks(key);
    const stat = await this.#fs.lstat(this.#path(key)).catch((error: unknown) => this.#presence.explain(error));
    const isFolder = stat?.kind === 'folder';
    if (stat !== null && stat.kind !== 'other' && isFolder === key.endsWith('/')) return stat;
    await this.#presence.require();
    return null;
  }

  #check(key: string): void {
    checkKey(key);
    if (`${key}/`.startsWith(PRIVATE_PREFIX) || key.startsWith(PRIVATE_PREFIX)) throw new SyncError('name-not-allowed', `a key of the store's own: ${key}`, { path: key });
  }

  #path(key: string): string {
    const bare = key.endsWith('/') ? key.slice(0, -1) : key;
    return bare === '' ? this.#layout.root : `${this.#layout.root}/${bare}`;
  }

  async #refuseLinks(key: string): Promise<void> {
    for (let cut = key.indexOf('/'); cut > 0 && cut < key.length - 1; cut = key.indexOf('/', cut + 1)) {
      const stat = await this.#fs.lstat(this.#path(key.slice(0, cut)));
      if (stat?.kind === 'symlink') throw new SyncError('name-not-allowed', `a link lies on the way to ${key}`, { path: key });
      if (stat === null) return;
    }
  }

  /** Makes the private area and the folders a key needs. */
  async #ready(key: string, parents = true): Promise<void> {
    await this.#presence.require();
    if (!this.#presence.known) await ensureStore(this.#fs, this.#layout, this.#options.random, this.#presence);
    if (!parents) return;
    await this.#refuseLinks(key);
    const bare = key.endsWith('/') ? key.slice(0, -1) : key;
    for (let cut = bare.indexOf('/'); cut > 0; cut = bare.indexOf('/', cut + 1)) await makeIfMissing(this.#fs, this.#path(bare.slice(0, cut)));
  }

  async #makeFolder(key: string, condition: Condition): Promise<WriteResult> {
    if (condition.kind !== 'absent') return (await this.#look(key)) === null ? { kind: 'stale' } : { kind: 'done', version: 'folder' as Version };
    try {
      await this.#fs.mkdir(this.#path(key));
      await this.#fs.syncFolder(folderOf(this.#path(key)));
      return { kind: 'done', version: 'folder' as Version };
    } catch (error) {
      if (hasCode(error, 'exists')) return { kind: 'stale' };
      throw error;
    }
  }

  async #removeFolder(key: string): Promise<DeleteResult> {
    if ((await this.#look(key)) === null) return { kind: 'done' };
    try {
      await this.#fs.rmdir(this.#path(key));
      return { kind: 'done' };
    } catch (error) {
      if (hasCode(error, 'not-empty')) return { kind: 'stale' };
      if (hasCode(error, 'not-found')) return { kind: 'done' };
      throw error;
    }
  }

  /** Writes the whole body to a temporary file, durable and with its times and bits, before anyone can see it (I4). */
  async #fill(temp: string, body: Body, { meta, signal }: PutOptions): Promise<void> {
    if (meta['kind'] === 'symlink') {
      await this.#fs.symlink(await collectText(body), temp);
      return;
    }
    const out = await this.#fs.create(temp, 0o600).catch((error: unknown) => this.#presence.explain(error));
    let written = 0;
    try {
      for await (const chunk of body.open()) {
        throwIfAborted(signal);
        await out.write(chunk);
        written += chunk.length;
      }
      if (written !== body.size) throw new SyncError('corrupt', `the body has ${written} bytes, not ${body.size}`);
      await out.sync();
    } finally {
      await out.close();
    }
    await this.#dress(temp, meta, null);
  }

  async #dress(temp: string, meta: Meta, source: FileStat | null): Promise<void> {
    const mode = meta['mode'] === undefined ? (source?.mode ?? 0o644) : Number.parseInt(meta['mode'], 8) & 0o777;
    await this.#fs.chmod(temp, mode).catch(ignoreUnsupported);
    const mtime = meta['mtime'] === undefined ? source?.mtimeNs : BigInt(meta['mtime']);
    if (mtime !== undefined) await this.#fs.setMtime(temp, mtime).catch(ignoreUnsupported);
  }

  /** Gives a finished temporary file its name, if the condition holds. */
  async #place(temp: string, key: string, options: { readonly condition: Condition; readonly keepAs?: string; readonly signal?: AbortSignal }): Promise<WriteResult> {
    const { condition, keepAs } = options;
    const target = this.#path(key);
    if (condition.kind === 'absent') return this.#settleMove(temp, target);
    if (keepAs !== undefined) await this.#ready(keepAs);
    return this.#locked(key, options.signal, async (): Promise<WriteResult> => {
      const now = await this.#look(key);
      if (now === null || versionOf(now) !== condition.version) return { kind: 'stale' };
      if (keepAs !== undefined) await this.#keepLinked(target, this.#path(keepAs));
      // RACE: a program that knows nothing of our locks may write the target between the check above and this rename; what it wrote is then kept as the version.
      await this.#fs.rename(temp, target);
      await this.#fs.syncFolder(folderOf(target));
      return this.#placed(target);
    });
  }

  /** Under a new name, only if that is free: a hard link never replaces. */
  async #settleMove(from: string, to: string): Promise<WriteResult> {
    try {
      await this.#fs.link(from, to);
      await this.#fs.unlink(from);
    } catch (error) {
      if (hasCode(error, 'exists')) return { kind: 'stale' };
      if (!hasCode(error, 'not-supported', 'no-permission')) return this.#presence.explain(error);
      // RACE: without hard links, a look and a rename stand in.
      if ((await this.#fs.lstat(to)) !== null) return { kind: 'stale' };
      await this.#fs.rename(from, to);
    }
    await this.#fs.syncFolder(folderOf(to));
    if (folderOf(from) !== folderOf(to) && !from.startsWith(this.#layout.temp)) await this.#fs.syncFolder(folderOf(from));
    return this.#placed(to);
  }

  async #placed(target: string): Promise<WriteResult> {
    const stat = await this.#fs.lstat(target);
    return stat === null ? { kind: 'stale' } : { kind: 'done', version: versionOf(stat) };
  }

  /** The old object gets its second name before it loses its first. */
  async #keepLinked(target: string, kept: string): Promise<void> {
    try {
      await this.#fs.link(target, kept);
    } catch (error) {
      if (hasCode(error, 'exists')) return;
      if (!hasCode(error, 'not-supported', 'no-permission')) throw error;
      await this.#fs.copyFile(target, kept);
    }
  }

  /** Moves a file out of the way in one step, then makes sure it was the one that was meant; another is put back. */
  async #takeAway(target: string, aside: string, expected: FileStat): Promise<DeleteResult> {
    try {
      await this.#fs.rename(target, aside);
    } catch (error) {
      if (hasCode(error, 'not-found')) return { kind: 'stale' };
      throw error;
    }
    const taken = await this.#fs.lstat(aside);
    if (taken !== null && taken.ino === expected.ino && taken.size === expected.size && taken.mtimeNs === expected.mtimeNs) return { kind: 'done' };
    await this.#fs.link(aside, target).then(
      () => this.#fs.unlink(aside),
      () => undefined,
    );
    return { kind: 'stale' };
  }

  async #pruneFolders(key: string): Promise<void> {
    for (let cut = key.lastIndexOf('/'); cut >= VERSIONS.length; cut = key.lastIndexOf('/', cut - 1)) {
      try {
        await this.#fs.rmdir(this.#path(key.slice(0, cut)));
      } catch {
        return;
      }
    }
  }

  #locked<T>(key: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    return withKeyLock(this.#locks, key, signal, work).catch((error: unknown) => this.#presence.explain(error));
  }

  async #metaOf(key: string, stat: FileStat): Promise<Meta> {
    const version = versionOf(stat);
    if (stat.kind !== 'folder' && this.#journal.find(key, version) === undefined) await this.#journal.refresh();
    return { ...nativeMeta(stat), ...this.#journal.find(key, version), ...(stat.kind === 'symlink' ? { kind: 'symlink' } : {}) };
  }

  #withKnownMeta(key: string, stat: FileStat): ObjectInfo {
    const known = this.#journal.find(key, versionOf(stat));
    return known === undefined ? info(key, stat) : { ...info(key, stat), meta: { ...nativeMeta(stat), ...known, ...(stat.kind === 'symlink' ? { kind: 'symlink' } : {}) } };
  }
}

function info(key: string, stat: FileStat): ObjectInfo {
  return { key, size: stat.kind === 'folder' ? 0 : stat.size, version: versionOf(stat), storedAtMs: Number(stat.ctimeNs / 1_000_000n) };
}

function nativeMeta(stat: FileStat): Meta {
  if (stat.kind === 'symlink') return { kind: 'symlink' };
  return stat.kind === 'file' ? { mtime: String(stat.mtimeNs), mode: stat.mode.toString(8) } : {};
}

async function makeIfMissing(fs: Fs, path: string): Promise<void> {
  try {
    await fs.mkdir(path);
  } catch (error) {
    if (!hasCode(error, 'exists')) throw error;
  }
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function ignoreUnsupported(error: unknown): void {
  if (!hasCode(error, 'not-supported', 'no-permission')) throw error;
}
