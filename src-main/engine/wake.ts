import { IGNORE_FILE } from '../core/ignore.ts';
import { nameOf, parentOf, type RelPath } from '../core/rel-path.ts';
import type { WatchHint } from '../watch/watcher.ts';

/** More hints than this are answered by a listing. */
const MANY = 200;

/** How much of a side is to be looked at; `cached`: nothing, what the last look saw still serves. */
export type Extent = 'all' | 'cached' | ReadonlySet<RelPath>;

/** What has been heard since the last turn of the loop; events only say "look at these". */
export class Wake {
  #paths = new Set<RelPath>();
  #everything = false;
  #remotePaths = new Set<RelPath>();
  #remote = false;
  #nudge: (() => void) | null = null;

  hear(hint: WatchHint): void {
    if (hint.kind === 'everything') this.#everything = true;
    else for (const path of hint.paths) this.#hearPath(path);
    this.#nudge?.();
  }

  /** Null: anything may have changed. */
  hearRemote(paths: ReadonlySet<RelPath> | null): void {
    if (paths === null || this.#remotePaths.size + paths.size > MANY) this.#remote = true;
    else for (const path of paths) this.#remotePaths.add(path);
    this.#nudge?.();
  }

  #hearPath(path: RelPath): void {
    // New rules may concern anything.
    if (nameOf(path) === IGNORE_FILE) this.#everything = true;
    this.#paths.add(path);
  }

  /** Something other than a change needs a turn: a resume, an answer, a stop. */
  nudge(): void {
    this.#nudge?.();
  }

  get any(): boolean {
    return this.#everything || this.#remote || this.#paths.size + this.#remotePaths.size > 0;
  }

  /** Resolves at the next word, at once if there was one. */
  next(): Promise<void> {
    if (this.any) return Promise.resolve();
    return new Promise((resolve) => {
      this.#nudge = () => {
        this.#nudge = null;
        resolve();
      };
    });
  }

  /** Takes what was heard; a path in an unknown folder becomes that folder, so that the folder comes along. */
  take(knows: (folder: RelPath) => boolean): { readonly local: Extent; readonly remote: Extent } {
    const paths = new Set([...this.#paths].map((path) => topmostUnknown(path, knows)));
    const result = { local: extent(this.#everything, paths), remote: extent(this.#remote, this.#remotePaths) };
    this.#paths = new Set();
    this.#remotePaths = new Set();
    this.#everything = false;
    this.#remote = false;
    return result;
  }
}

function extent(all: boolean, paths: ReadonlySet<RelPath>): Extent {
  return all ? 'all' : paths.size > 0 ? paths : 'cached';
}

export function topmostUnknown(path: RelPath, knows: (folder: RelPath) => boolean): RelPath {
  let at = path;
  for (let folder = parentOf(path); folder !== null && !knows(folder); folder = parentOf(folder)) at = folder;
  return at;
}
