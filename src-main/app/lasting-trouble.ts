import type { PairReport } from '../../src-preload/contract/model.ts';

/** Since when each folder stands still, across the engines that are opened for it: one that is opened anew, with another sign-in say, does not know what stood in the way of the one before. It is over when the folder was in step again. */
export class LastingTrouble {
  readonly #since = new Map<string, number>();

  /** The report with the time at which it stopped. */
  told(pair: string, report: PairReport): PairReport {
    const { trouble, lastFullScanAt, lastSyncAt } = report;
    const known = this.#since.get(pair) ?? Number.POSITIVE_INFINITY;
    const isOver = Math.max(lastFullScanAt ?? 0, lastSyncAt ?? 0) > known;
    if (isOver) this.#since.delete(pair);
    if (trouble === null) return report;
    const since = isOver ? trouble.since : Math.min(known, trouble.since);
    this.#since.set(pair, since);
    return { ...report, trouble: { ...trouble, since } };
  }

  forget(pair: string): void {
    this.#since.delete(pair);
  }
}
