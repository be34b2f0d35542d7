import { describe, expect, it } from 'vitest';
import { S3_PRESET_IDS } from '../../../src-preload/contract/providers.ts';
import { addressOf, emptyAccess, isPlainHttp, isSignInFault, placeOf, withImported } from './access-form.ts';

describe('the form of an S3 service', () => {
  it.each([
    ['aws', { region: 'eu-central-1' }, { endpoint: null, region: 'eu-central-1', forcePathStyle: null }],
    ['b2', { region: ' us-west-004 ' }, { endpoint: 'https://s3.us-west-004.backblazeb2.com', region: 'us-west-004' }],
    ['r2', { account: 'abc' }, { endpoint: 'https://abc.r2.cloudflarestorage.com', region: 'auto', forcePathStyle: true }],
    ['custom', { endpoint: ' http://nas.local:9000/ ' }, { endpoint: 'http://nas.local:9000', region: 'us-east-1' }],
    ['custom', { endpoint: 'https://s3.example.org', addressing: 'host', proxy: ' http://proxy:3128' }, { forcePathStyle: false, proxy: 'http://proxy:3128' }],
  ] as const)('%s with %j', (provider, answers, expected) => {
    expect(placeOf({ ...emptyAccess(provider), ...answers })).toMatchObject({ provider, caFile: null, ...expected });
  });

  it.each([
    ['aws', { region: ' ' }],
    ['r2', {}],
    ['custom', {}],
    ['minio', { endpoint: 'nas .local' }],
    ['minio', { endpoint: 'ftp://nas.local' }],
    ['minio', { endpoint: 'http://' }],
  ] as const)('%s with %j is not complete', (provider, answers) => {
    expect(placeOf({ ...emptyAccess(provider), ...answers })).toBeNull();
  });

  it.each([
    ['nas.local:9000', 'https://nas.local:9000'],
    [' s3.example.org/ ', 'https://s3.example.org'],
    ['192.168.1.4:9000', 'https://192.168.1.4:9000'],
    ['localhost:9000', 'http://localhost:9000'],
    ['127.0.0.1:9000', 'http://127.0.0.1:9000'],
    ['http://nas.local:9000/', 'http://nas.local:9000'],
    ['', null],
    ['http', null],
    ['https:', null],
    ['http:/', null],
    ['ftp://nas', null],
    ['a b', null],
  ])('%j is taken as %j', (typed, address) => expect(addressOf(typed)).toBe(address));

  it('an answer for another provider has no effect', () => {
    for (const provider of S3_PRESET_IDS)
      expect(placeOf({ ...emptyAccess(provider), account: 'a', endpoint: 'http://left.over' })?.endpoint?.includes('left.over') ?? false).toBe(
        ['minio', 'ceph', 'custom'].includes(provider),
      );
  });

  it('tells of an address that is not encrypted', () => {
    expect(isPlainHttp({ ...emptyAccess('minio'), endpoint: 'http://nas' })).toBe(true);
    expect(isPlainHttp({ ...emptyAccess('minio'), endpoint: 'https://nas' })).toBe(false);
    expect(isPlainHttp({ ...emptyAccess('aws'), endpoint: 'http://nas' })).toBe(false);
    expect(isPlainHttp({ ...emptyAccess('minio'), endpoint: 'http://localhost:9000' })).toBe(false);
    expect(isPlainHttp({ ...emptyAccess('minio'), endpoint: 'http://127.0.0.1.example.org' })).toBe(true);
    expect(isPlainHttp({ ...emptyAccess('minio'), endpoint: 'http' })).toBe(false);
  });

  it('takes over what a settings file says', () => {
    const file = { file: '/x/.env', bucket: null, prefix: null, keys: null, profile: null };
    expect(withImported(emptyAccess('b2'), { ...file, endpoint: 'https://s3.example.org', region: null })).toMatchObject({
      provider: 'custom',
      endpoint: 'https://s3.example.org',
    });
    expect(withImported(emptyAccess('minio'), { ...file, endpoint: 'http://nas:9000', region: 'x' })).toMatchObject({
      provider: 'minio',
      endpoint: 'http://nas:9000',
      region: 'x',
    });
    expect(withImported(emptyAccess('b2'), { ...file, endpoint: null, region: 'eu-west-1' })).toMatchObject({ provider: 'aws', region: 'eu-west-1' });
  });
});

it('a sign-in that the store itself refuses is told from what it does not let be seen, and from what nobody understands', () => {
  const refused = (message: string) => isSignInFault({ code: 'refused', message, hint: null });
  expect(refused('s3.example.org does not accept the secret key')).toBe(true);
  expect(refused('the clock of this device is off: 20 minutes ahead of s3.example.org')).toBe(true);
  expect(refused('s3.example.org answered 400 Whatever (s3:ListAllMyBuckets)')).toBe(false);
  expect(isSignInFault({ code: 'unreachable', message: 's3.example.org does not answer', hint: null })).toBe(false);
});
