import type { RelPath } from '../core/rel-path.ts';
import type { Clock } from '../platform/clock.ts';
import type { WatchHint } from './watcher.ts';

export interface DebounceOptions {
  readonly clock: Clock;
  /** A path is let go after it was quiet for so long, ms. */
  readonly quietMs?: number;
  /** … but no later than so long after its first event, so that a file that never rests is looked at too (C6). */
  readonly mostMs?: number;
  /** Quiet time of a path that was last seen going away: an editor that saves by delete and create, or by rename away and write, brings it back within it (C4, C11). */
  readonly goneMs?: number;
  /** Beyond so many waiting paths, one look at everything is cheaper than the list (C24). */
  readonly mostPaths?: number;
}

const DEFAULTS = { quietMs: 300, mostMs: 2_000, goneMs: 1_000, mostPaths: 10_000 };

export type PathEvent = 'added' | 'changed' | 'gone';

interface Waiting {
  readonly event: PathEvent;
  readonly firstAt: number;
  readonly dueAt: number;
}

/** Turns a stream of events into few sets of paths worth a look. What came and what went leaves together, so that both ends of a rename are looked at in one go. */
export class Debounce {
  readonly #clock: Clock;
  readonly #emit: (hint: WatchHint) => void;
  readonly #quietMs: number;
  readonly #mostMs: number;
  readonly #goneMs: number;
  readonly #mostPaths: number;
  readonly #waiting = new Map<RelPath, Waiting>();
  #everything: { readonly why: string; readonly at: Waiting } | null = null;
  #timer: { readonly at: number; readonly stop: AbortController } | null = null;

  constructor(options: DebounceOptions, emit: (hint: WatchHint) => void) {
    this.#clock = options.clock;
    this.#emit = emit;
    this.#quietMs = options.quietMs ?? DEFAULTS.quietMs;
    this.#mostMs = Math.max(options.mostMs ?? DEFAULTS.mostMs, this.#quietMs);
    this.#goneMs = Math.max(options.goneMs ?? DEFAULTS.goneMs, this.#quietMs);
    this.#mostPaths = options.mostPaths ?? DEFAULTS.mostPaths;
  }

  path(path: RelPath, event: PathEvent): void {
    if (this.#everything === null) this.#wait(path, event);
    // The look at everything that is on its way covers this path.
    else this.everything(this.#everything.why);
  }

  everything(why: string): void {
    this.#waiting.clear();
    const at = this.#next(this.#everything?.at, 'changed');
    this.#everything = { why, at };
    this.#wakeAt(at.dueAt);
  }

  /** Lets go of nothing more. */
  stop(): void {
    this.#timer?.stop.abort();
    this.#timer = null;
    this.#waiting.clear();
    this.#everything = null;
  }

  #wait(path: RelPath, event: PathEvent): void {
    const waiting = this.#next(this.#waiting.get(path), event);
    this.#waiting.set(path, waiting);
    if (this.#waiting.size > this.#mostPaths) this.everything(`more than ${this.#mostPaths} paths changed at once`);
    else this.#wakeAt(waiting.dueAt);
  }

  #next(before: Waiting | undefined, event: PathEvent): Waiting {
    const now = this.#clock.monotonic();
    const firstAt = before?.firstAt ?? now;
    return { event, firstAt, dueAt: Math.min(now + (event === 'gone' ? this.#goneMs : this.#quietMs), firstAt + this.#mostMs) };
  }

  /** One timer. A path that became due later does not move it: it then finds less to let go of, and is set anew. */
  #wakeAt(at: number): void {
    if (this.#timer !== null && this.#timer.at <= at) return;
    this.#timer?.stop.abort();
    const stop = new AbortController();
    this.#timer = { at, stop };
    this.#clock.sleep(Math.max(0, at - this.#clock.monotonic()), stop.signal).then(
      () => this.#fire(stop),
      () => undefined,
    );
  }

  #fire(mine: AbortController): void {
    if (this.#timer?.stop !== mine) return;
    this.#timer = null;
    if (this.#everything !== null) this.#fireEverything(this.#everything);
    else this.#firePaths();
  }

  #fireEverything({ why, at }: { readonly why: string; readonly at: Waiting }): void {
    if (at.dueAt > this.#clock.monotonic()) {
      this.#wakeAt(at.dueAt);
      return;
    }
    this.#everything = null;
    this.#emit({ kind: 'everything', why });
  }

  #firePaths(): void {
    const now = this.#clock.monotonic();
    // What came and what went leaves as one, as late as the last of what went.
    let together = 0;
    for (const { event, dueAt } of this.#waiting.values()) if (event === 'gone') together = Math.max(together, dueAt);
    const due = new Set<RelPath>();
    let next = Number.POSITIVE_INFINITY;
    for (const [path, { event, firstAt, dueAt }] of this.#waiting) {
      const at = event === 'changed' ? dueAt : Math.max(dueAt, Math.min(together, firstAt + this.#mostMs));
      if (at <= now) due.add(path);
      else next = Math.min(next, at);
    }
    for (const path of due) this.#waiting.delete(path);
    if (this.#waiting.size > 0) this.#wakeAt(next);
    if (due.size > 0) this.#emit({ kind: 'paths', paths: due });
  }
}
