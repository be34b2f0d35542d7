import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutBucketVersioningCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { listAll, outcome, put, readText } from './sdk-calls.ts';
import { BUCKET, serverPerTest } from './server-per-test.ts';

const served = serverPerTest();

async function versioning(client: S3Client, Status: 'Enabled' | 'Suspended'): Promise<void> {
  await client.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status } }));
}

function versions(client: S3Client, extra: object = {}): Promise<ListObjectVersionsCommandOutput> {
  return client.send(new ListObjectVersionsCommand({ Bucket: BUCKET, ...extra }));
}

it('keeps every version, hides them below a marker and shows them again without it', async () => {
  const client = served().client();
  expect((await client.send(new GetBucketVersioningCommand({ Bucket: BUCKET }))).Status).toBeUndefined();
  await versioning(client, 'Enabled');
  expect((await client.send(new GetBucketVersioningCommand({ Bucket: BUCKET }))).Status).toBe('Enabled');
  const [first, second] = [await put(client, 'v', 'one'), await put(client, 'v', 'two')];
  expect(await readText(client, 'v', { VersionId: first.VersionId })).toBe('one');
  const deleted = await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'v' }));
  expect([deleted.DeleteMarker, await outcome(readText(client, 'v')), (await listAll(client)).keys]).toEqual([true, '404 NoSuchKey', []]);
  expect(await outcome(readText(client, 'v', { VersionId: deleted.VersionId }))).toBe('405 MethodNotAllowed');
  expect(await outcome(readText(client, 'v', { VersionId: 'another' }))).toBe('404 NoSuchVersion');
  const listed = await versions(client, { Prefix: 'v' });
  expect(listed.Versions?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([second, first].map(({ VersionId }) => [VersionId, false]));
  expect(listed.DeleteMarkers?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([[deleted.VersionId, true]]);
  await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'v', VersionId: deleted.VersionId }));
  expect(await readText(client, 'v')).toBe('two');
  const copied = await client.send(new CopyObjectCommand({ Bucket: BUCKET, Key: 'v', CopySource: `${BUCKET}/v?versionId=${first.VersionId}` }));
  expect([await readText(client, 'v'), copied.CopySourceVersionId]).toEqual(['one', first.VersionId]);
});

it('lists versions page by page', async () => {
  const client = served().client();
  await versioning(client, 'Enabled');
  for (let i = 0; i < 12; i++) await put(client, i < 10 ? 'many' : `other${i}`, `${i}`);
  const seen: string[] = [];
  let page = await versions(client, { MaxKeys: 5 });
  for (; page.IsTruncated === true; page = await versions(client, { MaxKeys: 5, KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker })) {
    seen.push(...(page.Versions ?? []).map(({ VersionId = '' }) => VersionId));
  }
  seen.push(...(page.Versions ?? []).map(({ VersionId = '' }) => VersionId));
  expect([seen.length, new Set(seen).size]).toEqual([12, 12]);
});

it('calls what was there before, and what comes while suspended, null', async () => {
  const client = served().client();
  await put(client, 'v', 'before');
  await versioning(client, 'Enabled');
  const kept = await put(client, 'v', 'kept');
  expect(await readText(client, 'v', { VersionId: 'null' })).toBe('before');
  await versioning(client, 'Suspended');
  await put(client, 'v', 'while suspended');
  expect((await versions(client)).Versions?.map(({ VersionId }) => VersionId)).toEqual(['null', kept.VersionId]);
  await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'v' }));
  expect((await versions(client)).Versions?.map(({ VersionId }) => VersionId)).toEqual([kept.VersionId]);
  expect(await outcome(client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'v' })))).toBe('404 NotFound');
});
