import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Secret } from '../../core/secret.ts';
import { nodeClock } from '../../platform/node-clock.ts';
import { type Ceph, isCephInstalled, startCeph } from '../../testing/ceph.ts';
import { openHttpBackend } from '../../testing/http-store.ts';
import { describeBackend } from '../conformance.ts';
import type { S3Config } from './s3-config.ts';
import { levelOf, type Ways } from './ways.ts';

// Who replaces or removes what was stored this second waits for the next one: by a real clock.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let ceph: Ceph | null = null;
let buckets = 0;
const found = new Map<boolean, Ways>();

async function newBucket(isVersioned: boolean): Promise<S3Config> {
  if (ceph === null) throw new Error('no cluster');
  const bucket = `contract-${buckets++}`;
  const { endpoint, region, accessKeyId, secretAccessKey } = ceph;
  const client = new S3Client({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  if (isVersioned) await client.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  client.destroy();
  const credentials = { kind: 'keys', accessKeyId, secretAccessKey: new Secret(secretAccessKey), sessionToken: null } as const;
  return { kind: 's3', bucket, prefix: '', endpoint, region, forcePathStyle: true, credentials, proxy: null, caFile: null };
}

describe.skipIf(!isCephInstalled())('Ceph 16', () => {
  beforeAll(async () => {
    ceph = await startCeph();
  });
  afterAll(async () => {
    await ceph?.end();
  });

  it.each([
    ['without versions', false, 'conditional'],
    ['with versions', true, 'lineage'],
  ] as const)('the probe finds out how a bucket %s behaves', async (_, isVersioned, level) => {
    const backend = await openHttpBackend(await newBucket(isVersioned), { clock: nodeClock });
    const ways = await backend.ways();
    found.set(isVersioned, ways);
    expect(levelOf(ways)).toBe(level);
    expect(ways).toMatchObject({
      complete: 'ignored',
      copy: 'ignored',
      delete: 'ignored',
      copySource: 'ignored',
      etagIsMd5: true,
      timesAgree: true,
      copyPart: true,
      listsInOrder: true,
      oddKeys: [],
    });
    const left: string[] = [];
    for await (const { key } of backend.list('')) left.push(key);
    expect(left).toEqual([]);
    await backend.close();
  });

  for (const isVersioned of [false, true]) {
    const open = async (): ReturnType<Parameters<typeof describeBackend>[1]> => {
      const config = await newBucket(isVersioned);
      const ways = found.get(isVersioned);
      const options = { clock: nodeClock, ...(ways === undefined ? {} : { ways }) };
      return { backend: await openHttpBackend(config, options), second: await openHttpBackend(config, options) };
    };
    describeBackend(`S3 on Ceph 16, ${isVersioned ? 'with' : 'without'} versions`, open, { manyKeys: 1_050, bigBytes: 1_000_000, rounds: 3 });
  }
});
