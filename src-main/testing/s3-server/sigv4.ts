import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { pairs, type S3Request } from './request.ts';
import { S3Error } from './s3-error.ts';

export interface Credential {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** From then on every request with this key is answered ExpiredToken. */
  readonly expiresAtMs?: number;
}

/** What the signature says about the body. */
export interface Signed {
  /** The value of x-amz-content-sha256: a hash or one of the words for unsigned and streamed bodies. */
  readonly payload: string;
  /** Signs what follows the seed signature in a streamed body. */
  readonly chain: SignatureChain;
}

export interface Verifier {
  readonly credentials: readonly Credential[];
  readonly nowMs: number;
  /** The region that signatures must name, or null for any. */
  readonly region: string | null;
}

interface Claim {
  readonly accessKeyId: string;
  readonly scope: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly date: string;
  readonly token: string | undefined;
  readonly payload: string;
  readonly isPresigned: boolean;
}

const SKEW_MS = 15 * 60_000;

/** Verifies SigV4 in its header and its query form, in AWS's order: who, when, then the signature. */
export function verifySignature(request: S3Request, verifier: Verifier): Signed {
  const claim = request.query.has('X-Amz-Algorithm') ? queryClaim(request) : headerClaim(request);
  const credential = verifier.credentials.find((known) => known.accessKeyId === claim.accessKeyId);
  if (credential === undefined) throw new S3Error('InvalidAccessKeyId', { AWSAccessKeyId: claim.accessKeyId });
  checkToken(credential, claim.token, verifier.nowMs);
  checkTime(request, claim, verifier.nowMs);
  checkScope(claim, verifier.region);
  const chain = new SignatureChain(signingKey(credential.secretAccessKey, claim.scope), claim.date, claim.scope, claim.signature);
  const wanted = chain.sign('AWS4-HMAC-SHA256', sha256(canonicalRequest(request, claim)));
  if (!sameText(wanted, claim.signature)) throw new S3Error('SignatureDoesNotMatch', { AWSAccessKeyId: claim.accessKeyId });
  return { payload: claim.payload, chain };
}

function headerClaim(request: S3Request): Claim {
  const { headers } = request;
  const header = headers['authorization'];
  if (header === undefined) throw new S3Error('AccessDenied');
  const match = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([\da-f]{64})$/.exec(header);
  if (match === null) throw new S3Error('AuthorizationHeaderMalformed');
  const [, accessKeyId = '', scope = '', signedHeaders = '', signature = ''] = match;
  const payload = headers['x-amz-content-sha256'];
  if (payload === undefined) throw new S3Error('InvalidRequest', { Message: 'Missing required header for this request: x-amz-content-sha256' });
  const token = headers['x-amz-security-token'];
  return { accessKeyId, scope, signedHeaders: signedHeaders.split(';'), signature, date: headers['x-amz-date'] ?? '', token, payload, isPresigned: false };
}

function queryClaim({ query, headers }: S3Request): Claim {
  const get = (name: string): string => query.get(name) ?? '';
  const [accessKeyId = '', ...scope] = get('X-Amz-Credential').split('/');
  if (get('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256' || scope.length !== 4) throw new S3Error('AuthorizationQueryParametersError');
  return {
    accessKeyId,
    scope: scope.join('/'),
    signedHeaders: get('X-Amz-SignedHeaders').split(';'),
    signature: get('X-Amz-Signature'),
    date: get('X-Amz-Date'),
    token: query.get('X-Amz-Security-Token'),
    payload: query.get('X-Amz-Content-Sha256') ?? headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD',
    isPresigned: true,
  };
}

function checkToken({ sessionToken, expiresAtMs }: Credential, token: string | undefined, nowMs: number): void {
  if (expiresAtMs !== undefined && nowMs >= expiresAtMs) throw new S3Error('ExpiredToken');
  if (sessionToken !== token) throw new S3Error('InvalidToken');
}

function checkTime({ query }: S3Request, { date, isPresigned }: Claim, nowMs: number): void {
  const sentMs = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (Number.isNaN(sentMs)) throw new S3Error('AccessDenied', { Message: 'AWS authentication requires a valid Date or x-amz-date header' });
  if (!isPresigned && Math.abs(nowMs - sentMs) > SKEW_MS) throw new S3Error('RequestTimeTooSkewed', { RequestTime: date, ServerTime: new Date(nowMs).toISOString() });
  const expiresS = Number(query.get('X-Amz-Expires'));
  if (isPresigned && (expiresS > 604_800 || !(expiresS >= 1)))
    throw new S3Error('AuthorizationQueryParametersError', { Message: 'X-Amz-Expires must be between 1 and 604800 seconds' });
  if (isPresigned && (nowMs > sentMs + expiresS * 1000 || sentMs > nowMs + SKEW_MS)) throw new S3Error('AccessDenied', { Message: 'Request has expired' });
}

function checkScope({ scope, date }: Claim, region: string | null): void {
  const [day, named, service, end] = scope.split('/');
  const isRegionRight = region === null || named === region;
  if (day !== date.slice(0, 8) || service !== 's3' || end !== 'aws4_request' || !isRegionRight) {
    throw new S3Error('AuthorizationHeaderMalformed', {
      Message: `The authorization header is malformed; the region '${named}' is wrong; expecting '${region}'`,
      Region: region ?? '',
    });
  }
}

/** The request as it was signed: S3 neither normalises paths nor encodes them twice. */
function canonicalRequest({ method, rawPath, rawQuery, headers }: S3Request, { signedHeaders, payload }: Claim): string {
  const query = pairs(rawQuery)
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${uriEncode(name)}=${uriEncode(value)}`)
    .sort();
  const path = rawPath.split('/').map((part) => uriEncode(decodeURIComponent(part)));
  const lines = signedHeaders.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`);
  return [method, path.join('/'), query.join('&'), lines.join(''), signedHeaders.join(';'), payload].join('\n');
}

function uriEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Each signature of a streamed body signs the one before it. */
export class SignatureChain {
  readonly #key: Buffer;
  readonly #prefix: string;
  #previous: string;

  constructor(key: Buffer, date: string, scope: string, seed: string) {
    this.#key = key;
    this.#prefix = `${date}\n${scope}`;
    this.#previous = seed;
  }

  sign(algorithm: string, rest: string): string {
    return createHmac('sha256', this.#key).update(`${algorithm}\n${this.#prefix}\n${rest}`).digest('hex');
  }

  /** @param hash of the chunk's bytes @throws SignatureDoesNotMatch */
  checkChunk(signature: string | undefined, hash: string): void {
    this.#check(signature, 'AWS4-HMAC-SHA256-PAYLOAD', `${this.#previous}\n${sha256('')}\n${hash}`);
  }

  /** @param lines the trailing headers as `name:value\n` */
  checkTrailer(signature: string | undefined, lines: string): void {
    this.#check(signature, 'AWS4-HMAC-SHA256-TRAILER', `${this.#previous}\n${sha256(lines)}`);
  }

  #check(signature: string | undefined, algorithm: string, rest: string): void {
    const wanted = this.sign(algorithm, rest);
    if (signature === undefined || !sameText(wanted, signature)) throw new S3Error('SignatureDoesNotMatch');
    this.#previous = wanted;
  }
}

function signingKey(secret: string, scope: string): Buffer {
  return scope.split('/').reduce<Buffer>((key, part) => createHmac('sha256', key).update(part).digest(), Buffer.from(`AWS4${secret}`));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function sameText(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
