import { join } from 'node:path';
import type { Container, Opening, Stored } from '../codec/container.ts';
import type { Head } from '../codec/head.ts';
import type { NameCodec } from '../codec/names.ts';
import { openContainer } from '../codec/open-container.ts';
import { fileBytes } from '../codec/read-file.ts';
import { hasCode, SyncError, throwIfAborted } from '../core/errors.ts';
import { CONTROL_FOLDER, parseRelPath, type RelPath } from '../core/rel-path.ts';
import type { Fs } from '../platform/fs.ts';
import { parseVersionKey } from '../remote/version-name.ts';
import type { RestoredFiles } from './restored-files.ts';

/** Where kept versions go, below the folder of the result; a folder per path. */
export const VERSIONS_OUT = 'file-sync-versions';
const CONTROL = `${CONTROL_FOLDER}/`;
const VERSIONS = `${CONTROL}versions/`;
const LONG_VERSIONS = `${CONTROL}versions-long/`;
const MAX_LINK_BYTES = 4_096;

export interface SealedTree {
  readonly fs: Fs;
  /** A copy of everything that lies below a vault's place on its store; absolute. */
  readonly root: string;
  readonly opening: Opening;
  readonly names: NameCodec;
  readonly out: RestoredFiles;
  /** Kept versions too. */
  readonly versions: boolean;
  /** Called with every object. */
  readonly onObject: (result: ObjectResult) => void;
  readonly signal?: AbortSignal;
}

export type ObjectResult =
  | {
      readonly kind: 'done';
      readonly key: string;
      readonly path: RelPath;
      readonly entry: Head['kind'] | 'version';
      readonly bytes: number;
      readonly already: boolean;
      readonly note: string | null;
    }
  | { readonly kind: 'failed'; readonly key: string; readonly path: string | null; readonly error: SyncError };

/** Decrypts a whole copy of a store, offline: each object on its own, so that one that fails keeps no other. Ends early only when it is interrupted or the disk is full. */
export async function decryptTree(tree: SealedTree): Promise<void> {
  const unnamed: Stray[] = [];
  const later: Later = { unnamed, links: [] };
  for await (const found of walk(tree, '')) {
    throwIfAborted(tree.signal);
    if ('error' in found) tree.onObject({ kind: 'failed', key: found.key, path: null, error: found.error });
    else if (found.isFolder) await folder(tree, found.key);
    else await object(tree, found, later);
  }
  for (const stray of unnamed) await object(tree, stray, { ...later, unnamed: null });
  // Last: nothing is ever written through one of them.
  for (const link of later.links) await link();
}

interface Stray {
  readonly key: string;
  readonly size: number;
}

/** What waits for the rest. */
interface Later {
  /** What is stored under a name that does not tell its own: it must not take a name that is another's. Null: their turn has come. */
  readonly unnamed: Stray[] | null;
  readonly links: (() => Promise<void>)[];
}

type Found = { readonly key: string; readonly isFolder: boolean; readonly size: number } | { readonly key: string; readonly error: SyncError };

async function* walk(tree: SealedTree, prefix: string): AsyncGenerator<Found> {
  const { fs, root } = tree;
  for (const { name, valid } of [...(await fs.readDir(join(root, prefix)))].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const key = prefix + name;
    if (!isWanted(tree, key)) continue;
    const stat = valid ? await fs.lstat(join(root, key)) : null;
    if (stat?.kind === 'folder') {
      yield { key: `${key}/`, isFolder: true, size: 0 };
      yield* walk(tree, `${key}/`);
    } else if (stat?.kind === 'file') yield { key, isFolder: false, size: stat.size };
    else yield { key, error: new SyncError('not-supported', 'no regular file: objects of a store are plain files') };
  }
}

/** Of our own folder only the versions hold files of the user. */
function isWanted({ versions }: SealedTree, key: string): boolean {
  if (key !== CONTROL_FOLDER && !key.startsWith(CONTROL)) return true;
  const [, folder] = key.split('/');
  return versions && (folder === undefined || folder === 'versions' || folder === 'versions-long');
}

async function folder(tree: SealedTree, key: string): Promise<void> {
  const opened = tree.names.openKey(key);
  if (key.startsWith(CONTROL) || opened.kind !== 'key') return;
  await attempt(tree, key, opened.key, async () => {
    const path = safePath(opened.key.slice(0, -1));
    await tree.out.folder(path);
    return { path, entry: 'folder', bytes: 0, already: false, note: null };
  });
}

type Restored = Omit<Extract<ObjectResult, { kind: 'done' }>, 'kind' | 'key'>;

async function object(tree: SealedTree, { key, size }: Stray, { unnamed, links }: Later): Promise<void> {
  const { fs, root } = tree;
  const stored: Stored = { size, open: (offset) => fileBytes(fs, join(root, key), offset) };
  let named: string | null = null;
  await attempt(
    tree,
    key,
    null,
    async () => {
      const container = await openContainer(stored, tree.opening);
      try {
        const { head } = container;
        named = head.path;
        if (head.kind === 'own' || isRecord(key)) return null;
        const { path, note, isOwnName = true } = placeOf(tree, key, head);
        if (!isOwnName && unnamed !== null) {
          unnamed.push({ key, size });
          return null;
        }
        if (head.kind === 'folder') {
          await tree.out.folder(path);
          return { path, entry: 'folder', bytes: 0, already: false, note };
        }
        if (head.kind === 'symlink') {
          const target = await linkText(head, container.chunks());
          links.push(() => attempt(tree, key, path, async () => ({ path, entry: 'symlink', bytes: head.size, already: (await tree.out.link(path, target)) === 'already', note })));
          return null;
        }
        const [at, result] = await written(tree, isOwnName ? [path] : [path, safePath(`${path} (stored as ${key.slice(-8)})`)], container);
        return { path: at, entry: key.startsWith(CONTROL) ? 'version' : 'file', bytes: head.size, already: result === 'already', note };
      } finally {
        await container.close();
      }
    },
    () => named,
  );
}

/** Under the first of the names that is not another's. */
async function written(tree: SealedTree, [path, ...others]: readonly [RelPath, ...RelPath[]], container: Container): Promise<readonly [RelPath, 'written' | 'already']> {
  try {
    return [path, await tree.out.file(path, container.head, () => container.chunks())];
  } catch (error) {
    const [next, ...rest] = others;
    if (next === undefined || !hasCode(error, 'exists')) throw error;
    return written(tree, [next, ...rest], container);
  }
}

/** What ends everything is thrown; the rest is the failure of one object. */
async function attempt(tree: SealedTree, key: string, path: string | null, work: () => Promise<Restored | null>, named: () => string | null = () => path): Promise<void> {
  try {
    const restored = await work();
    if (restored !== null) tree.onObject({ kind: 'done', key, ...restored });
  } catch (error) {
    if (!(error instanceof SyncError) || hasCode(error, 'aborted', 'disk-full', 'read-only')) throw error;
    tree.onObject({ kind: 'failed', key, path: named(), error });
  }
}

/** Where an object's content belongs: by the name it is stored under, else by its head, which alone is enough. */
function placeOf({ names }: SealedTree, key: string, head: Head): { readonly path: RelPath; readonly note: string | null; readonly isOwnName?: boolean } {
  if (key.startsWith(CONTROL)) return versionPlace(names, key, head);
  const opened = names.openKey(key);
  const byName = opened.kind === 'key' ? opened.key : opened.kind === 'in-head' ? opened.keyOf(head.path) : null;
  const own = safePath(bare(head.path));
  if (byName === null) return { path: own, note: 'stored under a name that is not its own; named by what it says itself', isOwnName: false };
  const path = safePath(bare(byName));
  return { path, note: path === own ? null : `it was stored as ${own} at first: renamed, or moved by somebody` };
}

/** Without the slash of a folder marker. */
function bare(key: string): string {
  return key.endsWith('/') ? key.slice(0, -1) : key;
}

/** What lies among the versions and is no content: records of renames and removed folders, the name of a long path. */
function isRecord(key: string): boolean {
  if (!key.startsWith(CONTROL)) return false;
  return key.endsWith('/key') || (parseVersionKey(key)?.kind ?? 'content') !== 'content';
}

function versionPlace(names: NameCodec, key: string, head: Head): { readonly path: RelPath; readonly note: string | null } {
  const parsed = parseVersionKey(key);
  if (parsed === null) throw new SyncError('corrupt', 'no name of a kept version');
  const stamp = `${new Date(parsed.toMs).toISOString().replaceAll(':', '-')}~${parsed.revision}`;
  const opened = names.openKey(key);
  const plain = opened.kind === 'key' ? opened.key : opened.kind === 'in-head' ? opened.keyOf(head.path) : null;
  const original = plain?.startsWith(VERSIONS) ? plain.slice(VERSIONS.length, plain.lastIndexOf('/')) : head.path;
  const isOwn = plain !== null && (plain.startsWith(LONG_VERSIONS) || original === head.path);
  return {
    path: safePath(`${VERSIONS_OUT}/${safePath(head.path)}/${stamp}`),
    note: isOwn ? null : `a version of ${head.path}, kept under another name`,
  };
}

/** I7: whatever a head or a name says, nothing is written outside. */
function safePath(text: string): RelPath {
  const parsed = parseRelPath(text);
  if ('fault' in parsed) throw new SyncError('name-not-allowed', `its name is no path that may be written (${parsed.fault})`);
  return parsed.path;
}

async function linkText(head: Head, chunks: AsyncIterable<Uint8Array>): Promise<string> {
  if (head.size > MAX_LINK_BYTES) throw new SyncError('corrupt', 'a link with a text that is too long');
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  const text = Buffer.concat(parts).toString('utf8');
  if (text === '' || text.includes('\0') || text.includes('\uFFFD')) throw new SyncError('corrupt', 'a link with a text that is none');
  return text;
}
