import type { PairReport } from '../../src-preload/contract/model.ts';

/** Since when a folder stands still, and for what kind of reason. */
export interface Standstill {
  readonly since: number;
  readonly code: string;
}

/**
 * Since when each folder stands still, across the engines that are opened for it: one that is opened anew, with another sign-in say, does not know what stood in the way of the one before. It is over when the folder was in step again.
 * One of before the app was started goes on where the folder stops for the same kind of reason.
 */
export class LastingTrouble {
  readonly #known = new Map<string, Standstill & { readonly isOld: boolean }>();
  readonly #remembered: (pair: string) => Standstill | null;

  constructor(remembered: (pair: string) => Standstill | null) {
    this.#remembered = remembered;
  }

  /** To be remembered over the next start. */
  of(pair: string): Standstill | null {
    const { since, code } = this.#known.get(pair) ?? {};
    return since === undefined || code === undefined ? null : { since, code };
  }

  /** The report with the time at which it stopped. */
  told(pair: string, report: PairReport): PairReport {
    const { trouble, error, lastFullScanAt, lastSyncAt } = report;
    let known = this.#known.get(pair) ?? this.#ofBefore(pair);
    const isAnother = known?.isOld === true && error !== null && error.code !== known.code;
    if (known !== null && (isAnother || Math.max(lastFullScanAt ?? 0, lastSyncAt ?? 0) > known.since)) known = null;
    if (trouble !== null && error !== null) known = { since: Math.min(known?.since ?? trouble.since, trouble.since), code: error.code, isOld: false };
    if (known === null) this.#known.delete(pair);
    else this.#known.set(pair, known);
    return trouble === null || known === null ? report : { ...report, trouble: { ...trouble, since: known.since } };
  }

  forget(pair: string): void {
    this.#known.delete(pair);
  }

  #ofBefore(pair: string): (Standstill & { readonly isOld: true }) | null {
    const old = this.#remembered(pair);
    return old === null ? null : { ...old, isOld: true };
  }
}
