import { expect, it } from 'vitest';
import { estimateCost, S3_PRICES } from './s3-prices.ts';

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

it('every row says where its prices stand, and when they stood there', () => {
  for (const { source, asOf } of S3_PRICES) {
    expect(new URL(source).protocol).toBe('https:');
    expect(asOf).toMatch(/^20\d\d-(0[1-9]|1[0-2])$/);
  }
});
