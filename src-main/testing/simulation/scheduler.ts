import { SyncError } from '../../core/errors.ts';
import type { Clock } from '../../platform/clock.ts';
import type { SeededRandom } from '../random.ts';

interface Task {
  readonly owner: Life;
  readonly label: string;
  readonly go: () => void;
  /** Virtual time before which it may not run. */
  readonly notBefore: number;
}

/** One run of one process. A crash ends it: none of its pending steps ever returns. */
export interface Life {
  readonly name: string;
  alive: boolean;
}

/**
 * Decides from a seed which of all waiting steps goes next, so that every interleaving can be had and had again. A step is one call of a port: between any two of them users edit, other devices work and
 * processes die.
 */
export class Scheduler {
  readonly #random: SeededRandom;
  #tasks: Task[] = [];
  #nowMs = 1_700_000_000_000;
  readonly #stepMs: number;
  /** Every step that ran, for the trace and its hash. */
  readonly trace: string[] = [];
  /** Who mostly goes next, so that much of his work falls between two steps of another. */
  favourite: Life | null = null;
  /** Whose step ran last. */
  last: Life | null = null;

  /** A step takes up to `stepMs` of virtual time. */
  constructor(random: SeededRandom, stepMs = 1) {
    this.#random = random;
    this.#stepMs = stepMs;
  }

  step(owner: Life, label: string): Promise<void> {
    if (!owner.alive) return new Promise(() => undefined);
    return new Promise((resolve) => this.#tasks.push({ owner, label, go: resolve, notBefore: 0 }));
  }

  /** A device's own clock, wrong by `skewMs`. */
  clock(owner: Life, skewMs: number): Clock {
    return {
      now: () => this.#nowMs + skewMs,
      monotonic: () => this.#nowMs,
      sleep: (ms, signal) => this.#sleep(owner, ms, signal),
    };
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Time goes by while nobody works. */
  pass(ms: number): void {
    this.#nowMs += ms;
  }

  kill(owner: Life): void {
    owner.alive = false;
    if (this.favourite === owner) this.favourite = null;
    this.#tasks = this.#tasks.filter((t) => t.owner !== owner);
  }

  /** Runs one waiting step; false when none can run even if time goes on. */
  async turn(): Promise<boolean> {
    await quiescence();
    let ready = this.#tasks.filter((t) => t.notBefore <= this.#nowMs);
    if (ready.length === 0) {
      const next = Math.min(...this.#tasks.map((t) => t.notBefore));
      if (!Number.isFinite(next)) return false;
      this.#nowMs = next;
      ready = this.#tasks.filter((t) => t.notBefore <= next);
    }
    const task = this.#random.pick(this.#favoured(ready));
    this.#tasks.splice(this.#tasks.indexOf(task), 1);
    this.#nowMs += this.#stepMs === 1 ? 1 : 1 + this.#random.below(this.#stepMs);
    this.trace.push(`${task.owner.name} ${task.label}`);
    this.last = task.owner;
    task.go();
    await quiescence();
    return true;
  }

  #favoured(ready: readonly Task[]): readonly Task[] {
    if (this.favourite === null || this.#random.below(16) === 0) return ready;
    const theirs = ready.filter((task) => task.owner === this.favourite);
    return theirs.length > 0 ? theirs : ready;
  }

  #sleep(owner: Life, ms: number, signal?: AbortSignal): Promise<void> {
    if (!owner.alive) return new Promise(() => undefined);
    return new Promise((resolve, reject) => {
      const go = (): void => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      const task: Task = { owner, label: `sleep ${ms}`, go, notBefore: this.#nowMs + ms };
      const abort = (): void => {
        const at = this.#tasks.indexOf(task);
        if (at >= 0) this.#tasks.splice(at, 1);
        reject(new SyncError('aborted', 'interrupted'));
      };
      if (signal?.aborted) return abort();
      signal?.addEventListener('abort', abort, { once: true });
      this.#tasks.push(task);
    });
  }
}

/** Lets everything that follows from the last step happen, up to the next port call of each process: a tick comes when no promise can go on, and costs a tenth of a turn of the event loop. */
function quiescence(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
