import type { IncomingHttpHeaders } from 'node:http';
import { SyncError } from '../../../core/errors.ts';
import type { Meta } from '../../backend.ts';
import type { CopySource, Dialect, Precondition, S3Object, WriteAnswer } from '../s3-api.ts';
import { headerOf, type Success } from './call.ts';
import { encodeKey, unquote, uriEncode } from './encode.ts';
import type { WriteReply } from './retry.ts';
import type { Store } from './store.ts';

const META = 'x-amz-meta-';

export function metaHeaders(meta: Meta): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(meta)) {
    if (!/^[\x21-\x40\x5b-\x7e]+$/.test(name) || !/^[\x20-\x7e]*$/.test(value)) throw new SyncError('internal', `the metadata ${JSON.stringify(name)} is not printable ASCII`);
    headers[`${META}${name}`] = value;
  }
  return headers;
}

/** @param prefix of the headers: `if-`, or what copies want */
export function conditionHeaders(precondition: Precondition | undefined, { etags }: Pick<Dialect, 'etags'>, prefix = 'if-'): Record<string, string> {
  if (precondition === undefined) return {};
  if (precondition.kind === 'absent') return { [`${prefix}none-match`]: '*' };
  return { [`${prefix}match`]: etags === 'quoted' ? `"${precondition.etag}"` : precondition.etag };
}

export function copySourceHeaders(store: Store, { key, etag, versionId }: CopySource): Record<string, string> {
  const version = versionId === undefined ? '' : `?versionId=${uriEncode(versionId)}`;
  return {
    'x-amz-copy-source': `${uriEncode(store.bucket)}/${encodeKey(store.prefix + key)}${version}`,
    ...(etag === undefined ? {} : { 'x-amz-copy-source-if-match': `"${etag}"` }),
  };
}

/** @returns null when the headers do not describe an object */
export function objectOf(key: string, headers: IncomingHttpHeaders): S3Object | null {
  const size = sizeOf(headers);
  const etag = headerOf(headers, 'etag');
  const lastModifiedMs = Date.parse(headerOf(headers, 'last-modified') ?? '');
  if (size === null || etag === undefined || Number.isNaN(lastModifiedMs)) return null;
  return { key, size, etag: unquote(etag), lastModifiedMs, meta: metaOf(headers), versionId: versionOf(headers) };
}

/** Of the whole object, also when only a range of it is answered; null where that is not said. */
function sizeOf(headers: IncomingHttpHeaders): number | null {
  const range = headerOf(headers, 'content-range');
  const text = range === undefined ? headerOf(headers, 'content-length') : /^bytes \d+-\d+\/(\d+)$/.exec(range)?.[1];
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function metaOf(headers: IncomingHttpHeaders): Meta {
  const meta: Record<string, string> = {};
  for (const name of Object.keys(headers)) if (name.startsWith(META)) meta[name.slice(META.length)] = headerOf(headers, name) ?? '';
  return meta;
}

export function versionOf(headers: IncomingHttpHeaders): string | null {
  return headerOf(headers, 'x-amz-version-id') ?? null;
}

export function doneAnswer({ headers }: Success, etag: string | undefined, lastModified?: string): WriteAnswer {
  const lastModifiedMs = Date.parse(lastModified ?? '');
  return { kind: 'done', etag: unquote(etag ?? ''), versionId: versionOf(headers), lastModifiedMs: Number.isNaN(lastModifiedMs) ? null : lastModifiedMs };
}

const RACED = ['ConditionalRequestConflict', 'ConcurrentModification', 'OperationAborted'];

/** What a refusal says about the precondition; null: it is about something else. */
export function aboutCondition(reply: WriteReply, precondition: Precondition | undefined): { readonly kind: 'failed' | 'raced' | 'not-implemented' } | null {
  if (reply.kind !== 'fault') return null;
  if (reply.status === 412 || reply.code === 'PreconditionFailed') return { kind: 'failed' };
  if (RACED.includes(reply.code)) return { kind: 'raced' };
  if (precondition === undefined) return null;
  // A Ceph gateway, of a lost race (Retries.write lets no other through).
  if (reply.status === 500 && reply.code === 'UnknownError') return { kind: 'raced' };
  if (reply.status === 404 && precondition.kind === 'etag' && (reply.code === 'NoSuchKey' || (reply.code === '' && reply.isSigned))) return { kind: 'failed' };
  if (reply.status === 501 || reply.code === 'NotImplemented') return { kind: 'not-implemented' };
  const text = reply.xml?.children.map((child) => child.text).join(' ') ?? '';
  return reply.status === 400 && /if-(?:none-)?match/i.test(text) ? { kind: 'not-implemented' } : null;
}
