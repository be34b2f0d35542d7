import { absorbIntents } from '../core/absorb.ts';
import type { Plan } from '../core/action.ts';
import { alignNormalisation } from '../core/collisions.ts';
import type { BaseSnapshot, LocalSnapshot, Remote, RemoteSnapshot } from '../core/entry.ts';
import type { IgnoreRules } from '../core/ignore.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { StoredState } from '../state/state-store.ts';
import { type CycleMemory, type CyclePorts, makePlan } from './cycle.ts';
import { type Evidence, judge } from './verify.ts';
import type { VerifyReport } from './verify-report.ts';
import { World } from './world.ts';

export interface VerifyRequest {
  /** Read every content on both sides again, too. */
  readonly content: boolean;
  readonly signal: AbortSignal;
}

/** Looks at both sides and at the state afresh and compares them. Changes nothing, not even what the engine remembers. */
export async function verifyPair(request: VerifyRequest, ports: CyclePorts, memory: CycleMemory): Promise<VerifyReport> {
  await ports.places.check(null, request.signal);
  const stored = await ports.state.load();
  const seen = await look(request, stored.base, memory.ignore.configured(), false, ports);
  const content = request.content ? await look(request, stored.base, memory.ignore.configured(), true, ports) : null;
  // What was seen counts only if the places were still there when the look was over (C28).
  await ports.places.check(null, request.signal);
  const planOf = (local: LocalSnapshot, remote: RemoteSnapshot): Plan => nextPlan({ stored, local, remote, ignore: seen.ignore }, request, ports, memory);
  const evidence: Evidence = {
    base: stored.base,
    held: ports.world.base,
    intents: stored.intents,
    conflicts: stored.conflicts,
    resolutions: stored.resolutions,
    stateFaults: await ports.state.faults(),
    leftovers: await ports.local.leftovers(),
    local: seen.local,
    remote: seen.remote,
    content,
    plan: planOf(seen.local, asSyncSees(seen.remote, stored.base)),
    fullPlan: content === null ? null : planOf(content.local, content.remote),
    proves: (stamp) => ports.local.proves(stamp),
    sameMoment: (x, y) => ports.local.sameMoment(x, y),
  };
  return judge(evidence);
}

interface Seen {
  readonly local: LocalSnapshot;
  readonly remote: RemoteSnapshot;
  readonly ignore: IgnoreRules;
}

/** Both sides whole. The store is asked about every object, also where the version is the recorded one: what it says of itself is to be compared with what is remembered. */
async function look({ signal }: VerifyRequest, base: BaseSnapshot, ignore: IgnoreRules, rehash: boolean, { local, remote, meter }: CyclePorts): Promise<Seen> {
  let files = 0;
  let objects = 0;
  const results = await Promise.allSettled([
    local.scan({
      base,
      ignore,
      rehash,
      signal,
      onProgress: (p) => {
        files = p.files;
        meter.looking(files + objects);
      },
    }),
    remote.scan({
      base: new Map(),
      rehash,
      signal,
      onProgress: (p) => {
        objects = p.objects;
        meter.looking(files + objects);
      },
    }),
  ]);
  const [here, there] = results;
  if (here.status === 'rejected') throw here.reason;
  if (there.status === 'rejected') throw there.reason;
  return { local: aligned(here.value, base, there.value, local.features.normalises), remote: there.value, ignore: here.value.ignore };
}

function aligned(local: LocalSnapshot, base: BaseSnapshot, remote: RemoteSnapshot, normalises: boolean): LocalSnapshot {
  if (!normalises) return local;
  const partners = new Set<RelPath>([...base.keys(), ...remote.entries.keys()]);
  return { ...local, entries: alignNormalisation(local.entries, (path) => partners.has(path), partners) };
}

/** A sync takes an object of the recorded version for what was agreed. */
function asSyncSees(remote: RemoteSnapshot, base: BaseSnapshot): RemoteSnapshot {
  const entries = new Map<RelPath, Remote>();
  for (const [path, there] of remote.entries) {
    const agreed = base.get(path);
    const trusted = agreed?.version === there.version && agreed.entry.kind !== 'folder' && there.entry.kind !== 'folder';
    entries.set(path, trusted ? { ...there, entry: agreed.entry } : there);
  }
  return { ...remote, entries };
}

interface View extends Seen {
  readonly stored: StoredState;
}

function nextPlan({ stored, local, remote, ignore }: View, { signal }: VerifyRequest, ports: CyclePorts, memory: CycleMemory): Plan {
  const base = absorbIntents(stored.base, stored.intents, local, remote);
  const world = new World(base, []);
  world.sawLocal(local, null);
  world.sawRemote(remote);
  const request = { local: 'all', remote: 'all', rehash: false, force: false, dryRun: true, scope: null, releaseHeld: false, signal } as const;
  return makePlan(request, base, { ...ports, world }, { ...memory, ignore });
}
