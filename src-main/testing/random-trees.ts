import fc from 'fast-check';
import { type Entry, type LeafEntry, sameContent, sameMode } from '../core/entry.ts';
import { ancestorsOf, isWithin, parentOf, type RelPath, relPath } from '../core/rel-path.ts';
import { ModelDevice, type ModelStore } from './model-world.ts';
import { fileEntry } from './tree-dsl.ts';

/** What a person does to a tree, in numbers, so that a counterexample shrinks well. */
export interface Edit {
  readonly what: 'write' | 'remove' | 'rename' | 'folder' | 'chmod' | 'link' | 'swap';
  readonly at: number;
  readonly to: number;
  readonly content: number;
}

export type Tree = ReadonlyMap<RelPath, Entry>;

const index = fc.nat(997);
export const editArb: fc.Arbitrary<Edit> = fc.record({
  what: fc.constantFrom('write', 'write', 'write', 'remove', 'rename', 'rename', 'folder', 'chmod', 'link', 'swap'),
  at: index,
  to: index,
  content: fc.nat(7),
});
export const editsArb = (most: number): fc.Arbitrary<readonly Edit[]> => fc.array(editArb, { maxLength: most });

const NAMES = ['a', 'b', 'c'];
const PLACES: readonly RelPath[] = NAMES.flatMap((x) => [x, ...NAMES.flatMap((y) => [`${x}/${y}`, ...NAMES.map((z) => `${x}/${y}/${z}`)])]).map((p) => relPath(p));

/** The tree after the edits; each creates the folders it needs and, like a person with a file manager, replaces what is in its way. */
export function edited(tree: Tree, edits: readonly Edit[], places: readonly RelPath[] = PLACES): Tree {
  const result = new Map(tree);
  for (const edit of edits) perform(result, edit, places);
  return result;
}

function perform(tree: Map<RelPath, Entry>, { what, at, to, content }: Edit, places: readonly RelPath[]): void {
  const known = [...tree.keys()].sort();
  const place = places[to % places.length];
  const source = known[at % Math.max(known.length, 1)];
  if (place === undefined) return;
  switch (what) {
    case 'write':
      // Half of the writes edit what is there.
      put(tree, content % 2 === 0 && source !== undefined && tree.get(source)?.kind === 'file' ? source : place, fileEntry(content === 7 ? '' : `${content}`));
      return;
    case 'link':
      put(tree, place, { kind: 'symlink', target: `t${content % 3}` });
      return;
    case 'folder':
      put(tree, place, { kind: 'folder' });
      return;
    case 'remove':
      if (source !== undefined) remove(tree, source);
      return;
    case 'rename': {
      if (source === undefined || isWithin(place, source)) return;
      const moved = [...tree].filter(([p]) => isWithin(p, source));
      remove(tree, source);
      for (const [p, entry] of moved) put(tree, relPath(place + p.slice(source.length)), entry);
      return;
    }
    case 'chmod': {
      const entry = source === undefined ? undefined : tree.get(source);
      if (source !== undefined && entry?.kind === 'file') tree.set(source, { ...entry, mode: content % 2 === 0 ? 0o755 : 0o600 });
      return;
    }
    case 'swap': {
      const files = known.filter((p) => tree.get(p)?.kind === 'file');
      const [x, y] = [files[at % Math.max(files.length, 1)], files[to % Math.max(files.length, 1)]];
      const [ex, ey] = [x && tree.get(x), y && tree.get(y)];
      if (x === undefined || y === undefined || ex === undefined || ey === undefined) return;
      tree.set(x, ey as Entry);
      tree.set(y, ex as Entry);
    }
  }
}

function put(tree: Map<RelPath, Entry>, path: RelPath, entry: Entry): void {
  if (entry.kind === 'folder' && tree.get(path)?.kind === 'folder') return;
  remove(tree, path);
  for (const above of ancestorsOf(path)) if (tree.get(above)?.kind !== 'folder') tree.set(above, { kind: 'folder' });
  tree.set(path, entry);
}

function remove(tree: Map<RelPath, Entry>, path: RelPath): void {
  for (const p of [...tree.keys()]) if (isWithin(p, path)) tree.delete(p);
}

/** Writes the tree into the device's folder; what stays equal keeps its stamp. */
export function becomeLocal(device: ModelDevice, tree: Tree): void {
  for (const path of [...device.tree.keys()]) if (!tree.has(path)) device.tree.delete(path);
  for (const [path, entry] of tree) {
    const old = device.tree.get(path)?.entry;
    if (old === undefined || !sameContent(old, entry) || !sameMode(old, entry)) device.write(path, entry);
  }
}

/** The store as another device or a foreign tool left it. */
export function becomeRemote(store: ModelStore, tree: Tree, author: string | null = 'other'): void {
  for (const path of [...store.tree.keys()]) if (!tree.has(path)) store.tree.delete(path);
  for (const [path, entry] of tree) {
    const old = store.tree.get(path)?.entry;
    if (old === undefined || !sameContent(old, entry) || !sameMode(old, entry)) store.put(path, entry, null, author);
  }
}

/** A new device that agrees with the store on `tree`, which the store must hold. */
export function agreedDevice(name: string, store: ModelStore): ModelDevice {
  const device = new ModelDevice(name, store);
  for (const [path, { entry, version }] of store.tree) device.base.set(path, { entry, stamp: device.write(path, entry), version });
  return device;
}

/** A shuffle that a number decides. */
export function shuffler(seed: number): <T>(list: readonly T[]) => readonly T[] {
  let state = (seed * 2654435761 + 1) >>> 0;
  const next = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return (list) => {
    const result = [...list];
    for (let i = result.length - 1; i > 0; i--) {
      const j = next(i + 1);
      const [x, y] = [result[i], result[j]];
      if (x !== undefined && y !== undefined) [result[i], result[j]] = [y, x];
    }
    return result;
  };
}

export function treeOf(nodes: ReadonlyMap<RelPath, { readonly entry: Entry }>): Tree {
  return new Map([...nodes].map(([path, { entry }]) => [path, entry]));
}

/** A tree as sorted lines to compare; permission bits count, times do not. */
export function treeLines(tree: Tree, except: (path: RelPath) => boolean = () => false): readonly string[] {
  return [...tree]
    .filter(([path]) => !except(path))
    .map(([path, e]) => `${path} ${e.kind === 'file' ? `${e.hash.slice(0, 8)}@${e.mode?.toString(8)}` : e.kind === 'symlink' ? `->${e.target}` : '/'}`)
    .sort();
}

export function isLeaf(entry: Entry | undefined): entry is LeafEntry {
  return entry !== undefined && entry.kind !== 'folder';
}

/** Whether every entry lies in a folder. */
export function isWhole(tree: Tree): boolean {
  return [...tree.keys()].every((path) => {
    const parent = parentOf(path);
    return parent === null || tree.get(parent)?.kind === 'folder';
  });
}
