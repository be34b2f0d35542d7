import { ancestorsOf, type RelPath } from './rel-path.ts';

/** Paths that are out of bounds, each alone or with everything below it. */
export class PathSet {
  readonly #exact = new Set<RelPath>();
  readonly #subtrees = new Set<RelPath>();

  add(path: RelPath, subtree: boolean): void {
    (subtree ? this.#subtrees : this.#exact).add(path);
  }

  covers(path: RelPath): boolean {
    if (this.#exact.has(path) || this.#subtrees.has(path)) return true;
    if (this.#subtrees.size === 0) return false;
    for (const folder of ancestorsOf(path)) if (this.#subtrees.has(folder)) return true;
    return false;
  }

  *roots(): Generator<RelPath> {
    yield* this.#exact;
    yield* this.#subtrees;
  }
}
