import { describe, expect, it } from 'vitest';
import { checkedS3 } from './s3-options.ts';

describe('a bucket given by a program', () => {
  it('has a default for everything but its name', () => {
    expect(checkedS3({ bucket: 'my-bucket' })).toEqual({
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

  it('takes a profile, or keys, which show nowhere', () => {
    expect(checkedS3({ bucket: 'my-bucket', prefix: 'a', credentials: { profile: 'work' } })).toMatchObject({ prefix: 'a/', credentials: { kind: 'profile', name: 'work' } });
    const config = checkedS3({ bucket: 'my-bucket', credentials: { accessKeyId: 'AKIA', secretAccessKey: 'hunter2', sessionToken: 'hunter2' } });
    expect(config.credentials.kind === 'keys' && config.credentials.secretAccessKey.reveal()).toBe('hunter2');
    expect(JSON.stringify(config)).not.toContain('hunter2');
  });

  it.each([
    [{ bucket: 's3://my-bucket' }, 'bucket must be'],
    [{ bucket: 'my-bucket', prefix: '../x' }, 'prefix must be'],
    [{ bucket: 'my-bucket', endpoint: 'example' }, 'endpoint must be'],
    [{ bucket: 'my-bucket', credentials: { accessKeyId: 'AKIA', secretAccessKey: '' } }, 'secretAccessKey is empty'],
  ])('is refused when malformed: %j', (options, message) => {
    expect(() => checkedS3(options)).toThrow(expect.objectContaining({ code: 'config', message: expect.stringContaining(message) }));
  });
});
