import type { PairView } from '../../../src-preload/contract/model.ts';

/** What lies in the backups, and what this device asked of them this month. */
export interface Month {
  readonly stored: number;
  readonly versions: { readonly count: number; readonly bytes: number };
  /** Null where none are counted. */
  readonly requests: number | null;
  /** Null: prices of one of them are not known. Undefined: none costs anything. */
  readonly cost: number | null | undefined;
  /** What the cost goes by. */
  readonly prices: 'list' | 'own' | 'both';
}

export function monthNumbers(pairs: readonly PairView[]): Month {
  const counted = pairs.map(({ usage }) => usage).filter((usage) => usage !== null);
  const costs = counted.map(({ cost }) => cost?.total ?? null);
  const own = counted.filter(({ cost }) => cost?.provider === null).length;
  return {
    stored: pairs.reduce((sum, { bytes }) => sum + bytes, 0),
    versions: pairs.reduce((sum, { kept }) => ({ count: sum.count + (kept?.count ?? 0), bytes: sum.bytes + (kept?.bytes ?? 0) }), { count: 0, bytes: 0 }),
    requests: counted.length === 0 ? null : counted.reduce((sum, { requests }) => sum + Object.values(requests).reduce((all, n) => all + n, 0), 0),
    cost: counted.length === 0 ? undefined : costs.includes(null) ? null : costs.reduce<number>((sum, total) => sum + (total ?? 0), 0),
    prices: own === 0 ? 'list' : own === counted.length ? 'own' : 'both',
  };
}
