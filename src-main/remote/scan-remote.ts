import type { Backend, ObjectInfo } from '../backends/backend.ts';
import type { PathProblem, Remote, RemoteSnapshot, Version } from '../core/entry.ts';
import { ancestorsOf, type RelPath } from '../core/rel-path.ts';
import type { NewHasher } from '../platform/clock.ts';
import { examine } from './examine.ts';
import { CONTROL_PREFIX, pathOf } from './keys.ts';
import type { RemoteScanRequest } from './remote-tree.ts';

/** Objects asked about at once. */
const AT_ONCE = 16;

/** A folder nobody made a marker for: it is there as long as something lies in it. */
export const IMPLIED = 'implied' as Version;

/** Lists the whole tree and finds out about what is new to us. */
export async function scanRemote(backend: Backend, newHasher: NewHasher, request: RemoteScanRequest): Promise<RemoteSnapshot> {
  const { signal } = request;
  const entries = new Map<RelPath, Remote>();
  const problems: PathProblem[] = [];
  const folders = new Set<RelPath>();
  const leaves = new Set<RelPath>();
  const ask: { readonly path: RelPath; readonly info: ObjectInfo }[] = [];
  let objects = 0;
  for await (const info of backend.list('', {
    skip: CONTROL_PREFIX,
    ...(signal === undefined ? {} : { signal }),
    unlisted: (name, reason) => problems.push({ path: name, side: 'remote', reason, subtree: true }),
  })) {
    if (++objects % 256 === 0) request.onProgress?.({ objects });
    const place = pathOf(info.key);
    if (place === null) {
      problems.push({ path: info.key, side: 'remote', reason: 'unsafe-name', subtree: true });
      continue;
    }
    for (const folder of ancestorsOf(place.path)) {
      if (folders.has(folder)) break;
      folders.add(folder);
    }
    if (place.isFolder) {
      folders.add(place.path);
      entries.set(place.path, folderRemote(info));
      continue;
    }
    leaves.add(place.path);
    const known = rememberedEntry(request, place.path, info);
    if (known === null) ask.push({ path: place.path, info });
    else if (!entries.has(place.path)) entries.set(place.path, known);
  }
  await inParallel(ask, AT_ONCE, async ({ path, info }) => {
    const found = await examine(backend, newHasher, info, request);
    if (found.kind === 'problem') problems.push({ path, side: 'remote', reason: found.reason, subtree: false, detail: found.error.message });
    else if (found.kind === 'found' && !folders.has(path)) entries.set(path, found.remote);
  });
  request.onProgress?.({ objects });
  settleFolders(entries, folders, leaves, problems);
  return { entries, problems };
}

function folderRemote(info: Pick<ObjectInfo, 'version' | 'storedAtMs'> | null): Remote {
  return { entry: { kind: 'folder' }, version: info?.version ?? IMPLIED, op: null, device: null, storedAtMs: info?.storedAtMs ?? null };
}

/** Adds the folders that only what lies in them shows. A path that is both a file and a folder cannot be on a disk: it is left alone, with all that is below it, and listed (scenario 34). */
function settleFolders(entries: Map<RelPath, Remote>, folders: ReadonlySet<RelPath>, leaves: ReadonlySet<RelPath>, problems: PathProblem[]): void {
  for (const folder of folders) {
    if (entries.get(folder)?.entry.kind !== 'folder') entries.set(folder, folderRemote(null));
    if (leaves.has(folder)) problems.push({ path: folder, side: 'remote', reason: 'file-and-folder', subtree: true });
  }
}

/** What is known of this very version already. */
function rememberedEntry(request: RemoteScanRequest, path: RelPath, info: ObjectInfo): Remote | null {
  if (request.rehash) return null;
  const previous = request.previous?.entries.get(path);
  if (previous?.version === info.version && previous.entry.kind !== 'folder') return previous;
  const base = request.base.get(path);
  if (base?.version !== info.version || base.entry.kind === 'folder') return null;
  return { entry: base.entry, version: info.version, op: null, device: null, storedAtMs: info.storedAtMs };
}

async function inParallel<T>(items: readonly T[], limit: number, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
}
