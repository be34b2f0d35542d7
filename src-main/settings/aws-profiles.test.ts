import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nodePlatform } from '../platform/node-platform.ts';
import { awsProfiles } from './aws-profiles.ts';

let homeDir = '';
beforeEach(() => {
  homeDir = mkdtempSync(join(tmpdir(), 'file-sync-aws-'));
});
afterEach(() => rmSync(homeDir, { recursive: true }));

const names = (env: Record<string, string> = {}) => {
  const platform = nodePlatform();
  return awsProfiles({ fs: platform.fs, home: { ...platform.home, homeDir, env } });
};

it('are named in both files, each once, default first; other sections are none', async () => {
  mkdirSync(join(homeDir, '.aws'));
  writeFileSync(join(homeDir, '.aws/credentials'), '[work]\naws_secret_access_key = hunter2\n[default]\n');
  writeFileSync(join(homeDir, '.aws/config'), '[default]\nregion=x\n[profile work]\n[profile "with blank"]\n[sso-session corp]\n[services s]\n');
  expect(await names()).toEqual(['default', 'with blank', 'work']);
});

it('are read from where the environment says', async () => {
  writeFileSync(join(homeDir, 'elsewhere'), '[profile moved]\n');
  expect(await names({ AWS_CONFIG_FILE: join(homeDir, 'elsewhere') })).toEqual(['moved']);
});

it('are none where there are no files', async () => {
  expect(await names()).toEqual([]);
});
