import type { PairView } from '../../../src-preload/contract/model.ts';

/** Bytes a second; `measuring`: something is carried over, and for too short a time to tell; null: nothing is. */
export type RateNow = number | 'measuring' | null;

/** What the folders' cards say, taken together. */
export function rateOf(pairs: readonly Pick<PairView, 'state' | 'progress'>[]): RateNow {
  const carrying = pairs.flatMap(({ state, progress }) => (state !== 'paused' && progress?.phase === 'working' && progress.totalBytes > 0 ? [progress.rate] : []));
  if (carrying.length === 0) return null;
  const known = carrying.filter((rate) => rate !== null);
  return known.length === 0 ? 'measuring' : known.reduce((sum, rate) => sum + rate, 0);
}

/** The same as one value of the history: what may have stalled before its first byte is no rate. */
export function sampleOf(now: RateNow): number {
  return typeof now === 'number' ? now : 0;
}

/** Bytes a second, one value a second, oldest first. */
export type Rates = readonly number[];
export const RATES_KEPT = 120;

export function withRate(known: Rates, rate: number): Rates {
  const next = [...known.slice(1 - RATES_KEPT), rate];
  return next.some((value) => value > 0) ? next : [];
}

/** The picture's own units. */
export const WIDTH = 600;
export const HEIGHT = 64;

/** Places in the picture, the newest at the right edge, the peak at the top; before the first rate nothing was transferred. */
export function points(rates: Rates, peak: number): readonly string[] {
  const step = WIDTH / (RATES_KEPT - 1);
  const top = 3;
  const shown = rates.length < RATES_KEPT ? [...Array.from({ length: RATES_KEPT - rates.length }, () => 0), ...rates] : rates;
  return shown.map((rate, i) => `${round(i * step)},${round(HEIGHT - 1 - (rate / peak) * (HEIGHT - 1 - top))}`);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
