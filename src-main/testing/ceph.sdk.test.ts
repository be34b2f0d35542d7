import { CreateBucketCommand, DeleteObjectsCommand, ListObjectVersionsCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Ceph, isCephInstalled, startCeph } from './ceph.ts';
import { S3Server } from './s3-server/s3-server.ts';
import { outcome, put, readText } from './s3-server/sdk-calls.ts';
import { BUCKET, openClients } from './s3-server/server-per-test.ts';
import { TRIALS } from './s3-server/trials.ts';

describe.skipIf(!isCephInstalled())('a real Ceph gateway', () => {
  let ceph: Ceph;
  let client: S3Client;

  beforeAll(async () => {
    ceph = await startCeph();
    client = new S3Client({
      endpoint: ceph.endpoint,
      region: ceph.region,
      forcePathStyle: true,
      maxAttempts: 1,
      credentials: ceph,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
    await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  });
  afterAll(async () => {
    client.destroy();
    await ceph.end();
  });
  afterEach(() => emptyBucket(client));

  const names = Object.keys(TRIALS) as (keyof typeof TRIALS)[];
  const withProfile = async (profile: 'ceph16' | 'ceph16-versioned', name: keyof typeof TRIALS): Promise<unknown> => {
    const server = await S3Server.start({ profile, buckets: [BUCKET] });
    const clients = openClients(server);
    try {
      return await TRIALS[name](clients.client());
    } finally {
      clients.end();
      await server.close();
    }
  };

  it.each(names)('does as the profile ceph16 says: %s', async (name) => {
    expect(await TRIALS[name](client)).toEqual(await withProfile('ceph16', name));
  });

  it('keeps its data when the gateway is killed, and when all of it is stopped', async () => {
    await put(client, 'a', 'kept');
    await ceph.crash();
    expect(await outcome(put(client, 'b', 'lost'))).toMatch(/ECONN|EPIPE/);
    await ceph.start();
    await ceph.stop();
    await ceph.start();
    expect(await readText(client, 'a')).toBe('kept');
  });

  describe('with versions', () => {
    beforeAll(async () => {
      await client.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: 'Enabled' } }));
    });

    it.each(names)('does as the profile ceph16-versioned says: %s', async (name) => {
      expect(await TRIALS[name](client)).toEqual(await withProfile('ceph16-versioned', name));
    });
  });
});

async function emptyBucket(client: S3Client): Promise<void> {
  const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: BUCKET }));
  const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
  if (Objects.length > 0) await client.send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects } }));
}
