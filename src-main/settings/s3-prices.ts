import { REQUEST_KINDS, type RequestKind } from '../backends/s3/s3-config.ts';
import type { StoreUsage } from '../core/events.ts';

/** List prices of one provider's standard class in US dollars, before tax and without the first months' gifts. */
export interface S3Price {
  readonly provider: string;
  /** Hosts it is reached at; null: Amazon S3 itself, which has no endpoint in the settings. */
  readonly host: RegExp | null;
  /** Per 1,000 requests, by kind. */
  readonly requests: Readonly<Record<RequestKind, number>>;
  readonly storagePerGbMonth: number;
  readonly egressPerGb: number;
  /** Not paid for in a month: so much, and so much for each GB stored. */
  readonly freeEgressGb: number;
  readonly freeEgressPerStoredGb: number;
  /** What else one should know. */
  readonly note: string | null;
  readonly source: string;
  /** When the prices were so. */
  readonly asOf: string;
}

const FREE: S3Price['requests'] = { put: 0, part: 0, copy: 0, list: 0, get: 0, head: 0, delete: 0, other: 0 };

/** The table of docs/s3.md. A provider that is not in it has no estimate. */
export const S3_PRICES: readonly S3Price[] = [
  {
    provider: 'Amazon S3 (us-east-1)',
    host: null,
    requests: { put: 0.005, part: 0.005, copy: 0.005, list: 0.005, get: 0.0004, head: 0.0004, delete: 0, other: 0.0004 },
    storagePerGbMonth: 0.023,
    egressPerGb: 0.09,
    freeEgressGb: 100,
    freeEgressPerStoredGb: 0,
    note: 'other regions cost up to twice as much',
    source: 'https://aws.amazon.com/s3/pricing/',
    asOf: '2025-10',
  },
  {
    provider: 'Cloudflare R2',
    host: /\.r2\.cloudflarestorage\.com$/,
    requests: { put: 0.0045, part: 0.0045, copy: 0.0045, list: 0.0045, get: 0.00036, head: 0.00036, delete: 0, other: 0.0045 },
    storagePerGbMonth: 0.015,
    egressPerGb: 0,
    freeEgressGb: 0,
    freeEgressPerStoredGb: 0,
    note: '10 GB, a million writes and listings and ten million reads a month are free',
    source: 'https://developers.cloudflare.com/r2/pricing/',
    asOf: '2026-08',
  },
  {
    provider: 'Backblaze B2',
    host: /\.backblazeb2\.com$/,
    requests: { ...FREE, copy: 0.004, list: 0.004, get: 0.0004, head: 0.0004, other: 0.004 },
    storagePerGbMonth: 0.006,
    egressPerGb: 0.01,
    freeEgressGb: 0,
    freeEgressPerStoredGb: 3,
    note: '10 GB and 2,500 requests of each class a day are free; every version is stored and paid for',
    source: 'https://www.backblaze.com/cloud-storage/transaction-pricing',
    asOf: '2025-10',
  },
  {
    provider: 'Wasabi',
    host: /\.wasabisys\.com$/,
    requests: FREE,
    storagePerGbMonth: 0.00699,
    egressPerGb: 0,
    freeEgressGb: 0,
    freeEgressPerStoredGb: 0,
    note: 'at least 1 TB is paid for, and each object for 90 days',
    source: 'https://wasabi.com/pricing/faq',
    asOf: '2025-10',
  },
];

/** What a month costs, in US dollars; an estimate from list prices. */
export interface CostEstimate {
  readonly provider: string;
  /** Of this device, this month so far. */
  readonly requests: number;
  readonly egress: number;
  /** Of the files the pair knows, for a whole month; kept versions come on top. */
  readonly storage: number;
  readonly total: number;
  readonly note: string | null;
  readonly source: string;
  readonly asOf: string;
}

const GB = 1e9;

/** `target` is the backend's id, `s3://bucket/prefix at host`. Null for other stores and for providers whose prices are not known here. */
export function estimateCost(target: string, { requests, bytesDown }: StoreUsage, storedBytes: number): CostEstimate | null {
  if (!target.startsWith('s3://')) return null;
  const host = /^s3:\/\/.* at ([^\s/]+)$/.exec(target)?.[1]?.replace(/:\d+$/, '') ?? null;
  const price = S3_PRICES.find((row) => (host === null ? row.host === null : row.host?.test(host) === true));
  if (price === undefined) return null;
  const stored = storedBytes / GB;
  const asked = REQUEST_KINDS.reduce((sum, kind) => sum + ((requests[kind] ?? 0) / 1000) * price.requests[kind], 0);
  const egress = Math.max(0, bytesDown / GB - price.freeEgressGb - price.freeEgressPerStoredGb * stored) * price.egressPerGb;
  const storage = stored * price.storagePerGbMonth;
  const { provider, note, source, asOf } = price;
  return { provider, requests: asked, egress, storage, total: asked + egress + storage, note, source, asOf };
}
