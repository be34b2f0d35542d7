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
