import { createHash } from 'node:crypto';
import { unframe } from './aws-chunked.ts';
import { type Algorithm, announcedAlgorithms, type Checksums, running, statedChecksums } from './checksums.ts';
import type { Content, ContentStore } from './content.ts';
import type { Quirks } from './quirks.ts';
import type { S3Request } from './request.ts';
import { S3Error } from './s3-error.ts';
import type { Signed } from './sigv4.ts';

/** A body that arrived whole and is what its headers and trailers said. */
export interface Received {
  readonly content: Content;
  /** Hexadecimal. */
  readonly md5: string;
  readonly checksums: Checksums;
}

interface Incoming {
  readonly request: S3Request;
  readonly signed: Signed;
  readonly quirks: Quirks;
  readonly source: AsyncIterable<Buffer>;
}

const STREAMED = /^STREAMING-(AWS4-HMAC-SHA256-PAYLOAD|UNSIGNED-PAYLOAD)(-TRAILER)?$/;

/** Reads a body to its end and verifies length, hash, Content-MD5 and checksums. Nothing is kept of one that differs. */
export async function receive(incoming: Incoming, store: ContentStore): Promise<Received> {
  const { request, signed, quirks } = incoming;
  checkLength(request, quirks);
  const { chunks, trailers } = payloadOf(incoming);
  const algorithms = [...Object.keys(statedChecksums(request.headers)), ...announcedAlgorithms(request.headers)] as Algorithm[];
  const tally = new Tally(/^[\da-f]{64}$/.test(signed.payload), quirks.checksums === 'verified' ? algorithms : []);
  const content = await store.take(tally.over(chunks));
  checkSize(request, content.size);
  return { content, ...tally.verify(request, signed, trailers) };
}

function checkLength({ headers }: S3Request, quirks: Quirks): void {
  const isStreamed = STREAMED.test(headers['x-amz-content-sha256'] ?? '');
  if (quirks.checksumTrailers === 'refused' && headers['x-amz-trailer'] !== undefined) throw new S3Error('MissingContentLength');
  if (isStreamed && headers['x-amz-decoded-content-length'] === undefined) throw new S3Error('MissingContentLength');
  if (!isStreamed && headers['content-length'] === undefined && headers['transfer-encoding'] !== undefined) throw new S3Error('MissingContentLength');
}

function payloadOf({ request, signed, source }: Incoming): { readonly chunks: AsyncIterable<Buffer>; readonly trailers: Readonly<Record<string, string>> } {
  const form = STREAMED.exec(signed.payload);
  if (form !== null) return unframe(source, form[1] === 'UNSIGNED-PAYLOAD' ? null : signed.chain, form[2] !== undefined);
  if (signed.payload !== 'UNSIGNED-PAYLOAD' && !/^[\da-f]{64}$/.test(signed.payload)) throw new S3Error('InvalidArgument', { Message: 'x-amz-content-sha256 is not valid.' });
  const isFramed = (request.headers['content-encoding'] ?? '').split(',').some((name) => name.trim() === 'aws-chunked');
  if (isFramed) throw new S3Error('InvalidRequest', { Message: 'An aws-chunked body needs a streaming x-amz-content-sha256.' });
  return { chunks: source, trailers: {} };
}

function checkSize({ headers }: S3Request, size: number): void {
  const stated = headers['x-amz-decoded-content-length'] ?? headers['content-length'];
  if (stated !== undefined && Number(stated) !== size) throw new S3Error('IncompleteBody');
}

/** Hashes of what passes through. */
class Tally {
  readonly #md5 = createHash('md5');
  readonly #sha256: ReturnType<typeof createHash> | null;
  readonly #sums: ReadonlyMap<Algorithm, ReturnType<typeof running>>;

  constructor(isHashed: boolean, algorithms: readonly Algorithm[]) {
    this.#sha256 = isHashed ? createHash('sha256') : null;
    this.#sums = new Map(algorithms.map((algorithm) => [algorithm, running(algorithm)]));
  }

  async *over(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      this.#md5.update(chunk);
      this.#sha256?.update(chunk);
      for (const sum of this.#sums.values()) sum.update(chunk);
      yield chunk;
    }
  }

  verify({ headers }: S3Request, { payload }: Signed, trailers: Readonly<Record<string, string>>): { md5: string; checksums: Checksums } {
    const md5 = this.#md5.digest();
    if (this.#sha256 !== null && this.#sha256.digest('hex') !== payload) throw new S3Error('XAmzContentSHA256Mismatch');
    checkMd5(headers['content-md5'], md5);
    const checksums = Object.fromEntries([...this.#sums].map(([algorithm, sum]) => [algorithm, sum.digest()])) as Checksums;
    const stated = { ...statedChecksums(headers), ...statedChecksums(trailers) };
    for (const [algorithm, value] of Object.entries(checksums)) {
      if (stated[algorithm as Algorithm] !== value) throw new S3Error('BadDigest', { Message: `The ${algorithm} you specified did not match the calculated checksum.` });
    }
    return { md5: md5.toString('hex'), checksums };
  }
}

function checkMd5(stated: string | undefined, md5: Buffer): void {
  if (stated === undefined) return;
  const bytes = Buffer.from(stated, 'base64');
  if (bytes.length !== 16) throw new S3Error('InvalidDigest');
  if (!bytes.equals(md5)) throw new S3Error('BadDigest');
}
