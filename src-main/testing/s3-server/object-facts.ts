import type { ObjectFacts, StoredObject } from './bucket.ts';
import { type Call, quoted } from './call.ts';
import { checksumHeaders } from './checksums.ts';
import type { Quirks } from './quirks.ts';
import type { S3Request } from './request.ts';
import { S3Error } from './s3-error.ts';

/** Headers that are kept with an object and given back. */
const KEPT = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
  'x-amz-server-side-encryption',
  'x-amz-website-redirect-location',
];
const META = 'x-amz-meta-';
const STORAGE_CLASSES = ['STANDARD', 'STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER', 'GLACIER_IR', 'DEEP_ARCHIVE', 'REDUCED_REDUNDANCY'];

/** @throws MetadataTooLarge, InvalidStorageClass */
export function factsOf({ headers }: S3Request, quirks: Quirks): ObjectFacts {
  return { headers: keptHeaders(headers), meta: metaOf(headers, quirks), storageClass: storageClassOf(headers, quirks), tags: tagsOf(headers['x-amz-tagging']) };
}

function keptHeaders(headers: S3Request['headers']): Record<string, string> {
  const kept: Record<string, string> = { 'content-type': 'binary/octet-stream' };
  for (const name of KEPT) if (headers[name] !== undefined) kept[name] = headers[name];
  const encoding = (kept['content-encoding'] ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== 'aws-chunked');
  delete kept['content-encoding'];
  if (encoding.join('') !== '') kept['content-encoding'] = encoding.join(',');
  return kept;
}

function metaOf(headers: S3Request['headers'], quirks: Quirks): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]) => (name.startsWith(META) ? [[name.slice(META.length), value] as const] : []));
  const bytes = entries.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  if (bytes > quirks.metadataBytes) throw new S3Error('MetadataTooLarge', { Size: `${bytes}`, MaxSizeAllowed: `${quirks.metadataBytes}` });
  return Object.fromEntries(entries);
}

function storageClassOf(headers: S3Request['headers'], quirks: Quirks): string {
  const name = headers['x-amz-storage-class'] ?? 'STANDARD';
  if (quirks.storageClasses === 'standard-only' && name !== 'STANDARD') throw new S3Error('InvalidArgument');
  if (!STORAGE_CLASSES.includes(name)) throw new S3Error('InvalidStorageClass');
  return name;
}

function tagsOf(header: string | undefined): [string, string][] {
  return [...new URLSearchParams(header ?? '')];
}

/** ETag of a body that is stored in one piece; not its MD5 under a KMS key. */
export function etagOf({ world }: Call, md5: string, facts: ObjectFacts): string {
  const isOpaque = world.quirks.etag === 'opaque' || facts.headers['x-amz-server-side-encryption']?.startsWith('aws:kms');
  return isOpaque ? world.freshId() : md5;
}

/** The headers that GET and HEAD give for an object. */
export function objectHeaders(object: StoredObject, isVersioned: boolean, withChecksums: boolean): Record<string, string> {
  return {
    ...object.headers,
    etag: quoted(object.etag),
    'last-modified': new Date(object.modifiedMs).toUTCString(),
    'accept-ranges': 'bytes',
    ...Object.fromEntries(Object.entries(object.meta).map(([name, value]) => [`${META}${name}`, value])),
    ...(object.storageClass === 'STANDARD' ? {} : { 'x-amz-storage-class': object.storageClass }),
    ...(object.tags.length === 0 ? {} : { 'x-amz-tagging-count': `${object.tags.length}` }),
    ...versionHeader(object.versionId, isVersioned),
    ...(withChecksums && Object.keys(object.checksums).length > 0 ? { ...checksumHeaders(object.checksums), 'x-amz-checksum-type': object.checksumType } : {}),
  };
}

export function versionHeader(versionId: string, isVersioned: boolean): Record<string, string> {
  return isVersioned ? { 'x-amz-version-id': versionId } : {};
}
