import type { Remote } from '../core/entry.ts';
import { PLACE_ERRORS, SyncError } from '../core/errors.ts';
import { PathSet } from '../core/path-set.ts';
import { ancestorsOf, compareRelPaths, type RelPath } from '../core/rel-path.ts';
import type { RemoteTree } from '../remote/remote-tree.ts';
import type { EngineLog } from './log.ts';
import { runPool } from './pool.ts';
import type { World } from './world.ts';

/** Paths asked about at once. */
const AT_ONCE = 8;

export interface RemoteLookPorts {
  readonly remote: RemoteTree;
  readonly world: World;
  readonly log: EngineLog;
}

/** `seen`: the world is up to date at these paths. `unsure`: some could not be looked at and stay as they were last seen. `list`: only a full listing can tell, and nothing was taken. */
export type RemoteLook = 'seen' | 'unsure' | 'list';

type Seen = Map<RelPath, Remote | null>;

/** Asks about single paths, as hints name them. A folder that comes into being brings its parents along. */
export async function lookAtRemotePaths(paths: ReadonlySet<RelPath>, ports: RemoteLookPorts, signal: AbortSignal): Promise<RemoteLook> {
  const { world } = ports;
  if (isTangled(paths, world)) return 'list';
  const seen: Seen = new Map();
  const folders: Seen = new Map();
  const all = await lookAt([...paths], seen, (path) => lookAtPath(path, ports, signal), ports);
  if (changesKind(seen, world)) return 'list';
  const parents = await lookAt(missingFolders(seen, world), folders, (path) => ports.remote.look(path, 'folder', signal), ports);
  if (!parents) return 'list';
  // Parents first, since one that is gone takes what lies below it along.
  for (const [path, remote] of [...seen].sort(([a], [b]) => compareRelPaths(a, b))) world.sawRemotePath(path, remote);
  for (const [path, remote] of folders) world.sawRemotePath(path, remote);
  return all ? 'seen' : 'unsure';
}

async function lookAtPath(path: RelPath, { remote }: RemoteLookPorts, signal: AbortSignal): Promise<Remote | null> {
  return (await remote.look(path, 'file', signal)) ?? (await remote.look(path, 'folder', signal));
}

/** Whether all could be looked at. */
async function lookAt(paths: readonly RelPath[], into: Seen, look: (path: RelPath) => Promise<Remote | null>, { log }: RemoteLookPorts): Promise<boolean> {
  let all = true;
  await runPool(paths, AT_ONCE, async (path) => {
    try {
      into.set(path, await look(path));
    } catch (error) {
      if (!(error instanceof SyncError) || PLACE_ERRORS.includes(error.code)) throw error;
      log.line('info', 'left alone', { path, side: 'remote', code: error.code, message: error.message });
      all = false;
    }
  });
  return all;
}

/** What the last listing found to be a problem, it alone can clear. */
function isTangled(paths: ReadonlySet<RelPath>, { remoteProblems, besideFolders }: World): boolean {
  if (remoteProblems.length === 0 && besideFolders.size === 0) return false;
  const known = new PathSet();
  for (const { path } of remoteProblems) known.add(path as RelPath, true);
  return [...paths].some((path) => known.covers(path) || besideFolders.has(path));
}

/** A file where a folder was, or something in what was a file: both may be there (C63). */
function changesKind(seen: Seen, { remote }: World): boolean {
  for (const [path, now] of seen) {
    if (now === null) continue;
    if (now.entry.kind !== 'folder' && remote.get(path)?.entry.kind === 'folder') return true;
    for (const folder of ancestorsOf(path)) if ((remote.get(folder)?.entry.kind ?? 'folder') !== 'folder') return true;
  }
  return false;
}

function missingFolders(seen: Seen, { remote }: World): readonly RelPath[] {
  const missing = new Set<RelPath>();
  for (const [path, now] of seen) {
    if (now === null) continue;
    for (const folder of ancestorsOf(path)) if (seen.get(folder) === null || (!remote.has(folder) && !seen.has(folder))) missing.add(folder);
  }
  return [...missing];
}
