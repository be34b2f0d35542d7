import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { iamPolicy } from './iam-policy.ts';

const place = { bucket: 'my-bucket', prefix: 'docs/', region: null };

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
  expect(JSON.stringify(iamPolicy(place, { lineage: true }))).toContain('s3:DeleteObjectVersion');
  expect(JSON.stringify(iamPolicy(place, { lifecycle: true }))).toContain('s3:PutLifecycleConfiguration');
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
