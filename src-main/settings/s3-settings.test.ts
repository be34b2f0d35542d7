import { dirname, resolve } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { SyncError } from '../core/errors.ts';
import { backendDocument, backendWarnings, credentialWords } from './s3-settings.ts';
import { type ConfigSources, readConfig } from './settings.ts';

const base = 'WATCH_DIR=/src\nBACKEND_TYPE=s3\nS3_BUCKET=my-bucket\n';
const KEYS = 'AWS_ACCESS_KEY_ID=AKIA\nAWS_SECRET_ACCESS_KEY=hunter2\n';
const read = (text: string, more: Partial<ConfigSources> = {}) =>
  readConfig({ flags: {}, env: {}, file: { path: '/etc/pair/.env', text }, cwd: '/cwd', hostname: 'my-host', resolve, dirname, ...more });

function faultOf(text: string, more: Partial<ConfigSources> = {}): string {
  try {
    read(text, more);
  } catch (error) {
    if (error instanceof SyncError && error.code === 'config') return error.message;
    throw error;
  }
  throw new Error('no fault was found');
}

describe('a bucket in the settings', () => {
  it('needs no more than its name', () => {
    expect(read(base).backend).toEqual({
      kind: 's3',
      bucket: 'my-bucket',
      prefix: '',
      endpoint: null,
      region: null,
      forcePathStyle: null,
      credentials: { kind: 'chain' },
      proxy: null,
      caFile: null,
    });
  });

  it('takes everything else', () => {
    const text = `${base}S3_PREFIX=/team/docs\nS3_ENDPOINT=https://S3.Example.org:9000/\nS3_FORCE_PATH_STYLE=no\nS3_PROXY=http://proxy:3128\nS3_CA_FILE=ca.pem\nAWS_REGION=eu-central-1\nAWS_PROFILE=work`;
    expect(read(text).backend).toEqual({
      kind: 's3',
      bucket: 'my-bucket',
      prefix: 'team/docs/',
      endpoint: 'https://s3.example.org:9000',
      region: 'eu-central-1',
      forcePathStyle: false,
      credentials: { kind: 'profile', name: 'work' },
      proxy: 'http://proxy:3128',
      caFile: '/etc/pair/ca.pem',
    });
  });

  it('is named by the environment alone too', () => {
    const env = { WATCH_DIR: '/src', BACKEND_TYPE: 's3', S3_BUCKET: 'my-bucket', AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'hunter2', AWS_REGION: 'mars' };
    expect(readConfig({ flags: {}, env, file: null, cwd: '/', hostname: 'h', resolve, dirname }).backend).toMatchObject({
      bucket: 'my-bucket',
      region: null,
      credentials: { kind: 'chain' },
    });
  });
});

describe('credentials in the settings', () => {
  it('of the file: keys, with a session token', () => {
    const { backend } = read(`${base}${KEYS}AWS_SESSION_TOKEN=t0ken`);
    if (backend.kind !== 's3' || backend.credentials.kind !== 'keys') throw new Error('no keys');
    expect([backend.credentials.accessKeyId, backend.credentials.secretAccessKey.reveal(), backend.credentials.sessionToken?.reveal()]).toEqual(['AKIA', 'hunter2', 't0ken']);
  });

  it('show nowhere', () => {
    const config = read(`${base}${KEYS}AWS_SESSION_TOKEN=t0ken`);
    for (const shown of [JSON.stringify(config), inspect(config, { depth: 9 }), JSON.stringify(backendDocument(config.backend))]) expect(shown).not.toMatch(/hunter2|t0ken/);
  });

  it('of the file go before those other programs left in the environment', () => {
    const env = { AWS_ACCESS_KEY_ID: 'OTHER', AWS_SECRET_ACCESS_KEY: 'other', AWS_PROFILE: 'other', AWS_REGION: 'other' };
    expect(read(`${base}AWS_PROFILE=work\nAWS_REGION=mine`, { env }).backend).toMatchObject({ region: 'mine', credentials: { kind: 'profile', name: 'work' } });
    expect(read(base, { env }).backend).toMatchObject({ region: null, credentials: { kind: 'chain' } });
  });

  it('lie in the keychain', () => {
    const { backend } = read(`${base}S3_KEYCHAIN=my-bucket`);
    expect(backend).toMatchObject({ credentials: { kind: 'keychain', account: 'my-bucket' } });
    expect(backend.kind === 's3' && credentialWords(backend.credentials)).toContain('my-bucket');
  });

  it.each([
    ['one key without the other', 'AWS_ACCESS_KEY_ID=AKIA', 'AWS_SECRET_ACCESS_KEY is not set'],
    ['the other without the one', 'AWS_SECRET_ACCESS_KEY=hunter2', 'AWS_ACCESS_KEY_ID is not set'],
    ['half a pair in the file, half in the environment', 'AWS_ACCESS_KEY_ID=AKIA', 'belong together'],
    ['a token without keys', 'AWS_SESSION_TOKEN=hunter2', 'without the keys'],
    ['keys and a profile', `${KEYS}AWS_PROFILE=work`, 'AWS_ACCESS_KEY_ID and AWS_PROFILE each name credentials'],
    ['a profile and the keychain', 'AWS_PROFILE=work\nS3_KEYCHAIN=a', 'AWS_PROFILE and S3_KEYCHAIN each name credentials'],
  ])('%s is refused, without the secret', (_name, text, expected) => {
    const message = faultOf(base + text, { env: { AWS_SECRET_ACCESS_KEY: 'hunter2' } });
    expect(message).toContain(expected);
    expect(message).not.toContain('hunter2');
  });
});

describe('C70 a malformed setting of a bucket is named', () => {
  it.each([
    ['S3_BUCKET=s3://bucket/docs', 'name alone'],
    ['S3_BUCKET=a', '3 to 63'],
    ['S3_BUCKET=a..b', '3 to 63'],
    ['S3_PREFIX=a//b', 'without empty parts'],
    ['S3_PREFIX=../other', 'without empty parts'],
    ['S3_PREFIX=docs/.file-sync', '.file-sync'],
    [`S3_PREFIX=${'é'.repeat(150)}`, 'bytes long'],
    ['S3_PREFIX=cafe\u0301', 'control characters'],
    ['S3_ENDPOINT=s3.example.org', 'https://s3.example.org'],
    ['S3_ENDPOINT=ftp://s3.example.org', 'must be an address'],
    ['S3_ENDPOINT=https://me:hunter2@s3.example.org', 'without a user'],
    ['S3_ENDPOINT=https://s3.example.org/bucket', 'a path'],
    ['S3_FORCE_PATH_STYLE=maybe', 'true or false'],
    ['S3_PROXY=proxy', 'http://proxy'],
    ['AWS_REGION=the moon', 'region'],
    ['AWS_ACCESS_KEY_ID=with blank', 'access key id'],
    ['AWS_PROFILE=[x]', 'profile'],
  ])('%s', (line, expected) => {
    const message = faultOf(`${base}${line}`);
    expect(message).toContain(expected);
    expect(message).not.toContain('hunter2');
  });

  it('a bucket must be named', () => {
    expect(faultOf('WATCH_DIR=/src\nBACKEND_TYPE=s3')).toContain('S3_BUCKET is not set');
  });
});

describe('an endpoint without encryption', () => {
  const warnings = (endpoint: string) => backendWarnings(read(`${base}S3_ENDPOINT=${endpoint}`).backend);
  it.each(['https://s3.example.org', 'http://localhost:9000', 'http://127.0.0.1:9000', 'http://[::1]:9000', 'http://s3.localhost'])('%s is nothing to warn of', (endpoint) => {
    expect(warnings(endpoint)).toEqual([]);
  });
  it.each(['http://minio:9000', 'http://127.0.0.1.example.org', 'http://192.168.1.2:9000'])('%s is warned of', (endpoint) => {
    expect(warnings(endpoint)).toEqual([expect.stringContaining('everyone on the way')]);
  });
});
