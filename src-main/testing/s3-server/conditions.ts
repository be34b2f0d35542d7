import type { Bucket, StoredObject } from './bucket.ts';
import { type Call, quoted, requireAction, unquoted } from './call.ts';
import type { Honour, Quirks } from './quirks.ts';
import { S3Error } from './s3-error.ts';

type Headers = Readonly<Record<string, string>>;

/** A write's conditions, judged against what the key holds now. Call it in the same synchronous step as the write. */
export function checkWrite(call: Call, bucket: Bucket, key: string, honour: Honour, prefix = 'if-'): void {
  const { headers } = call.request;
  const { quirks } = call.world;
  const [ifMatch, ifNoneMatch] = [headers[`${prefix}match`], headers[`${prefix}none-match`]];
  if (ifMatch === undefined && ifNoneMatch === undefined) return;
  if (honour === 'refused') throw new S3Error('NotImplemented');
  if (honour === 'ignored') return;
  const current = bucket.isVersioned && quirks.versionedConditions === 'against-nothing' ? undefined : bucket.current(key);
  if (ifNoneMatch !== undefined) checkNoneMatch(ifNoneMatch, current, quirks);
  if (ifMatch === undefined) return;
  requireAction(call, 's3:GetObject');
  if (current === undefined) throw quirks.ifMatchOnMissing === 404 ? new S3Error('NoSuchKey', { Key: key }) : failed('If-Match');
  if (!matchesWrite(ifMatch, current, quirks)) throw failed('If-Match');
}

/** The condition of one deletion; a key that is not there passes. */
export function checkDelete(call: Call, bucket: Bucket, key: string, ifMatch: string | undefined): void {
  const { quirks } = call.world;
  if (ifMatch === undefined || quirks.deleteConditions === 'ignored') return;
  if (quirks.deleteConditions === 'refused') throw new S3Error('NotImplemented');
  requireAction(call, 's3:GetObject');
  const current = bucket.current(key);
  if (current !== undefined && !matchesWrite(ifMatch, current, quirks)) throw failed('If-Match');
}

export function checkCopySource({ request, world }: Call, source: StoredObject): void {
  if (world.quirks.copySourceConditions === 'ignored') return;
  const prefix = 'x-amz-copy-source-if-';
  const names = Object.keys(request.headers).filter((name) => name.startsWith(prefix));
  if (names.length > 0 && world.quirks.copySourceConditions === 'refused') throw new S3Error('NotImplemented');
  const { matches, isModified } = judge(request.headers, prefix, source);
  if (!matches || !isModified) throw failed('x-amz-copy-source-If-Match');
}

/** @throws PreconditionFailed, or NotModified which GET and HEAD answer without a body */
export function checkRead({ request }: Call, object: StoredObject): void {
  const { matches, isModified } = judge(request.headers, 'if-', object);
  if (!matches) throw failed('If-Match');
  if (!isModified) throw new S3Error('NotModified', {}, { etag: quoted(object.etag) });
}

/** The four conditions of a read; an ETag goes before a date. */
function judge(headers: Headers, prefix: string, { etag, modifiedMs }: StoredObject): { matches: boolean; isModified: boolean } {
  const get = (name: string): string | undefined => headers[`${prefix}${name}`];
  const date = (name: string): number => Date.parse(get(name) ?? '');
  const seconds = Math.floor(modifiedMs / 1000) * 1000;
  const [ifMatch, ifNoneMatch] = [get('match'), get('none-match')];
  return {
    matches: ifMatch === undefined ? !(seconds > date('unmodified-since')) : names(ifMatch, etag),
    isModified: ifNoneMatch === undefined ? !(seconds <= date('modified-since')) : !names(ifNoneMatch, etag),
  };
}

function checkNoneMatch(value: string, current: StoredObject | undefined, quirks: Quirks): void {
  if (value.trim() !== '*' && quirks.ifNoneMatchForm === 'star') throw new S3Error('NotImplemented', { Header: 'If-None-Match' });
  if (current !== undefined && names(value, current.etag)) throw failed('If-None-Match');
}

function matchesWrite(value: string, { etag }: StoredObject, quirks: Quirks): boolean {
  return quirks.ifMatchForm === 'unquoted' ? value === '*' || value === etag : names(value, etag);
}

function names(list: string, etag: string): boolean {
  return list.split(',').some((item) => item.trim() === '*' || unquoted(item) === etag);
}

function failed(condition: string): S3Error {
  return new S3Error('PreconditionFailed', { Condition: condition });
}
