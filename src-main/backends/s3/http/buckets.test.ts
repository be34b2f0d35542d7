import { describe, expect, it } from 'vitest';
import { Secret } from '../../../core/secret.ts';
import { testConfig, testPorts } from '../../../testing/http-api-kit.ts';
import { BUCKET, serverPerTest } from '../../../testing/s3-server/server-per-test.ts';
import { addressOf } from './address.ts';
import { bucketState, createBucket, enableVersioning, listBuckets } from './buckets.ts';
import { addCleanUpRule, hasCleanUpRule } from './lifecycle.ts';

const served = serverPerTest();
const config = () => testConfig(served().server);

describe('buckets', () => {
  it('are listed and created', async () => {
    await createBucket({ ...config(), bucket: 'new-one' }, testPorts(config()));
    expect(await listBuckets(config(), testPorts(config()))).toEqual(['new-one', BUCKET]);
    expect(served().server.bucket('new-one').keys()).toEqual([]);
  });

  it('creating one that is ours already is fine', async () => {
    await expect(createBucket(config(), testPorts(config()))).resolves.toBeUndefined();
  });

  it('a list that may not be seen is none, and no error', async () => {
    served().server.denied.add('s3:ListAllMyBuckets');
    expect(await listBuckets(config(), testPorts(config()))).toBeNull();
  });

  it('what is not allowed is named', async () => {
    served().server.denied.add('s3:CreateBucket');
    await expect(createBucket({ ...config(), bucket: 'new-one' }, testPorts(config()))).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('s3:CreateBucket'),
    });
  });

  it('a wrong secret and a bad name are told', async () => {
    const credentials = { kind: 'keys', accessKeyId: 'TESTACCESSKEY0000001', secretAccessKey: new Secret('wrong'), sessionToken: null } as const;
    const wrong = { ...config(), credentials };
    await expect(listBuckets(wrong, testPorts(wrong))).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('secret key') });
    await expect(createBucket({ ...config(), bucket: 'Not_A_Bucket' }, testPorts(config()))).rejects.toMatchObject({ code: 'config' });
  });

  it('without a bucket the address is the service itself, in either style', async () => {
    const own = { bucket: '', endpoint: 'https://s3.example.org/base', forcePathStyle: false };
    expect(await addressOf(own, 'r')).toMatchObject({ origin: 'https://s3.example.org', path: '/base' });
    expect(await addressOf({ bucket: '', endpoint: null, forcePathStyle: null }, 'eu-west-1')).toMatchObject({ origin: 'https://s3.eu-west-1.amazonaws.com', path: '' });
    expect(await addressOf({ bucket: 'b', endpoint: null, forcePathStyle: true }, 'eu-west-1')).toMatchObject({ origin: 'https://s3.eu-west-1.amazonaws.com', path: '/b' });
  });

  it('are there, missing, or not for these keys', async () => {
    const { server } = served();
    expect(await bucketState(config(), testPorts(config()))).toEqual({ kind: 'there', region: server.region });
    expect(await bucketState({ ...config(), bucket: 'none' }, testPorts(config()))).toEqual({ kind: 'missing' });
    server.denied.add('s3:ListBucket');
    expect(await bucketState(config(), testPorts(config()))).toEqual({ kind: 'denied' });
  });

  it('keep versions when they are told to', async () => {
    await enableVersioning(config(), testPorts(config()));
    expect(served().server.bucket(BUCKET).versioning).toBe('Enabled');
  });
});

describe('S118 the rule for unfinished uploads', () => {
  const rules = (): string => served().server.bucket(BUCKET).configurations.get('lifecycle') ?? '';

  it('is added once, for the vault alone', async () => {
    expect(await hasCleanUpRule(config(), testPorts(config()))).toBe(false);
    await addCleanUpRule(config(), testPorts(config()));
    await addCleanUpRule(config(), testPorts(config()));
    expect(await hasCleanUpRule(config(), testPorts(config()))).toBe(true);
    expect(await hasCleanUpRule({ ...config(), prefix: 'other/' }, testPorts(config()))).toBe(false);
    expect(rules().match(/<Rule>/g)).toHaveLength(1);
    expect(rules()).toContain(
      '<Filter><Prefix>vault/</Prefix></Filter><Status>Enabled</Status><AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload>',
    );
  });

  it.each([
    '<Filter><And><Prefix>logs &amp; more/</Prefix><Tag><Key>k</Key><Value>v</Value></Tag></And></Filter>',
    '<Prefix>old form/</Prefix>',
  ])('leaves other rules as they are: %s', async (filter) => {
    const other = `<Rule><ID>theirs</ID>${filter}<Status>Enabled</Status><Expiration><Days>30</Days></Expiration></Rule>`;
    served().server.bucket(BUCKET).configurations.set('lifecycle', `<LifecycleConfiguration>\n  ${other}\n</LifecycleConfiguration>`);
    await addCleanUpRule(config(), testPorts(config()));
    expect(rules().replaceAll('&#38;', '&amp;')).toContain(other);
    expect(rules().includes('<Filter><Prefix>vault/')).toBe(filter.startsWith('<Filter>'));
    expect(await hasCleanUpRule(config(), testPorts(config()))).toBe(true);
  });
});
