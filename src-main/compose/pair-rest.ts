import type { PairEngine } from '../engine/sync-manager.ts';
import type { Clock } from '../platform/clock.ts';
import { sleepUntil } from './sleep-until.ts';

/** The user's own; `until` null: until the user resumes. Null: no pause. */
export type Pause = { readonly until: number | null } | null;

/** Whether a folder's engine may work: not while the user paused it, and not while anything holds it, be it quiet hours or whatever else the program names. Several reasons at once are one rest, which ends when the last one does. */
export class PairRest<Hold extends string = never> {
  readonly #clock: Clock;
  readonly #onChange: () => void;
  readonly #own = new Set<Hold | 'quiet'>();
  readonly #waiting = new Set<() => void>();
  #outer: readonly Hold[];
  #pause: Pause;
  #quietUntil: number | null = null;
  /** The quiet hours with this end are over for the user. */
  #liftedUntil: number | null = null;
  /** So much is done although it is quiet. */
  #urgent = 0;
  #engine: Pick<PairEngine, 'pause' | 'resume'> | null = null;
  #applied = 'free';

  constructor(clock: Clock, { pause, holds }: { readonly pause: Pause; readonly holds: readonly Hold[] }, onChange: () => void) {
    this.#clock = clock;
    this.#pause = pause;
    this.#outer = holds;
    this.#onChange = onChange;
  }

  get holds(): readonly (Hold | 'quiet')[] {
    return [...this.#outer, ...this.#own];
  }

  /** When it ends by itself; null: not, or nobody knows. */
  get until(): number | null {
    const { holds } = this;
    if (holds.some((reason) => reason !== 'quiet')) return null;
    const pause = this.#isEnded ? null : this.#pause;
    if (holds.length === 0 || this.#quietUntil === null) return pause?.until ?? null;
    return pause === null ? this.#quietUntil : pause.until === null ? null : Math.max(pause.until, this.#quietUntil);
  }

  /** The end of quiet hours that it goes on in, on the user's word. */
  get quietPassedUntil(): number | null {
    return this.#quietUntil === this.#liftedUntil ? this.#quietUntil : null;
  }

  get isResting(): boolean {
    return this.#pause !== null || this.holds.length > 0;
  }

  /** From here on the engine obeys; it is told at once what holds now. */
  attach(engine: Pick<PairEngine, 'pause' | 'resume'>): void {
    this.#engine = engine;
    this.#applied = 'free';
    this.#apply();
  }

  detach(): void {
    this.#engine = null;
  }

  pause(until: number | null): void {
    this.#pause = { until };
    this.#apply();
  }

  /** On the user's word: quiet hours that it is in end early, too. */
  resume(): void {
    this.#liftedUntil = this.#quietUntil;
    this.#pause = null;
    this.#apply();
    this.#keepQuiet();
  }

  /** What the machine and the app say, all of it. */
  hold(reasons: readonly Hold[]): void {
    this.#outer = reasons;
    this.#forgetEndedPause();
    this.#apply();
  }

  /** What this folder itself says. */
  holdOwn(reason: Hold | 'quiet', on: boolean): void {
    if (this.#own.has(reason) === on) return;
    if (on) this.#own.add(reason);
    else this.#own.delete(reason);
    this.#forgetEndedPause();
    this.#apply();
  }

  quiet(until: number | null): void {
    this.#quietUntil = until;
    this.#keepQuiet();
    this.#onChange();
  }

  /** Quiet hours do not hold it until `work` is done; whatever else does, does. */
  async despiteQuiet(work: () => Promise<unknown>): Promise<void> {
    this.#urgent++;
    this.#keepQuiet();
    try {
      await work();
    } finally {
      this.#urgent--;
      this.#keepQuiet();
    }
  }

  /** Resolves when nothing holds it; a timed pause ends here too. Rejects when `signal` fires. */
  async whenFree(signal: AbortSignal): Promise<void> {
    while (this.isResting) {
      signal.throwIfAborted();
      await this.#newsOrEnd(signal);
    }
  }

  /** Ends each timed pause at its time until `signal` fires, for an engine that is not started and so does not do it itself. */
  async endPauses(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) await this.#newsOrEnd(signal);
  }

  /** Until something changes; a timed pause that nothing outlasts ends at its time. */
  async #newsOrEnd(signal: AbortSignal): Promise<void> {
    const until = this.holds.length === 0 ? (this.#pause?.until ?? null) : null;
    const woken = new AbortController();
    const wake = (): void => woken.abort();
    this.#waiting.add(wake);
    try {
      await sleepUntil(this.#clock, until ?? Number.POSITIVE_INFINITY, AbortSignal.any([signal, woken.signal]));
      if (until !== null && this.#pause?.until === until) this.#endPause();
    } catch {
      // Something changed, or it is over: whoever waits looks.
    } finally {
      this.#waiting.delete(wake);
    }
  }

  #keepQuiet(): void {
    this.holdOwn('quiet', this.#quietUntil !== null && this.#quietUntil !== this.#liftedUntil && this.#urgent === 0);
  }

  #endPause(): void {
    this.#pause = null;
    this.#apply();
  }

  get #isEnded(): boolean {
    return this.#pause?.until != null && this.#pause.until <= this.#clock.now();
  }

  #forgetEndedPause(): void {
    if (this.#isEnded) this.#pause = null;
  }

  #apply(): void {
    const held = this.holds.length > 0;
    const wanted = held ? 'held' : this.#pause === null ? 'free' : `paused ${this.#pause.until}`;
    if (this.#engine !== null && wanted !== this.#applied) {
      this.#applied = wanted;
      if (wanted === 'free') this.#engine.resume();
      else this.#engine.pause(held ? undefined : (this.#pause?.until ?? undefined));
    }
    for (const wake of [...this.#waiting]) wake();
    this.#onChange();
  }
}
