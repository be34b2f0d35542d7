import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { MockAgent } from 'undici';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { bodyOf, openTestApi, testConfig, textOfBody } from '../../../testing/http-api-kit.ts';
import { S3Server, type S3ServerOptions, TEST_CREDENTIAL } from '../../../testing/s3-server/s3-server.ts';
import { BUCKET } from '../../../testing/s3-server/server-per-test.ts';
import type { S3Api, S3Body } from '../s3-api.ts';
import type { S3Config } from '../s3-config.ts';
import { type Credentials, openCredentials } from './credentials.ts';
import type { HttpPorts } from './http-api.ts';

const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
  vi.unstubAllEnvs();
});

async function start(options: S3ServerOptions = {}): Promise<S3Server> {
  const server = await S3Server.start({ buckets: [BUCKET], ...options });
  ended.push(() => server.close());
  return server;
}

async function open(config: S3Config, changes: Partial<HttpPorts> = {}): Promise<S3Api> {
  const api = await openTestApi(config, changes);
  ended.push(() => api.close());
  return api;
}

const EVERY_CALL: readonly [string, (api: S3Api) => Promise<unknown>, unknown][] = [
  ['put', (api) => api.put('a', bodyOf('x'), { meta: {}, precondition: { kind: 'absent' } }), { kind: 'done' }],
  ['head', (api) => api.head('a'), null],
  ['get', (api) => api.get('a'), null],
  ['list', (api) => api.list(''), { objects: [] }],
];

describe.each(EVERY_CALL)('%s', (_name, call, expected) => {
  it.each([3, -3])('S7 C44 puts a clock right that is %i hours off, and tells the store’s time', async (hours) => {
    const server = await start({ nowMs: () => Date.now() + hours * 3_600_000 });
    const api = await open(testConfig(server));
    if (expected === null) expect(await call(api)).toBe(null);
    else expect(await call(api)).toMatchObject(expected as object);
    expect(Math.abs((await api.now()) - Date.now() - hours * 3_600_000)).toBeLessThan(60_000);
  });

  it('S128 finds the right region', async () => {
    const server = await start({ region: 'eu-central-1' });
    const api = await open(testConfig(server, { region: 'us-east-1' }));
    if (expected === null) expect(await call(api)).toBe(null);
    else expect(await call(api)).toMatchObject(expected as object);
  });

  it('C54 S126 takes new credentials when the old ones have expired', async () => {
    const fresh = { accessKeyId: 'FRESH', secretAccessKey: 'fresh secret', sessionToken: 'fresh token' };
    const server = await start({ credentials: [{ ...TEST_CREDENTIAL, sessionToken: 'old token', expiresAtMs: 0 }, fresh] });
    let keys = { ...TEST_CREDENTIAL, sessionToken: 'old token' };
    const credentials: Credentials = {
      current: async () => keys,
      renew: async () => {
        keys = fresh;
        return keys;
      },
      region: async () => null,
    };
    const api = await open(testConfig(server), { credentials });
    if (expected === null) expect(await call(api)).toBe(null);
    else expect(await call(api)).toMatchObject(expected as object);
  });
});

describe('credentials', () => {
  it('C54 that have expired for good are told, with what to do', async () => {
    const server = await start({ credentials: [{ ...TEST_CREDENTIAL, expiresAtMs: 0 }] });
    const api = await open(testConfig(server));
    await expect(api.list('')).rejects.toMatchObject({ code: 'refused', message: 'the credentials have expired', hint: expect.stringContaining('new keys') });
  });

  it('come from the environment, with the region', async () => {
    const server = await start({ credentials: [{ ...TEST_CREDENTIAL, sessionToken: 'token' }], region: 'eu-west-3' });
    vi.stubEnv('AWS_ACCESS_KEY_ID', TEST_CREDENTIAL.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', TEST_CREDENTIAL.secretAccessKey);
    vi.stubEnv('AWS_SESSION_TOKEN', 'token');
    vi.stubEnv('AWS_REGION', 'eu-west-3');
    const api = await open(testConfig(server, { credentials: { kind: 'chain' }, region: null }));
    expect(await api.list('')).toMatchObject({ objects: [] });
    expect(server.traffic.count()).toBe(1);
  });

  it('come from a profile, with its region; a missing profile is told', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'aws-'));
    ended.push(() => rm(folder, { recursive: true }));
    const file = path.join(folder, 'credentials');
    await writeFile(file, `[work]\naws_access_key_id=${TEST_CREDENTIAL.accessKeyId}\naws_secret_access_key=${TEST_CREDENTIAL.secretAccessKey}\nregion=eu-west-2\n`);
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', file);
    vi.stubEnv('AWS_CONFIG_FILE', path.join(folder, 'config'));
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    vi.stubEnv('AWS_REGION', '');
    const server = await start({ region: 'eu-west-2' });
    const api = await open(testConfig(server, { credentials: { kind: 'profile', name: 'work' }, region: null }));
    expect(await api.list('')).toMatchObject({ objects: [] });
    const missing = openCredentials({ kind: 'profile', name: 'none' }, {});
    await expect(missing.current()).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('profile none'),
      hint: expect.stringContaining('aws sso login --profile none'),
    });
  });
});

describe('Amazon S3', () => {
  const OBJECTS = '<ListBucketResult><Name>my-bucket</Name><Prefix>vault/</Prefix><IsTruncated>false</IsTruncated></ListBucketResult>';

  it('S128 is asked in the region where the bucket is', async () => {
    const network = new MockAgent();
    network.disableNetConnect();
    const moved = { 'x-amz-bucket-region': 'eu-west-1', 'x-amz-request-id': '1' };
    network
      .get('https://my-bucket.s3.us-east-1.amazonaws.com')
      .intercept({ path: () => true, method: 'GET' })
      .reply(301, '<Error><Code>PermanentRedirect</Code></Error>', { headers: moved });
    network
      .get('https://my-bucket.s3.eu-west-1.amazonaws.com')
      .intercept({ path: () => true, method: 'GET' })
      .reply(200, OBJECTS)
      .times(2);
    const config = testConfig({ endpoint: '', region: 'us-east-1' }, { endpoint: null, bucket: 'my-bucket' });
    const api = await openTestApi(config, { network });
    ended.push(() => network.close());
    expect([await api.list(''), await api.list('')]).toMatchObject([{ objects: [] }, { objects: [] }]);
    expect([api.id, api.usage().requests['list']]).toEqual(['s3://my-bucket/vault/', 3]);
  });
});

it('S94 a download that was begun with old credentials goes on with new ones', async () => {
  const server = await start();
  const big = 'abc'.repeat(100_000);
  let keys = { ...TEST_CREDENTIAL, sessionToken: null as string | null };
  const fresh = { accessKeyId: 'FRESH', secretAccessKey: 'fresh secret', sessionToken: null };
  const credentials: Credentials = {
    current: async () => keys,
    renew: async () => {
      keys = fresh;
      return fresh;
    },
    region: async () => null,
  };
  const api = await open(testConfig(server), { credentials });
  await api.put('a', bodyOf(big), { meta: {} });
  server.faults.plan({ when: { operation: 'GetObject' }, fault: { kind: 'cut-download', afterBytes: 100_000, how: 'reset' } });
  const body = (await api.get('a')) as S3Body;
  server.credentials.splice(0, 1, { ...TEST_CREDENTIAL, expiresAtMs: 0 }, { accessKeyId: 'FRESH', secretAccessKey: 'fresh secret' });
  expect(await textOfBody(body.chunks)).toBe(big);
});
