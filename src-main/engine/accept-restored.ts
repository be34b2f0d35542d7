import { type Base, type BaseSnapshot, type LocalSnapshot, type RemoteSnapshot, sameContent } from '../core/entry.ts';
import { PathSet } from '../core/path-set.ts';
import { parseRelPath, type RelPath } from '../core/rel-path.ts';
import type { OlderFiles } from '../remote/remote-tree.ts';
import type { CycleMemory, CyclePorts } from './cycle.ts';
import type { RestoredReport } from './sync-manager.ts';

export interface AcceptRequest {
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
}

/**
 * After the owner brought the store back from a backup: forgets what was agreed wherever the store does not hold it any more, so that its being gone is no deletion and its being older no edit (I1, I8). The sync that follows does the rest. What is older
 * passes only once that is on record: a crash between the two costs another run of this.
 */
export async function acceptRestored(request: AcceptRequest, ports: CyclePorts, memory: CycleMemory): Promise<Omit<RestoredReport, 'report'>> {
  const { places, remote, world, state, random, log, settings } = ports;
  await places.check(request.dryRun ? null : random, request.signal);
  const older = remote.older?.() ?? null;
  older?.show(true);
  try {
    const [here, there] = await look(request, ports, memory);
    await places.recheck(request.signal);
    const lost = compare(world.base, here, there, older);
    if (request.dryRun) return namesOf(lost);
    // What is never sent from here is not newer here.
    const put = settings.direction === 'download_only' ? [] : lost.older.filter(({ isHere }) => isHere).map(({ path, base }) => [path, base] as const);
    const kept = new Set(put.map(([path]) => path));
    const drop = [...lost.older.map(({ path }) => path), ...lost.missing, ...lost.differing].filter((path) => !kept.has(path));
    const settled = world.settle(...kept, ...drop);
    for (const [path, base] of put) world.base.set(path, base);
    for (const path of drop) world.base.delete(path);
    await state.commit({ put, drop, settled });
    await older?.accept();
    log.line('warn', 'the store was brought back from a backup: what it lost is compared anew', {
      older: lost.older.length,
      missing: lost.missing.length,
      differing: lost.differing.length,
    });
    return namesOf(lost);
  } finally {
    older?.show(false);
  }
}

interface Older {
  readonly path: RelPath;
  /** The store's older object as what was agreed, so that what is here counts as the edit. */
  readonly base: Base;
  readonly isHere: boolean;
}
interface Lost {
  readonly older: readonly Older[];
  readonly missing: readonly RelPath[];
  readonly differing: readonly RelPath[];
}

function namesOf({ older, missing, differing }: Lost): Omit<RestoredReport, 'report'> {
  return { older: older.map(({ path }) => path), missing, differing };
}

/** Both sides whole; the store is asked about every object that is not the agreed one. */
async function look({ signal }: AcceptRequest, { local, remote, world, meter }: CyclePorts, memory: CycleMemory): Promise<readonly [LocalSnapshot, RemoteSnapshot]> {
  const { base } = world;
  let files = 0;
  let objects = 0;
  return Promise.all([
    local.scan({
      base,
      ignore: memory.ignore.configured(),
      rehash: false,
      signal,
      onProgress: (p) => {
        files = p.files;
        meter.looking(files + objects);
      },
    }),
    remote.scan({
      base,
      rehash: false,
      signal,
      onProgress: (p) => {
        objects = p.objects;
        meter.looking(files + objects);
      },
    }),
  ]);
}

function compare(base: BaseSnapshot, here: LocalSnapshot, there: RemoteSnapshot, olderFiles: OlderFiles | null): Lost {
  const unknown = new PathSet();
  for (const problem of there.problems) {
    const parsed = parseRelPath(problem.path);
    if ('path' in parsed) unknown.add(parsed.path, problem.subtree);
  }
  const met = olderFiles?.met() ?? new Set<RelPath>();
  const older = [...met].sort().flatMap((path): Older[] => {
    const remote = there.entries.get(path);
    return remote === undefined ? [] : [{ path, base: { entry: remote.entry, stamp: null, version: remote.version }, isHere: base.has(path) && here.entries.has(path) }];
  });
  const missing: RelPath[] = [];
  const differing: RelPath[] = [];
  for (const [path, agreed] of base) {
    if (met.has(path) || unknown.covers(path) || !here.entries.has(path)) continue;
    const remote = there.entries.get(path);
    if (remote === undefined) missing.push(path);
    // Where objects tell their age, one that is not older is somebody's edit.
    else if (olderFiles === null && remote.version !== agreed.version && !sameContent(remote.entry, agreed.entry)) differing.push(path);
  }
  return { older, missing, differing };
}
