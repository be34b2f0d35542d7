import type { StoreUsage } from '../core/events.ts';
import type { CostEstimate } from '../settings/s3-prices.ts';
import { formatBytes, formatCount } from './format.ts';

/** "1,204 requests by this device in 2026-11 (list 1,100, get 104), 1.2 MiB up, 3.4 MiB down". */
export function describeUsage({ month, requests, bytesUp, bytesDown }: StoreUsage): string {
  const kinds = Object.entries(requests).filter(([, n]) => n > 0);
  const all = kinds.reduce((sum, [, n]) => sum + n, 0);
  const listed = kinds.sort(([, a], [, b]) => b - a).map(([kind, n]) => `${kind} ${n.toLocaleString('en-US')}`);
  const parts = listed.length === 0 ? '' : ` (${listed.join(', ')})`;
  return `${formatCount(all, 'request')} by this device in ${month}${parts}, ${formatBytes(bytesUp)} up, ${formatBytes(bytesDown)} down`;
}

/** "about $0.13: requests so far $0.01, traffic so far $0.00, storage $0.12 a month (estimate by list prices of Amazon S3 (us-east-1), 2025-10)". Null: no price is known. */
export function describeCost(cost: CostEstimate | null): string {
  if (cost === null) return 'not known: this provider is not in the price list; set what you pay (PRICE_STORAGE and others, docs/s3.md)';
  const { provider, requests, egress, storage, total, asOf } = cost;
  const by = provider === null ? 'your own prices' : `list prices of ${provider}, ${asOf}`;
  return `about ${dollars(total)}: requests so far ${dollars(requests)}, traffic so far ${dollars(egress)}, storage ${dollars(storage)} a month (estimate by ${by})`;
}

function dollars(amount: number): string {
  return amount > 0 && amount < 0.01 ? 'under $0.01' : `$${amount.toFixed(2)}`;
}
