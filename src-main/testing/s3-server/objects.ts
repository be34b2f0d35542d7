import type { Bucket, StoredObject, StoredVersion } from './bucket.ts';
import { type Answer, bucketOf, type Call, emptyAnswer, keyOf, quoted, requireAction, xmlAnswer } from './call.ts';
import { ALGORITHMS, checksumHeaders } from './checksums.ts';
import { checkDelete, checkRead, checkWrite } from './conditions.ts';
import { slice } from './content.ts';
import { etagOf, factsOf, objectHeaders, versionHeader } from './object-facts.ts';
import { parseRange } from './range.ts';
import { S3Error } from './s3-error.ts';
import { element, optional } from './xml.ts';

export async function putObject(call: Call): Promise<Answer> {
  const { world, request } = call;
  const [bucket, key, facts] = [bucketOf(call), keyOf(call), factsOf(request, world.quirks)];
  const { content, md5, checksums } = await call.receive();
  if (content.size > world.quirks.largestPutBytes) throw new S3Error('EntityTooLarge');
  checkWrite(call, bucket, key, world.quirks.putConditions);
  const object = store(call, bucket, { ...facts, key, content, checksums, checksumType: 'FULL_OBJECT', etag: etagOf(call, md5, facts) });
  return emptyAnswer(200, { etag: quoted(object.etag), ...checksumHeaders(checksums), ...versionHeader(object.versionId, bucket.versioning === 'Enabled') });
}

/** Makes an object the newest of its key. */
export function store({ world }: Call, bucket: Bucket, object: Omit<StoredObject, 'kind' | 'versionId' | 'modifiedMs'>): StoredObject {
  const stored: StoredObject = { ...object, kind: 'object', versionId: bucket.versioning === 'Enabled' ? world.freshId() : 'null', modifiedMs: world.nowMs() };
  bucket.add(stored);
  return stored;
}

/** The version a read names, by default the newest. Without s3:ListBucket a missing key is answered 403, so that nobody learns what exists. */
export function findObject(call: Pick<Call, 'world'>, bucket: Bucket, key: string, versionId: string | undefined): StoredObject {
  if (versionId !== undefined) return namedVersion(bucket, key, versionId);
  const newest = bucket.versionsOf(key)[0];
  if (newest?.kind === 'object') return newest;
  requireAction(call, 's3:ListBucket');
  throw new S3Error('NoSuchKey', { Key: key }, newest === undefined ? {} : markerHeaders(newest));
}

function namedVersion(bucket: Bucket, key: string, versionId: string): StoredObject {
  const found = bucket.versionsOf(key).find((version) => version.versionId === versionId);
  if (found === undefined) throw new S3Error('NoSuchVersion', { Key: key, VersionId: versionId });
  if (found.kind === 'marker') throw new S3Error('MethodNotAllowed', { Method: 'GET' }, markerHeaders(found));
  return found;
}

export function getObject(call: Call): Answer {
  const { request, world } = call;
  const bucket = bucketOf(call);
  const object = findObject(call, bucket, keyOf(call), request.query.get('versionId'));
  checkRead(call, object);
  const range = parseRange(request.headers['range'], object.content.size);
  const withChecksums = request.headers['x-amz-checksum-mode'] === 'ENABLED' && range === null && world.quirks.checksums === 'verified';
  const headers = objectHeaders(object, bucket.isVersioned, withChecksums);
  if (range === null) return { status: 200, headers, body: object.content };
  const { start, end } = range;
  return { status: 206, headers: { ...headers, 'content-range': `bytes ${start}-${end - 1}/${object.content.size}` }, body: slice(object.content, start, end) };
}

/** Removes a version by name for good, or else the current object: with versioning by a marker on top of it. */
export function deleteObject(call: Call): Answer {
  const [bucket, key] = [bucketOf(call), keyOf(call)];
  const removed = removeObject(call, bucket, { key, versionId: call.request.query.get('versionId'), ifMatch: call.request.headers['if-match'] });
  return emptyAnswer(204, removed === undefined ? {} : removed.kind === 'marker' ? markerHeaders(removed) : versionHeader(removed.versionId, true));
}

export interface Removal {
  readonly key: string;
  readonly versionId: string | undefined;
  readonly ifMatch: string | undefined;
}

/** The version that was removed by name (there or not), or the marker that was put on top; undefined in a bucket without versions. */
export function removeObject(call: Call, bucket: Bucket, { key, versionId, ifMatch }: Removal): Pick<StoredVersion, 'kind' | 'versionId'> | undefined {
  const { world } = call;
  requireAction(call, versionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion');
  if (versionId !== undefined) return bucket.remove(key, versionId) ?? { kind: 'object', versionId };
  checkDelete(call, bucket, key, ifMatch);
  if (!bucket.isVersioned) {
    bucket.remove(key, 'null');
    return undefined;
  }
  const marker: StoredVersion = { kind: 'marker', key, versionId: bucket.versioning === 'Enabled' ? world.freshId() : 'null', modifiedMs: world.nowMs() };
  bucket.add(marker);
  return marker;
}

function markerHeaders(marker: { readonly versionId: string }): Record<string, string> {
  return { 'x-amz-delete-marker': 'true', 'x-amz-version-id': marker.versionId };
}

export function getObjectAttributes(call: Call): Answer {
  const bucket = bucketOf(call);
  const object = findObject(call, bucket, keyOf(call), call.request.query.get('versionId'));
  const wanted = (call.request.headers['x-amz-object-attributes'] ?? '').split(',').map((name) => name.trim());
  const parts = /-(\d+)$/.exec(object.etag)?.[1];
  const attributes: Readonly<Record<string, string>> = {
    ETag: element('ETag', object.etag),
    Checksum: element('Checksum', [...ALGORITHMS.map((name) => optional(`Checksum${name}`, object.checksums[name])), element('ChecksumType', object.checksumType)]),
    ObjectParts: parts === undefined ? '' : element('ObjectParts', [element('PartsCount', parts)]),
    StorageClass: element('StorageClass', object.storageClass),
    ObjectSize: element('ObjectSize', object.content.size),
  };
  const headers = { 'last-modified': new Date(object.modifiedMs).toUTCString(), ...versionHeader(object.versionId, bucket.isVersioned) };
  return xmlAnswer(
    'GetObjectAttributesResponse',
    wanted.map((name) => attributes[name] ?? ''),
    headers,
  );
}
