import { parentOf, type RelPath } from '../core/rel-path.ts';
import type { WatchHint } from '../watch/watcher.ts';

/** What has been heard since the last turn of the loop; events only say "look at these". */
export class Wake {
  #paths = new Set<RelPath>();
  #everything = false;
  #remote = false;
  #nudge: (() => void) | null = null;

  hear(hint: WatchHint): void {
    if (hint.kind === 'everything') this.#everything = true;
    else for (const path of hint.paths) this.#paths.add(path);
    this.#nudge?.();
  }

  hearRemote(): void {
    this.#remote = true;
    this.#nudge?.();
  }

  /** Something other than a change needs a turn: a resume, an answer, a stop. */
  nudge(): void {
    this.#nudge?.();
  }

  get any(): boolean {
    return this.#everything || this.#remote || this.#paths.size > 0;
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
  take(knows: (folder: RelPath) => boolean): { readonly local: 'all' | 'cached' | ReadonlySet<RelPath>; readonly remote: 'all' | 'cached' } {
    const paths = new Set([...this.#paths].map((path) => topmostUnknown(path, knows)));
    const result = { local: this.#everything ? ('all' as const) : paths.size > 0 ? paths : ('cached' as const), remote: this.#remote ? ('all' as const) : ('cached' as const) };
    this.#paths = new Set();
    this.#everything = false;
    this.#remote = false;
    return result;
  }
}

export function topmostUnknown(path: RelPath, knows: (folder: RelPath) => boolean): RelPath {
  let at = path;
  for (let folder = parentOf(path); folder !== null && !knows(folder); folder = parentOf(folder)) at = folder;
  return at;
}
