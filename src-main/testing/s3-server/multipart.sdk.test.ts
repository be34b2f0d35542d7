import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { beginUpload, complete, md5, OTHER_ETAG, outcome, put, putPart, read, readText, uploadParts } from './sdk-calls.ts';
import { BUCKET, serverPerTest } from './server-per-test.ts';

const MIB = 1024 * 1024;
// Parts shorter than S3's own least keep the tests quick; what is below it is refused all the same.
const LEAST = 1000;
const served = serverPerTest({ quirks: { smallestPartBytes: LEAST }, spillBytes: 2500 });
const PARTS = [Buffer.alloc(LEAST, 'one '), Buffer.alloc(3 * LEAST, 'two'), Buffer.alloc(17, 'three')];
const WHOLE = Buffer.concat(PARTS);

function copyPart(client: S3Client, key: string, uploadId: string, number: number, range: string): Promise<{ PartNumber: number; ETag: string }> {
  const command = new UploadPartCopyCommand({ Bucket: BUCKET, Key: key, UploadId: uploadId, PartNumber: number, CopySource: `${BUCKET}/source`, CopySourceRange: range });
  return client.send(command).then(({ CopyPartResult }) => ({ PartNumber: number, ETag: CopyPartResult?.ETag ?? '' }));
}

describe('a multipart upload', () => {
  it('makes one object with the MD5 of its MD5s', async () => {
    const client = served().client();
    const { ETag } = await uploadParts(client, 'm', PARTS);
    const expected = `"${md5(Buffer.concat(PARTS.map((part) => createHash('md5').update(part).digest())))}-3"`;
    expect([ETag, (await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'm' }))).ETag]).toEqual([expected, expected]);
    expect((await read(client, 'm')).equals(WHOLE)).toBe(true);
    expect((await read(client, 'm', { Range: `bytes=${LEAST - 3}-${4 * LEAST + 3}` })).equals(WHOLE.subarray(LEAST - 3, 4 * LEAST + 4))).toBe(true);
  });

  it('keeps what its start said and shows nothing before its end', async () => {
    const client = served().client();
    const { UploadId = '' } = await client.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key: 'm', Metadata: { foo: 'bar' }, ContentType: 'text/x' }));
    const part = await putPart(client, 'm', UploadId, 1, 'hello');
    expect(await outcome(read(client, 'm'))).toBe('404 NoSuchKey');
    await complete(client, 'm', UploadId, [part]);
    expect(await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'm' }))).toMatchObject({ Metadata: { foo: 'bar' }, ContentType: 'text/x' });
    expect(await outcome(complete(client, 'm', UploadId, [part]))).toBe('404 NoSuchUpload');
  });

  it('takes parts in any order; the last of a number wins; parts may be left out', async () => {
    const client = served().client();
    const id = await beginUpload(client, 'm');
    const third = await putPart(client, 'm', id, 3, 'end');
    await putPart(client, 'm', id, 1, 'other');
    await putPart(client, 'm', id, 2, 'left out');
    const first = await putPart(client, 'm', id, 1, PARTS[0] ?? '');
    await complete(client, 'm', id, [first, third]);
    expect((await read(client, 'm')).equals(Buffer.concat([PARTS[0] ?? Buffer.of(), Buffer.from('end')]))).toBe(true);
  });

  it('refuses parts that are too small, other ones, missing ones and a wrong order', async () => {
    const client = served().client();
    const id = await beginUpload(client, 'm');
    const [small, end] = [await putPart(client, 'm', id, 1, 'small'), await putPart(client, 'm', id, 2, 'end')];
    expect(await outcome(complete(client, 'm', id, [small, end]))).toBe('400 EntityTooSmall');
    expect(await outcome(complete(client, 'm', id, [{ PartNumber: 1, ETag: OTHER_ETAG }]))).toBe('400 InvalidPart');
    expect(await outcome(complete(client, 'm', id, [small, { ...end, PartNumber: 3 }]))).toBe('400 InvalidPart');
    expect(await outcome(complete(client, 'm', id, [end, small]))).toBe('400 InvalidPartOrder');
    expect(await outcome(complete(client, 'm', id, []))).toBe('400 MalformedXML');
    expect(await outcome(putPart(client, 'm', id, 10_001, 'x'))).toBe('400 InvalidArgument');
    expect(await outcome(complete(client, 'm', id, [small]))).toBe('200');
  });

  it('is listed with its parts, page by page, and gone once aborted', async () => {
    const client = served().client();
    const id = await beginUpload(client, 'm');
    for (const number of [1, 2, 5]) await putPart(client, 'm', id, number, PARTS[0] ?? '');
    const first = await client.send(new ListPartsCommand({ Bucket: BUCKET, Key: 'm', UploadId: id, MaxParts: 2 }));
    expect(first.Parts?.map(({ PartNumber, Size, ETag }) => [PartNumber, Size, ETag])).toEqual([1, 2].map((number) => [number, LEAST, `"${md5(PARTS[0] ?? '')}"`]));
    const rest = await client.send(new ListPartsCommand({ Bucket: BUCKET, Key: 'm', UploadId: id, PartNumberMarker: first.NextPartNumberMarker }));
    expect([first.IsTruncated, rest.IsTruncated, rest.Parts?.map(({ PartNumber }) => PartNumber)]).toEqual([true, false, [5]]);
    const uploads = await client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET, Prefix: 'm' }));
    expect(uploads.Uploads?.map(({ Key, UploadId }) => [Key, UploadId])).toEqual([['m', id]]);
    await client.send(new AbortMultipartUploadCommand({ Bucket: BUCKET, Key: 'm', UploadId: id }));
    expect(await outcome(putPart(client, 'm', id, 2, 'x'))).toBe('404 NoSuchUpload');
    expect((await client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }))).Uploads ?? []).toEqual([]);
  });

  it('has a checksum of its parts’ checksums, or of all its bytes', async () => {
    const client = served().client();
    const upload = async (ChecksumType: 'COMPOSITE' | 'FULL_OBJECT'): Promise<string | undefined> => {
      const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key: 'm', ChecksumAlgorithm: 'CRC32', ChecksumType }));
      const Parts = [];
      for (const [index, Body] of PARTS.entries()) {
        const { ETag, ChecksumCRC32 } = await client.send(new UploadPartCommand({ Bucket: BUCKET, Key: 'm', UploadId, PartNumber: index + 1, Body, ChecksumAlgorithm: 'CRC32' }));
        Parts.push({ PartNumber: index + 1, ETag, ChecksumCRC32 });
      }
      return (await client.send(new CompleteMultipartUploadCommand({ Bucket: BUCKET, Key: 'm', UploadId, MultipartUpload: { Parts } }))).ChecksumCRC32;
    };
    expect(await upload('COMPOSITE')).toMatch(/^.{6}==-3$/);
    const ofAll = await upload('FULL_OBJECT');
    await put(client, 'whole', WHOLE, { ChecksumAlgorithm: 'CRC32' });
    expect((await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'whole', ChecksumMode: 'ENABLED' }))).ChecksumCRC32).toBe(ofAll);
  });
});

describe('UploadPartCopy', () => {
  it('takes ranges across the parts of another object', async () => {
    const client = served().client();
    await uploadParts(client, 'source', PARTS);
    const id = await beginUpload(client, 'copy 2+ü');
    const parts = [await copyPart(client, 'copy 2+ü', id, 1, `bytes=500-${LEAST + 999}`), await putPart(client, 'copy 2+ü', id, 2, 'tail')];
    await complete(client, 'copy 2+ü', id, parts);
    expect((await read(client, 'copy 2+ü')).equals(Buffer.concat([WHOLE.subarray(500, LEAST + 1000), Buffer.from('tail')]))).toBe(true);
    expect(await outcome(copyPart(client, 'copy 2+ü', id, 3, 'bytes=0-9'))).toBe('404 NoSuchUpload');
    const other = await beginUpload(client, 'other');
    expect(await outcome(copyPart(client, 'other', other, 1, `bytes=0-${WHOLE.length}`))).toBe('400 InvalidArgument');
  });
});

describe('CopyObject', () => {
  it('takes the metadata along or replaces it', async () => {
    const client = served().client();
    const key = 'o dd/+%25 ü日.txt';
    const source = `${BUCKET}/${key.split('/').map(encodeURIComponent).join('/')}`;
    await put(client, key, 'data', { Metadata: { a: '1' }, ContentType: 'text/a' });
    const copy = (Key: string, extra: object): Promise<unknown> => client.send(new CopyObjectCommand({ Bucket: BUCKET, Key, CopySource: source, ...extra }));
    await copy('same', {});
    await copy('other', { MetadataDirective: 'REPLACE', Metadata: { b: '2' } });
    expect(await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'same' }))).toMatchObject({ Metadata: { a: '1' }, ContentType: 'text/a' });
    expect((await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'other' }))).Metadata).toEqual({ b: '2' });
    expect(await readText(client, 'other')).toBe('data');
    expect(await outcome(copy(key, {}))).toBe('400 InvalidRequest');
    expect(await outcome(copy(key, { MetadataDirective: 'REPLACE', Metadata: { c: '3' } }))).toBe('200');
    expect(await outcome(client.send(new CopyObjectCommand({ Bucket: BUCKET, Key: 'x', CopySource: `${BUCKET}/none` })))).toBe('404 NoSuchKey');
  });

  it('of a multipart object has an MD5 of its own', async () => {
    const client = served().client();
    await uploadParts(client, 'source', PARTS);
    const { CopyObjectResult } = await client.send(new CopyObjectCommand({ Bucket: BUCKET, Key: 'copy', CopySource: `${BUCKET}/source` }));
    expect(CopyObjectResult?.ETag).toBe(`"${md5(WHOLE)}"`);
  });
});

it('64 MiB in one PUT, with a checksum', async () => {
  const client = served().client({ requestChecksumCalculation: 'WHEN_SUPPORTED' });
  const body = Buffer.alloc(64 * MIB, 'sixty-four ');
  await put(client, 'big', body);
  expect(md5(await read(client, 'big'))).toBe(md5(body));
});
