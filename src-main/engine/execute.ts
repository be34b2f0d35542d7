import { type Action, type PlannedAction, STAGES } from '../core/action.ts';
import { type ErrorCode, hasCode, PLACE_ERRORS, SyncError } from '../core/errors.ts';
import { PathSet } from '../core/path-set.ts';
import { ancestorsOf, depthOf } from '../core/rel-path.ts';
import type { Clock, Random } from '../platform/clock.ts';
import type { ActivityRecord } from '../state/state-store.ts';
import { type EffectContext, intentsOf, type Observation, perform } from './effects.ts';
import { runPool } from './pool.ts';
import { transferBytes } from './progress.ts';
import type { Recorder } from './recorder.ts';

/** Intents are written for so many actions ahead in one transaction. */
const AHEAD = 256;
/** The places are looked at again before this many deletions. */
const DELETIONS_BETWEEN_CHECKS = 64;

/** Small files never wait behind larger ones than this. */
const LARGE_BYTES = 16 * 1_048_576;

export type Outcome = 'done' | 'stale' | 'failed';

export interface ExecutorPorts extends EffectContext {
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly random: Random;
  readonly cycle: string;
  readonly maxConcurrent: number;
  /** Throws a place error when a root or the vault is no longer what it was (C26-C28). */
  readonly checkPlaces: () => Promise<void>;
  readonly onOutcome: (action: Action, outcome: Outcome, error: SyncError | null) => void;
}

/** The side that ran out of room, and how. What needs room there waits; the other direction goes on, and so do deletions, which give room back. */
type Full = Record<'local' | 'remote', SyncError | null>;

/**
 * Carries out a plan, stage by stage. A path's error is told and the rest goes on; an error of the place stops new work, lets what is in flight end, and is thrown. A side without room is told at the end.
 */
export async function execute(actions: readonly PlannedAction[], ports: ExecutorPorts): Promise<void> {
  const notCleared = new PathSet();
  const work: Work = {
    ...ports,
    notCleared,
    onOutcome: (action, outcome, error) => {
      const stage = stageOf.get(action) ?? 'record';
      if (outcome !== 'done' && MAKES_ROOM.includes(stage)) notCleared.add(action.path, true);
      // A store without real folders would let the marker of a folder go that still has something in it, and take a file of that name.
      if (outcome !== 'done' && stage === 'clear') for (const folder of ancestorsOf(action.path)) notCleared.add(folder, false);
      ports.onOutcome(action, outcome, error);
    },
  };
  const stageOf = new Map(actions.map(({ action, stage }) => [action, stage]));
  const full: Full = { local: null, remote: null };
  try {
    for (const stage of STAGES) {
      for (const group of inWaves(
        stage,
        actions.filter((p) => p.stage === stage).map((p) => p.action),
      ))
        await runGroup(group, work, full);
    }
  } finally {
    await ports.recorder.flush();
  }
  const error = full.remote ?? full.local;
  if (error !== null) throw error;
}

/** Stages that make room at a path for what later stages put there. */
const MAKES_ROOM: readonly PlannedAction['stage'][] = ['set-aside', 'clear'];

interface Work extends ExecutorPorts {
  /** What still stands in the way: a store without real folders would take a folder beside the file. */
  readonly notCleared: PathSet;
}

/** Where depth orders a stage, each depth is a wave of its own: parents before children, or children before parents. */
function inWaves(stage: PlannedAction['stage'], actions: readonly Action[]): readonly (readonly Action[])[] {
  if (stage !== 'folders' && stage !== 'clear' && stage !== 'remove-folders') return [actions];
  const waves = new Map<number, Action[]>();
  for (const action of actions) {
    const depth = depthOf(action.path);
    const wave = waves.get(depth);
    if (wave === undefined) waves.set(depth, [action]);
    else wave.push(action);
  }
  const depths = [...waves.keys()].sort((a, b) => (stage === 'folders' ? a - b : b - a));
  return depths.map((depth) => waves.get(depth) ?? []);
}

async function runGroup(actions: readonly Action[], ports: Work, full: Full): Promise<void> {
  const ops = actions.map(() => ports.random.id());
  const written: Promise<void>[] = [];
  const intend = (index: number): Promise<void> => {
    const chunk = Math.floor(index / AHEAD);
    written[chunk] ??= writeIntents(chunk);
    return written[chunk];
  };
  const writeIntents = async (chunk: number): Promise<void> => {
    const intents = actions.slice(chunk * AHEAD, (chunk + 1) * AHEAD).flatMap((action, i) => intentsOf(action, ops[chunk * AHEAD + i] ?? ''));
    await ports.recorder.intend(intents);
    ports.world.remember(intents);
  };
  let deletions = 0;
  const work = async (action: Action, index: number): Promise<void> => {
    const side = needsRoomOn(action);
    if (side !== null && full[side] !== null) return;
    if (ports.signal.aborted) throw new SyncError('aborted', 'interrupted');
    if (deletes(action) && deletions++ % DELETIONS_BETWEEN_CHECKS === 0) await ports.checkPlaces();
    await intend(index);
    await runOne(action, ops[index] ?? '', ports, full);
  };
  await runPool(actions, ports.maxConcurrent, work, (action) => transferBytes(action) >= LARGE_BYTES);
}

async function runOne(action: Action, op: string, ports: Work, full: Full): Promise<void> {
  try {
    const seen = await performWithRoom(action, op, ports, full);
    if (seen === 'no room') return;
    const outcome = seen === null ? 'stale' : 'done';
    const paths = 'to' in action ? [action.path, action.to] : [action.path];
    // Refused is not done: its own intent says nothing any more, while an earlier one may still.
    const settled = seen === null ? ports.world.withdraw(op, ...paths) : ports.world.settle(...paths);
    await ports.recorder.note({ ...seen, settled, activity: activityOf(action, outcome, null, ports) });
    ports.onOutcome(action, outcome, null);
  } catch (error) {
    const problem = asSyncError(error, action.path);
    if (PLACE_ERRORS.includes(problem.code)) throw problem;
    await ports.recorder.note({ activity: activityOf(action, 'failed', problem, ports) });
    ports.onOutcome(action, 'failed', problem);
  } finally {
    ports.meter.finished(action.path);
  }
}

async function performWithRoom(action: Action, op: string, ports: Work, full: Full): Promise<Observation | null | 'no room'> {
  const side = needsRoomOn(action);
  try {
    return await performOrStale(action, op, ports);
  } catch (error) {
    if (side === null || !hasCode(error, 'disk-full', 'quota')) throw error;
    full[side] = error;
    return 'no room';
  }
}

function needsRoomOn(action: Action): 'local' | 'remote' | null {
  switch (action.kind) {
    case 'upload':
    case 'make-remote-folder':
    case 'move-remote':
    case 'set-aside-remote':
      return 'remote';
    case 'download':
    case 'make-local-folder':
    case 'move-local':
    case 'set-aside-local':
      return 'local';
    default:
      return null;
  }
}

/** A path that is not what the plan saw, or whose folder is gone: no error, look again. */
const MOVED_ON: readonly ErrorCode[] = ['not-found', 'exists', 'not-empty', 'not-a-folder'];

async function performOrStale(action: Action, op: string, ports: Work): Promise<Observation | null> {
  if (ports.notCleared.covers('to' in action ? action.to : action.path)) return null;
  try {
    return await perform(action, op, ports);
  } catch (error) {
    if (hasCode(error, ...MOVED_ON)) return null;
    throw error;
  }
}

function deletes(action: Action): boolean {
  return action.kind === 'remove-local' || action.kind === 'remove-remote' || action.kind === 'remove-local-folder' || action.kind === 'remove-remote-folder';
}

function activityOf(action: Action, outcome: Outcome, error: SyncError | null, ports: ExecutorPorts): readonly ActivityRecord[] {
  // Remembering what already agrees is no event a person looks for.
  if (action.kind === 'adopt' || action.kind === 'forget') return [];
  const bytes = 'entry' in action && action.entry.kind === 'file' ? action.entry.size : 0;
  return [
    {
      at: ports.clock.now(),
      cycle: ports.cycle,
      path: action.path,
      to: 'to' in action ? action.to : null,
      what: action.kind,
      outcome,
      reason: error?.message ?? action.reason,
      bytes,
      ...(error === null ? {} : { code: error.code }),
    },
  ];
}

export function asSyncError(error: unknown, path?: string): SyncError {
  if (error instanceof SyncError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new SyncError('internal', message, path === undefined ? { cause: error } : { cause: error, path });
}
