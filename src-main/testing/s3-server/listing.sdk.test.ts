import { DeleteObjectsCommand, ListObjectsCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { listAll, outcome, put } from './sdk-calls.ts';
import { BUCKET, serverPerTest } from './server-per-test.ts';

const served = serverPerTest();
const NAMES = ['a b', 'a+b', 'a%20b', 'ünï', '日本語', '😀', '\ufb01', 'q"\'&<>', 'a//b', 'dir/', '#?', 'UPPER', 'upper', 'e\u0301', '\u00e9', 'tab\t', 'nl\n'];
const IN_ORDER = [...NAMES].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

async function fill(client: S3Client, keys: readonly string[]): Promise<void> {
  await Promise.all(keys.map((key) => put(client, key, 'x')));
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `pg/${index % 7}/${String(index).padStart(5, '0')}`);
}

describe('ListObjectsV2', () => {
  it('gives every key exactly, in the order of UTF-8', async () => {
    const client = served().client();
    await fill(client, NAMES);
    expect((await listAll(client)).keys).toEqual(IN_ORDER);
    expect(await listAll(client, { MaxKeys: 1 })).toEqual({ keys: IN_ORDER, prefixes: [], pages: NAMES.length });
    const encoded = (await listAll(client, { EncodingType: 'url' })).keys;
    expect(encoded.map((key) => decodeURIComponent(key.replaceAll('+', ' ')))).toEqual(IN_ORDER);
  });

  it('pages, starts after a key and folds by a delimiter', async () => {
    const client = served().client();
    const keys = numbered(210);
    await fill(client, [...keys, 'pg', 'ph', 'pg/0', 'pg/0/']);
    const sorted = [...keys, 'pg/0', 'pg/0/'].sort();
    expect(await listAll(client, { Prefix: 'pg/', MaxKeys: 20 })).toMatchObject({ keys: sorted, pages: 11 });
    expect((await listAll(client, { Prefix: 'pg/', StartAfter: 'pg/6/00100' })).keys).toEqual(sorted.filter((key) => key > 'pg/6/00100'));
    const folders = Array.from({ length: 7 }, (_, index) => `pg/${index}/`);
    expect(await listAll(client, { Prefix: 'pg/', Delimiter: '/', MaxKeys: 2 })).toEqual({ keys: ['pg/0'], prefixes: folders, pages: 4 });
    expect((await listAll(client, { Prefix: 'pg/0/', Delimiter: '/', MaxKeys: 3 })).keys).toEqual(sorted.filter((key) => key.startsWith('pg/0/')));
    expect(await listAll(client, { Delimiter: '/' })).toMatchObject({ keys: ['pg', 'ph'], prefixes: ['pg/'] });
  });

  it('of nothing, and with a token of its own making', async () => {
    const client = served().client();
    expect(await client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'none/' }))).toMatchObject({ KeyCount: 0, IsTruncated: false });
    expect(await outcome(client.send(new ListObjectsV2Command({ Bucket: BUCKET, ContinuationToken: 'bm9uZQ==' })))).toBe('400 InvalidArgument');
  });
});

describe('ListObjects', () => {
  it('pages by marker', async () => {
    const client = served().client();
    await fill(client, ['a', 'b/1', 'b/2', 'c', 'd']);
    const first = await client.send(new ListObjectsCommand({ Bucket: BUCKET, MaxKeys: 2, Delimiter: '/' }));
    expect([first.Contents?.map(({ Key }) => Key), first.CommonPrefixes?.map(({ Prefix }) => Prefix), first.NextMarker]).toEqual([['a'], ['b/'], 'b/']);
    const second = await client.send(new ListObjectsCommand({ Bucket: BUCKET, Delimiter: '/', Marker: first.NextMarker }));
    expect([second.Contents?.map(({ Key }) => Key), second.CommonPrefixes, second.IsTruncated]).toEqual([['c', 'd'], undefined, false]);
  });
});

describe('DeleteObjects', () => {
  it('removes up to 1,000 keys of any form', async () => {
    const client = served().client();
    const keys = [...NAMES, ...numbered(300)];
    await fill(client, [...keys, 'stays']);
    const { Deleted, Errors } = await client.send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects: keys.map((Key) => ({ Key })) } }));
    expect([Deleted?.map(({ Key }) => Key), Errors]).toEqual([keys, undefined]);
    expect((await listAll(client)).keys).toEqual(['stays']);
    const many = Array.from({ length: 1001 }, (_, index) => ({ Key: `${index}` }));
    expect(await outcome(client.send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects: many } })))).toBe('400 MalformedXML');
  });

  it('says only what went wrong when it is to be quiet', async () => {
    const client = served().client();
    await fill(client, ['a']);
    const answer = await client.send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Quiet: true, Objects: [{ Key: 'a' }, { Key: 'none' }] } }));
    expect([answer.Deleted, answer.Errors]).toEqual([undefined, undefined]);
  });
});
