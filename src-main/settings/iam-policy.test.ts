import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { iamPolicy } from './iam-policy.ts';

const place = { bucket: 'my-bucket', prefix: 'docs/', region: null, endpoint: null };

it('a policy names one bucket and prefix, and nothing else', () => {
  const text = JSON.stringify(iamPolicy(place));
  expect(text.match(/arn:[^"]+/g)).toEqual(['arn:aws:s3:::my-bucket', 'arn:aws:s3:::my-bucket', 'arn:aws:s3:::my-bucket/docs/*']);
  expect(text).toContain('"s3:prefix":["docs/*"]');
  expect(text).not.toMatch(/s3:\*|DeleteObjectVersion|Lifecycle/);
});

it('a whole bucket needs no condition', () => {
  const text = JSON.stringify(iamPolicy({ ...place, prefix: '' }));
  expect(text).not.toContain('Condition');
  expect(text).toContain('arn:aws:s3:::my-bucket/*');
});

it('more is allowed only where it is needed', () => {
  expect(JSON.stringify(iamPolicy(place, { lifecycle: true }))).toContain('s3:PutLifecycleConfiguration');
});

it('what a store needs that keeps versions and judges no conditions is there, but for the one version removal that Amazon never asks for', () => {
  const other = JSON.stringify(iamPolicy({ ...place, endpoint: 'https://s3.example.org' }));
  for (const action of ['s3:ListBucketVersions', 's3:GetObjectVersion', 's3:DeleteObjectVersion']) expect(other).toContain(`"${action}"`);
  for (const endpoint of [null, 'https://s3.eu-west-1.amazonaws.com']) expect(JSON.stringify(iamPolicy({ ...place, endpoint }))).not.toContain('DeleteObjectVersion');
  for (const action of ['s3:ListBucketVersions', 's3:GetObjectVersion']) expect(JSON.stringify(iamPolicy(place))).toContain(`"${action}"`);
});

it.each([
  ['cn-north-1', 'arn:aws-cn:'],
  ['us-gov-west-1', 'arn:aws-us-gov:'],
])('in the partition of %s', (region, arn) => {
  expect(JSON.stringify(iamPolicy({ ...place, region }))).toContain(arn);
});

it('docs/s3.md shows it as it is', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/s3.md'), 'utf8');
  const [, shown = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
  expect(JSON.parse(shown)).toEqual(iamPolicy(place));
});
