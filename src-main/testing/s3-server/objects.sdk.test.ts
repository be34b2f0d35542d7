import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { ODD_KEYS } from './odd-keys.ts';
import { md5, outcome, put, read, readText } from './sdk-calls.ts';
import { BUCKET, serverPerTest } from './server-per-test.ts';

const served = serverPerTest({ spillBytes: 100_000 });
const WITH_CHECKSUMS = { requestChecksumCalculation: 'WHEN_SUPPORTED', responseChecksumValidation: 'WHEN_SUPPORTED' } as const;
const BYTES = Buffer.from(Array.from({ length: 10_000 }, (_, index) => (index * 31) % 251));

function head(key: string): HeadObjectCommand {
  return new HeadObjectCommand({ Bucket: BUCKET, Key: key, ChecksumMode: 'ENABLED' });
}

describe('buckets', () => {
  it('are made, found, listed and removed once empty', async () => {
    const client = served().client();
    await client.send(new CreateBucketCommand({ Bucket: 'second-bucket' }));
    await client.send(new HeadBucketCommand({ Bucket: 'second-bucket' }));
    const { Buckets = [] } = await client.send(new ListBucketsCommand({}));
    expect(Buckets.map(({ Name }) => Name)).toEqual(['second-bucket', BUCKET]);
    await client.send(new DeleteBucketCommand({ Bucket: 'second-bucket' }));
    expect(await outcome(client.send(new HeadBucketCommand({ Bucket: 'second-bucket' })))).toBe('404 NotFound');
    await put(client, 'a', 'x');
    expect(await outcome(client.send(new DeleteBucketCommand({ Bucket: BUCKET })))).toBe('409 BucketNotEmpty');
    expect(await outcome(client.send(new GetBucketLocationCommand({ Bucket: 'not-there' })))).toBe('404 NoSuchBucket');
    expect(await outcome(client.send(new CreateBucketCommand({ Bucket: 'Under_Score' })))).toBe('400 InvalidBucketName');
  });

  it('keep their configuration', async () => {
    const client = served().client();
    const Rules = [{ ID: 'r', Status: 'Enabled' as const, Filter: { Prefix: '' }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }];
    expect(await outcome(client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: BUCKET })))).toBe('404 NoSuchLifecycleConfiguration');
    await client.send(new PutBucketLifecycleConfigurationCommand({ Bucket: BUCKET, LifecycleConfiguration: { Rules } }));
    expect((await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: BUCKET }))).Rules).toEqual([expect.objectContaining({ ID: 'r', Status: 'Enabled' })]);
    const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const } };
    await client.send(new PutBucketEncryptionCommand({ Bucket: BUCKET, ServerSideEncryptionConfiguration: { Rules: [rule] } }));
  });
});

describe('objects', () => {
  it.each([0, 5000, 300_000])('of %i bytes come back as they were, with their MD5 as ETag', async (size) => {
    const client = served().client();
    const body = Buffer.alloc(size, BYTES);
    const { ETag } = await put(client, 'a.bin', body, { ContentType: 'application/x-foo' });
    const info = await client.send(head('a.bin'));
    expect([ETag, info.ETag, info.ContentLength, info.ContentType]).toEqual([`"${md5(body)}"`, `"${md5(body)}"`, size, 'application/x-foo']);
    expect((await read(client, 'a.bin')).equals(body)).toBe(true);
  });

  it('that are not there', async () => {
    const client = served().client();
    expect(await outcome(read(client, 'nope'))).toBe('404 NoSuchKey');
    expect(await outcome(client.send(head('nope')))).toBe('404 NotFound');
    expect(await outcome(client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'nope' })))).toBe('200');
  });

  it('keep headers, metadata, class and tags', async () => {
    const client = served().client();
    const metadata = { mtime: '1700000000.123456789', big: 'v'.repeat(1900), text: encodeURIComponent('日本 é'), word: '=?UTF-8?B?5pel5pys?=', latin: 'é' };
    const sent = { CacheControl: 'no-store', ContentDisposition: 'attachment', ContentEncoding: 'zstd', ContentLanguage: 'de' };
    await put(client, 'a', 'x', { ...sent, Metadata: metadata, StorageClass: 'STANDARD_IA', Tagging: 'one=1' });
    const info = await client.send(head('a'));
    expect(info).toMatchObject({ ...sent, Metadata: metadata, StorageClass: 'STANDARD_IA' });
    await client.send(new PutObjectTaggingCommand({ Bucket: BUCKET, Key: 'a', Tagging: { TagSet: [{ Key: 'two', Value: '2 & more' }] } }));
    expect((await client.send(new GetObjectTaggingCommand({ Bucket: BUCKET, Key: 'a' }))).TagSet).toEqual([{ Key: 'two', Value: '2 & more' }]);
  });

  it('refuse more than 2 KB of metadata', async () => {
    expect(await outcome(put(served().client(), 'a', 'x', { Metadata: { big: 'v'.repeat(2046) } }))).toBe('400 MetadataTooLarge');
  });

  it('tell their attributes', async () => {
    const client = served().client();
    await put(client, 'a', BYTES);
    const attributes = await client.send(new GetObjectAttributesCommand({ Bucket: BUCKET, Key: 'a', ObjectAttributes: ['ETag', 'ObjectSize'] }));
    expect([attributes.ObjectSize, attributes.ETag]).toEqual([BYTES.length, md5(BYTES)]);
  });
});

describe('checksums', () => {
  it('in a header are verified', async () => {
    const client = served().client(WITH_CHECKSUMS);
    await put(client, 'a', BYTES);
    expect((await read(client, 'a')).equals(BYTES)).toBe(true);
    expect(await outcome(put(client, 'b', 'hello', { ChecksumCRC32: 'AAAAAA==' }))).toBe('400 BadDigest');
    expect(await outcome(put(client, 'b', 'hello', { ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' }))).toBe('400 BadDigest');
    expect(await outcome(read(client, 'b'))).toBe('404 NoSuchKey');
  });

  it('in a trailer are taken out of the frame', async () => {
    const client = served().client(WITH_CHECKSUMS);
    await put(client, 'a', Readable.from([BYTES.subarray(0, 4000), BYTES.subarray(4000)]), { ContentLength: BYTES.length });
    const info = await client.send(head('a'));
    expect([info.ContentLength, info.ContentEncoding, info.ETag]).toEqual([BYTES.length, undefined, `"${md5(BYTES)}"`]);
    expect(info.ChecksumCRC32).toMatch(/^.{6}==$/);
  });

  it('are given back when they are asked for', async () => {
    const client = served().client(WITH_CHECKSUMS);
    for (const ChecksumAlgorithm of ['SHA256', 'SHA1', 'CRC32C'] as const) await put(client, ChecksumAlgorithm, BYTES, { ChecksumAlgorithm });
    expect((await client.send(head('SHA256'))).ChecksumSHA256).toBe(createHash('sha256').update(BYTES).digest('base64'));
    expect((await client.send(head('SHA1'))).ChecksumSHA1).toBe(createHash('sha1').update(BYTES).digest('base64'));
    expect((await read(client, 'CRC32C')).equals(BYTES)).toBe(true);
  });

  it('are not needed: a stream with a length', async () => {
    const client = served().client();
    await put(client, 'a', Readable.from([BYTES.subarray(0, 4000), BYTES.subarray(4000)]), { ContentLength: BYTES.length });
    expect((await read(client, 'a')).equals(BYTES)).toBe(true);
  });
});

describe('ranges', () => {
  it.each([
    ['bytes=10-19', 10, 20],
    ['bytes=-5', 9995, 10_000],
    ['bytes=9990-', 9990, 10_000],
    ['bytes=9990-99999', 9990, 10_000],
    ['bytes=-99999', 0, 10_000],
  ])('%s', async (range, start, end) => {
    const client = served().client();
    await put(client, 'r', BYTES);
    const answer = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'r', Range: range }));
    expect([answer.$metadata.httpStatusCode, answer.ContentRange]).toEqual([206, `bytes ${start}-${end - 1}/10000`]);
    expect(Buffer.from((await answer.Body?.transformToByteArray()) ?? []).equals(BYTES.subarray(start, end))).toBe(true);
  });

  it('beyond the end, and of a file on disk', async () => {
    const client = served().client();
    await put(client, 'r', BYTES);
    expect(await outcome(read(client, 'r', { Range: 'bytes=20000-' }))).toBe('416 InvalidRange');
    const big = Buffer.alloc(300_000, BYTES);
    await put(client, 'big', big);
    expect((await read(client, 'big', { Range: 'bytes=99990-200009' })).equals(big.subarray(99_990, 200_010))).toBe(true);
  });
});

const ODDER_KEYS = ['a/../b', 'a/./b', `${'y'.repeat(300)}/z`, 'x'.repeat(1024)];

it.each([...ODD_KEYS, ...ODDER_KEYS])('the key %j is kept to the byte', async (key) => {
  const client = served().client();
  await put(client, key, key);
  expect(await readText(client, key)).toBe(key);
  expect(served().server.bucket(BUCKET).keys()).toEqual([key]);
});

it('a key of 1,025 bytes is refused', async () => {
  expect(await outcome(put(served().client(), 'ü'.repeat(513), 'x'))).toBe('400 KeyTooLongError');
});
