import { createHash } from 'node:crypto';
import { DeleteObjectCommand, DeleteObjectsCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { presign, type RawAnswer, sendRaw } from './raw-request.ts';
import { TEST_CREDENTIAL } from './s3-server.ts';
import { listAll, OTHER_ETAG, outcome, put, readText } from './sdk-calls.ts';
import { BUCKET, serverPerTest } from './server-per-test.ts';

const MINUTES = 60_000;
const SESSION = { accessKeyId: 'ASIASESSION000000001', secretAccessKey: 'secret-of-a-session', sessionToken: 'token/of+session=' };
let offsetMs = 0;
const served = serverPerTest({ credentials: [TEST_CREDENTIAL, SESSION], nowMs: () => Date.now() + offsetMs });
const PATH = `/${BUCKET}/a`;

function code(answer: RawAnswer): string {
  return `${answer.status} ${/<Code>(\w+)</.exec(answer.body)?.[1] ?? ''}`.trim();
}

describe('credentials', () => {
  it('wrong secret, unknown key, none', async () => {
    const { client, server } = served();
    expect(await outcome(put(client({ credentials: { ...TEST_CREDENTIAL, secretAccessKey: 'wrong' } }), 'a', 'x'))).toBe('403 SignatureDoesNotMatch');
    expect(await outcome(put(client({ credentials: { ...TEST_CREDENTIAL, accessKeyId: 'UNKNOWN' } }), 'a', 'x'))).toBe('403 InvalidAccessKeyId');
    expect(code(await sendRaw(server, { method: 'GET', path: PATH, credential: null }))).toBe('403 AccessDenied');
  });

  it('of a session: with its token, with another, expired', async () => {
    const { client, server } = served();
    expect(await outcome(put(client({ credentials: SESSION }), 'a', 'x'))).toBe('200');
    expect(await outcome(put(client({ credentials: { ...SESSION, sessionToken: 'other' } }), 'a', 'x'))).toBe('400 InvalidToken');
    server.credentials[1] = { ...SESSION, expiresAtMs: Date.now() - 1 };
    expect(await outcome(put(client({ credentials: SESSION }), 'a', 'x'))).toBe('400 ExpiredToken');
  });

  it('signed by a clock that is off', async () => {
    const { server } = served();
    await sendRaw(server, { method: 'PUT', path: PATH, body: 'x' });
    expect(code(await sendRaw(server, { method: 'GET', path: PATH, sentMs: Date.now() + 14 * MINUTES }))).toBe('200');
    expect(code(await sendRaw(server, { method: 'GET', path: PATH, sentMs: Date.now() - 16 * MINUTES }))).toBe('403 RequestTimeTooSkewed');
  });

  it('the server’s own clock shows in its Date', async () => {
    offsetMs = 3600 * 1000;
    const answer = await sendRaw(served().server, { method: 'GET', path: PATH });
    offsetMs = 0;
    expect(code(answer)).toBe('403 RequestTimeTooSkewed');
    expect(Date.parse(answer.headers.date ?? '') - Date.now()).toBeGreaterThan(3500 * 1000);
  });

  it('for another region', async () => {
    expect(await outcome(put(served().client({ region: 'eu-west-1' }), 'a', 'x'))).toBe('400 AuthorizationHeaderMalformed');
  });
});

describe('presigned queries', () => {
  it('put and get, until they expire', async () => {
    const { server } = served();
    const signed = (method: string, sentMs?: number): Promise<RawAnswer> => {
      const request = { method, path: PATH, body: method === 'PUT' ? 'presigned' : '', ...(sentMs === undefined ? {} : { sentMs }) };
      return sendRaw(server, { ...request, query: presign(server, request, 60), credential: null });
    };
    expect([code(await signed('PUT')), (await signed('GET')).body]).toEqual(['200', 'presigned']);
    expect(code(await signed('GET', Date.now() - 2 * MINUTES))).toBe('403 AccessDenied');
  });
});

describe('bodies', () => {
  it.each([
    ['another hash', { payload: createHash('sha256').update('other').digest('hex') }, '400 XAmzContentSHA256Mismatch'],
    ['no hash of it', { payload: 'UNSIGNED-PAYLOAD' }, '200'],
    ['an MD5 that is none', { headers: { 'content-md5': 'short' } }, '400 InvalidDigest'],
    ['no length', { headers: { 'transfer-encoding': 'chunked' } }, '411 MissingContentLength'],
    ['an unframed body that claims a frame', { payload: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', headers: { 'x-amz-decoded-content-length': '5' } }, '400 InvalidRequest'],
  ])('with %s', async (_name, difference, expected) => {
    expect(code(await sendRaw(served().server, { method: 'PUT', path: PATH, body: 'hello', ...difference }))).toBe(expected);
  });

  it('in unsigned chunks with a trailer', async () => {
    const { server, client } = served();
    const send = (crc32: string): Promise<RawAnswer> =>
      sendRaw(server, {
        method: 'PUT',
        path: PATH,
        body: `5\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:${crc32}\r\n\r\n`,
        payload: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
        headers: { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': '11', 'x-amz-trailer': 'x-amz-checksum-crc32' },
      });
    expect(code(await send('AAAAAA=='))).toBe('400 BadDigest');
    expect(code(await send('DUoRhQ=='))).toBe('200');
    expect(await readText(client(), 'a')).toBe('hello world');
  });
});

describe('missing permissions', () => {
  it('are named in the answer', async () => {
    const { client, server } = served();
    const sdk = client();
    const { ETag } = await put(sdk, 'a', 'x');
    const remove = (): Promise<string> => outcome(sdk.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'a' })));
    server.denied.add('s3:DeleteObject');
    expect(await remove()).toBe('403 AccessDenied');
    await expect(sdk.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'a' }))).rejects.toThrow('s3:DeleteObject');
    const { Errors } = await sdk.send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects: [{ Key: 'a' }] } }));
    expect(Errors).toEqual([expect.objectContaining({ Key: 'a', Code: 'AccessDenied' })]);
    server.denied.clear();
    server.denied.add('s3:GetObject').add('s3:ListBucket');
    expect(await outcome(listAll(sdk))).toBe('403 AccessDenied');
    expect(await outcome(put(sdk, 'a', 'y', { IfMatch: ETag }))).toBe('403 AccessDenied');
    expect(await outcome(put(sdk, 'a', 'y', { IfNoneMatch: '*' }))).toBe('412 PreconditionFailed');
    server.denied.clear();
    expect(await remove()).toBe('200');
  });

  it('to list: a missing object is answered 403 and not 404', async () => {
    const { client, server } = served();
    const sdk = client();
    const head = (): Promise<string> => outcome(sdk.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'none', IfMatch: OTHER_ETAG })));
    expect(await head()).toBe('404 NotFound');
    server.denied.add('s3:ListBucket');
    expect(await head()).toMatch(/^403/);
  });
});

it('a bucket in the host name', async () => {
  const { server, client } = served();
  const { status } = await sendRaw(server, { method: 'PUT', path: '/dir/a%20b', body: 'virtual', headers: { host: `${BUCKET}.localhost:${server.port}` } });
  expect([status, await readText(client(), 'dir/a b')]).toEqual([200, 'virtual']);
});

it('metadata sent as UTF-8 comes back as UTF-8', async () => {
  const { server } = served();
  await sendRaw(server, { method: 'PUT', path: PATH, body: 'x', headers: { 'x-amz-meta-name': '日本' } });
  const { headers } = await sendRaw(server, { method: 'HEAD', path: PATH });
  expect(Buffer.from(String(headers['x-amz-meta-name']), 'latin1').toString()).toBe('日本');
});

it('what it does not know is not implemented', async () => {
  expect(code(await sendRaw(served().server, { method: 'GET', path: `/${BUCKET}`, query: { acl: '' } }))).toBe('501 NotImplemented');
});
