import { Readable } from 'node:stream';
import { SyncError, throwIfAborted } from '../../../core/errors.ts';
import type { Body, CallOptions, Meta } from '../../backend.ts';
import type { CopySource, DeleteAnswer, GetCall, Precondition, S3Body, S3Object, WriteAnswer, WriteCall } from '../s3-api.ts';
import { type Call, type Fault, headerOf, type Reply, type Success } from './call.ts';
import { type Opened, resumed } from './download.ts';
import { aboutCondition, conditionHeaders, copySourceHeaders, doneAnswer, metaHeaders, objectOf, versionOf } from './headers.ts';
import { md5Base64 } from './sigv4.ts';
import { errorOf, type Store } from './store.ts';
import { childrenOf, escapeXml, textOf } from './xml.ts';

const NOTHING: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => Readable.from([])[Symbol.asyncIterator]() };

export async function head(store: Store, key: string, { versionId, signal }: CallOptions & { readonly versionId?: string } = {}): Promise<S3Object | null> {
  const call: Call = { kind: 'head', action: readOf(versionId), method: 'HEAD', key: store.prefix + key, ...versionQuery(versionId), signal, proof: 'stream' };
  const reply = await store.retries.read(call);
  if (reply.kind === 'ok') return described(key, reply);
  if (reply.status === 404 && reply.isSigned && store.wire.isBucketKnown) return null;
  return askAgain(store, key, { ...(versionId === undefined ? {} : { versionId }), ...(signal === undefined ? {} : { signal }) });
}

function readOf(versionId: string | undefined): string {
  return versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion';
}

function versionQuery(versionId: string | undefined): Pick<Call, 'query'> {
  return versionId === undefined ? {} : { query: { versionId } };
}

/** A HEAD that fails has no text: only GET tells why, and whether it is the key or the bucket that is missing. */
async function askAgain(store: Store, key: string, options: GetCall): Promise<S3Object | null> {
  const call = getCall(store, key, options);
  const reply = await store.retries.read(call);
  if (reply.kind === 'fault') {
    if (isAbsent(reply)) return null;
    throw errorOf(store, reply, call);
  }
  reply.stream?.destroy();
  return described(key, reply);
}

function described(key: string, { headers }: Success): S3Object {
  const object = objectOf(key, headers);
  if (object === null) throw new SyncError('unreachable', 'half an answer came instead of the description of an object', { hint: 'It is tried again; check proxies on the way.' });
  return object;
}

function isAbsent({ status, code }: Fault): boolean {
  return status === 404 && (code === 'NoSuchKey' || code === 'NotFound' || code === 'NoSuchVersion');
}

function getCall(store: Store, key: string, { ifMatch, versionId, offset = 0, signal }: GetCall): Call {
  const headers: Record<string, string> = {};
  if (offset > 0) headers['range'] = `bytes=${offset}-`;
  if (ifMatch !== undefined) headers['if-match'] = `"${ifMatch}"`;
  return { kind: 'get', action: readOf(versionId), method: 'GET', key: store.prefix + key, ...versionQuery(versionId), headers, signal, proof: 'stream' };
}

export async function get(store: Store, key: string, options: GetCall = {}): Promise<S3Body | null | 'changed'> {
  const { ifMatch, offset = 0, signal } = options;
  const call = getCall(store, key, options);
  const reply = await store.retries.read(call);
  if (reply.kind === 'fault') {
    if (isAbsent(reply)) return null;
    if (reply.status === 412) return 'changed';
    if (reply.status === 416) return beyondEnd(store, key, options);
    throw errorOf(store, reply, call);
  }
  const stream = reply.stream ?? Readable.from([]);
  const object = objectOf(key, reply.headers);
  const isOther = ifMatch !== undefined && object?.etag !== ifMatch;
  const from = beginOf(reply, offset);
  if (object === null || isOther || from === null) {
    stream.destroy();
    if (object !== null && isOther) return 'changed';
    throw new SyncError('unreachable', 'the answer holds other bytes than were asked for', { hint: 'It is tried again; check proxies on the way.' });
  }
  const reopen = async (at: number): Promise<Opened> =>
    reopened(store, await store.retries.read(getCall(store, key, { ...options, ifMatch: object.etag, offset: at })), object, at);
  return { object, chunks: resumed({ stream, from }, { at: offset, size: object.size }, reopen, store, signal) };
}

/** Where the bytes of an answer begin; null where they are not those that were asked for. */
function beginOf({ status, headers }: Success, offset: number): number | null {
  if (status === 200) return 0;
  return status === 206 && new RegExp(`^bytes ${offset}-`).test(headerOf(headers, 'content-range') ?? '') ? offset : null;
}

/** Nothing is left to read where the object ends. */
async function beyondEnd(store: Store, key: string, { ifMatch, versionId, offset = 0, signal }: GetCall): Promise<S3Body | null | 'changed'> {
  const object = await head(store, key, { ...(versionId === undefined ? {} : { versionId }), ...(signal === undefined ? {} : { signal }) });
  if (object === null) return null;
  if (ifMatch !== undefined && object.etag !== ifMatch) return 'changed';
  if (offset > object.size) throw new SyncError('corrupt', `the object has ${object.size} bytes, and was to be read from ${offset}`);
  return { object, chunks: NOTHING };
}

/** The rest of the very same object. @throws SyncError `busy` when it is another meanwhile */
function reopened(store: Store, reply: Reply, { key, etag, size }: S3Object, at: number): Opened {
  if (reply.kind === 'fault' && reply.status !== 412 && !isAbsent(reply)) throw errorOf(store, reply, getCall(store, key, {}));
  const object = reply.kind === 'ok' ? objectOf(key, reply.headers) : null;
  const from = reply.kind === 'ok' && object?.etag === etag && object.size === size ? beginOf(reply, at) : null;
  if (reply.kind === 'ok' && from !== null && reply.stream !== null) return { stream: reply.stream, from };
  if (reply.kind === 'ok') reply.stream?.destroy();
  throw new SyncError('busy', `${key} changed while it was downloaded`, { hint: 'It is fetched again.' });
}

export async function put(store: Store, key: string, body: Body, options: WriteCall & { readonly meta: Meta }): Promise<WriteAnswer> {
  const { precondition, meta, signal } = options;
  const headers = { ...metaHeaders(meta), ...conditionHeaders(precondition, store.dialect) };
  body.onSent?.(0);
  const bytes = await collected(body, signal);
  const call: Call = { kind: 'put', action: 's3:PutObject', method: 'PUT', key: store.prefix + key, headers, body: bytes, onSent: body.onSent, signal, proof: 'etag' };
  const reply = await store.retries.write(call);
  if (reply.kind === 'unanswered') return reply;
  if (reply.kind === 'ok') return doneAnswer(reply, headerOf(reply.headers, 'etag'));
  const about = aboutCondition(reply, precondition);
  if (about !== null) return about;
  throw errorOf(store, reply, call);
}

/** In memory: the signature holds their hash, which comes first. */
async function collected(body: Body, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const { size } = body;
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for await (const chunk of body.open()) {
    throwIfAborted(signal);
    if (at + chunk.length <= size) bytes.set(chunk, at);
    at += chunk.length;
  }
  if (at !== size) throw new SyncError('corrupt', `the body has ${at} bytes, not ${size}`);
  return bytes;
}

export async function copy(
  store: Store,
  from: CopySource,
  to: string,
  { precondition, meta, signal }: WriteCall & { readonly meta: Meta | null },
): Promise<WriteAnswer | { readonly kind: 'source-changed' }> {
  const { dialect } = store;
  const headers = {
    ...copySourceHeaders(store, from),
    ...conditionHeaders(precondition, dialect, dialect.copyTarget),
    ...(meta === null ? {} : { 'x-amz-metadata-directive': 'REPLACE', ...metaHeaders(meta) }),
  };
  const call: Call = { kind: 'copy', action: 's3:PutObject', method: 'PUT', key: store.prefix + to, headers, signal, proof: { root: 'CopyObjectResult' }, isLong: true };
  const reply = await store.retries.write(call);
  if (reply.kind === 'unanswered') return reply;
  if (reply.kind === 'ok') return doneAnswer(reply, reply.xml === null ? undefined : textOf(reply.xml, 'ETag'), reply.xml === null ? undefined : textOf(reply.xml, 'LastModified'));
  if (await isSourceChanged(store, from, precondition, reply, signal)) return { kind: 'source-changed' };
  const about = aboutCondition(reply, precondition) ?? (reply.status === 501 && from.etag !== undefined ? ({ kind: 'not-implemented' } as const) : null);
  if (about !== null) return about;
  throw errorOf(store, reply, call);
}

/** Whether it is the source of a copy that a refusal is about. Where the answer leaves that open, the source is looked at. */
export async function isSourceChanged(store: Store, from: CopySource, precondition: Precondition | undefined, fault: Fault, signal: AbortSignal | undefined): Promise<boolean> {
  if (fault.code === 'NoSuchVersion') return true;
  const isMissing = isAbsent(fault) || (fault.status === 404 && fault.code === '');
  const isFailed = fault.status === 412 || fault.code === 'PreconditionFailed';
  if (!isMissing && !isFailed) return false;
  const isOpen = isFailed ? precondition !== undefined : precondition?.kind === 'etag';
  if (!isOpen) return true;
  if (isFailed && from.etag === undefined) return false;
  if (/^x-amz-copy-source/i.test((fault.xml === null ? undefined : textOf(fault.xml, 'Condition')) ?? '')) return true;
  if (from.versionId !== undefined) return false;
  const source = await head(store, from.key, signal === undefined ? {} : { signal });
  return source === null || (from.etag !== undefined && source.etag !== from.etag);
}

export async function remove(
  store: Store,
  key: string,
  { precondition, versionId, signal }: CallOptions & { readonly precondition?: Precondition; readonly versionId?: string } = {},
): Promise<DeleteAnswer> {
  const call: Call = {
    kind: 'delete',
    action: versionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion',
    method: 'DELETE',
    key: store.prefix + key,
    query: versionId === undefined ? {} : { versionId },
    headers: conditionHeaders(precondition, store.dialect),
    signal,
    proof: 'any',
  };
  const reply = await store.retries.write(call);
  if (reply.kind === 'unanswered') return reply;
  if (reply.kind === 'ok') return { kind: 'done', versionId: versionOf(reply.headers), isDeleteMarker: headerOf(reply.headers, 'x-amz-delete-marker') === 'true' };
  const about = aboutCondition(reply, precondition);
  if (about !== null) return about;
  if (isAbsent(reply) || reply.code === 'NoSuchVersion') return { kind: 'done', versionId: null, isDeleteMarker: false };
  throw errorOf(store, reply, call);
}

const MOST_KEYS = 1000;

export async function removeMany(store: Store, keys: readonly string[], options: CallOptions = {}): Promise<readonly { readonly key: string; readonly code: string }[]> {
  if (keys.length > MOST_KEYS) throw new SyncError('internal', `${keys.length} keys are too many for one request`);
  const written = keys.map((key) => ({ key, xml: escapeXml(store.prefix + key) }));
  const failed: { key: string; code: string }[] = [];
  const batch = written.flatMap(({ xml }) => xml ?? []);
  if (batch.length > 0) failed.push(...(await removeBatch(store, batch, options)));
  for (const { key, xml } of written) {
    if (xml !== null) continue;
    const answer = await remove(store, key, options);
    if (answer.kind === 'unanswered') throw answer.error;
    if (answer.kind !== 'done') failed.push({ key, code: answer.kind });
  }
  return failed;
}

async function removeBatch(store: Store, batch: readonly string[], { signal }: CallOptions): Promise<{ key: string; code: string }[]> {
  const objects = batch.map((xml) => `<Object><Key>${xml}</Key></Object>`).join('');
  const body = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?><Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${objects}<Quiet>true</Quiet></Delete>`);
  const headers = { 'content-md5': md5Base64(body), 'content-type': 'application/xml' };
  const call: Call = { kind: 'delete', action: 's3:DeleteObject', method: 'POST', key: null, query: { delete: '' }, headers, body, signal, proof: { root: 'DeleteResult' } };
  const reply = await store.retries.write(call);
  if (reply.kind === 'unanswered') throw reply.error;
  if (reply.kind === 'fault') throw errorOf(store, reply, call);
  return childrenOf(reply.xml ?? { name: '', text: '', children: [] }, 'Error').map((error) => ({
    key: (textOf(error, 'Key') ?? '').slice(store.prefix.length),
    code: (textOf(error, 'Code') ?? '').trim(),
  }));
}
