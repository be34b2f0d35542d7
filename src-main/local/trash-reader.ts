import type { Hash, LeafEntry } from '../core/entry.ts';
import { hasCode, throwIfAborted } from '../core/errors.ts';
import type { NameRules } from '../core/name-rules.ts';
import { parseRelPath, type RelPath } from '../core/rel-path.ts';
import type { NewHasher } from '../platform/clock.ts';
import type { FileStat, Fs } from '../platform/fs.ts';
import { folderOf } from './disk-paths.ts';
import type { Source } from './local-tree.ts';
import { BATCH_NAME, listOrNothing } from './trash.ts';

/** Something in the local trash. */
export interface TrashItem {
  /** The path it had. */
  readonly path: RelPath;
  /** The folder of the trash it lies in: the UTC time at which it was put there, by this device's clock. */
  readonly batch: string;
  readonly kind: 'file' | 'symlink';
  readonly size: number;
  /** ms since the epoch; null where the folder's name tells none. */
  readonly atMs: number | null;
}

export interface TrashReader {
  /** Everything in it, newest first; only at and below `scope` where that is given. */
  list(scope?: RelPath): Promise<readonly TrashItem[]>;
  /** What an item holds; null when it is gone. */
  read(item: TrashItem): Promise<{ readonly entry: LeafEntry; readonly source: Source | null } | null>;
  /** Removes these items for good, and the folders they leave empty. What came to the trash since they were listed stays. */
  remove(items: readonly TrashItem[], signal?: AbortSignal): Promise<void>;
}

const READ_BYTES = 256 * 1024;

export interface TrashReaderPorts {
  readonly fs: Fs;
  readonly newHasher: NewHasher;
  readonly root: string;
  readonly names: NameRules;
}

export function trashReader({ fs, newHasher, root, names }: TrashReaderPorts): TrashReader {
  const trash = `${root}/.file-sync/trash`;
  const placeOf = ({ batch, path }: Pick<TrashItem, 'batch' | 'path'>): string => `${trash}/${batch}/${path.split('/').map(names.toDisk).join('/')}`;

  async function* walk(batch: string, folder: string, above: string): AsyncGenerator<TrashItem> {
    for (const { name, valid } of await listOrNothing(fs, folder)) {
      const parsed = valid ? parseRelPath(`${above}${names.fromDisk(name)}`) : { fault: 'nul' };
      const stat = 'path' in parsed ? await fs.lstat(`${folder}/${name}`) : null;
      if (!('path' in parsed) || stat === null) continue;
      if (stat.kind === 'folder') yield* walk(batch, `${folder}/${name}`, `${parsed.path}/`);
      else if (stat.kind !== 'other') yield { path: parsed.path, batch, kind: stat.kind, size: stat.size, atMs: timeOf(batch) };
    }
  }

  return {
    list: async (scope) => {
      const items: TrashItem[] = [];
      for (const { name } of await listOrNothing(fs, trash)) {
        if (!BATCH_NAME.test(name)) continue;
        for await (const item of walk(name, `${trash}/${name}`, '')) if (scope === undefined || item.path === scope || item.path.startsWith(`${scope}/`)) items.push(item);
      }
      return items.sort((a, b) => (a.batch < b.batch ? 1 : a.batch > b.batch ? -1 : a.path < b.path ? -1 : 1));
    },
    read: async (item) => {
      const at = placeOf(item);
      const stat = await fs.lstat(at);
      if (stat?.kind === 'symlink') return { entry: { kind: 'symlink', target: await fs.readLink(at) }, source: null };
      if (stat?.kind !== 'file') return null;
      const hasher = newHasher();
      for await (const chunk of bytesOf(fs, at, 0)) hasher.update(chunk);
      const entry: LeafEntry = { kind: 'file', size: stat.size, hash: hasher.digest() as Hash, mtimeNs: stat.mtimeNs, mode: stat.mode };
      return { entry, source: { version: versionOf(item, stat), open: async (offset) => bytesOf(fs, at, offset) } };
    },
    remove: async (items, signal) => {
      const folders = new Set<string>();
      for (const item of items) {
        throwIfAborted(signal);
        const at = placeOf(item);
        await unlessGone(fs.unlink(at));
        for (let folder = folderOf(at); folder.length > trash.length; folder = folderOf(folder)) folders.add(folder);
      }
      // The deepest first: a folder's path is longer than that of any above it. RACE: one that a sync just made for its next item goes too; that item then fails once, and is put there at the next try.
      for (const folder of [...folders].sort((a, b) => b.length - a.length)) await unlessGone(fs.rmdir(folder));
    },
  };
}

async function unlessGone(removal: Promise<void>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (!hasCode(error, 'not-found', 'not-empty')) throw error;
  }
}

function versionOf({ batch }: TrashItem, { size, mtimeNs, ino }: FileStat): Source['version'] {
  return `trash ${batch} ${size} ${mtimeNs} ${ino}` as Source['version'];
}

async function* bytesOf(fs: Fs, at: string, offset: number): AsyncGenerator<Uint8Array> {
  const handle = await fs.openRead(at);
  try {
    for (let position = offset; ; ) {
      const buffer = new Uint8Array(READ_BYTES);
      const length = await handle.read(buffer, position);
      if (length === 0) return;
      yield buffer.subarray(0, length);
      position += length;
    }
  } finally {
    await handle.close();
  }
}

function timeOf(batch: string): number | null {
  const [, day, hour, minute, second] = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z/.exec(batch) ?? [];
  const ms = Date.parse(`${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(ms) ? null : ms;
}
