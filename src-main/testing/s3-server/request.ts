import type { IncomingMessage } from 'node:http';
import { type Operation, operationOf } from './operation.ts';
import { S3Error } from './s3-error.ts';

/** One request, decoded. The bucket is empty for the service itself, the key is empty for a bucket. */
export interface S3Request {
  readonly operation: Operation;
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
  /** Lower-case names; values as text, repeated ones joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** Path and query as they came, for the signature. */
  readonly rawPath: string;
  readonly rawQuery: string;
}

/** Hosts of the form `<bucket>.localhost` are virtual-host style, all others path style. */
const VIRTUAL_HOST = /^(.+)\.localhost(?::\d+)?$/;

export function readRequest(message: IncomingMessage): S3Request {
  return readRequestLine(message.method ?? 'GET', message.url ?? '/', readHeaders(message));
}

/** @param url path and query, encoded @param headers by lower-case name */
export function readRequestLine(method: string, url: string, headers: S3Request['headers']): S3Request {
  const [rawPath = '/', rawQuery = ''] = splitOnce(url, '?');
  const target = { method, ...address(rawPath, headers['host'] ?? ''), query: new Map(pairs(rawQuery)), isCopy: headers['x-amz-copy-source'] !== undefined };
  return { ...target, operation: operationOf(target), headers, rawPath, rawQuery };
}

function address(rawPath: string, host: string): { bucket: string; key: string } {
  const virtual = VIRTUAL_HOST.exec(host)?.[1];
  if (virtual !== undefined) return { bucket: virtual, key: decode(rawPath.slice(1)) };
  const [bucket = '', key = ''] = splitOnce(rawPath.slice(1), '/');
  return { bucket: decode(bucket), key: decode(key) };
}

/** Names and values of a query, decoded. */
export function pairs(rawQuery: string): [string, string][] {
  return rawQuery
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const [name = '', value = ''] = splitOnce(part, '=');
      return [decode(name.replaceAll('+', ' ')), decode(value.replaceAll('+', ' '))];
    });
}

export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error('InvalidArgument', { Message: 'Could not decode the request as UTF-8.' });
  }
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

function readHeaders(message: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) headers[name] = asText(Array.isArray(value) ? value.join(',') : (value ?? ''));
  return headers;
}

/** Node hands headers over as latin1; clients that send more than ASCII mostly mean UTF-8. */
function asText(value: string): string {
  const utf8 = Buffer.from(value, 'latin1').toString('utf8');
  return utf8.includes('\ufffd') ? value : utf8;
}
