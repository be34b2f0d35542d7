import { type Entry, type LeafEntry, type Local, type Stamp, sameContent, sameMode } from './entry.ts';
import { ancestorsOf, compareRelPaths, depthOf, isWithin, type RelPath } from './rel-path.ts';

/** What a path of the synced folder is to hold; null: nothing. Paths that are not named stay as they are. */
export type Wanted = ReadonlyMap<RelPath, Entry | null>;

/** One change of the synced folder on the user's word: a restore, an undo. What it replaces or removes goes to the trash; the next sync carries it over as it does any edit. */
export type Change =
  | { readonly kind: 'remove'; readonly path: RelPath; readonly entry: LeafEntry; readonly stamp: Stamp }
  | { readonly kind: 'remove-folder'; readonly path: RelPath }
  | { readonly kind: 'make-folder'; readonly path: RelPath }
  | { readonly kind: 'move'; readonly path: RelPath; readonly to: RelPath; readonly entry: LeafEntry; readonly stamp: Stamp }
  | { readonly kind: 'write'; readonly path: RelPath; readonly entry: LeafEntry; readonly replaces: Stamp | null }
  | { readonly kind: 'set-mode'; readonly path: RelPath; readonly mode: number; readonly stamp: Stamp };

export interface Revision {
  /** In the order in which they can be done. */
  readonly changes: readonly Change[];
  /** What cannot be done, and why. */
  readonly skipped: readonly { readonly path: RelPath; readonly why: string }[];
}

/** What has to change so that the folder holds what is wanted. Pure. */
export function planRevision(seen: ReadonlyMap<RelPath, Local>, wanted: Wanted): Revision {
  const skipped: { path: RelPath; why: string }[] = [];
  const blocked = obstacles(seen, wanted, skipped);
  const room: Change[] = [];
  const writes: Extract<Change, { kind: 'write' }>[] = [];
  const removals: Extract<Change, { kind: 'remove' }>[] = [];
  const modes: Change[] = [];
  const goneFolders: RelPath[] = [];
  const newFolders = new Set<RelPath>();
  for (const [path, entry] of wanted) {
    const here = seen.get(path);
    if ([...blocked].some((top) => isWithin(path, top))) continue;
    if (entry === null) {
      if (here?.entry.kind === 'folder') goneFolders.push(path);
      else if (here !== undefined) removals.push({ kind: 'remove', path, entry: here.entry, stamp: here.stamp });
      continue;
    }
    for (const folder of ancestorsOf(path)) if (seen.get(folder)?.entry.kind !== 'folder') newFolders.add(folder);
    if (entry.kind === 'folder') {
      if (here?.entry.kind === 'folder') continue;
      newFolders.add(path);
      if (here !== undefined) room.push({ kind: 'remove', path, entry: here.entry, stamp: here.stamp });
    } else if (here === undefined || here.entry.kind === 'folder') {
      if (here !== undefined) goneFolders.push(path);
      writes.push({ kind: 'write', path, entry, replaces: null });
    } else if (!sameContent(here.entry, entry)) writes.push({ kind: 'write', path, entry, replaces: here.stamp });
    else if (!sameMode(here.entry, entry) && entry.kind === 'file' && entry.mode !== null) modes.push({ kind: 'set-mode', path, mode: entry.mode, stamp: here.stamp });
  }
  const makesRoom = (path: RelPath): boolean => goneFolders.some((folder) => isWithin(path, folder) && wanted.get(folder) !== null);
  const [inTheWay, others] = split(removals, ({ path }) => makesRoom(path));
  const { moves, left, stays } = matchMoves(others, writes);
  const [roomFolders, otherFolders] = split(goneFolders, makesRoom);
  const deepFirst = (paths: readonly RelPath[]): Change[] => [...paths].sort((a, b) => depthOf(b) - depthOf(a)).map((path) => ({ kind: 'remove-folder', path }));
  const inOrder = <T extends Change>(list: readonly T[]): T[] => [...list].sort((a, b) => compareRelPaths(a.path, b.path));
  return {
    skipped,
    changes: [
      ...inOrder([...room, ...inTheWay]),
      ...deepFirst(roomFolders),
      ...[...newFolders].sort((a, b) => depthOf(a) - depthOf(b)).map((path): Change => ({ kind: 'make-folder', path })),
      ...inOrder(moves),
      ...inOrder(stays),
      ...inOrder(modes),
      ...inOrder(left),
      ...deepFirst(otherFolders),
    ],
  };
}

/** Folders with something in them that is not to go, where a file is wanted; files that are not to go, where a folder is needed. */
function obstacles(seen: ReadonlyMap<RelPath, Local>, wanted: Wanted, skipped: { path: RelPath; why: string }[]): ReadonlySet<RelPath> {
  const blocked = new Set<RelPath>();
  const block = (path: RelPath, why: string): void => {
    if (!blocked.has(path)) skipped.push({ path, why });
    blocked.add(path);
  };
  const stays = new Set<RelPath>();
  for (const path of seen.keys()) if (!wanted.has(path)) for (const folder of ancestorsOf(path)) stays.add(folder);
  for (const [path, entry] of wanted) {
    const here = seen.get(path);
    if (here?.entry.kind === 'folder' && entry?.kind !== 'folder' && (stays.has(path) || here.holdsIgnored === true)) {
      if (entry !== null) block(path, 'a folder is there, with things in it that would have to go');
    }
    if (entry === null) continue;
    for (const folder of ancestorsOf(path)) {
      const above = seen.get(folder);
      if (above !== undefined && above.entry.kind !== 'folder' && !wanted.has(folder)) block(folder, `a ${above.entry.kind} is there, and a folder would have to be`);
    }
  }
  return blocked;
}

/** A content that goes in one place and comes in another is moved. */
function matchMoves(removals: readonly Extract<Change, { kind: 'remove' }>[], writes: readonly Extract<Change, { kind: 'write' }>[]) {
  const going = new Map<string, Extract<Change, { kind: 'remove' }>[]>();
  const keyOf = (entry: LeafEntry): string => (entry.kind === 'file' ? `${entry.size} ${entry.hash}` : `-> ${entry.target}`);
  for (const removal of removals) going.set(keyOf(removal.entry), [...(going.get(keyOf(removal.entry)) ?? []), removal]);
  const moves: Extract<Change, { kind: 'move' }>[] = [];
  const stays: (typeof writes)[number][] = [];
  for (const write of writes) {
    const from = write.replaces === null ? going.get(keyOf(write.entry))?.pop() : undefined;
    if (from === undefined) stays.push(write);
    else moves.push({ kind: 'move', path: from.path, to: write.path, entry: write.entry, stamp: from.stamp });
  }
  return { moves, stays, left: [...going.values()].flat() };
}

function split<T>(list: readonly T[], first: (item: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [list.filter(first), list.filter((item) => !first(item))];
}

/** What the guard counts: files that go and come back nowhere. */
export function removalsIn({ changes }: Revision): number {
  return changes.filter(({ kind }) => kind === 'remove').length;
}
