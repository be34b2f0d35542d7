import type { Action } from '../core/action.ts';
import type { Progress, TransferProgress } from '../core/events.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { Clock } from '../platform/clock.ts';

/** The rate shown is over so many ms. */
const WINDOW_MS = 5_000;
/** Listeners hear of it at most so often, ms. */
const QUIET_MS = 100;

/** Counts what is done and what is moving, and tells a listener now and then. */
export class ProgressMeter {
  readonly #clock: Clock;
  readonly #tell: (progress: Progress) => void;
  readonly #inFlight = new Map<RelPath, { direction: 'up' | 'down'; bytes: number; isTold: boolean; readonly total: number }>();
  #samples: { readonly at: number; readonly bytes: number }[] = [];
  #phase: Progress['phase'] = 'looking';
  #done = 0;
  #total = 0;
  #bytes = 0;
  #totalBytes = 0;
  #toldAt = Number.NEGATIVE_INFINITY;
  up = 0;
  down = 0;

  constructor(clock: Clock, tell: (progress: Progress) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  looking(seen: number): void {
    this.#phase = 'looking';
    this.#done = seen;
    this.#report(false);
  }

  working(actions: readonly Action[]): void {
    this.begins(
      actions.length,
      actions.reduce((sum, a) => sum + transferBytes(a), 0),
    );
  }

  /** So many things are to be done, which move so many bytes. */
  begins(total: number, totalBytes: number): void {
    this.#phase = 'working';
    this.#done = 0;
    this.#total = total;
    this.#bytes = 0;
    this.#totalBytes = totalBytes;
    this.#samples = [];
    this.#report(true);
  }

  begin(path: RelPath, direction: 'up' | 'down', total: number): void {
    this.#inFlight.set(path, { direction, bytes: 0, isTold: false, total });
  }

  moved(path: RelPath, bytes: number): void {
    const transfer = this.#inFlight.get(path);
    if (transfer === undefined) return;
    if (transfer.direction === 'up') this.up += bytes;
    else this.down += bytes;
    if (transfer.isTold) return;
    transfer.bytes += bytes;
    this.#bytes += bytes;
    this.#report(false);
  }

  /** So many bytes of it have left; from then on those that are read ahead do not count. */
  sent(path: RelPath, bytes: number): void {
    const transfer = this.#inFlight.get(path);
    if (transfer === undefined) return;
    transfer.isTold = true;
    this.#bytes += bytes - transfer.bytes;
    transfer.bytes = bytes;
    this.#report(false);
  }

  /** So many bytes of it are there already, which did not move now. */
  resumed(path: RelPath, bytes: number): void {
    const transfer = this.#inFlight.get(path);
    if (transfer === undefined || transfer.bytes === bytes) return;
    const more = bytes - transfer.bytes;
    transfer.bytes = bytes;
    this.#bytes += more;
    this.#samples = this.#samples.map((sample) => ({ ...sample, bytes: sample.bytes + more }));
    this.#report(false);
  }

  finished(path: RelPath): void {
    this.#inFlight.delete(path);
    this.#done++;
    this.#report(this.#done === this.#total);
  }

  get now(): Progress {
    const rate = this.#rate();
    const left = this.#totalBytes - this.#bytes;
    return {
      phase: this.#phase,
      done: this.#done,
      total: this.#total,
      bytes: this.#bytes,
      totalBytes: this.#totalBytes,
      rate,
      etaSeconds: rate !== null && rate > 0 && left > 0 ? Math.ceil(left / rate) : null,
      inFlight: [...this.#inFlight].map(([path, t]): TransferProgress => ({ path, direction: t.direction, bytes: t.bytes, totalBytes: t.total })),
    };
  }

  #rate(): number | null {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.at - first.at < 200) return null;
    return ((last.bytes - first.bytes) * 1000) / (last.at - first.at);
  }

  #report(always: boolean): void {
    const at = this.#clock.monotonic();
    if (!always && at - this.#toldAt < QUIET_MS) return;
    this.#toldAt = at;
    this.#samples.push({ at, bytes: this.#bytes });
    while ((this.#samples[0]?.at ?? at) < at - WINDOW_MS) this.#samples.shift();
    this.#tell(this.now);
  }
}

/** Bytes an action carries over the wire. */
export function transferBytes(action: Action): number {
  return (action.kind === 'upload' || action.kind === 'download') && action.entry.kind === 'file' ? action.entry.size : 0;
}
