import type { Bucket, StoredObject } from './bucket.ts';
import { type Answer, bucketOf, type Call, isoTime, numberOf, quoted, xmlAnswer } from './call.ts';
import { S3Error } from './s3-error.ts';
import { element, optional } from './xml.ts';

export interface Wanted {
  readonly prefix: string;
  readonly delimiter: string;
  /** Everything up to and with this key or common prefix is left out. */
  readonly after: string;
  readonly most: number;
  /** The key `after` is not done: some of its versions are still to come. */
  readonly resumesKey?: boolean;
}

export type Row<T> = { readonly kind: 'item'; readonly name: string; readonly item: T } | { readonly kind: 'prefix'; readonly name: string };

export interface Page<T> {
  readonly rows: readonly Row<T>[];
  readonly isTruncated: boolean;
}

export function page<T>(bucket: Bucket, wanted: Wanted, itemsOf: (key: string) => readonly T[]): Page<T> {
  const rows: Row<T>[] = [];
  if (wanted.most === 0) return { rows, isTruncated: false };
  for (const row of rowsOf(bucket, wanted, itemsOf)) {
    if (rows.length === wanted.most) return { rows, isTruncated: true };
    rows.push(row);
  }
  return { rows, isTruncated: false };
}

/** What lies under a prefix; keys with the delimiter after the prefix fold into common prefixes, which count as one. */
function* rowsOf<T>(bucket: Bucket, { prefix, delimiter, after, resumesKey }: Wanted, itemsOf: (key: string) => readonly T[]): Generator<Row<T>> {
  const keys = bucket.keys();
  let given = delimiter !== '' && commonPrefix(after, prefix, delimiter) === after ? after : '';
  for (let i = bucket.seek(bucket.compare(after, prefix) > 0 ? after : prefix); i < keys.length; i++) {
    const key = keys[i] ?? '';
    if (!key.toLowerCase().startsWith(prefix.toLowerCase())) return;
    const isDone = (key === after && resumesKey !== true) || (given !== '' && key.startsWith(given));
    const items = isDone || !key.startsWith(prefix) ? [] : itemsOf(key);
    if (items.length === 0) continue;
    given = commonPrefix(key, prefix, delimiter);
    if (given !== '') yield { kind: 'prefix', name: given };
    else for (const item of items) yield { kind: 'item', name: key, item };
  }
}

/** Empty when the key does not fold. */
function commonPrefix(key: string, prefix: string, delimiter: string): string {
  const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return at === -1 ? '' : key.slice(0, at + delimiter.length);
}

export function listObjectsV2(call: Call): Answer {
  const { request } = call;
  const token = request.query.get('continuation-token');
  const startAfter = request.query.get('start-after');
  const wanted = wantedOf(call, token === undefined ? (startAfter ?? '') : readToken(token));
  const { rows, isTruncated } = currentObjects(call, wanted);
  const write = encoder(call);
  return xmlAnswer('ListBucketResult', [
    ...head(call, wanted),
    element('KeyCount', rows.length),
    element('IsTruncated', isTruncated),
    optional('ContinuationToken', token),
    optional('StartAfter', startAfter === undefined ? undefined : write(startAfter)),
    optional('NextContinuationToken', isTruncated ? writeToken(rows.at(-1)?.name ?? '') : undefined),
    ...rows.map((row) => rowXml(call, row)),
  ]);
}

export function listObjects(call: Call): Answer {
  const marker = call.request.query.get('marker') ?? '';
  const wanted = wantedOf(call, marker);
  const { rows, isTruncated } = currentObjects(call, wanted);
  const write = encoder(call);
  const next = isTruncated && wanted.delimiter !== '' ? write(rows.at(-1)?.name ?? '') : undefined;
  const children = [...head(call, wanted), element('Marker', write(marker)), element('IsTruncated', isTruncated), optional('NextMarker', next)];
  return xmlAnswer('ListBucketResult', [...children, ...rows.map((row) => rowXml(call, row))]);
}

function currentObjects(call: Call, wanted: Wanted): Page<StoredObject> {
  const bucket = bucketOf(call);
  return page(bucket, wanted, (key) => {
    const object = bucket.current(key);
    return object === undefined ? [] : [object];
  });
}

export function wantedOf(call: Call, after: string): Wanted {
  const { query } = call.request;
  return { prefix: query.get('prefix') ?? '', delimiter: query.get('delimiter') ?? '', after, most: numberOf(call, 'max-keys', 1000, 1000) };
}

/** With encoding-type=url, names are encoded as in a form; the only way to carry every character through XML. */
export function encoder({ request }: Call): (name: string) => string {
  const encoding = request.query.get('encoding-type');
  if (encoding === undefined) return (name) => name;
  if (encoding !== 'url') throw new S3Error('InvalidArgument', { ArgumentName: 'encoding-type' });
  return (name) => encodeURIComponent(name).replaceAll('%20', '+').replaceAll('%2F', '/');
}

export function head(call: Call, { prefix, delimiter, most }: Wanted): string[] {
  const write = encoder(call);
  return [
    element('Name', call.request.bucket),
    element('Prefix', write(prefix)),
    delimiter === '' ? '' : element('Delimiter', write(delimiter)),
    element('MaxKeys', most),
    optional('EncodingType', call.request.query.get('encoding-type')),
  ];
}

export function prefixXml(call: Call, name: string): string {
  return element('CommonPrefixes', [element('Prefix', encoder(call)(name))]);
}

function rowXml(call: Call, row: Row<StoredObject>): string {
  return row.kind === 'prefix' ? prefixXml(call, row.name) : element('Contents', [element('Key', encoder(call)(row.name)), ...objectXml(call, row.item)]);
}

export function objectXml({ world }: Call, { modifiedMs, etag, content, storageClass }: StoredObject): string[] {
  return [element('LastModified', isoTime(modifiedMs, world.quirks)), element('ETag', quoted(etag)), element('Size', content.size), element('StorageClass', storageClass)];
}

function writeToken(name: string): string {
  return Buffer.from(`after ${name}`).toString('base64');
}

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64').toString('utf8');
  if (!text.startsWith('after ')) throw new S3Error('InvalidArgument', { Message: 'The continuation token provided is incorrect', ArgumentName: 'continuation-token' });
  return text.slice('after '.length);
}
