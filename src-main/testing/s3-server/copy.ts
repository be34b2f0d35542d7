import type { Bucket, ObjectFacts, StoredObject } from './bucket.ts';
import { type Answer, bucketOf, type Call, isoTime, keyOf, quoted, requireAction, storedKey, xmlAnswer } from './call.ts';
import { ALGORITHMS } from './checksums.ts';
import { checkCopySource, checkWrite } from './conditions.ts';
import { md5Of } from './digest.ts';
import { etagOf, factsOf, versionHeader } from './object-facts.ts';
import { findObject, store } from './objects.ts';
import { decode, pairs } from './request.ts';
import { S3Error } from './s3-error.ts';
import { element, optional } from './xml.ts';

export interface Source {
  readonly bucket: Bucket;
  readonly object: StoredObject;
}

export async function copyObject(call: Call): Promise<Answer> {
  const { world } = call;
  const [bucket, key, source] = [bucketOf(call), keyOf(call), copySource(call)];
  if (source.object.content.size > world.quirks.largestPutBytes)
    throw new S3Error('InvalidRequest', { Message: 'The specified copy source is larger than the maximum allowable size for a copy source' });
  const facts = copiedFacts(call, source);
  const etag = etagOf(call, await md5Of(source.object.content), facts);
  checkWrite(call, bucket, key, world.quirks.copyConditions, world.quirks.copyConditionPrefix);
  const { content, checksums, checksumType } = source.object;
  const object = store(call, bucket, { ...facts, key, content, checksums, checksumType, etag });
  const headers = { ...versionHeader(object.versionId, bucket.versioning === 'Enabled'), ...sourceHeader(source) };
  return xmlAnswer('CopyObjectResult', copyResult(call, object), headers);
}

/** The object that x-amz-copy-source names, once its conditions hold. */
export function copySource(call: Call): Source {
  const [path = '', query = ''] = (call.request.headers['x-amz-copy-source'] ?? '').split('?');
  const [, bucketName, key] = /^\/?([^/]+)\/(.+)$/s.exec(decode(path)) ?? [];
  if (bucketName === undefined || key === undefined) throw new S3Error('InvalidArgument', { ArgumentName: 'x-amz-copy-source' });
  requireAction(call, 's3:GetObject');
  const bucket = bucketOf(call, bucketName);
  const object = findObject(call, bucket, storedKey(key, call.world.quirks), new Map(pairs(query)).get('versionId'));
  checkCopySource(call, object);
  return { bucket, object };
}

export function sourceHeader({ bucket, object }: Source): Record<string, string> {
  return bucket.isVersioned ? { 'x-amz-copy-source-version-id': object.versionId } : {};
}

export function copyResult({ world }: Call, { etag, modifiedMs, checksums }: Pick<StoredObject, 'etag' | 'modifiedMs' | 'checksums'>): string[] {
  const sums = ALGORITHMS.map((name) => optional(`Checksum${name}`, checksums[name]));
  return [element('LastModified', isoTime(modifiedMs, world.quirks)), element('ETag', quoted(etag)), ...sums];
}

function copiedFacts({ request, world }: Call, { bucket, object }: Source): ObjectFacts {
  const given = factsOf(request, world.quirks);
  const isReplaced = request.headers['x-amz-metadata-directive'] === 'REPLACE';
  const isItself = bucket.name === request.bucket && object.key === request.key;
  const isPlain = !isReplaced && given.storageClass === object.storageClass && !(request.headers['x-amz-copy-source'] ?? '').includes('?');
  if (isItself && isPlain)
    throw new S3Error('InvalidRequest', { Message: 'This copy request is illegal because it is trying to copy an object to itself without changing anything.' });
  const tags = request.headers['x-amz-tagging-directive'] === 'REPLACE' ? given.tags : object.tags;
  return { ...(isReplaced ? given : object), storageClass: given.storageClass, tags };
}
