import type { HistoryRange } from '../../../src-preload/contract/history.ts';

export interface Bin {
  readonly from: number;
  readonly changes: number;
  /** 0 to 1. A few changes still show beside very many. */
  readonly height: number;
}

/** How much changed when, in equal parts of the range. */
export function binsOf({ from, to, moments }: HistoryRange, bins: number): readonly Bin[] {
  const width = Math.max(1, (to - from) / bins);
  const changes = new Array<number>(bins).fill(0);
  for (const moment of moments) {
    const bin = Math.max(0, Math.min(bins - 1, Math.floor((moment.at - from) / width)));
    changes[bin] = (changes[bin] ?? 0) + moment.changes;
  }
  const most = Math.log2(1 + Math.max(1, ...changes));
  return changes.map((n, i) => ({ from: from + i * width, changes: n, height: n === 0 ? 0 : Math.max(0.12, Math.log2(1 + n) / most) }));
}
