import { CopyObjectCommand, DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { beginUpload, complete, listAll, OTHER_ETAG, outcome, put, putPart, race, readText, uploadParts } from './sdk-calls.ts';
import { BUCKET } from './server-per-test.ts';

/** What a store does in an empty bucket, in a form that can be compared with what another does. */
export type Trial = (client: S3Client) => Promise<unknown>;

/** Where stores are known to differ. */
export const TRIALS = {
  'put onto another': async (client) => {
    await put(client, 'a', 'one');
    return outcome(put(client, 'a', 'two', { IfNoneMatch: '*' }));
  },
  'put onto the same': async (client) => {
    const { ETag } = await put(client, 'a', 'one');
    const quoted = await outcome(put(client, 'a', 'one', { IfMatch: ETag }));
    return [quoted, await outcome(put(client, 'a', 'one', { IfMatch: ETag?.replaceAll('"', '') })), await outcome(put(client, 'a', 'two', { IfMatch: OTHER_ETAG }))];
  },
  'put onto nothing with an ETag': (client) => outcome(put(client, 'none', 'x', { IfMatch: OTHER_ETAG.replaceAll('"', '') })),
  'put onto what was deleted': async (client) => {
    await put(client, 'a', 'one');
    await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'a' }));
    return outcome(put(client, 'a', 'two', { IfNoneMatch: '*' }));
  },
  'put by 16 racers': (client) => race(3, (round, racer) => put(client, `r${round}`, `${racer}`, { IfNoneMatch: '*' })),
  'put of another checksum': (client) => outcome(put(client, 'a', 'x', { ChecksumCRC32: 'AAAAAA==' })),
  'put of a storage class': (client) => outcome(put(client, 'a', 'x', { StorageClass: 'STANDARD_IA' })),
  'complete onto another': async (client) => {
    await put(client, 'a', 'one');
    return outcome(uploadParts(client, 'a', ['two'], { IfNoneMatch: '*' }));
  },
  'complete twice': async (client) => {
    const id = await beginUpload(client, 'm');
    const part = await putPart(client, 'm', id, 1, 'x');
    const first = await complete(client, 'm', id, [part]);
    return [first.ETag ?? '', await outcome(complete(client, 'm', id, [part])), await readText(client, 'm')];
  },
  'complete wrongly': async (client) => {
    const id = await beginUpload(client, 'm');
    const parts = [await putPart(client, 'm', id, 1, 'small'), await putPart(client, 'm', id, 2, 'end')];
    const tooSmall = await outcome(complete(client, 'm', id, parts));
    return [tooSmall, await outcome(complete(client, 'm', id, [{ PartNumber: 1, ETag: OTHER_ETAG }])), await outcome(complete(client, 'm', 'none', parts))];
  },
  'delete another': async (client) => {
    await put(client, 'a', 'one');
    return outcome(client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'a', IfMatch: OTHER_ETAG })));
  },
  'copy onto another': async (client) => {
    await put(client, 'a', 'one');
    await put(client, 'b', 'two');
    return outcome(client.send(new CopyObjectCommand({ Bucket: BUCKET, Key: 'a', CopySource: `${BUCKET}/b`, IfNoneMatch: '*' })));
  },
  'copy another': async (client) => {
    await put(client, 'b', 'two');
    return outcome(client.send(new CopyObjectCommand({ Bucket: BUCKET, Key: 'a', CopySource: `${BUCKET}/b`, CopySourceIfMatch: OTHER_ETAG })));
  },
  'copy onto itself': async (client) => {
    await put(client, 'b', 'two');
    return outcome(client.send(new CopyObjectCommand({ Bucket: BUCKET, Key: 'b', CopySource: `${BUCKET}/b` })));
  },
  'read under conditions and in ranges': async (client) => {
    const { ETag } = await put(client, 'a', 'twelve bytes');
    const status = (extra: object): Promise<string> => outcome(client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'a', ...extra })));
    const judged = await Promise.all([{ IfNoneMatch: ETag }, { IfMatch: OTHER_ETAG }, { Range: 'bytes=12-' }].map(status));
    return [judged.map((text) => text.slice(0, 3)), await readText(client, 'a', { Range: 'bytes=7-99' }), await readText(client, 'a', { Range: 'bytes=-5' })];
  },
  'list by delimiter and page': async (client) => {
    for (const key of ['a', 'b/1', 'b/2', 'b//', 'c/', '\ufb01', '😀']) await put(client, key, 'x');
    const queries = [{ Delimiter: '/', MaxKeys: 1 }, { Prefix: 'b/', Delimiter: '/' }, { Prefix: 'b/', StartAfter: 'b/1' }, { StartAfter: 'b/', Delimiter: '/' }, { MaxKeys: 2 }];
    return Promise.all(queries.map((query) => listAll(client, query)));
  },
  /** Three times that all fall on a whole second have no finer precision, or a chance of one in a thousand million. */
  'list times finer than seconds': async (client) => {
    for (const key of ['a', 'b', 'c']) await put(client, key, 'x');
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
    return Contents.some(({ LastModified }) => (LastModified?.getTime() ?? 0) % 1000 !== 0);
  },
  'metadata that is too big': (client) => outcome(put(client, 'a', 'x', { Metadata: { big: 'v'.repeat(2100) } })),
  'a key that is too long': async (client) => (await outcome(put(client, 'x'.repeat(1025), 'x'))).slice(0, 3),
} as const satisfies Record<string, Trial>;
