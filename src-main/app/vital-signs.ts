import type { AppState } from '../../src-preload/contract/model.ts';
import type { Clock } from '../platform/clock.ts';

/** How often the loop is looked at; each measured delay holds it. */
export const LOOK_EVERY_MS = 10;

export interface VitalPorts {
  readonly clock: Pick<Clock, 'now'>;
  /** When the process began, ms since the epoch. */
  readonly startedAt: number;
  /** With {@link LOOK_EVERY_MS} as its resolution; begins anew each time it is enabled. */
  readonly delays: {
    enable(): boolean;
    disable(): boolean;
    /** ns. */
    percentile(percent: number): number;
    readonly max: number;
    readonly count: number;
  };
  /** What each process of the app holds in memory now. */
  readonly memory: () => readonly { readonly type: string; readonly kib: number }[];
  readonly log: (message: string, fields: Readonly<Record<string, number>>) => void;
}

interface LoopDelay {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly seconds: number;
}

/** How the app itself fares: how fast it came up, how late its main process answers while folders are synced, what memory it holds. For the diagnostics and the log. */
export class VitalSigns {
  readonly #ports: VitalPorts;
  readonly #marks = new Map<string, number>();
  #measuring = false;
  /** Of the longest sync so far. */
  #longest: LoopDelay | null = null;

  constructor(ports: VitalPorts) {
    this.#ports = ports;
  }

  /** The first time counts. */
  mark(what: 'tray' | 'window'): void {
    if (this.#marks.has(what)) return;
    const afterMs = Math.round(this.#ports.clock.now() - this.#ports.startedAt);
    this.#marks.set(what, afterMs);
    this.#ports.log(`the ${what} is there`, { afterMs });
  }

  /** The loop is looked at while something is synced only: it keeps the processor from sleeping. */
  update({ pairs }: Pick<AppState, 'pairs'>): void {
    const busy = pairs.some(({ state }) => state === 'syncing');
    if (busy === this.#measuring) return;
    this.#measuring = busy;
    if (busy) this.#ports.delays.enable();
    else {
      this.#ports.delays.disable();
      this.#longest = longer(this.#longest, this.#now());
    }
  }

  get facts(): Readonly<Record<string, unknown>> {
    const { clock, startedAt, memory } = this.#ports;
    const processes = memory().map(({ type, kib }) => ({ type, mib: Math.round(kib / 1024) }));
    return {
      runningForMinutes: Math.round((clock.now() - startedAt) / 60_000),
      trayAfterMs: this.#marks.get('tray') ?? null,
      windowAfterMs: this.#marks.get('window') ?? null,
      mainLoopDelayWhileSyncing: this.#measuring ? longer(this.#longest, this.#now()) : this.#longest,
      memory: processes,
      memoryMib: processes.reduce((sum, { mib }) => sum + mib, 0),
    };
  }

  #now(): LoopDelay {
    const { delays } = this.#ports;
    const late = (ns: number): number => Math.max(0, Math.round(ns / 1e5 - LOOK_EVERY_MS * 10) / 10);
    if (delays.count === 0) return { p50Ms: 0, p99Ms: 0, maxMs: 0, seconds: 0 };
    return { p50Ms: late(delays.percentile(50)), p99Ms: late(delays.percentile(99)), maxMs: late(delays.max), seconds: Math.round((delays.count * LOOK_EVERY_MS) / 1000) };
  }
}

function longer(one: LoopDelay | null, other: LoopDelay): LoopDelay {
  return one !== null && one.seconds > other.seconds ? one : other;
}
