import type { Backend, ObjectInfo } from '../backends/backend.ts';
import { type BaseSnapshot, IMPLIED_FOLDER, type PathProblem, type Remote, type RemoteSnapshot } from '../core/entry.ts';
import { ancestorsOf, type RelPath } from '../core/rel-path.ts';
import type { NewHasher } from '../platform/clock.ts';
import { examine, problemOf } from './examine.ts';
import { inParallel } from './in-parallel.ts';
import { CONTROL_PREFIX, pathOf } from './keys.ts';
import type { RemoteScanRequest } from './remote-tree.ts';

/** Objects asked about at once. */
const AT_ONCE = 16;
const PROGRESS_EVERY = 256;

/** Lists the whole tree and finds out about what is new to us. What it returns does not depend on the order of the listing or of the answers. */
export async function scanRemote(backend: Backend, newHasher: NewHasher, request: RemoteScanRequest): Promise<RemoteSnapshot> {
  const listing = await readListing(backend, request);
  const { leaves, problems } = listing;
  const ask = [...leaves.values()].filter((leaf) => leaf.remote === null);
  await inParallel(ask, AT_ONCE, async (leaf) => {
    try {
      leaf.remote = await examine(backend, newHasher, leaf.info, request);
    } catch (error) {
      const { reason, detail } = problemOf(error);
      problems.push({ path: leaf.path, side: 'remote', reason, subtree: false, detail });
    }
  });
  return { ...assemble(listing, request.base), problems };
}

interface Leaf {
  readonly path: RelPath;
  readonly info: ObjectInfo;
  /** Null until it was asked about, and when it turned out to be gone or a problem. */
  remote: Remote | null;
}
interface Listing {
  readonly leaves: Map<RelPath, Leaf>;
  /** Folders with a marker of their own, and those that are only implied by what lies in them (null). */
  readonly folders: Map<RelPath, ObjectInfo | null>;
  readonly problems: PathProblem[];
}

async function readListing(backend: Backend, request: RemoteScanRequest): Promise<Listing> {
  const listing: Listing = { leaves: new Map(), folders: new Map(), problems: [] };
  const options = {
    skip: CONTROL_PREFIX,
    ...(request.signal === undefined ? {} : { signal: request.signal }),
    unlisted: (name: string, reason: PathProblem['reason']) => void listing.problems.push({ path: name, side: 'remote', reason, subtree: true }),
  };
  let objects = 0;
  for await (const info of backend.list('', options)) {
    if (++objects % PROGRESS_EVERY === 0) request.onProgress?.({ objects });
    take(info, listing, request);
  }
  request.onProgress?.({ objects });
  return listing;
}

function take(info: ObjectInfo, { leaves, folders, problems }: Listing, request: RemoteScanRequest): void {
  const place = pathOf(info.key);
  if (place === null) {
    problems.push({ path: info.key, side: 'remote', reason: 'unsafe-name', subtree: true });
    return;
  }
  for (const folder of ancestorsOf(place.path)) {
    if (folders.has(folder)) break;
    folders.set(folder, null);
  }
  if (place.isFolder) folders.set(place.path, info);
  else leaves.set(place.path, { path: place.path, info, remote: remembered(request, place.path, info) });
}

/** What is known of this very version already. */
function remembered(request: RemoteScanRequest, path: RelPath, info: ObjectInfo): Remote | null {
  if (request.rehash) return null;
  const previous = request.previous?.entries.get(path);
  if (previous?.version === info.version && previous.entry.kind !== 'folder') return { ...previous, storedAtMs: info.storedAtMs };
  const base = request.base.get(path);
  if (base?.version !== info.version || base.entry.kind === 'folder') return null;
  return { entry: base.entry, version: info.version, op: null, device: null, storedAtMs: info.storedAtMs };
}

/**
 * A path that is a file or link and a folder at once cannot be on a disk, and nothing may be written through a link. What other tools made so is left alone with all below it, and listed (C63, S34); what is ours will be
 * renamed out of the way.
 */
function assemble({ leaves, folders, problems }: Listing, base: BaseSnapshot): Pick<RemoteSnapshot, 'entries' | 'besideFolders'> {
  const entries = new Map<RelPath, Remote>();
  const besideFolders = new Map<RelPath, Remote>();
  for (const [path, info] of folders) {
    const leaf = leaves.get(path);
    const remote = leaf?.remote ?? null;
    if (remote !== null && isOurs(path, remote, base)) besideFolders.set(path, remote);
    else if (leaf !== undefined) problems.push({ path, side: 'remote', reason: 'file-and-folder', subtree: true });
    entries.set(path, { entry: { kind: 'folder' }, version: info?.version ?? IMPLIED_FOLDER, op: null, device: null, storedAtMs: info?.storedAtMs ?? null });
  }
  for (const { path, remote } of leaves.values()) if (remote !== null && !besideFolders.has(path)) entries.set(path, remote);
  return { entries, besideFolders };
}

function isOurs(path: RelPath, remote: Remote, base: BaseSnapshot): boolean {
  return remote.device !== null || base.get(path)?.version === remote.version;
}
