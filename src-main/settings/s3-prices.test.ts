import { describe, expect, it } from 'vitest';
import { estimateCost, type OwnPrices, S3_PRICES, saysPrices } from './s3-prices.ts';

const GB = 1e9;
const usage = (requests: Record<string, number>, bytesDown = 0) => ({ month: '2026-11', requests, bytesUp: 5 * GB, bytesDown });

it('Amazon: requests by class, traffic beyond the free 100 GB, storage', () => {
  const cost = estimateCost('s3://bucket/prefix/', usage({ put: 1000, list: 9000, get: 10_000, delete: 5000, unheardOf: 7 }, 150 * GB), 200 * GB);
  expect(cost?.provider).toBe('Amazon S3 (us-east-1)');
  expect(cost?.requests).toBeCloseTo(10 * 0.005 + 10 * 0.0004);
  expect(cost?.egress).toBeCloseTo(50 * 0.09);
  expect(cost?.storage).toBeCloseTo(200 * 0.023);
  expect(cost?.total).toBeCloseTo(0.054 + 4.5 + 4.6);
});

it('a month of polling every 30 seconds costs less than half a dollar at Amazon', () => {
  const polls = (30 * 86_400) / 30;
  expect(estimateCost('s3://bucket/', usage({ list: polls }), 0)?.total).toBeLessThan(0.5);
});

it.each([
  ['s3://b/ at 0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com', 'Cloudflare R2'],
  ['s3://b/ at s3.us-west-004.backblazeb2.com', 'Backblaze B2'],
  ['s3://b/ at s3.eu-central-1.wasabisys.com:443', 'Wasabi'],
  ['s3://b/at r2.cloudflarestorage.com/', 'Amazon S3 (us-east-1)'],
])('the provider is known by its host: %s', (target, provider) => {
  expect(estimateCost(target, usage({}), 0)?.provider).toBe(provider);
});

it.each(['local:/backup', 's3://b/ at localhost:9000', 's3://b/ at r2.cloudflarestorage.com.example.org'])('no guess where prices are not known: %s', (target) => {
  expect(estimateCost(target, usage({ put: 1 }), GB)).toBeNull();
});

it('Backblaze: three times what is stored comes back for nothing', () => {
  expect(estimateCost('s3://b/ at s3.us-west-004.backblazeb2.com', usage({}, 35 * GB), 10 * GB)?.egress).toBeCloseTo(0.05);
});

const NONE: OwnPrices = { priceStorage: null, priceDownload: null, priceWrites: null, priceReads: null };

describe('the user’s own prices', () => {
  const asked = usage({ put: 1000, part: 1000, copy: 1000, list: 1000, get: 1000, head: 1000, other: 1000, delete: 9000, unheardOf: 7 }, 50 * GB);
  const own: OwnPrices = { priceStorage: 0.0059, priceDownload: 0.01, priceWrites: 0.005, priceReads: 0.0004 };

  it('give an estimate where no list has one', () => {
    const cost = estimateCost('s3://b/ at s3.fr-par.scw.cloud', asked, 200 * GB, own);
    expect(cost).toMatchObject({ provider: null, note: null, source: null, asOf: null });
    expect(cost?.requests).toBeCloseTo(4 * 0.005 + 3 * 0.0004, 9);
    expect(cost?.egress).toBeCloseTo(0.5, 9);
    expect(cost?.storage).toBeCloseTo(1.18, 9);
    expect(cost?.total).toBeCloseTo(0.0212 + 0.5 + 1.18, 9);
  });

  it('take the place of the whole row of a provider in the table: what is not said costs nothing', () => {
    const cost = estimateCost('s3://bucket/', asked, 200 * GB, { ...NONE, priceStorage: 0.0245 });
    expect(cost).toMatchObject({ provider: null, requests: 0, egress: 0 });
    expect(cost?.total).toBeCloseTo(4.9, 9);
  });

  it('may be nothing, which is not the same as none', () => {
    const free = { ...NONE, priceStorage: 0 };
    expect([saysPrices(NONE), saysPrices(free)]).toEqual([false, true]);
    expect(estimateCost('s3://b/ at minio.example.org', asked, 200 * GB, free)).toMatchObject({ total: 0, provider: null });
    expect(estimateCost('s3://b/ at minio.example.org', asked, 200 * GB, NONE)).toBeNull();
    expect(estimateCost('s3://bucket/', asked, 200 * GB, NONE)?.provider).toBe('Amazon S3 (us-east-1)');
  });

  it('are of buckets only', () => {
    expect(estimateCost('local:/backup', asked, GB, own)).toBeNull();
  });
});

it('every row says where its prices stand, and when they stood there', () => {
  for (const { source, asOf } of S3_PRICES) {
    expect(new URL(source).protocol).toBe('https:');
    expect(asOf).toMatch(/^20\d\d-(0[1-9]|1[0-2])$/);
  }
});
