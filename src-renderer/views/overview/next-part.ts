/** So many more each time. */
const PART = 100;

/** Up to where a list is shown next, and from where on something has to be fetched for it; null: it is there. */
export function nextPart(shown: number, known: number, total: number): { readonly until: number; readonly from: number | null } {
  if (shown < known) return { until: Math.min(known, Math.max(PART, shown + PART)), from: null };
  return { until: Math.min(total, known + PART), from: known };
}
