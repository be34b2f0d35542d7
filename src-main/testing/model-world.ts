import type { Action, Plan, PlannedAction } from '../core/action.ts';
import { STAGES } from '../core/action.ts';
import { type Base, type Entry, type LeafEntry, type Local, type PathProblem, type Remote, type Stamp, sameContent, type Version } from '../core/entry.ts';
import { assertNever } from '../core/errors.ts';
import type { IgnoreRules } from '../core/ignore.ts';
import type { PlanInput } from '../core/plan-input.ts';
import { ancestorsOf, depthOf, isWithin, parentOf, type RelPath } from '../core/rel-path.ts';

/** A deed the plan should not have asked for: its precondition does not hold though nothing happened since the look. */
export class UnsoundPlan extends Error {}

export interface LocalNode {
  readonly entry: Entry;
  readonly stamp: Stamp;
}
export interface RemoteNode {
  readonly entry: Entry;
  readonly version: Version;
  readonly op: string | null;
  readonly device: string | null;
}

/** What several devices share: the remote tree and the versions kept of it. */
export class ModelStore {
  readonly tree = new Map<RelPath, RemoteNode>();
  readonly versions: LeafEntry[] = [];
  #count = 0;

  put(path: RelPath, entry: Entry, op: string | null, device: string | null): Version {
    const version = `v${++this.#count}` as Version;
    this.tree.set(path, { entry, version, op, device });
    return version;
  }
}

/** One device before the store, in memory: carries out plans under the preconditions the real sides check, strictly. */
export class ModelDevice {
  readonly tree = new Map<RelPath, LocalNode>();
  readonly trash: LeafEntry[] = [];
  readonly base = new Map<RelPath, Base>();
  #count = 0;

  constructor(
    readonly name: string,
    readonly store: ModelStore,
  ) {}

  write(path: RelPath, entry: Entry): Stamp {
    const stamp = `${this.name}${++this.#count}` as Stamp;
    this.tree.set(path, { entry, stamp });
    return stamp;
  }

  /** What a look at both sides brings: without what is ignored, and without what cannot be seen. */
  look(ignore: IgnoreRules, problems: readonly PathProblem[] = []): Pick<PlanInput, 'base' | 'local' | 'remote'> {
    const hidden = (side: 'local' | 'remote', path: RelPath): boolean =>
      problems.some((p) => p.side === side && (p.path === path || (p.subtree && isWithin(path, p.path as RelPath))));
    const local = new Map<RelPath, Local>();
    const full = new Set<RelPath>();
    for (const [path, { entry, stamp }] of this.tree) {
      if (ignore.ignores(path, entry.kind === 'folder')) {
        const parent = parentOf(path);
        if (parent !== null) full.add(parent);
      } else if (!hidden('local', path)) local.set(path, { entry, stamp, fileId: null });
    }
    for (const path of full) {
      const above = local.get(path);
      if (above !== undefined) local.set(path, { ...above, holdsIgnored: true });
    }
    const remote = new Map<RelPath, Remote>();
    for (const [path, node] of this.store.tree) if (!hidden('remote', path)) remote.set(path, { ...node, storedAtMs: null });
    return {
      base: this.base,
      local: { entries: local, problems: problems.filter((p) => p.side === 'local') },
      remote: { entries: remote, problems: problems.filter((p) => p.side === 'remote'), besideFolders: new Map() },
    };
  }

  /** Does the whole plan: stages in order, depth where it orders a stage, else in the order `shuffle` gives. */
  apply(plan: Plan, shuffle: <T>(list: readonly T[]) => readonly T[] = (list) => list): void {
    for (const action of executionOrder(plan.actions, shuffle)) this.perform(action, null);
  }

  /** One deed; `record` false: the world changes, the base does not (a crash right after). */
  perform(action: Action, op: string | null, record = true): void {
    const put = (path: RelPath, entry: Entry, stamp: Stamp, version: Version): void => {
      if (record) this.base.set(path, { entry, stamp, version });
    };
    const drop = (path: RelPath): void => {
      if (record) this.base.delete(path);
    };
    const { path } = action;
    switch (action.kind) {
      case 'upload': {
        const here = this.#local(path, action.stamp);
        this.#expectRemote(path, action.replaces);
        this.#keepRemote(path);
        const version = this.store.put(path, action.entry, op, this.name);
        put(path, action.entry, here.stamp, version);
        return;
      }
      case 'download': {
        this.#remote(path, action.version, action.entry);
        const here = this.tree.get(path);
        need((here?.stamp ?? null) === action.replaces, `local ${path} is not what the download replaces`);
        this.#needLocalParent(path);
        if (here !== undefined) this.trash.push(leaf(here.entry, path));
        put(path, action.entry, this.write(path, action.entry), action.version);
        return;
      }
      case 'set-local-mode': {
        const here = this.#local(path, action.stamp);
        need(sameContent(here.entry, action.entry), `mode of other content at ${path}`);
        put(path, action.entry, this.write(path, action.entry), action.version);
        return;
      }
      case 'make-remote-folder': {
        this.#expectRemote(path, null);
        const version = this.store.put(path, { kind: 'folder' }, op, this.name);
        const here = this.tree.get(path);
        if (here?.entry.kind === 'folder') put(path, here.entry, here.stamp, version);
        return;
      }
      case 'make-local-folder': {
        need(!this.tree.has(path), `local folder ${path} is there already`);
        need(this.store.tree.get(path)?.entry.kind === 'folder', `remote has no folder ${path}`);
        this.#needLocalParent(path);
        put(path, { kind: 'folder' }, this.write(path, { kind: 'folder' }), action.version);
        return;
      }
      case 'move-remote':
      case 'set-aside-remote': {
        const there = this.#remote(path, action.version, action.entry);
        this.#expectRemote(action.to, null);
        this.store.tree.delete(path);
        const version = this.store.put(action.to, action.kind === 'move-remote' ? action.entry : there.entry, op, there.device);
        if (action.kind === 'set-aside-remote') return;
        drop(path);
        put(action.to, action.entry, this.#local(action.to, action.stamp).stamp, version);
        return;
      }
      case 'move-local':
      case 'set-aside-local': {
        const here = this.#local(path, action.stamp);
        need(!this.tree.has(action.to), `${action.to} is taken`);
        this.#needLocalParent(action.to);
        need(action.kind === 'set-aside-local' || !this.store.tree.has(path), `move-local of ${path}, which the remote side still has`);
        this.tree.delete(path);
        const stamp = this.write(action.to, here.entry);
        if (action.kind === 'set-aside-local') return;
        drop(path);
        put(action.to, action.entry, stamp, action.version);
        return;
      }
      case 'remove-remote': {
        this.#remote(path, action.version, action.entry);
        this.#keepRemote(path);
        this.store.tree.delete(path);
        drop(path);
        return;
      }
      case 'remove-local': {
        const here = this.#local(path, action.stamp);
        need(sameContent(here.entry, action.entry), `remove-local of other content at ${path}`);
        this.trash.push(leaf(here.entry, path));
        this.tree.delete(path);
        drop(path);
        return;
      }
      case 'remove-remote-folder': {
        need(this.store.tree.get(path)?.entry.kind === 'folder', `remote folder ${path} is not there`);
        need(![...this.store.tree.keys()].some((p) => p !== path && isWithin(p, path)), `remote folder ${path} is not empty`);
        this.store.tree.delete(path);
        drop(path);
        return;
      }
      case 'remove-local-folder': {
        need(this.tree.get(path)?.entry.kind === 'folder', `local folder ${path} is not there`);
        need(![...this.tree.keys()].some((p) => p !== path && isWithin(p, path)), `local folder ${path} is not empty`);
        this.tree.delete(path);
        drop(path);
        return;
      }
      case 'adopt': {
        const here = this.#local(path, action.stamp);
        const there = this.#remote(path, action.version, action.entry);
        need(sameContent(here.entry, there.entry), `adopt of different content at ${path}`);
        put(path, action.entry, action.stamp, action.version);
        return;
      }
      case 'forget':
        drop(path);
        return;
      default:
        assertNever(action);
    }
  }

  #local(path: RelPath, stamp: Stamp): LocalNode {
    const here = this.tree.get(path);
    if (here?.stamp !== stamp) throw new UnsoundPlan(`local ${path} is not ${stamp}`);
    return here;
  }

  #remote(path: RelPath, version: Version, entry: Entry): RemoteNode {
    const there = this.store.tree.get(path);
    if (there?.version !== version) throw new UnsoundPlan(`remote ${path} is not ${version}`);
    need(sameContent(there.entry, entry) || isFolder(entry), `remote ${path} holds another content`);
    return there;
  }

  #expectRemote(path: RelPath, version: Version | null): void {
    const there = this.store.tree.get(path);
    need((there?.version ?? null) === version, `remote ${path} is ${there?.version ?? 'absent'}, not ${version ?? 'absent'}`);
    need(there === undefined || there.entry.kind !== 'folder', `upload over remote folder ${path}`);
    for (const above of ancestorsOf(path)) need(this.store.tree.get(above)?.entry.kind === 'folder', `remote ${path} has no folder ${above}`);
  }

  #needLocalParent(path: RelPath): void {
    const parent = parentOf(path);
    need(parent === null || this.tree.get(parent)?.entry.kind === 'folder', `local ${path} has no folder`);
  }

  #keepRemote(path: RelPath): void {
    const there = this.store.tree.get(path);
    if (there !== undefined) this.store.versions.push(leaf(there.entry, path));
  }
}

function need(holds: boolean, complaint: string): void {
  if (!holds) throw new UnsoundPlan(complaint);
}

function leaf(entry: Entry, path: RelPath): LeafEntry {
  if (entry.kind === 'folder') throw new UnsoundPlan(`folder ${path} handled as a file`);
  return entry;
}

function isFolder(entry: Entry): boolean {
  return entry.kind === 'folder';
}

/** Any order the engine may run a plan in: waves by depth where it uses them, free within a wave. */
export function executionOrder(actions: readonly PlannedAction[], shuffle: <T>(list: readonly T[]) => readonly T[]): readonly Action[] {
  return STAGES.flatMap((stage) => {
    const mixed = shuffle(actions.filter((p) => p.stage === stage).map((p) => p.action));
    if (stage === 'folders') return [...mixed].sort((a, b) => depthOf(a.path) - depthOf(b.path));
    if (stage === 'clear' || stage === 'remove-folders') return [...mixed].sort((a, b) => depthOf(b.path) - depthOf(a.path));
    return mixed;
  });
}

/** The leaves of a tree as `path -> entry`. */
export function leavesOf(tree: ReadonlyMap<RelPath, { readonly entry: Entry }>): ReadonlyMap<RelPath, LeafEntry> {
  const result = new Map<RelPath, LeafEntry>();
  for (const [path, { entry }] of tree) if (entry.kind !== 'folder') result.set(path, entry);
  return result;
}

/** A content as a text to compare; permission bits and times are no content. */
export function contentKey(entry: LeafEntry): string {
  return entry.kind === 'file' ? `file:${entry.size}:${entry.hash}` : `link:${entry.target}`;
}
