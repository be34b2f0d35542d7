import type { Hash, Local } from '../core/entry.ts';
import { assertNever, PLACE_ERRORS, SyncError } from '../core/errors.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { Change, Revision } from '../core/revision.ts';
import type { LocalTree, Source } from '../local/local-tree.ts';
import { asSyncError } from './execute.ts';
import type { ProgressMeter } from './progress.ts';

/** Where the bytes of a file that is to be written come from; null when they are no longer to be had. */
export type FetchContent = (path: RelPath, signal: AbortSignal) => Promise<Source | null>;

export interface RevisionPorts {
  readonly local: LocalTree;
  readonly seen: ReadonlyMap<RelPath, Local>;
  readonly fetch: FetchContent;
  readonly signal: AbortSignal;
  readonly onChange?: (change: Change) => void;
  /** Writes down what was done. */
  readonly record?: (change: Change) => Promise<void>;
  /** Counts files and bytes. */
  readonly meter?: ProgressMeter;
}

export interface RevisionOutcome {
  readonly done: readonly Change[];
  readonly failed: readonly { readonly path: RelPath; readonly why: string }[];
  /** What ended it before its end. */
  readonly cut: SyncError | null;
}

/** Carries out a revision, change by change, each only while its path still is what was seen. A path's failure is told and the rest goes on; where the place fails or somebody stops it, what was done until then is told. */
export async function carryOut({ changes }: Revision, ports: RevisionPorts): Promise<RevisionOutcome> {
  const done: Change[] = [];
  const failed: { path: RelPath; why: string }[] = [];
  const byHash = new Map<Hash, RelPath>();
  for (const [path, { entry }] of ports.seen) if (entry.kind === 'file') byHash.set(entry.hash, path);
  ports.meter?.begins(
    changes.length,
    changes.reduce((sum, change) => sum + bytesOf(change), 0),
  );
  for (const change of changes) {
    if (ports.signal.aborted) return { done, failed, cut: new SyncError('aborted', 'interrupted') };
    ports.meter?.begin(change.path, 'down', bytesOf(change));
    try {
      const result = await carryOutOne(change, ports, byHash);
      if (result === 'done') {
        done.push(change);
        ports.onChange?.(change);
        await ports.record?.(change);
      } else failed.push({ path: change.path, why: result });
    } catch (error) {
      const problem = asSyncError(error, change.path);
      if (PLACE_ERRORS.includes(problem.code)) return { done, failed, cut: problem };
      failed.push({ path: change.path, why: problem.message });
    } finally {
      ports.meter?.finished(change.path);
    }
  }
  return { done, failed, cut: null };
}

function bytesOf(change: Change): number {
  return change.kind === 'write' && change.entry.kind === 'file' ? change.entry.size : 0;
}

/** The same source, counted; what an interrupted run fetched already counts as there. */
function counted({ version, open }: Source, path: RelPath, meter: ProgressMeter | undefined): Source {
  if (meter === undefined) return { version, open };
  return {
    version,
    open: async (offset) => {
      const chunks = await open(offset);
      meter.resumed(path, offset);
      return chunks === null ? null : counting(chunks, (bytes) => meter.moved(path, bytes));
    },
  };
}

async function* counting(chunks: AsyncIterable<Uint8Array>, count: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    count(chunk.length);
    yield chunk;
  }
}

const MOVED_ON = 'it has changed meanwhile, and was left alone';

async function carryOutOne(change: Change, { local, seen, fetch, signal, meter }: RevisionPorts, byHash: ReadonlyMap<Hash, RelPath>): Promise<string> {
  const { path } = change;
  const said = ({ kind }: { readonly kind: 'done' | 'stale' }): string => (kind === 'done' ? 'done' : MOVED_ON);
  switch (change.kind) {
    case 'remove':
      return said(await local.remove(path, change.stamp));
    case 'remove-folder':
      return (await local.removeFolder(path)).kind === 'done' ? 'done' : 'something is in it';
    case 'make-folder':
      return said(await local.makeFolder(path));
    case 'set-mode':
      return said(await local.setMode(path, change.mode, change.stamp));
    case 'move': {
      const moved = await local.move(path, change.to, change.stamp);
      if (moved.kind === 'done' && change.entry.kind === 'file' && change.entry.mode !== null) await local.setMode(change.to, change.entry.mode, moved.stamp);
      return said(moved);
    }
    case 'write': {
      const { entry, replaces } = change;
      if (entry.kind === 'symlink') return said(await local.link(path, entry.target, replaces));
      const twin = byHash.get(entry.hash);
      const near = twin === undefined ? null : here(local, twin, seen.get(twin));
      if (near !== null) {
        const written = await local.write(path, entry, counted(near, path, meter), replaces, signal).catch((error: unknown) => {
          if (!(error instanceof SyncError) || error.code !== 'busy') throw error;
          return { kind: 'stale' } as const;
        });
        if (written.kind === 'done') return 'done';
      }
      const source = await fetch(path, signal);
      return source === null ? 'its content is no longer kept' : said(await local.write(path, entry, counted(source, path, meter), replaces, signal));
    }
    default:
      return assertNever(change);
  }
}

/** The same content as it lies elsewhere in the folder: nothing has to be fetched. */
function here(local: LocalTree, path: RelPath, seen: Local | undefined): Source | null {
  if (seen === undefined || seen.entry.kind !== 'file') return null;
  const { entry, stamp } = seen;
  return {
    version: `here ${stamp}` as Source['version'],
    open: async (offset) => (offset === 0 ? local.read(path, stamp, entry).open() : skipping(local.read(path, stamp, entry).open(), offset)),
  };
}

async function* skipping(chunks: AsyncIterable<Uint8Array>, offset: number): AsyncGenerator<Uint8Array> {
  let left = offset;
  for await (const chunk of chunks) {
    if (left < chunk.length) yield left === 0 ? chunk : chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}
