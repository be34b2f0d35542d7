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

/** The table of docs/s3.md. A provider that is not in it has no estimate but by the user's own prices. */
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

/** What the user says a bucket costs, US dollars; null: not said. */
export interface OwnPrices {
  /** A GB for a month. */
  readonly priceStorage: number | null;
  /** A GB fetched. */
  readonly priceDownload: number | null;
  /** 1,000 of put, part, copy and list. */
  readonly priceWrites: number | null;
  /** 1,000 of the others; deletions are free, as they are at every provider of the table. */
  readonly priceReads: number | null;
}

export function saysPrices({ priceStorage, priceDownload, priceWrites, priceReads }: OwnPrices): boolean {
  return [priceStorage, priceDownload, priceWrites, priceReads].some((price) => price !== null);
}

/** What a month costs, in US dollars; an estimate. */
export type CostEstimate = Amounts & (ListSource | OwnSource);
interface Amounts {
  /** Of this device, this month so far. */
  readonly requests: number;
  readonly egress: number;
  /** Of what is stored now, for a whole month. */
  readonly storage: number;
  readonly total: number;
}
/** Whose list prices they are. */
type ListSource = Pick<S3Price, 'provider' | 'note' | 'source' | 'asOf'>;
/** The user's own prices. */
type OwnSource = { readonly [K in keyof ListSource]: null };
type Prices = Pick<S3Price, 'requests' | 'storagePerGbMonth' | 'egressPerGb' | 'freeEgressGb' | 'freeEgressPerStoredGb'> & (ListSource | OwnSource);

const GB = 1e9;

/** `target` is the backend's id, `s3://bucket/prefix at host`. The user's own prices take the place of the table as soon as one is said. Null for other stores, and where neither says a price. */
export function estimateCost(target: string, { requests, bytesDown }: StoreUsage, storedBytes: number, own: OwnPrices | null = null): CostEstimate | null {
  if (!target.startsWith('s3://')) return null;
  const price = own !== null && saysPrices(own) ? ownPrices(own) : listPrices(target);
  if (price === null) return null;
  const stored = storedBytes / GB;
  const asked = REQUEST_KINDS.reduce((sum, kind) => sum + ((requests[kind] ?? 0) / 1000) * price.requests[kind], 0);
  const egress = Math.max(0, bytesDown / GB - price.freeEgressGb - price.freeEgressPerStoredGb * stored) * price.egressPerGb;
  const storage = stored * price.storagePerGbMonth;
  const amounts = { requests: asked, egress, storage, total: asked + egress + storage };
  if (price.provider === null) return { ...amounts, provider: null, note: null, source: null, asOf: null };
  const { provider, note, source, asOf } = price;
  return { ...amounts, provider, note, source, asOf };
}

function listPrices(target: string): Prices | null {
  const host = /^s3:\/\/.* at ([^\s/]+)$/.exec(target)?.[1]?.replace(/:\d+$/, '') ?? null;
  return S3_PRICES.find((row) => (host === null ? row.host === null : row.host?.test(host) === true)) ?? null;
}

/** What is not said costs nothing: a provider that asks for storage alone needs no more said. */
function ownPrices({ priceStorage, priceDownload, priceWrites, priceReads }: OwnPrices): Prices {
  const [write, read] = [priceWrites ?? 0, priceReads ?? 0];
  return {
    provider: null,
    note: null,
    source: null,
    asOf: null,
    requests: { put: write, part: write, copy: write, list: write, get: read, head: read, delete: 0, other: read },
    storagePerGbMonth: priceStorage ?? 0,
    egressPerGb: priceDownload ?? 0,
    freeEgressGb: 0,
    freeEgressPerStoredGb: 0,
  };
}
