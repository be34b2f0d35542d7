import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { unframe } from './aws-chunked.ts';
import { readRequestLine, type S3Request } from './request.ts';
import { verifySignature } from './sigv4.ts';

// The worked examples of the Amazon S3 documentation ("Authenticating Requests (AWS Signature Version 4)").
const VERIFIER = {
  credentials: [{ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' }],
  nowMs: Date.UTC(2013, 4, 24),
  region: 'us-east-1',
};
const EMPTY = createHash('sha256').update('').digest('hex');
const SCOPE = 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request';

function example(method: string, url: string, given: Record<string, string>, signed?: [names: string, signature: string]): S3Request {
  const authorization = signed === undefined ? {} : { authorization: `AWS4-HMAC-SHA256 Credential=${SCOPE},SignedHeaders=${signed[0]},Signature=${signed[1]}` };
  return readRequestLine(method, url, { host: 'examplebucket.s3.amazonaws.com', 'x-amz-date': '20130524T000000Z', ...given, ...authorization });
}

const GET = example('GET', '/test.txt', { range: 'bytes=0-9', 'x-amz-content-sha256': EMPTY }, [
  'host;range;x-amz-content-sha256;x-amz-date',
  'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
]);
const PUT_PAYLOAD = '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072';
const PRESIGNED = `/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${SCOPE.replaceAll('/', '%2F')}&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404`;

describe('SigV4', () => {
  it.each([
    ['an object with a range', GET],
    [
      'a PUT of an odd key',
      example('PUT', '/test%24file.text', { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY', 'x-amz-content-sha256': PUT_PAYLOAD }, [
        'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class',
        '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
      ]),
    ],
    [
      'a sub-resource',
      example('GET', '/?lifecycle', { 'x-amz-content-sha256': EMPTY }, [
        'host;x-amz-content-sha256;x-amz-date',
        'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
      ]),
    ],
    [
      'a listing',
      example('GET', '/?max-keys=2&prefix=J', { 'x-amz-content-sha256': EMPTY }, [
        'host;x-amz-content-sha256;x-amz-date',
        '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
      ]),
    ],
    ['a presigned query', example('GET', PRESIGNED, {})],
  ])('accepts the published example of %s', (_name, request) => {
    expect(verifySignature(request, VERIFIER).payload).toBe(request.headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD');
  });

  it.each([
    ['another path', { ...GET, rawPath: '/test2.txt' }, {}, 'SignatureDoesNotMatch'],
    ['another method', { ...GET, method: 'DELETE' }, {}, 'SignatureDoesNotMatch'],
    ['another header', { ...GET, headers: { ...GET.headers, range: 'bytes=0-8' } }, {}, 'SignatureDoesNotMatch'],
    ['one more query', { ...GET, rawQuery: 'versionId=1' }, {}, 'SignatureDoesNotMatch'],
    ['an unknown key', GET, { credentials: [] }, 'InvalidAccessKeyId'],
    ['a clock 16 minutes ahead', GET, { nowMs: VERIFIER.nowMs - 16 * 60_000 }, 'RequestTimeTooSkewed'],
    ['a clock 16 minutes behind', GET, { nowMs: VERIFIER.nowMs + 16 * 60_000 }, 'RequestTimeTooSkewed'],
    ['another region', GET, { region: 'eu-central-1' }, 'AuthorizationHeaderMalformed'],
    ['no signature', example('GET', '/test.txt', {}), {}, 'AccessDenied'],
    ['a presigned query a day later', example('GET', PRESIGNED, {}), { nowMs: VERIFIER.nowMs + 86_401_000 }, 'AccessDenied'],
  ])('refuses %s', (_name, request, change, code) => {
    expect(() => verifySignature(request, { ...VERIFIER, ...change })).toThrow(expect.objectContaining({ code }));
  });

  it('accepts a clock 14 minutes off', () => {
    for (const minutes of [-14, 14]) expect(verifySignature(GET, { ...VERIFIER, nowMs: VERIFIER.nowMs + minutes * 60_000 }).payload).toBe(EMPTY);
  });
});

const CHUNKED = { 'content-encoding': 'aws-chunked', 'content-length': '66824', 'x-amz-decoded-content-length': '66560', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' };
const SIGNED_CHUNKS = example('PUT', '/examplebucket/chunkObject.txt', { ...CHUNKED, host: 's3.amazonaws.com', 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' }, [
  'content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class',
  '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
]);

/** The example's body of 66,560 letters in three chunks, in pieces of a length of our choice. */
async function* framed(pieceLength: number, letter = 'a'): AsyncGenerator<Buffer> {
  const body = Buffer.from(
    [
      `10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n${'a'.repeat(65_536)}\r\n`,
      `400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n${'a'.repeat(1023)}${letter}\r\n`,
      '0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n',
    ].join(''),
  );
  for (let at = 0; at < body.length; at += pieceLength) yield body.subarray(at, at + pieceLength);
}

async function unframedLength(source: AsyncIterable<Buffer>): Promise<number> {
  let length = 0;
  for await (const chunk of unframe(source, verifySignature(SIGNED_CHUNKS, VERIFIER).chain, false).chunks) length += chunk.length;
  return length;
}

describe('signed chunks', () => {
  it.each([7, 1000, 100_000])('accepts the published example in pieces of %i bytes', async (pieceLength) => {
    expect(await unframedLength(framed(pieceLength))).toBe(66_560);
  });

  it('refuses a chunk with another byte', async () => {
    await expect(unframedLength(framed(1000, 'b'))).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' });
  });

  it('refuses a body that ends in a chunk', async () => {
    async function* cut(): AsyncGenerator<Buffer> {
      yield Buffer.from(`10000;chunk-signature=ad80\r\n${'a'.repeat(100)}`);
    }
    await expect(unframedLength(cut())).rejects.toMatchObject({ code: 'IncompleteBody' });
  });
});
