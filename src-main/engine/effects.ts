import type { Body } from '../backends/backend.ts';
import type { Action } from '../core/action.ts';
import type { Base, Entry, LeafEntry } from '../core/entry.ts';
import { assertNever, hasCode } from '../core/errors.ts';
import type { Intent } from '../core/intent.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { LocalTree, Source } from '../local/local-tree.ts';
import type { RemoteTree } from '../remote/remote-tree.ts';
import type { ProgressMeter } from './progress.ts';
import type { World } from './world.ts';

export interface EffectContext {
  readonly local: LocalTree;
  readonly remote: RemoteTree;
  readonly world: World;
  readonly meter: ProgressMeter;
  readonly device: string;
  readonly signal: AbortSignal;
}

/** What an effect found out; null when what it expected was no longer so (`stale`). */
export interface Observation {
  readonly put?: readonly (readonly [RelPath, Base])[];
  readonly drop?: readonly RelPath[];
}

/** What is written down before the deed, so that it can be recognised later as our own. */
export function intentsOf(action: Action, op: string): readonly Intent[] {
  switch (action.kind) {
    case 'upload':
      return [{ kind: 'remote-write', op, path: action.path, entry: action.entry }];
    case 'make-remote-folder':
      return [{ kind: 'remote-write', op, path: action.path, entry: { kind: 'folder' } }];
    case 'download':
      return [{ kind: 'local-write', op, path: action.path, entry: action.entry, version: action.version }];
    case 'make-local-folder':
      return [{ kind: 'local-write', op, path: action.path, entry: { kind: 'folder' }, version: action.version }];
    case 'move-remote':
      return [
        { kind: 'remote-write', op, path: action.to, entry: action.entry },
        { kind: 'remote-remove', op, path: action.path, version: action.version },
      ];
    case 'move-local':
      return [
        { kind: 'local-write', op, path: action.to, entry: action.entry, version: action.version },
        { kind: 'local-remove', op, path: action.path, stamp: action.stamp },
      ];
    case 'remove-remote':
    case 'remove-remote-folder':
      return [{ kind: 'remote-remove', op, path: action.path, version: action.version }];
    case 'remove-local':
      return [{ kind: 'local-remove', op, path: action.path, stamp: action.stamp }];
    // This device never had what it moves there: written down as its own, it would look deleted here.
    case 'set-aside-remote':
    case 'set-local-mode':
    case 'set-aside-local':
    case 'remove-local-folder':
    case 'adopt':
    case 'forget':
      return [];
    default:
      return assertNever(action);
  }
}

/** Does one action under its preconditions and brings the world up to date. */
export async function perform(action: Action, op: string, ctx: EffectContext): Promise<Observation | null> {
  const { local, remote, world } = ctx;
  const { path } = action;
  switch (action.kind) {
    case 'upload':
      return upload(action, op, ctx);
    case 'download':
      return download(action, ctx);
    case 'set-local-mode': {
      const done = action.entry.mode === null ? null : await local.setMode(path, action.entry.mode, action.stamp);
      if (done?.kind !== 'done') return null;
      world.setLocal(path, action.entry, done.stamp);
      return { put: [[path, world.agreed(path, action.entry, done.stamp, action.version)]] };
    }
    case 'make-remote-folder': {
      const done = await remote.makeFolder(path, { op, signal: ctx.signal });
      const here = world.local.get(path);
      if (done.kind === 'stale') return null;
      world.setRemote(path, { kind: 'folder' }, done.version, ctx.device);
      return here?.entry.kind === 'folder' ? { put: [[path, world.agreed(path, here.entry, here.stamp, done.version)]] } : {};
    }
    case 'make-local-folder': {
      const done = await local.makeFolder(path);
      if (done.kind === 'stale') return null;
      world.setLocal(path, { kind: 'folder' }, done.stamp);
      return { put: [[path, world.agreed(path, { kind: 'folder' }, done.stamp, action.version)]] };
    }
    case 'move-remote': {
      const done = await remote.move(path, action.to, action.entry, action.version, { op, signal: ctx.signal });
      if (done.kind === 'stale') return null;
      world.remote.delete(path);
      world.setRemote(action.to, action.entry, done.version, ctx.device);
      world.base.delete(path);
      return { drop: [path], put: [[action.to, world.agreed(action.to, action.entry, action.stamp, done.version)]] };
    }
    case 'move-local': {
      if (!(await confirmAbsent(action.path, action.entry, ctx))) return null;
      const done = await local.move(path, action.to, action.stamp);
      if (done.kind === 'stale') return null;
      world.local.delete(path);
      world.setLocal(action.to, action.entry, done.stamp);
      world.base.delete(path);
      return { drop: [path], put: [[action.to, world.agreed(action.to, action.entry, done.stamp, action.version)]] };
    }
    case 'set-aside-local': {
      const done = await local.move(path, action.to, action.stamp);
      if (done.kind === 'stale') return null;
      world.local.delete(path);
      world.setLocal(action.to, action.entry, done.stamp);
      return {};
    }
    case 'set-aside-remote': {
      const done = await remote.move(path, action.to, action.entry, action.version, { op, signal: ctx.signal });
      if (done.kind === 'stale') return null;
      world.movedRemote(path, action.to, action.entry, done.version, ctx.device);
      return {};
    }
    case 'remove-remote':
    case 'remove-remote-folder': {
      const kind = action.kind === 'remove-remote' ? action.entry.kind : 'folder';
      if ((await remote.remove(path, kind, action.version, ctx.signal)).kind === 'stale') return null;
      world.remote.delete(path);
      world.base.delete(path);
      return { drop: [path] };
    }
    case 'remove-local':
    case 'remove-local-folder': {
      const entry: Entry = action.kind === 'remove-local' ? action.entry : { kind: 'folder' };
      // A local entry that makes room for another kind has, by name, something on the other side.
      if (world.remote.get(path) === undefined && !(await confirmAbsent(path, entry, ctx))) return null;
      const done = action.kind === 'remove-local' ? await local.remove(path, action.stamp) : await local.removeFolder(path);
      if (done.kind === 'stale') return null;
      world.local.delete(path);
      world.base.delete(path);
      return { drop: [path] };
    }
    case 'adopt':
      return { put: [[path, world.agreed(path, action.entry, action.stamp, action.version)]] };
    case 'forget':
      world.base.delete(path);
      return { drop: [path] };
    default:
      return assertNever(action);
  }
}

/** Absence in a listing only nominates; the store must say so of this very path (I8). */
async function confirmAbsent(path: RelPath, entry: Entry, ctx: EffectContext): Promise<boolean> {
  return (await ctx.remote.look(path, entry.kind, ctx.signal)) === null;
}

async function upload(action: Extract<Action, { kind: 'upload' }>, op: string, ctx: EffectContext): Promise<Observation | null> {
  const { path } = action;
  const entry = withKnownMode(action.entry, ctx.world.remote.get(path)?.entry);
  ctx.meter.begin(path, 'up', entry.kind === 'file' ? entry.size : 0);
  const source = ctx.local.read(path, action.stamp, entry);
  let sourceChanged = false;
  const onError = (error: unknown): void => {
    sourceChanged = hasCode(error, 'busy');
  };
  const body: Body = { size: source.size, open: () => metered(source.open(), path, ctx, onError), onSent: (bytes) => ctx.meter.sent(path, bytes) };
  try {
    const done = await ctx.remote.write(path, entry, body, { op, expect: action.replaces, signal: ctx.signal });
    if (done.kind === 'stale') return null;
    ctx.world.setRemote(path, entry, done.version, ctx.device);
    return { put: [[path, ctx.world.agreed(path, entry, action.stamp, done.version)]] };
  } catch (error) {
    // The file changed or went while it was read: nothing was stored (C1), the next look decides.
    if (sourceChanged) return null;
    throw error;
  }
}

async function download(action: Extract<Action, { kind: 'download' }>, ctx: EffectContext): Promise<Observation | null> {
  const { path, entry, version, replaces } = action;
  const record = (stamp: Base['stamp'] & string): Observation => {
    ctx.world.setLocal(path, entry, stamp);
    return { put: [[path, ctx.world.agreed(path, entry, stamp, version)]] };
  };
  // The object was being replaced in place while it was read; a local file in use is another matter, and is told (C23).
  let replaced = false;
  const onError = (error: unknown): void => {
    replaced = hasCode(error, 'busy');
  };
  try {
    if (entry.kind === 'symlink') {
      const done = await ctx.local.link(path, entry.target, replaces);
      return done.kind === 'stale' ? null : record(done.stamp);
    }
    ctx.meter.begin(path, 'down', entry.size);
    const open: Source['open'] = async (offset) => {
      ctx.meter.resumed(path, offset);
      if (offset > 0 && offset === entry.size) return nothing();
      const chunks = await ctx.remote.read(path, version, { offset, signal: ctx.signal });
      return chunks === null ? null : metered(chunks, path, ctx, onError);
    };
    const done = await ctx.local.write(path, entry, { version, open }, replaces, ctx.signal);
    return done.kind === 'stale' ? null : record(done.stamp);
  } catch (error) {
    if (replaced) return null;
    throw error;
  }
}

/** A side without permission bits says nothing about them: what the other side had stays. */
function withKnownMode(entry: LeafEntry, there: Entry | undefined): LeafEntry {
  if (entry.kind !== 'file' || entry.mode !== null || there?.kind !== 'file') return entry;
  return { ...entry, mode: there.mode };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function* metered(chunks: AsyncIterable<Uint8Array>, path: RelPath, ctx: EffectContext, onError?: (error: unknown) => void): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of chunks) {
      ctx.meter.moved(path, chunk.length);
      yield chunk;
    }
  } catch (error) {
    onError?.(error);
    throw error;
  }
}
