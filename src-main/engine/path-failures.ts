import { messageOf } from '../core/errors.ts';
import type { PathFailure } from '../core/events.ts';
import { ancestorsOf, type RelPath } from '../core/rel-path.ts';
import type { Clock } from '../platform/clock.ts';
import type { OutcomeEvent } from './cycle.ts';

/** The paths whose last action failed, since when and how often. */
export class PathFailures {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #failures = new Map<RelPath, PathFailure>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** That of a folder goes without saying where the same keeps what lies in it. */
  get all(): readonly PathFailure[] {
    const implied = new Set([...this.#failures.values()].flatMap(({ path, code }) => [...ancestorsOf(path)].map((folder) => `${code} ${folder}`)));
    return [...this.#failures.values()].filter(({ path, code }) => !implied.has(`${code} ${path}`));
  }

  at(path: RelPath): PathFailure | null {
    return this.#failures.get(path) ?? null;
  }

  track({ action: { path }, outcome, error }: OutcomeEvent): void {
    const before = this.#failures.get(path);
    if (outcome === 'done') this.#failures.delete(path);
    if (outcome !== 'failed' || error === null) return;
    this.#failures.set(path, { path, code: error.code, message: messageOf(error), attempts: (before?.attempts ?? 0) + 1, since: before?.since ?? this.#clock.now() });
  }

  /** What a plan of the whole tree does not want any more cannot be failing. */
  keepOnly(wanted: ReadonlySet<RelPath>): void {
    for (const path of this.#failures.keys()) if (!wanted.has(path)) this.#failures.delete(path);
  }
}
