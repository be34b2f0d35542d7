import { describe, expect, it } from 'vitest';
import { SETUP, startHost } from '../testing/engine-host-kit.ts';
import { S3_PLACE } from '../testing/s3-place.ts';

describe('the engine thread', () => {
  describe('a pair with a bucket', () => {
    const S3 = {
      ...S3_PLACE,
      credentials: { kind: 'keys', accessKeyId: 'AKIA', secretAccessKey: 'hunter2', sessionToken: null },
    } as const;

    it('gets its keys as secrets, which show nowhere', async () => {
      const { call, composed, sent } = startHost();
      await call('open', { ...SETUP, backend: S3 });
      const backend = composed[0]?.config.backend;
      if (backend?.kind !== 's3' || backend.credentials.kind !== 'keys') throw new Error('no keys');
      expect(backend.credentials.secretAccessKey.reveal()).toBe('hunter2');
      expect(JSON.stringify([composed, sent])).not.toContain('hunter2');
    });

    it('is tried out before it is one', async () => {
      const { call, asked } = startHost();
      await expect(call('storage-test', S3)).resolves.toMatchObject({ protection: 'atomic' });
      await expect(call('storage-buckets', S3)).resolves.toEqual({ kind: 'listed', buckets: ['photos'] });
      await expect(call('storage-sign-in', S3)).resolves.toBeNull();
      await expect(call('storage-create', S3)).resolves.toBeNull();
      await expect(call('storage-clean-up', S3)).resolves.toBeNull();
      expect(asked.map(([what, config]) => [what, config.bucket])).toEqual([
        ['test', 'photos'],
        ['buckets', 'photos'],
        ['sign-in', 'photos'],
        ['create', 'photos'],
        ['rule', 'photos'],
      ]);
    });

    it('a test that is stopped is over at once, whatever the store does; so is one that another follows', async () => {
      const { call, signals } = startHost();
      const stopped = expect(call('storage-test', { ...S3, bucket: 'silent' })).rejects.toMatchObject({ code: 'aborted' });
      await call('storage-stop', null);
      await stopped;
      const followed = expect(call('storage-test', { ...S3, bucket: 'silent' })).rejects.toMatchObject({ code: 'aborted' });
      await expect(call('storage-test', S3)).resolves.toMatchObject({ protection: 'atomic' });
      await followed;
      expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    });
  });
});
