import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  type S3Client,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { PROFILES, type Profile, type Quirks } from './quirks.ts';
import { sendRaw } from './raw-request.ts';
import { S3Server } from './s3-server.ts';
import { beginUpload, complete, listAll, md5, OTHER_ETAG, outcome, put, putPart, race, read, uploadParts } from './sdk-calls.ts';
import { BUCKET, openClients } from './server-per-test.ts';
import { TRIALS } from './trials.ts';

async function within(profile: Profile, quirks: Partial<Quirks>, trial: (client: S3Client, server: S3Server) => Promise<unknown>): Promise<unknown> {
  const server = await S3Server.start({ profile, quirks, buckets: [BUCKET] });
  const clients = openClients(server);
  try {
    return await trial(clients.client(), server);
  } finally {
    clients.end();
    await server.close();
  }
}

const LOST = '412 PreconditionFailed';
const REFUSED = '501 NotImplemented';

it.each([
  ['aws', LOST, ['200', '200', LOST], LOST, LOST, LOST, LOST],
  ['r2', LOST, ['200', '200', LOST], LOST, '200', '200', LOST],
  ['b2', REFUSED, [REFUSED, REFUSED, REFUSED], REFUSED, '200', REFUSED, LOST],
  ['wasabi', '200', ['200', '200', '200'], '200', '200', '200', LOST],
  ['minio', LOST, ['200', '200', LOST], LOST, '200', '200', LOST],
  ['ceph16', LOST, [LOST, '200', LOST], '200', '200', '200', '200'],
  ['ceph16-versioned', '200', [LOST, LOST, LOST], '200', '200', '200', '200'],
] as const)('%s: conditions of put, complete, delete and copy', async (profile, ...expected) => {
  const names = ['put onto another', 'put onto the same', 'complete onto another', 'delete another', 'copy onto another', 'copy another'] as const;
  expect(await Promise.all(names.map((name) => within(profile, {}, TRIALS[name])))).toEqual(expected);
});

it('every profile takes a plain put, list, get and delete', async () => {
  for (const profile of Object.keys(PROFILES) as Profile[]) {
    const kept = await within(profile, {}, async (client) => {
      await put(client, 'a', 'one');
      const found = [(await listAll(client)).keys, (await read(client, 'a')).toString()];
      await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'a' }));
      return [...found, (await listAll(client)).keys];
    });
    expect(kept, profile).toEqual([['a'], 'one', []]);
  }
});

it('ceph16: no ETag at completion, the same answer again, no trailers, no classes', async () => {
  await within('ceph16', {}, async (client, server) => {
    const id = await beginUpload(client, 'm');
    const part = await putPart(client, 'm', id, 1, 'x');
    expect((await complete(client, 'm', id, [part])).ETag ?? '').toBe('');
    expect((await complete(client, 'm', id, [part])).ETag).toMatch(/-1"$/);
    const headers = { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': '0', 'x-amz-trailer': 'x-amz-checksum-crc32' };
    expect((await sendRaw(server, { method: 'PUT', path: `/${BUCKET}/a`, payload: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', headers })).status).toBe(411);
    expect(await outcome(put(client, 'a', 'x', { StorageClass: 'STANDARD_IA' }))).toBe('400 InvalidArgument');
    expect(await outcome(put(client, 'a', 'x', { ChecksumCRC32: 'AAAAAA==' }))).toBe('200');
    expect(await outcome(put(client, 'none', 'x', { IfMatch: OTHER_ETAG }))).toBe(LOST);
  });
});

it('ceph16-versioned: all 16 racers win, and each is a version', async () => {
  await within('ceph16-versioned', {}, async (client) => {
    expect(await race(1, (_round, racer) => put(client, 'a', `${racer}`, { IfNoneMatch: '*' }))).toEqual([16]);
    expect((await client.send(new ListObjectVersionsCommand({ Bucket: BUCKET }))).Versions).toHaveLength(16);
  });
});

it('r2: NFC, equal parts, no versions, conditions of a copy in headers of its own', async () => {
  await within('r2', { smallestPartBytes: 3 }, async (client) => {
    await put(client, 'e\u0301', 'decomposed');
    expect([(await listAll(client)).keys, (await read(client, '\u00e9')).toString()]).toEqual([['\u00e9'], 'decomposed']);
    expect(await outcome(uploadParts(client, 'm', ['aaa', 'bbbb', 'c']))).toBe('400 InvalidPart');
    expect(await outcome(uploadParts(client, 'm', ['aaa', 'bbbb']))).toBe('400 InvalidPart');
    expect(await outcome(uploadParts(client, 'm', ['aaa', 'bbb', 'c']))).toBe('200');
    expect(await outcome(client.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: 'Enabled' } })))).toBe(REFUSED);
    const copy = new CopyObjectCommand({ Bucket: BUCKET, Key: 'm', CopySource: `${BUCKET}/%C3%A9` });
    copy.middlewareStack.add(
      (next) => (args) => {
        Object.assign((args.request as { headers: Record<string, string> }).headers, { 'cf-copy-destination-if-none-match': '*' });
        return next(args);
      },
      { step: 'build' },
    );
    expect(await outcome(client.send(copy))).toBe(LOST);
  });
});

it('b2: always versioned', async () => {
  await within('b2', {}, async (client) => {
    const { VersionId } = await put(client, 'a', 'x');
    expect(VersionId).toBeDefined();
    await client.send(new CreateBucketCommand({ Bucket: 'another' }));
    expect(await outcome(client.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: 'Suspended' } })))).toBe('400 InvalidRequest');
  });
});

it('ETags that are no MD5', async () => {
  await within('aws', { etag: 'opaque' }, async (client) => {
    const { ETag } = await put(client, 'a', 'x');
    expect(ETag).not.toBe(`"${md5('x')}"`);
    expect((await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'a' }))).ETag).toBe(ETag);
    expect((await uploadParts(client, 'm', ['x'])).ETag).toMatch(/^"[\da-f]{32}-1"$/);
  });
  await within('aws', {}, async (client) => {
    expect((await put(client, 'a', 'x', { ServerSideEncryption: 'aws:kms' })).ETag).not.toBe(`"${md5('x')}"`);
  });
});

it.each([
  ['utf8', ['B', 'a', '\ufb01', '😀']],
  ['utf16', ['B', 'a', '😀', '\ufb01']],
  ['case-insensitive', ['a', 'B', '😀', '\ufb01']],
] as const)('listings in the order %s, page by page', async (listOrder, order) => {
  await within('aws', { listOrder }, async (client) => {
    for (const key of order) await put(client, key, 'x');
    expect((await listAll(client, { MaxKeys: 1 })).keys).toEqual(order);
    expect((await listAll(client, { Prefix: 'B' })).keys).toEqual(['B']);
  });
});

it('times by the second or finer', async () => {
  const times = ['seconds', 'milliseconds'].map((lastModified) =>
    within('aws', { lastModified } as Partial<Quirks>, async (client, server) => {
      await put(client, 'a', 'x');
      const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
      return [Contents?.[0]?.LastModified?.getTime(), server.bucket(BUCKET).current('a')?.modifiedMs];
    }),
  );
  const [[seconds, whole], [fine, exact]] = (await Promise.all(times)) as [[number, number], [number, number]];
  expect([seconds, fine]).toEqual([Math.floor(whole / 1000) * 1000, exact]);
});

it('less metadata, smaller objects, no part copies', async () => {
  await within('aws', { metadataBytes: 10, largestPutBytes: 4, unsupported: ['UploadPartCopy'] }, async (client) => {
    expect(await outcome(put(client, 'a', 'x', { Metadata: { name: 'seven77' } }))).toBe('400 MetadataTooLarge');
    expect(await outcome(put(client, 'a', 'fives'))).toBe('400 EntityTooLarge');
    expect(await outcome(client.send(new UploadPartCopyCommand({ Bucket: BUCKET, Key: 'm', UploadId: 'x', PartNumber: 1, CopySource: `${BUCKET}/a` })))).toBe(REFUSED);
  });
});
