import { CopyObjectCommand, DeleteObjectCommand, DeleteObjectsCommand, HeadObjectCommand, PutBucketVersioningCommand, type S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { OTHER_ETAG, outcome, put, race, read, readText, uploadParts } from './sdk-calls.ts';
import { BUCKET, serverPerTest } from './server-per-test.ts';

const served = serverPerTest();

function remove(client: S3Client, key: string, etag?: string): Promise<unknown> {
  return client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: key, IfMatch: etag }));
}

async function versioned(): Promise<S3Client> {
  const client = served().client();
  await client.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: 'Enabled' } }));
  return client;
}

describe('reads', () => {
  it('judge ETags and dates', async () => {
    const client = served().client();
    const { ETag } = await put(client, 'a', 'one');
    const past = new Date(0);
    const future = new Date(Date.now() + 86_400_000);
    expect(await outcome(read(client, 'a', { IfNoneMatch: ETag }))).toMatch(/^304/);
    expect(await outcome(read(client, 'a', { IfMatch: OTHER_ETAG }))).toBe('412 PreconditionFailed');
    expect(await outcome(read(client, 'a', { IfModifiedSince: future }))).toMatch(/^304/);
    expect(await outcome(read(client, 'a', { IfUnmodifiedSince: past }))).toBe('412 PreconditionFailed');
    expect(await readText(client, 'a', { IfMatch: ETag, IfUnmodifiedSince: past })).toBe('one');
    expect(await outcome(client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'a', IfMatch: OTHER_ETAG })))).toMatch(/^412/);
  });
});

describe('PutObject', () => {
  it('If-None-Match: only onto nothing', async () => {
    const client = served().client();
    expect(await outcome(put(client, 'a', 'one', { IfNoneMatch: '*' }))).toBe('200');
    expect(await outcome(put(client, 'a', 'two', { IfNoneMatch: '*' }))).toBe('412 PreconditionFailed');
    expect(await outcome(put(client, 'a', 'two', { IfNoneMatch: OTHER_ETAG }))).toBe('501 NotImplemented');
    expect(await readText(client, 'a')).toBe('one');
  });

  it('If-Match: only onto that object, quoted or not', async () => {
    const client = served().client();
    const first = await put(client, 'a', 'one');
    expect(await outcome(put(client, 'a', 'x', { IfMatch: OTHER_ETAG }))).toBe('412 PreconditionFailed');
    const second = await put(client, 'a', 'two', { IfMatch: first.ETag });
    await put(client, 'a', 'three', { IfMatch: second.ETag?.replaceAll('"', '') });
    expect(await outcome(put(client, 'a', 'x', { IfMatch: second.ETag }))).toBe('412 PreconditionFailed');
    expect(await outcome(put(client, 'none', 'x', { IfMatch: first.ETag }))).toBe('404 NoSuchKey');
    expect(await readText(client, 'a')).toBe('three');
  });

  it('16 racers: exactly one wins, in every round', async () => {
    const client = served().client();
    expect(await race(10, (round, racer) => put(client, `new${round}`, `w${racer}`, { IfNoneMatch: '*' }))).toEqual(Array(10).fill(1));
    const { ETag } = await put(client, 'old', 'base');
    for (const etag of [ETag, ETag?.replaceAll('"', '')]) {
      await put(client, 'old', 'base');
      expect(await race(1, (_round, racer) => put(client, 'old', `w${racer}`, { IfMatch: etag }))).toEqual([1]);
    }
  });
});

describe('DeleteObject', () => {
  it('If-Match: only that object; a missing one passes', async () => {
    const client = served().client();
    const { ETag } = await put(client, 'a', 'one');
    expect(await outcome(remove(client, 'a', OTHER_ETAG))).toBe('412 PreconditionFailed');
    expect(await outcome(remove(client, 'a', ETag))).toBe('200');
    expect(await outcome(remove(client, 'a', ETag))).toBe('200');
  });

  it('in a batch, key by key', async () => {
    const client = served().client();
    const [a] = [await put(client, 'a', 'one'), await put(client, 'b', 'two')];
    const Objects = [
      { Key: 'a', ETag: a.ETag },
      { Key: 'b', ETag: a.ETag },
    ];
    const { Deleted, Errors } = await client.send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects } }));
    expect([Deleted?.map(({ Key }) => Key), Errors?.map(({ Key, Code }) => [Key, Code])]).toEqual([['a'], [['b', 'PreconditionFailed']]]);
  });
});

describe('CompleteMultipartUpload', () => {
  it('judges its conditions when it finishes', async () => {
    const client = served().client();
    const { ETag } = await put(client, 'a', 'old');
    expect(await outcome(uploadParts(client, 'a', ['new'], { IfNoneMatch: '*' }))).toBe('412 PreconditionFailed');
    expect(await outcome(uploadParts(client, 'a', ['new'], { IfMatch: OTHER_ETAG }))).toBe('412 PreconditionFailed');
    expect(await outcome(uploadParts(client, 'none', ['new'], { IfMatch: ETag }))).toBe('404 NoSuchKey');
    expect(await readText(client, 'a')).toBe('old');
    await uploadParts(client, 'a', ['new'], { IfMatch: ETag });
    expect(await readText(client, 'a')).toBe('new');
  });
});

describe('CopyObject', () => {
  it('judges source and target', async () => {
    const client = served().client();
    const source = await put(client, 'source', 'data');
    const target = await put(client, 'target', 'keep');
    const copy = (Key: string, extra: object): Promise<string> => outcome(client.send(new CopyObjectCommand({ Bucket: BUCKET, Key, CopySource: `${BUCKET}/source`, ...extra })));
    expect(await copy('new', { CopySourceIfMatch: OTHER_ETAG })).toBe('412 PreconditionFailed');
    expect(await copy('new', { CopySourceIfNoneMatch: source.ETag })).toBe('412 PreconditionFailed');
    expect(await copy('target', { IfNoneMatch: '*' })).toBe('412 PreconditionFailed');
    expect(await copy('target', { IfMatch: OTHER_ETAG })).toBe('412 PreconditionFailed');
    expect(await readText(client, 'target')).toBe('keep');
    expect(await copy('target', { IfMatch: target.ETag, CopySourceIfMatch: source.ETag })).toBe('200');
    expect(await readText(client, 'target')).toBe('data');
  });
});

describe('a versioned bucket', () => {
  it('counts a delete marker as nothing', async () => {
    const client = await versioned();
    await put(client, 'a', 'one');
    expect(await outcome(put(client, 'a', 'two', { IfNoneMatch: '*' }))).toBe('412 PreconditionFailed');
    await remove(client, 'a');
    expect(await outcome(put(client, 'a', 'two', { IfMatch: OTHER_ETAG }))).toBe('404 NoSuchKey');
    expect(await outcome(put(client, 'a', 'two', { IfNoneMatch: '*' }))).toBe('200');
  });

  it('16 racers: exactly one wins, in every round', async () => {
    const client = await versioned();
    expect(await race(5, (round, racer) => put(client, `new${round}`, `w${racer}`, { IfNoneMatch: '*' }))).toEqual(Array(5).fill(1));
  });
});
