import type { Backend, ObjectDetail, ObjectInfo } from '../backends/backend.ts';
import { type Entry, type Hash, IMPLIED_FOLDER, type PathProblem, type Remote, type RemoteSnapshot } from '../core/entry.ts';
import { ancestorsOf, type RelPath } from '../core/rel-path.ts';
import type { NewHasher } from '../platform/clock.ts';
import { CONTROL_PREFIX, pathOf } from './keys.ts';
import { fileEntry, readMeta } from './metadata.ts';
import type { RemoteScanRequest } from './remote-tree.ts';

/** Link text longer than this is no link (Linux PATH_MAX). */
export const MAX_LINK_BYTES = 4096;
/** Objects asked about at once. */
const AT_ONCE = 16;

/** Lists the whole tree and finds out about what is new to us. */
export async function scanRemote(backend: Backend, newHasher: NewHasher, request: RemoteScanRequest): Promise<RemoteSnapshot> {
  const { signal } = request;
  const entries = new Map<RelPath, Remote>();
  const problems: PathProblem[] = [];
  const folders = new Set<RelPath>();
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
    const known = rememberedEntry(request, place.path, info);
    if (known !== null) entries.set(place.path, known);
    else ask.push({ path: place.path, info });
  }
  await inParallel(ask, AT_ONCE, async ({ path, info }) => {
    const found = await examine(backend, newHasher, info, request);
    if (found !== null) entries.set(path, found);
  });
  request.onProgress?.({ objects });
  addImpliedFolders(
    entries,
    folders,
    problems,
    ask.map((a) => a.path),
  );
  return { entries, problems };
}

function folderRemote(info: ObjectInfo): Remote {
  return { entry: { kind: 'folder' }, version: info.version, op: null, device: null, storedAtMs: info.storedAtMs };
}

/** A key that is both a file and a folder cannot be on a disk: it is left alone and listed (scenario 34). */
function addImpliedFolders(entries: Map<RelPath, Remote>, folders: ReadonlySet<RelPath>, problems: PathProblem[], asked: readonly RelPath[]): void {
  const files = new Set(asked);
  for (const folder of folders) {
    const there = entries.get(folder);
    if (there?.entry.kind === 'folder') continue;
    if (there === undefined && !files.has(folder)) {
      entries.set(folder, { entry: { kind: 'folder' }, version: IMPLIED_FOLDER, op: null, device: null, storedAtMs: null });
      continue;
    }
    problems.push({ path: folder, side: 'remote', reason: 'file-and-folder', subtree: true });
  }
}

/** What is known of this very version already. */
function rememberedEntry(request: RemoteScanRequest, path: RelPath, info: ObjectInfo): Remote | null {
  if (request.rehash) return null;
  const previous = request.previous?.entries.get(path);
  if (previous?.version === info.version) return previous;
  const base = request.base.get(path);
  if (base?.version !== info.version || base.entry.kind === 'folder') return null;
  return { entry: base.entry, version: info.version, op: null, device: null, storedAtMs: info.storedAtMs };
}

/** Asks about one object; reads it whole where no hash is recorded or `rehash` is set. Null when it is gone by now. */
export async function examine(
  backend: Backend,
  newHasher: NewHasher,
  info: ObjectInfo | { readonly key: string; readonly meta?: undefined },
  request: Pick<RemoteScanRequest, 'signal' | 'rehash'>,
): Promise<Remote | null> {
  const options = request.signal === undefined ? {} : { signal: request.signal };
  const detail = info.meta === undefined ? await backend.stat(info.key, options) : (info as ObjectDetail);
  if (detail === null) return null;
  const described = readMeta(detail);
  const tail = { version: detail.version, op: described.op, device: described.device, storedAtMs: detail.storedAtMs };
  if (detail.key.endsWith('/')) return { entry: { kind: 'folder' }, ...tail };
  if (!described.isLink && described.hash !== null && !request.rehash) return { entry: fileEntry(detail.size, described, described.hash), ...tail };
  if (described.isLink && detail.size > MAX_LINK_BYTES) return null;
  const body = await backend.get(detail.key, { ifMatch: detail.version, ...options });
  if (body === null) return null;
  const entry: Entry = described.isLink ? { kind: 'symlink', target: await readText(body.chunks) } : fileEntry(detail.size, described, await hashOf(body.chunks, newHasher));
  return { entry, ...tail };
}

async function hashOf(chunks: AsyncIterable<Uint8Array>, newHasher: NewHasher): Promise<Hash> {
  const hasher = newHasher();
  for await (const chunk of chunks) hasher.update(chunk);
  return hasher.digest() as Hash;
}

export async function readText(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString('utf8');
}

async function inParallel<T>(items: readonly T[], limit: number, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
}
