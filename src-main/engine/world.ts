import type { Base, Entry, Local, LocalSnapshot, PathProblem, Remote, RemoteSnapshot, Stamp, Version } from '../core/entry.ts';
import type { Intent } from '../core/intent.ts';
import { ancestorsOf, isWithin, type RelPath } from '../core/rel-path.ts';

/**
 * The three trees as this engine last knew them, kept up to date by its own deeds so that a small change needs no full scan. Base mirrors the state store; local and remote are only as fresh as their last look,
 * which is why every effect carries a precondition.
 */
export class World {
  readonly base: Map<RelPath, Base>;
  local: Map<RelPath, Local> = new Map();
  remote: Map<RelPath, Remote> = new Map();
  localProblems: readonly PathProblem[] = [];
  remoteProblems: readonly PathProblem[] = [];
  besideFolders: ReadonlyMap<RelPath, Remote> = new Map();
  /** Intents without their observation yet, by path. */
  readonly #intents = new Map<RelPath, Intent[]>();

  constructor(base: ReadonlyMap<RelPath, Base>, intents: readonly Intent[]) {
    this.base = new Map(base);
    this.remember(intents);
  }

  get localSnapshot(): LocalSnapshot {
    return { entries: this.local, problems: this.localProblems };
  }

  get remoteSnapshot(): RemoteSnapshot {
    return { entries: this.remote, problems: this.remoteProblems, besideFolders: this.besideFolders };
  }

  /** Takes what a scan of `paths` (or of everything) saw. */
  sawLocal(snapshot: LocalSnapshot, paths: ReadonlySet<RelPath> | null): void {
    if (paths === null) {
      this.local = new Map(snapshot.entries);
      this.localProblems = snapshot.problems;
      return;
    }
    const looked = (path: RelPath): boolean => {
      if (paths.has(path)) return true;
      for (const folder of ancestorsOf(path)) if (paths.has(folder)) return true;
      return false;
    };
    for (const path of [...this.local.keys()]) if (looked(path)) this.local.delete(path);
    for (const [path, seen] of snapshot.entries) this.local.set(path, seen);
    this.localProblems = [...this.localProblems.filter((p) => !looked(p.path as RelPath)), ...snapshot.problems];
  }

  sawRemote(snapshot: RemoteSnapshot): void {
    this.remote = new Map(snapshot.entries);
    this.remoteProblems = snapshot.problems;
    this.besideFolders = snapshot.besideFolders;
  }

  /** What one remote path turned out to be; gone with all below it when null. */
  sawRemotePath(path: RelPath, seen: Remote | null): void {
    if (seen !== null) {
      this.remote.set(path, seen);
      if (seen.entry.kind === 'folder') return;
    } else this.remote.delete(path);
    for (const below of [...this.remote.keys()]) if (below !== path && isWithin(below, path)) this.remote.delete(below);
  }

  /** A file or link got another name; a folder of its old one stays. */
  movedRemote(from: RelPath, to: RelPath, entry: Entry, version: Version, device: string): void {
    if (this.besideFolders.has(from)) this.besideFolders = new Map([...this.besideFolders].filter(([path]) => path !== from));
    else this.remote.delete(from);
    this.setRemote(to, entry, version, device);
  }

  agreed(path: RelPath, entry: Entry, stamp: Stamp, version: Version): Base {
    const base: Base = { entry, stamp, version };
    this.base.set(path, base);
    return base;
  }

  setLocal(path: RelPath, entry: Entry, stamp: Stamp): void {
    this.local.set(path, { entry, stamp, fileId: this.local.get(path)?.fileId ?? null });
  }

  setRemote(path: RelPath, entry: Entry, version: Version, device: string | null): void {
    this.remote.set(path, { entry, version, op: null, device, storedAtMs: null });
  }

  remember(intents: readonly Intent[]): void {
    for (const intent of intents) {
      const list = this.#intents.get(intent.path);
      if (list === undefined) this.#intents.set(intent.path, [intent]);
      else list.push(intent);
    }
  }

  get intents(): readonly Intent[] {
    return [...this.#intents.values()].flat();
  }

  /** Takes back what one operation said it would do at these paths. */
  withdraw(op: string, ...paths: readonly RelPath[]): readonly string[] {
    for (const path of paths) {
      const others = (this.#intents.get(path) ?? []).filter((i) => i.op !== op);
      if (others.length === 0) this.#intents.delete(path);
      else this.#intents.set(path, others);
    }
    return [op];
  }

  /** The operation ids at these paths, which an observation settles; they are forgotten here. */
  settle(...paths: readonly RelPath[]): readonly string[] {
    return paths.flatMap((path) => {
      const ops = (this.#intents.get(path) ?? []).map((i) => i.op);
      this.#intents.delete(path);
      return ops;
    });
  }
}
