import { createHash, createHmac } from 'node:crypto';
import http from 'node:http';
import { text } from 'node:stream/consumers';
import type { S3Server } from './s3-server.ts';
import type { Credential } from './sigv4.ts';

/** A request put together by hand, for what the SDK never sends. */
export interface RawRequest {
  readonly method: string;
  /** Encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  /** The value of x-amz-content-sha256: by default the hash of the body. */
  readonly payload?: string;
  /** The credential to sign with; null sends no signature. */
  readonly credential?: Credential | null;
  readonly sentMs?: number;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** @throws what the connection threw, also after the head of an answer */
export function sendRaw(server: S3Server, request: RawRequest): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const query = new URLSearchParams(request.query).toString().replaceAll('+', '%20');
    const path = query === '' ? request.path : `${request.path}?${query}`;
    const sent = http.request({ host: '127.0.0.1', port: server.port, method: request.method, path, headers: asBytes(signedHeaders(server, request)), agent: false });
    sent.on('error', reject);
    sent.on('response', (answer) => {
      text(answer).then((body) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }), reject);
    });
    // As bytes: Node encodes the headers again when they leave together with text.
    sent.end(Buffer.from(request.body ?? ''));
  });
}

/** The query of a presigned URL. */
export function presign(server: S3Server, { method, path, credential, sentMs }: RawRequest, expiresS: number): Record<string, string> {
  const signer = credential ?? server.credentials[0];
  if (signer === undefined) throw new Error('nothing to sign with');
  const { date, scope } = stamp(server, sentMs);
  const query: Record<string, string> = {
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${signer.accessKeyId}/${scope}`,
    'X-Amz-Date': date,
    'X-Amz-Expires': `${expiresS}`,
    ...(signer.sessionToken === undefined ? {} : { 'X-Amz-Security-Token': signer.sessionToken }),
    'X-Amz-SignedHeaders': 'host',
  };
  const canonical = [method, path, canonicalQuery(query), `host:127.0.0.1:${server.port}\n`, 'host', 'UNSIGNED-PAYLOAD'].join('\n');
  return { ...query, 'X-Amz-Signature': signature(signer, date, scope, canonical) };
}

function signedHeaders(server: S3Server, request: RawRequest): Record<string, string> {
  const signer = request.credential === undefined ? server.credentials[0] : request.credential;
  const given: Record<string, string> = { host: `127.0.0.1:${server.port}`, ...request.headers };
  if (signer === null || signer === undefined) return given;
  const { date, scope } = stamp(server, request.sentMs);
  const payload = request.payload ?? sha256(request.body ?? '');
  const headers: Record<string, string> = { ...given, 'x-amz-date': date, 'x-amz-content-sha256': payload };
  if (signer.sessionToken !== undefined) headers['x-amz-security-token'] = signer.sessionToken;
  const names = Object.keys(headers).sort();
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join('');
  const canonical = [request.method, request.path, canonicalQuery(request.query ?? {}), lines, names.join(';'), payload].join('\n');
  const signed = `Credential=${signer.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature(signer, date, scope, canonical)}`;
  return { ...headers, authorization: `AWS4-HMAC-SHA256 ${signed}` };
}

/** Text beyond ASCII goes out as UTF-8. */
function asBytes(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Buffer.from(value).toString('latin1')]));
}

function canonicalQuery(query: Readonly<Record<string, string>>): string {
  const encoded = Object.entries(query).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return encoded.sort().join('&');
}

function stamp(server: S3Server, sentMs = Date.now()): { readonly date: string; readonly scope: string } {
  const date = new Date(sentMs).toISOString().replace(/[-:]|\.\d{3}/g, '');
  return { date, scope: `${date.slice(0, 8)}/${server.region}/s3/aws4_request` };
}

function signature(signer: Credential, date: string, scope: string, canonical: string): string {
  const key = [...scope.split('/')].reduce<Buffer | string>((secret, part) => createHmac('sha256', secret).update(part).digest(), `AWS4${signer.secretAccessKey}`);
  return createHmac('sha256', key)
    .update(`AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(canonical)}`)
    .digest('hex');
}

function sha256(data: Buffer | string): string {
  return createHash('sha256').update(data).digest('hex');
}
