import { createHash } from 'node:crypto';
import type { Bucket } from './bucket.ts';
import { type Content, readAll } from './content.ts';
import type { Quirks } from './quirks.ts';
import type { Received } from './receive.ts';
import type { S3Request } from './request.ts';
import { S3Error } from './s3-error.ts';
import { document } from './xml.ts';

/** What a handler answers; `body` streams. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Content | string;
}

/** All that the server holds. */
export interface World {
  readonly buckets: Map<string, Bucket>;
  readonly quirks: Quirks;
  readonly region: string;
  /** Actions that the credentials lack, such as `s3:DeleteObject`. */
  readonly denied: ReadonlySet<string>;
  nowMs(): number;
  /** A name that never came before; random-looking, but the same in every run. */
  freshId(): string;
}

/** One request on its way through a handler. */
export interface Call {
  readonly request: S3Request;
  readonly world: World;
  /** Reads the body and verifies it. */
  receive(): Promise<Received>;
}

export type Handler = (call: Call) => Promise<Answer> | Answer;

export function xmlAnswer(name: string, children: readonly string[], headers: Readonly<Record<string, string>> = {}): Answer {
  return { status: 200, headers: { 'content-type': 'application/xml', ...headers }, body: document(name, children) };
}

export function emptyAnswer(status: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers };
}

export async function receiveText(call: Call): Promise<string> {
  return (await readAll((await call.receive()).content)).toString('utf8');
}

export function bucketOf({ request, world }: Call, name = request.bucket): Bucket {
  const bucket = world.buckets.get(name);
  if (bucket === undefined) throw new S3Error('NoSuchBucket', { BucketName: name });
  return bucket;
}

/** The key as this store keeps it. */
export function keyOf({ request, world }: Call): string {
  return storedKey(request.key, world.quirks);
}

export function storedKey(key: string, quirks: Quirks): string {
  if (Buffer.byteLength(key) > 1024) throw new S3Error('KeyTooLongError');
  return quirks.keyForm === 'nfc' ? key.normalize('NFC') : key;
}

/** A query value that must be a whole number within bounds. */
export function numberOf({ request }: Call, name: string, fallback: number, most: number): number {
  const text = request.query.get(name);
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new S3Error('InvalidArgument', { ArgumentName: name, ArgumentValue: text });
  return Math.min(value, most);
}

export function requireAction({ world }: Pick<Call, 'world'>, action: string): void {
  if (world.denied.has(action)) throw new S3Error('AccessDenied', { Message: `User is not authorized to perform: ${action}` });
}

export function isoTime(ms: number, quirks: Quirks): string {
  const time = new Date(ms).toISOString();
  return quirks.lastModified === 'seconds' ? time.replace(/\.\d{3}Z$/, '.000Z') : time;
}

export function quoted(etag: string): string {
  return `"${etag}"`;
}

export function unquoted(etag: string): string {
  return etag.trim().replace(/^(?:W\/)?"(.*)"$/, '$1');
}

/** 32 hexadecimal digits made from a name, in the form of an ETag. */
export function digest(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
