import { type BaseSnapshot, type Entry, type LeafEntry, sameContent } from '../core/entry.ts';
import { hasCode, messageOf, SyncError, throwIfAborted } from '../core/errors.ts';
import { isWithin, type RelPath } from '../core/rel-path.ts';
import type { Source } from '../local/local-tree.ts';
import type { BytesAt, Life, Past, PastLeaf, Resolved } from '../remote/history/past.ts';
import type { MakeWanted, SkippedPath } from './sync-manager.ts';

/** Contents told at once. */
const AT_ONCE = 16;

/** What stood at an instant, path by path. */
export interface PastTree {
  readonly entries: ReadonlyMap<RelPath, Entry>;
  readonly bytes: ReadonlyMap<RelPath, BytesAt>;
  /** What was or may have been there and cannot be had; what is given but not certain is `unsure`. */
  readonly lost: readonly SkippedPath[];
  readonly unsure: ReadonlySet<RelPath>;
}

export interface PastTreeRequest {
  readonly atMs: number;
  readonly scope: RelPath | null;
  readonly signal: AbortSignal;
  /** What is known of live objects without asking. */
  readonly base?: BaseSnapshot;
  readonly onProgress?: (seen: { readonly paths: number }) => void;
}

/** What is kept of one life, or what is wrong with it. */
export interface FoundOrDamaged {
  readonly found: Resolved | null;
  readonly damage: string | null;
}
const NOTHING: FoundOrDamaged = { found: null, damage: null };

/** One kept content that somebody damaged or exchanged must not keep the others out of reach. */
export async function orDamage(finding: Promise<Resolved | null>): Promise<FoundOrDamaged> {
  try {
    return { found: await finding, damage: null };
  } catch (error) {
    if (!hasCode(error, 'corrupt')) throw error;
    return { found: null, damage: messageOf(error) };
  }
}

const EXPIRED = 'what was there then, if anything, is no longer kept';

export async function readPastTree(past: Past, { atMs, scope, signal, base, onProgress }: PastTreeRequest): Promise<PastTree> {
  const entries = new Map<RelPath, Entry>();
  const bytes = new Map<RelPath, BytesAt>();
  const lost: SkippedPath[] = [];
  const unsure = new Set<RelPath>();
  const take = (path: RelPath, found: Resolved, sure: boolean): void => {
    entries.set(path, found.entry);
    if (found.bytes !== null) bytes.set(path, found.bytes);
    if (!sure) unsure.add(path);
  };
  let batch: PastLeaf[] = [];
  const settle = async (): Promise<void> => {
    const leaves = batch;
    batch = [];
    const all = await Promise.all(leaves.map((leaf) => orDamage(past.resolve(leaf, signal))));
    leaves.forEach((leaf, i) => {
      const { found, damage } = all[i] ?? NOTHING;
      if (found === null) lost.push({ path: leaf.path, why: damage ?? EXPIRED });
      else take(leaf.path, found, leaf.sure);
    });
  };
  for await (const item of past.treeAt(atMs, { scope, signal, ...(onProgress === undefined ? {} : { onProgress }) })) {
    throwIfAborted(signal);
    if (item.kind === 'folder') entries.set(item.path, { kind: 'folder' });
    else if (item.kind === 'lost') lost.push({ path: item.path, why: EXPIRED });
    else {
      const known = item.life.kind === 'live' ? base?.get(item.path) : undefined;
      if (known?.version === item.life.at.version && known.entry.kind !== 'folder') {
        take(item.path, { entry: known.entry, bytes: item.life.at, device: null }, item.sure);
        continue;
      }
      batch.push(item);
      if (batch.length >= AT_ONCE) await settle();
    }
  }
  await settle();
  for (const path of [...entries.keys()])
    for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) {
      const folder = path.slice(0, cut) as RelPath;
      const above = entries.get(folder);
      if (above === undefined) entries.set(folder, { kind: 'folder' });
      else if (above.kind !== 'folder') {
        lost.push({ path, why: `${folder} was a ${above.kind} and a folder at once` });
        entries.delete(path);
        break;
      }
    }
  return { entries, bytes, lost, unsure };
}

/** The folder, or what is at and below `scope`, as it stood at an instant. What cannot be known stays as it is. */
export function asOf(past: Past, atMs: number, scope: RelPath | null): MakeWanted {
  return async (seen, base, signal) => {
    const tree = await readPastTree(past, { atMs, scope, base, signal });
    if (tree.entries.size === 0 && tree.lost.length === 0) throw nothingThen(scope);
    const wanted = new Map<RelPath, Entry | null>();
    const left: SkippedPath[] = [...tree.lost];
    const unknown = new Set<RelPath>([...tree.lost.map(({ path }) => path), ...tree.unsure]);
    for (const path of tree.unsure) left.push({ path, why: 'it is not certain what was there then: it stays as it is' });
    for (const [path, entry] of tree.entries) if (!tree.unsure.has(path)) wanted.set(path, entry);
    for (const path of seen.keys()) {
      const inScope = scope === null || isWithin(path, scope);
      if (inScope && !tree.entries.has(path) && !unknown.has(path)) wanted.set(path, null);
    }
    return { wanted, left, fetch: async (path) => sourceOf(past, tree.bytes.get(path) ?? null, signal) };
  };
}

export function nothingThen(scope: RelPath | null): SyncError {
  return new SyncError('usage', `nothing is known to have been ${scope === null ? 'in this folder' : `at ${scope}`} at that time`, {
    hint: scope === null ? 'It lies before the first sync. Choose a later time.' : 'Choose another time; `file-sync versions PATH` lists what is kept.',
  });
}

/** One path as it was in one of its lives. */
export function asInLife(past: Past, { path }: Life, found: Resolved): MakeWanted {
  return async (_seen, _base, signal) => ({ wanted: new Map([[path, found.entry]]), left: [], fetch: async () => sourceOf(past, found.bytes, signal) });
}

export function sourceOf(past: Past, at: BytesAt | null, signal: AbortSignal): Source | null {
  return at === null ? null : { version: at.version, open: (offset) => past.open(at, { offset, signal }) };
}

/** The newest kept content of a path that is this one: what an undo brings back. */
export async function findContent(past: Past, path: RelPath, entry: LeafEntry, signal: AbortSignal): Promise<BytesAt | null> {
  const lives = [...(await past.livesOf(path, signal))].reverse();
  for (const life of lives) {
    if (entry.kind === 'file' && life.size !== null && life.size !== entry.size) continue;
    const { found } = await orDamage(past.resolveLife(life, signal));
    if (found?.bytes != null && sameContent(found.entry, entry)) return found.bytes;
  }
  return null;
}
