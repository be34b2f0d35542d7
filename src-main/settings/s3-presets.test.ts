import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asPrefix, presetOf, S3_PRESET_IDS, S3_PRESETS, s3ConfigOf } from './s3-presets.ts';

const chain = { kind: 'chain' } as const;

describe('presets of S3 providers', () => {
  it('there is one a name', () => {
    expect(S3_PRESETS.map(({ id }) => id)).toEqual([...S3_PRESET_IDS]);
  });

  it.each([
    ['aws', { region: 'eu-central-1' }, { endpoint: null, region: 'eu-central-1', forcePathStyle: null }],
    ['aws', {}, { endpoint: null, region: null }],
    ['r2', { account: '0123abc' }, { endpoint: 'https://0123abc.r2.cloudflarestorage.com', region: 'auto', forcePathStyle: true }],
    ['b2', { region: 'eu-central-003' }, { endpoint: 'https://s3.eu-central-003.backblazeb2.com', region: 'eu-central-003' }],
    ['wasabi', {}, { endpoint: 'https://s3.us-east-1.wasabisys.com', region: 'us-east-1', forcePathStyle: true }],
    ['hetzner', { region: 'hel1' }, { endpoint: 'https://hel1.your-objectstorage.com', region: 'hel1' }],
    ['google', {}, { endpoint: 'https://storage.googleapis.com', region: 'auto' }],
    ['minio', { endpoint: 'http://localhost:9000' }, { endpoint: 'http://localhost:9000', region: 'us-east-1', forcePathStyle: true }],
    ['custom', { endpoint: 'https://s3.example.org', region: 'mars', forcePathStyle: false }, { endpoint: 'https://s3.example.org', region: 'mars', forcePathStyle: false }],
  ] as const)('%s', (id, answers, expected) => {
    expect(s3ConfigOf(presetOf(id), { bucket: 'b', prefix: '/docs', credentials: chain, ...answers })).toMatchObject({
      kind: 's3',
      bucket: 'b',
      prefix: 'docs/',
      credentials: chain,
      proxy: null,
      caFile: null,
      ...expected,
    });
  });

  it.each([
    ['minio', 'its endpoint'],
    ['r2', 'account id'],
  ] as const)('%s asks for what its endpoint needs', (id, what) => {
    expect(() => s3ConfigOf(presetOf(id), { bucket: 'b', credentials: chain })).toThrow(what);
  });

  it('a prefix is a folder', () => {
    expect(['', '/', 'a', 'a/b/', '//a//'].map(asPrefix)).toEqual(['', '', 'a/', 'a/b/', 'a/']);
  });

  it('docs/s3.md tells of each', () => {
    const page = readFileSync(resolve(import.meta.dirname, '../../docs/s3.md'), 'utf8');
    for (const { id, source, asOf } of S3_PRESETS) {
      const row = page.split('\n').find((line) => line.startsWith(`| \`${id}\` |`));
      expect(row, id).toBeDefined();
      expect(row).toContain(asOf);
      if (id !== 'custom') expect(row).toContain(source);
    }
  });
});
