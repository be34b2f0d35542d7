import { absorbIntents } from '../core/absorb.ts';
import type { Action, Plan } from '../core/action.ts';
import { alignNormalisation } from '../core/collisions.ts';
import { type Conflict, isAnswerTo, type Resolution } from '../core/conflict.ts';
import { type Base, type BaseSnapshot, type Entry, type Hash, type Stamp, sameContent } from '../core/entry.ts';
import { PLACE_ERRORS, type SyncError } from '../core/errors.ts';
import type { IgnoreRules } from '../core/ignore.ts';
import { PathSet } from '../core/path-set.ts';
import { plan } from '../core/plan.ts';
import { policyFrom } from '../core/policy.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { PairSettings } from '../core/settings.ts';
import type { LocalTree } from '../local/local-tree.ts';
import type { Clock, Random } from '../platform/clock.ts';
import type { KeptVersions, RemoteTree } from '../remote/remote-tree.ts';
import type { StateStore } from '../state/state-store.ts';
import { type Announcer, remotePathsOf } from './announcer.ts';
import type { BurstLedger } from './burst-ledger.ts';
import { asSyncError, execute, type Outcome } from './execute.ts';
import { keptBy, NONE, plus } from './kept-count.ts';
import type { EngineLog } from './log.ts';
import type { Places } from './places.ts';
import type { ProgressMeter } from './progress.ts';
import { Recorder } from './recorder.ts';
import { lookAtRemotePaths } from './remote-look.ts';
import { settledBy } from './settled.ts';
import type { StateAge } from './state-age.ts';
import type { UndoLog } from './undo-log.ts';
import type { Extent } from './wake.ts';
import type { World } from './world.ts';

export interface CyclePorts {
  readonly local: LocalTree;
  readonly remote: RemoteTree;
  readonly state: StateStore;
  readonly places: Places;
  readonly age: StateAge;
  readonly world: World;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: EngineLog;
  readonly meter: ProgressMeter;
  readonly announcer: Announcer;
  /** Left out where nothing is done. */
  readonly undo?: UndoLog;
  /** Left out: no burst is remembered. */
  readonly bursts?: BurstLedger;
  readonly settings: PairSettings;
}

export interface CycleRequest {
  /** How much of each side to look at. What the last look saw may be old: every effect checks again anyway. */
  readonly local: Extent;
  readonly remote: Extent;
  readonly rehash: boolean;
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly scope: RelPath | null;
  readonly releaseHeld: boolean;
  readonly signal: AbortSignal;
}

export interface CycleMemory {
  ignore: IgnoreRules;
  conflicts: readonly Conflict[];
  resolutions: readonly Resolution[];
}

export interface CycleResult {
  readonly cycle: string;
  readonly plan: Plan;
  readonly outcomes: readonly OutcomeEvent[];
  /** What it left on the store as versions. */
  readonly kept: KeptVersions;
  /** Some of the remote paths that were asked for could not be looked at: a full listing will tell. */
  readonly unsure: boolean;
}

export interface OutcomeEvent {
  readonly cycle: string;
  readonly action: Action;
  readonly outcome: Outcome;
  readonly error: SyncError | null;
}

/** One turn of the loop: look at both sides, plan, do, remember. Full, forced, dry, limited and continuous sync are this with other requests. */
export async function runCycle(request: CycleRequest, ports: CyclePorts, memory: CycleMemory, onOutcome: (event: OutcomeEvent) => void): Promise<CycleResult> {
  const cycle = ports.random.id();
  await ports.places.check(request.dryRun ? null : ports.random, request.signal);
  await refuseOldState(request, ports);
  if (!request.dryRun) await settleRemovals(ports, request.signal);
  const { unsure } = await look(request, ports, memory);
  const base = await absorbOwnDeeds(request, ports);
  // Only where all was looked at is it known what came of deeds that a crash cut short.
  if (!request.dryRun && request.local === 'all' && request.remote === 'all') await ports.undo?.recover(base);
  const made = makePlan(request, base, ports, memory);
  const outcomes: OutcomeEvent[] = [];
  logPlan(cycle, made, ports);
  if (request.dryRun) return { cycle, plan: made, outcomes, kept: NONE, unsure };
  await rememberConflicts(made, ports, memory);
  if (made.actions.every(({ stage }) => stage === 'record')) await dropVoidIntents(request, made, ports);
  if (made.actions.length > 0) await ports.age.moveOn();
  await ports.announcer.expect(made.actions.flatMap(({ action }) => remotePathsOf(action)));
  const before = agreedBefore(made, ports.world.base);
  const settled = settledBy(made, { base: ports.world.base, local: ports.world.local, remote: ports.world.remote, device: ports.settings.deviceName });
  await ports.undo?.expects(undoable(made, before), settled);
  const keeps = keptBy(made, ports.world.remote, ports.settings);
  let kept = NONE;
  ports.meter.working(made.actions.map((p) => p.action));
  await execute(made.actions, {
    ...ports,
    recorder: new Recorder(ports.state, ports.clock),
    cycle,
    device: ports.settings.deviceName,
    maxConcurrent: ports.settings.maxConcurrent,
    signal: request.signal,
    checkPlaces: () => ports.places.recheck(request.signal),
    onOutcome: (action, outcome, error) => {
      const event = { cycle, action, outcome, error };
      outcomes.push(event);
      if (outcome === 'done') {
        noteDeed(action, before, ports);
        kept = plus(kept, keeps(action));
        const what = settled.get(action.path);
        if (what !== undefined) ports.undo?.settles(action.path, what);
      }
      ports.announcer.saw(action, outcome, request.signal);
      ports.log.line(outcome === 'done' ? 'debug' : outcome === 'stale' ? 'info' : 'warn', outcome, {
        cycle,
        action: action.kind,
        path: action.path,
        code: error?.code,
        message: error?.message,
      });
      onOutcome(event);
    },
  });
  await ports.bursts?.note(made, outcomes, request, ports.clock.now());
  return { cycle, plan: made, outcomes, kept, unsure };
}

/** Removals and moves that a run may have died in, on either side. What cannot be settled is looked at like everything else. */
async function settleRemovals({ world, local, remote }: CyclePorts, signal: AbortSignal): Promise<void> {
  const { intents } = world;
  for (const intent of intents) {
    if (intent.kind === 'local-remove') await local.settleRemoval(intent.path, intent.stamp);
    const was = world.base.get(intent.path);
    if (intent.kind !== 'remote-remove' || was?.version !== intent.version) continue;
    const to = intents.find(({ op, kind }) => op === intent.op && kind === 'remote-write')?.path ?? null;
    await remote.settleRemoval(intent.path, { entry: was.entry, version: intent.version }, to, signal).catch((error: unknown) => {
      const problem = asSyncError(error, intent.path);
      if (problem.code === 'aborted' || PLACE_ERRORS.includes(problem.code)) throw problem;
    });
  }
}

function pathsOf(action: Action): readonly RelPath[] {
  return 'to' in action ? [action.path, action.to] : [action.path];
}

/** What both sides agreed on at each path of the plan. */
function agreedBefore({ actions }: Plan, base: BaseSnapshot): ReadonlyMap<RelPath, Entry | null> {
  return new Map(actions.flatMap(({ action }) => pathsOf(action)).map((path) => [path, base.get(path)?.entry ?? null]));
}

/** What an undo would have to bring back: nothing is changed before this is on record. */
function undoable({ actions }: Plan, before: ReadonlyMap<RelPath, Entry | null>): ReadonlyMap<RelPath, Entry | null> {
  const aside = new Set(actions.flatMap(({ action }) => (isSettingAside(action) ? [action.to] : [])));
  const changed = actions.flatMap(({ action }) => (isRecord(action) || isSettingAside(action) ? [] : pathsOf(action))).filter((path) => !aside.has(path));
  return new Map(changed.map((path) => [path, before.get(path) ?? null]));
}

function isRecord({ kind }: Action): boolean {
  return kind === 'adopt' || kind === 'forget';
}

function isSettingAside(action: Action): action is Extract<Action, { kind: 'set-aside-local' | 'set-aside-remote' }> {
  return action.kind === 'set-aside-local' || action.kind === 'set-aside-remote';
}

function noteDeed(action: Action, before: ReadonlyMap<RelPath, Entry | null>, { undo, world }: CyclePorts): void {
  if (isRecord(action)) return;
  if (isSettingAside(action)) undo?.setAside(action.to);
  else for (const path of pathsOf(action)) undo?.did(path, before.get(path) ?? null, world.base.get(path)?.entry ?? null);
}

/** A state from an old backup is forgotten, as if it were lost. */
export async function refuseOldState(request: Pick<CycleRequest, 'dryRun'>, { age, world, state, log }: Pick<CyclePorts, 'age' | 'world' | 'state' | 'log'>): Promise<void> {
  if (!(await age.isBehind())) return;
  const drop = [...world.base.keys()];
  const settled = world.intents.map((intent) => intent.op);
  world.base.clear();
  world.settle(...world.intents.map((intent) => intent.path));
  if (request.dryRun) return;
  if (drop.length > 0) log.line('warn', 'the state is older than the folder: both sides are compared, nothing is deleted', { files: drop.length });
  await state.commit({ drop, settled });
  await age.catchUp();
}

async function look(request: CycleRequest, ports: CyclePorts, memory: CycleMemory): Promise<{ readonly unsure: boolean }> {
  const { world, meter } = ports;
  const base = world.base;
  let files = 0;
  let objects = 0;
  let unsure = false;
  const lookLocal = async (): Promise<void> => {
    if (request.local === 'cached') return;
    const paths = request.local === 'all' ? null : request.local;
    const seen = await ports.local.scan({
      base,
      known: hashesOutsideBase(world),
      noise: noiseOf(world),
      ignore: paths === null ? configuredRules(memory) : memory.ignore,
      rehash: request.rehash,
      ...(paths === null ? {} : { paths }),
      signal: request.signal,
      onProgress: (p) => {
        files = p.files;
        meter.looking(files + objects);
      },
    });
    world.sawLocal(seen, paths);
    if (paths === null) memory.ignore = seen.ignore;
  };
  const lookRemote = async (): Promise<void> => {
    if (request.remote === 'cached') return;
    if (request.remote !== 'all') {
      const found = await lookAtRemotePaths(request.remote, ports, request.signal);
      unsure = found === 'unsure';
      if (found !== 'list') return;
    }
    const seen = await ports.remote.scan({
      base,
      previous: world.remoteSnapshot,
      rehash: request.rehash,
      startsFeed: true,
      signal: request.signal,
      onProgress: (p) => {
        objects = p.objects;
        meter.looking(files + objects);
      },
    });
    world.sawRemote(seen);
  };
  const results = await Promise.allSettled([lookLocal(), lookRemote()]);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  // What was seen counts only if the places were still there when the look was over (C28).
  if (!request.dryRun) await ports.places.recheck(request.signal);
  if (ports.local.features.normalises) {
    const partners = new Set<RelPath>([...world.base.keys(), ...world.remote.keys()]);
    world.local = new Map(alignNormalisation(world.local, (p) => partners.has(p), partners));
  }
  return { unsure };
}

/** The rules of the settings alone; `.syncignore` files are read anew by a full scan. */
function configuredRules(memory: CycleMemory): IgnoreRules {
  return memory.ignore.configured();
}

/** Hashes the last look found for files both sides do not agree on yet, so that a waiting conflict is not read again each time. */
function hashesOutsideBase(world: World): ReadonlyMap<Stamp, Hash> {
  const known = new Map<Stamp, Hash>();
  for (const [path, { entry, stamp }] of world.local) {
    if (entry.kind === 'file' && world.base.get(path)?.stamp !== stamp) known.set(stamp, entry.hash);
  }
  return known;
}

function noiseOf(world: World): ReadonlySet<Stamp> {
  return new Set([...world.local.values()].filter(({ noise }) => noise === true).map(({ stamp }) => stamp));
}

/** Deeds of ours that were done but never recorded become part of the base. A dry run only reckons with them. */
async function absorbOwnDeeds(request: CycleRequest, { world, state, log, announcer }: CyclePorts): Promise<BaseSnapshot> {
  const intents = world.intents;
  if (intents.length === 0) return world.base;
  const after = absorbIntents(world.base, intents, world.localSnapshot, world.remoteSnapshot);
  if (request.dryRun) return after;
  const put: [RelPath, Base][] = [];
  const drop: RelPath[] = [];
  const settled: string[] = [];
  const there = new Set(intents.filter((i) => i.kind === 'remote-write' || i.kind === 'remote-remove').map((i) => i.path));
  for (const path of new Set(intents.map((i) => i.path))) {
    const base = after.get(path);
    if (base === world.base.get(path)) continue;
    if (base === undefined) {
      drop.push(path);
      world.base.delete(path);
    } else {
      put.push([path, base]);
      world.base.set(path, base);
    }
    settled.push(...world.settle(path));
    log.line('info', 'recognised an own deed', { path });
  }
  const absorbed = [...put.map(([path]) => path), ...drop];
  await announcer.expect(absorbed.filter((path) => there.has(path)));
  if (absorbed.length > 0) await state.commit({ put, drop, settled });
  return world.base;
}

/**
 * What was begun and left no trace never will, once both sides were looked at in full and nothing is left to do: kept on, it could take another device's equal content for its own. What nobody can look at just now
 * stays written down.
 */
async function dropVoidIntents({ local, remote }: CycleRequest, { problems }: Plan, { world, state }: CyclePorts): Promise<void> {
  if (local !== 'all' || remote !== 'all') return;
  const unknown = new PathSet();
  for (const { path } of problems) unknown.add(path as RelPath, true);
  const settled = world.settle(...new Set(world.intents.map((i) => i.path).filter((path) => !unknown.covers(path))));
  if (settled.length > 0) await state.commit({ settled });
}

export function makePlan(request: CycleRequest, base: BaseSnapshot, ports: CyclePorts, memory: CycleMemory): Plan {
  const { world, settings } = ports;
  const { features } = ports.local;
  return plan({
    base,
    local: world.localSnapshot,
    remote: world.remoteSnapshot,
    ignore: memory.ignore,
    direction: settings.direction,
    policyFor: policyFrom(settings),
    resolutions: memory.resolutions,
    open: memory.conflicts,
    guard: settings.guard,
    ...ports.bursts?.at(ports.clock.now()),
    releaseHeld: request.releaseHeld,
    scope: request.scope,
    force: request.force,
    localFoldsNames: features.caseInsensitive || features.normalises,
    holdsLinks: { local: features.symlinks, remote: ports.remote.capabilities.symlinks },
    device: settings.deviceName,
    nowMs: ports.clock.now(),
  });
}

async function rememberConflicts(made: Plan, ports: CyclePorts, memory: CycleMemory): Promise<void> {
  const dropConflicts = made.settledConflicts;
  // An answer is spent when it was followed, and void when the question changed: then the conflict is listed anew. It waits on for a conflict this cycle did not look at.
  const asked = new Map(made.conflicts.map((c) => [c.path, c]));
  const [waiting, answered] = partition(memory.resolutions, (r) => {
    const conflict = asked.get(r.path);
    return conflict !== undefined && isAnswerTo(r, conflict);
  });
  const before = new Map(memory.conflicts.map((c) => [c.path, c]));
  const putConflicts = made.conflicts.filter((c) => {
    const old = before.get(c.path);
    return old === undefined || old.remoteVersion !== c.remoteVersion || !sameContent(old.local, c.local);
  });
  if (putConflicts.length + dropConflicts.length + answered.length === 0) return;
  await ports.state.commit({ putConflicts, dropConflicts, dropResolutions: answered.map((r) => r.path) });
  memory.conflicts = made.conflicts;
  memory.resolutions = waiting;
}

function partition<T>(list: readonly T[], belongs: (item: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [list.filter(belongs), list.filter((item) => !belongs(item))];
}

function logPlan(cycle: string, made: Plan, { log, world }: CyclePorts): void {
  for (const { action } of made.actions) {
    const { path } = action;
    log.line(action.kind === 'adopt' || action.kind === 'forget' ? 'debug' : 'info', 'plan', {
      cycle,
      path,
      action: action.kind,
      ...('to' in action ? { to: action.to } : {}),
      reason: action.reason,
      base: world.base.get(path)?.version ?? null,
      local: world.local.get(path)?.stamp ?? null,
      remote: world.remote.get(path)?.version ?? null,
    });
  }
  for (const problem of made.problems) log.line('info', 'left alone', { cycle, ...problem });
}
