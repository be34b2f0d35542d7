import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { apiPage } from './api-reference.mjs';

const page = apiPage();

it('is written from what the library exports: classes without their insides, types, the port of a backend', () => {
  for (const name of ['SyncManager', 'S3Backend', 'LocalBackend', 'FileEncryptor', 'BandwidthLimiter', 'SyncError', 'Backend', 'PairStatus', 'checkContract'])
    expect(page).toContain(`### ${name}\n`);
  expect(page).toContain('async syncAll(options?:');
  expect(page).not.toMatch(/^ {2}(?:readonly )?#/m);
});

it('docs/api.md is up to date', () => {
  const there = fs.readFileSync(path.resolve(import.meta.dirname, '../docs/api.md'), 'utf8');
  expect(there === page, 'docs/api.md is stale: run `node scripts/generate.mjs` and commit what it writes').toBe(true);
});
