import { SyncError } from '../../../core/errors.ts';
import type { CallOptions, Meta } from '../../backend.ts';
import type { CopySource, Part, PartBytes, PartCall, WriteAnswer, WriteCall } from '../s3-api.ts';
import { type Call, headerOf } from './call.ts';
import { unquote } from './encode.ts';
import { aboutCondition, conditionHeaders, copySourceHeaders, doneAnswer, metaHeaders } from './headers.ts';
import { NO_UPLOAD } from './listings.ts';
import { isSourceChanged } from './objects.ts';
import { errorOf, type Store } from './store.ts';
import { escapeXml, textOf } from './xml.ts';

/** May be asked twice: an upload that nobody knows of holds nothing, and is swept. */
export async function createUpload(store: Store, key: string, { meta, signal }: CallOptions & { readonly meta: Meta }): Promise<string> {
  const call: Call = {
    kind: 'put',
    action: 's3:PutObject',
    method: 'POST',
    key: store.prefix + key,
    query: { uploads: '' },
    headers: metaHeaders(meta),
    signal,
    proof: { root: 'InitiateMultipartUploadResult' },
  };
  const reply = await store.retries.read(call);
  if (reply.kind === 'fault') throw errorOf(store, reply, call);
  const id = reply.xml === null ? undefined : textOf(reply.xml, 'UploadId');
  if (id === undefined || id === '') throw new SyncError('unreachable', 'the store began an upload without a name', { hint: 'It is tried again.' });
  return id;
}

/** May be sent twice: the same bytes under the same number. */
export async function uploadPart(store: Store, key: string, { bytes, sha256, onSent, signal, ...part }: PartCall & PartBytes): Promise<{ readonly etag: string } | 'no-upload'> {
  const call: Call = {
    kind: 'part',
    action: 's3:PutObject',
    method: 'PUT',
    key: store.prefix + key,
    query: partQuery(part),
    body: bytes,
    onSent,
    ...(sha256 === undefined ? {} : { bodySha256: sha256 }),
    signal,
    proof: 'etag',
  };
  const reply = await store.retries.read(call);
  if (reply.kind === 'ok') return { etag: unquote(headerOf(reply.headers, 'etag') ?? '') };
  if (NO_UPLOAD.includes(reply.code)) return 'no-upload';
  throw errorOf(store, reply, call);
}

export async function copyPart(
  store: Store,
  from: CopySource & { readonly first: number; readonly last: number },
  key: string,
  { signal, ...part }: PartCall,
): Promise<{ readonly etag: string } | 'no-upload' | 'source-changed'> {
  const headers = { ...copySourceHeaders(store, from), 'x-amz-copy-source-range': `bytes=${from.first}-${from.last}` };
  const call: Call = {
    kind: 'copy',
    action: 's3:PutObject',
    method: 'PUT',
    key: store.prefix + key,
    query: partQuery(part),
    headers,
    signal,
    proof: { root: 'CopyPartResult' },
    isLong: true,
  };
  const reply = await store.retries.read(call);
  if (reply.kind === 'ok') return { etag: unquote((reply.xml === null ? undefined : textOf(reply.xml, 'ETag')) ?? '') };
  if (reply.code === 'NoSuchUpload') return 'no-upload';
  if (await isSourceChanged(store, from, undefined, reply, signal)) return 'source-changed';
  throw errorOf(store, reply, call);
}

function partQuery({ uploadId, number }: Pick<PartCall, 'uploadId' | 'number'>): Record<string, string> {
  return { partNumber: `${number}`, uploadId };
}

export async function complete(
  store: Store,
  key: string,
  uploadId: string,
  parts: readonly Pick<Part, 'number' | 'etag'>[],
  { precondition, signal }: WriteCall,
): Promise<WriteAnswer | { readonly kind: 'no-upload' }> {
  const rows = parts.map(({ number, etag }) => `<Part><PartNumber>${number}</PartNumber><ETag>${escapeXml(`"${etag}"`) ?? ''}</ETag></Part>`).join('');
  const call: Call = {
    kind: 'put',
    action: 's3:PutObject',
    method: 'POST',
    key: store.prefix + key,
    query: { uploadId },
    headers: { 'content-type': 'application/xml', ...conditionHeaders(precondition, store.dialect) },
    body: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?><CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${rows}</CompleteMultipartUpload>`),
    signal,
    proof: { root: 'CompleteMultipartUploadResult' },
    isLong: true,
  };
  const reply = await store.retries.write(call);
  if (reply.kind === 'unanswered') return reply;
  if (reply.kind === 'ok') return doneAnswer(reply, reply.xml === null ? undefined : textOf(reply.xml, 'ETag'));
  if (reply.code === 'NoSuchUpload') return { kind: 'no-upload' };
  const about = aboutCondition(reply, precondition);
  if (about !== null) return about;
  throw errorOf(store, reply, call);
}

export async function abort(store: Store, key: string, uploadId: string, { signal }: CallOptions = {}): Promise<void> {
  const call: Call = { kind: 'delete', action: 's3:AbortMultipartUpload', method: 'DELETE', key: store.prefix + key, query: { uploadId }, signal, proof: 'any' };
  const reply = await store.retries.read(call);
  if (reply.kind === 'fault' && !NO_UPLOAD.includes(reply.code)) throw errorOf(store, reply, call);
}
