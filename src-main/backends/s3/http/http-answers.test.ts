import { MockAgent } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { bodyOf, openTestApi, testConfig, textOfBody } from '../../../testing/http-api-kit.ts';
import { ODD_KEYS } from '../../../testing/s3-server/odd-keys.ts';
import type { Profile } from '../../../testing/s3-server/quirks.ts';
import { S3Server } from '../../../testing/s3-server/s3-server.ts';
import { BUCKET } from '../../../testing/s3-server/server-per-test.ts';
import type { Dialect, S3Api, S3Body } from '../s3-api.ts';

const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

/** An API whose store gives this one answer. */
async function answering(text: string, headers: Record<string, string> = {}, status = 200): Promise<S3Api> {
  const network = new MockAgent();
  network.disableNetConnect();
  network
    .get('http://store.example')
    .intercept({ path: () => true, method: () => true })
    .reply(status, text, { headers })
    .persist();
  const api = await openTestApi(testConfig({ endpoint: 'http://store.example', region: 'r' }), { network });
  ended.push(() => network.close());
  return api;
}

const ROW = '<LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>"e"</ETag><Size>1</Size>';
const page = (inside: string, { name = BUCKET, prefix = 'vault/', rest = '<IsTruncated>false</IsTruncated>' } = {}): string =>
  `<ListBucketResult><Name>${name}</Name><Prefix>${prefix}</Prefix>${rest}${inside}</ListBucketResult>`;
const row = (key: string): string => `<Contents><Key>${key}</Key>${ROW}</Contents>`;

describe('listings', () => {
  it.each([
    ['raw names are not decoded', '', ['007', ' x ', 'a%20b+c', 'a&amp;b', '&#13;', 'tab\there'], ['007', ' x ', 'a%20b+c', 'a&b', '\r', 'tab\there']],
    ['encoded ones are', '<EncodingType>url</EncodingType>', ['007', '+x+', 'a%2520b%2Bc', '%C3%BC', '%01'], ['007', ' x ', 'a%20b+c', 'ü', '\u0001']],
  ])('S90 %s', async (_name, encoding, written, expected) => {
    const api = await answering(page(encoding + written.map((key) => row(`vault/${key}`)).join('')));
    expect((await api.list('')).objects.map(({ key }) => key)).toEqual(expected);
  });

  it.each([
    ['of another bucket', page('', { name: 'other' })],
    ['of another folder', page('', { prefix: 'vault/sub/' })],
    ['that does not say whether it ends', page('', { rest: '' })],
    ['that says neither', page('', { rest: '<IsTruncated>maybe</IsTruncated>' })],
    ['without a way on', page('', { rest: '<IsTruncated>true</IsTruncated>' })],
    ['that goes on as before', page('', { rest: '<IsTruncated>true</IsTruncated><NextContinuationToken>same</NextContinuationToken>' })],
    ['with keys from elsewhere', page(row('other/a'))],
    ['with a name that cannot be decoded', page(`<EncodingType>url</EncodingType>${row('vault/%FF')}`)],
    ['without sizes', page('<Contents><Key>vault/a</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>')],
    ['without times', page('<Contents><Key>vault/a</Key><LastModified>never</LastModified><Size>1</Size></Contents>')],
  ])('S134 C52 one %s is none', async (_name, text) => {
    const api = await answering(text);
    await expect(api.list('', { continuation: 'same' })).rejects.toMatchObject({ code: 'unreachable', hint: expect.any(String) });
  });

  it.each([
    ['an empty success', ''],
    ['a page of the web', '<html><body>Sign in</body></html>'],
    ['JSON', '{}'],
    ['another document', '<ListAllMyBucketsResult></ListAllMyBucketsResult>'],
    ['a document with entities of its own', `<!DOCTYPE x [<!ENTITY e "x">]>${page('')}`],
    ['a cut document', page(row('vault/a')).slice(0, -10)],
  ])('S123 %s is no listing', async (_name, text) => {
    const api = await answering(text);
    await expect(api.list('')).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('S53 parts and uploads whose pages repeat are none', async () => {
    const again = '<IsTruncated>true</IsTruncated>';
    const parts = await answering(`<ListPartsResult>${again}<NextPartNumberMarker>0</NextPartNumberMarker></ListPartsResult>`);
    await expect(parts.listParts('a', 'id')).rejects.toMatchObject({ code: 'unreachable' });
    const uploads = await answering(
      `<ListMultipartUploadsResult><Bucket>${BUCKET}</Bucket><Prefix>vault/</Prefix>${again}<NextKeyMarker>k</NextKeyMarker><NextUploadIdMarker>u</NextUploadIdMarker></ListMultipartUploadsResult>`,
    );
    await expect(uploads.listUploads('')).rejects.toMatchObject({ code: 'unreachable' });
  });
});

describe('answers that are not the store’s', () => {
  it('S123 say nothing about an object', async () => {
    const page200 = await answering('', { 'content-type': 'text/html' });
    await expect(page200.head('a')).rejects.toMatchObject({ code: 'unreachable' });
    expect(await page200.put('a', bodyOf('x'), { meta: {} })).toMatchObject({ kind: 'unanswered', error: { code: 'unreachable' } });
    const page404 = await answering('<html>not found</html>', { 'content-type': 'text/html' }, 404);
    await expect(page404.head('a')).rejects.toMatchObject({ code: 'unreachable' });
    await expect(page404.get('a')).rejects.toMatchObject({ code: 'unreachable' });
    expect(await page404.delete('a')).toMatchObject({ kind: 'unanswered' });
    const empty404 = await answering('', {}, 404);
    await expect(empty404.head('a')).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('a refusal repeats nothing of what was signed', async () => {
    const secret =
      '<Error><Code>SignatureDoesNotMatch</Code><StringToSign>secret-token</StringToSign><CanonicalRequest>x-amz-security-token:secret-token</CanonicalRequest></Error>';
    const api = await answering(secret, {}, 403);
    const error: unknown = await api.list('').catch((thrown: unknown) => thrown);
    const { message, hint, cause } = error as { message: string; hint: string; cause: Error };
    expect(`${message} ${hint} ${cause.message}`).not.toContain('secret-token');
    expect(message).toBe('store.example does not accept the secret key');
  });
});

async function open(profile: Profile, dialect: Partial<Dialect> = {}): Promise<readonly [S3Api, S3Server]> {
  const server = await S3Server.start({ buckets: [BUCKET], profile });
  ended.push(() => server.close());
  const api = await openTestApi(testConfig(server));
  ended.push(() => api.close());
  api.speak({ etags: 'quoted', copyTarget: 'if-', ...dialect });
  return [api, server];
}

it.each([...ODD_KEYS, 'a/../b', 'a/./b', '/', '\u0001', 'x'.repeat(1000)])('S90 the key %j is kept to the byte, everywhere', async (key) => {
  const [api, server] = await open('aws');
  await api.put(key, bodyOf(key), { meta: {} });
  expect(server.bucket(BUCKET).keys()).toEqual([`vault/${key}`]);
  const body = (await api.get(key)) as S3Body;
  expect([await textOfBody(body.chunks), (await api.head(key))?.size]).toEqual([key, Buffer.byteLength(key)]);
  expect((await api.list('')).objects.map((object) => object.key)).toEqual([key]);
  expect(await api.copy({ key }, 'copy', { meta: null })).toMatchObject({ kind: 'done' });
  const uploadId = await api.createUpload(key, { meta: {} });
  expect((await api.listUploads('')).map((upload) => upload.key)).toEqual([key]);
  await api.abort(key, uploadId);
  expect(await api.versions(key, 2)).toMatchObject([{ size: Buffer.byteLength(key), isLatest: true }]);
  expect(await api.deleteMany([key, 'copy'])).toEqual([]);
  expect(server.bucket(BUCKET).keys()).toEqual([]);
});

describe('dialects', () => {
  it('S115 ETags go without quotes where the store wants it', async () => {
    const [api] = await open('ceph16');
    const first = await api.put('a', bodyOf('one'), { meta: {} });
    const precondition = { kind: 'etag', etag: first.kind === 'done' ? first.etag : '' } as const;
    expect(await api.put('a', bodyOf('two'), { meta: {}, precondition })).toEqual({ kind: 'failed' });
    api.speak({ etags: 'unquoted', copyTarget: 'if-' });
    expect(await api.put('a', bodyOf('two'), { meta: {}, precondition })).toMatchObject({ kind: 'done' });
  });

  it('conditions of copies go under the store’s own names', async () => {
    const [api] = await open('r2', { copyTarget: 'cf-copy-destination-if-' });
    await api.put('a', bodyOf('one'), { meta: {} });
    await api.put('b', bodyOf('two'), { meta: {} });
    expect(await api.copy({ key: 'a' }, 'b', { meta: null, precondition: { kind: 'absent' } })).toEqual({ kind: 'failed' });
  });

  it('S112 a store that does not know conditions says so', async () => {
    const [api] = await open('b2');
    expect(await api.put('a', bodyOf('one'), { meta: {}, precondition: { kind: 'absent' } })).toEqual({ kind: 'not-implemented' });
  });

  it('S111 the object to be replaced is gone: 404 or 412', async () => {
    for (const profile of ['aws', 'ceph16'] as const) {
      const [api] = await open(profile);
      expect(await api.put('a', bodyOf('one'), { meta: {}, precondition: { kind: 'etag', etag: 'gone' } })).toEqual({ kind: 'failed' });
    }
  });

  it('S133 no checksums are sent that old stores refuse', async () => {
    const [api] = await open('ceph16');
    expect(await api.put('a', bodyOf(Buffer.alloc(200_000)), { meta: {} })).toMatchObject({ kind: 'done' });
  });
});
