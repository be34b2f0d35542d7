import { afterEach, describe, expect, it } from 'vitest';
import { bodyOf, openTestApi, testConfig, textOfBody } from '../../../testing/http-api-kit.ts';
import { BUCKET, serverPerTest } from '../../../testing/s3-server/server-per-test.ts';
import type { S3Api, S3Body, WriteAnswer } from '../s3-api.ts';
import type { HttpPorts } from './http-api.ts';

const served = serverPerTest({ quirks: { smallestPartBytes: 1 } });
const opened: S3Api[] = [];
afterEach(async () => {
  for (const api of opened.splice(0)) await api.close();
});

async function open(changes: Partial<HttpPorts> = {}): Promise<S3Api> {
  const api = await openTestApi(testConfig(served().server), changes);
  opened.push(api);
  return api;
}

async function etagOf(answer: Promise<WriteAnswer | { readonly kind: 'source-changed' | 'no-upload' }>): Promise<string> {
  const result = await answer;
  if (result.kind !== 'done') throw new Error(`not done but ${result.kind}`);
  return result.etag;
}

async function read(api: S3Api, key: string): Promise<string> {
  const body = (await api.get(key)) as S3Body;
  return textOfBody(body.chunks);
}

describe('objects', () => {
  it('are stored, described, read and removed', async () => {
    const api = await open();
    const meta = { kind: 'file', mtime: '1700000000000000000', note: 'a  b' };
    const etag = await etagOf(api.put('docs/a.txt', bodyOf('hello'), { meta }));
    const object = { key: 'docs/a.txt', size: 5, etag, meta, versionId: null };
    expect(await api.head('docs/a.txt')).toMatchObject(object);
    const got = (await api.get('docs/a.txt')) as S3Body;
    expect(got.object).toMatchObject(object);
    expect(await textOfBody(got.chunks)).toBe('hello');
    expect(served().server.bucket(BUCKET).keys()).toEqual(['vault/docs/a.txt']);
    expect(await api.delete('docs/a.txt')).toEqual({ kind: 'done', versionId: null, isDeleteMarker: false });
    expect([await api.head('docs/a.txt'), await api.get('docs/a.txt')]).toEqual([null, null]);
    expect(await api.delete('docs/a.txt')).toMatchObject({ kind: 'done' });
  });

  it('tell how much of them has left, from the start at each attempt', async () => {
    const api = await open();
    const told: number[] = [];
    const text = 'x'.repeat(150_000);
    served().server.faults.plan({ when: { operation: 'PutObject' }, fault: { kind: 'error', code: 'SlowDown' } });
    await api.put('a', { ...bodyOf(text), onSent: (bytes) => told.push(bytes) }, { meta: {} });
    const once = [0, 65_536, 131_072, 150_000];
    expect(told).toEqual([0, ...once, ...once]);
  });

  it('of many requests that one signal ends, none is warned of as a leak', async () => {
    const api = await open();
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    process.on('warning', onWarning);
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 40 }, (_, i) => api.head(`${i}`, { signal })));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });

  it('are stored only under their precondition', async () => {
    const api = await open();
    const first = await etagOf(api.put('a', bodyOf('one'), { meta: {}, precondition: { kind: 'absent' } }));
    expect(await api.put('a', bodyOf('two'), { meta: {}, precondition: { kind: 'absent' } })).toEqual({ kind: 'failed' });
    const second = await etagOf(api.put('a', bodyOf('two'), { meta: {}, precondition: { kind: 'etag', etag: first } }));
    expect(await api.put('a', bodyOf('three'), { meta: {}, precondition: { kind: 'etag', etag: first } })).toEqual({ kind: 'failed' });
    expect(await api.put('none', bodyOf('x'), { meta: {}, precondition: { kind: 'etag', etag: first } })).toEqual({ kind: 'failed' });
    expect(await api.delete('a', { precondition: { kind: 'etag', etag: first } })).toEqual({ kind: 'failed' });
    expect(await read(api, 'a')).toBe('two');
    expect(await api.delete('a', { precondition: { kind: 'etag', etag: second } })).toMatchObject({ kind: 'done' });
  });

  it('are read from an offset and under a condition', async () => {
    const api = await open();
    const etag = await etagOf(api.put('a', bodyOf('0123456789'), { meta: {} }));
    const rest = (await api.get('a', { offset: 7, ifMatch: etag })) as S3Body;
    expect([rest.object.size, await textOfBody(rest.chunks)]).toEqual([10, '789']);
    const end = (await api.get('a', { offset: 10, ifMatch: etag })) as S3Body;
    expect([end.object.size, await textOfBody(end.chunks)]).toEqual([10, '']);
    expect(await api.get('a', { ifMatch: 'another' })).toBe('changed');
    expect(await api.get('a', { ifMatch: 'another', offset: 10 })).toBe('changed');
    expect(await api.get('none', { offset: 1 })).toBe(null);
    await expect(api.get('a', { offset: 11 })).rejects.toMatchObject({ code: 'corrupt' });
  });

  it('are copied, with their metadata or other, and only from the version meant', async () => {
    const api = await open();
    const etag = await etagOf(api.put('a b+c', bodyOf('one'), { meta: { note: 'x' } }));
    const plain = await api.copy({ key: 'a b+c', etag }, 'b', { meta: null, precondition: { kind: 'absent' } });
    expect(plain).toMatchObject({ kind: 'done', etag, lastModifiedMs: expect.any(Number) });
    await etagOf(api.copy({ key: 'a b+c' }, 'c', { meta: { other: 'y' } }));
    expect([(await api.head('b'))?.meta, (await api.head('c'))?.meta]).toEqual([{ note: 'x' }, { other: 'y' }]);
    const absent = { meta: null, precondition: { kind: 'absent' } } as const;
    expect(await api.copy({ key: 'a b+c', etag }, 'b', absent)).toEqual({ kind: 'failed' });
    expect(await api.copy({ key: 'a b+c', etag: 'old' }, 'd', absent)).toEqual({ kind: 'source-changed' });
    expect(await api.copy({ key: 'none', etag }, 'd', absent)).toEqual({ kind: 'source-changed' });
    expect(await api.copy({ key: 'a b+c', etag }, 'd', { meta: null, precondition: { kind: 'etag', etag } })).toEqual({ kind: 'failed' });
    expect(await api.copy({ key: 'none', etag }, 'd', { meta: null, precondition: { kind: 'etag', etag } })).toEqual({ kind: 'source-changed' });
  });

  it('are removed many at once', async () => {
    const { server } = served();
    const api = await open();
    const keys = ['a', 'b & <c>', 'tab\there', 'odd\u0001', 'line\r\nbreak', ' x '];
    for (const key of [...keys, 'kept']) await api.put(key, bodyOf('x'), { meta: {} });
    expect(await api.deleteMany([...keys, 'never was'])).toEqual([]);
    expect(server.bucket(BUCKET).keys()).toEqual(['vault/kept']);
    server.denied.add('s3:DeleteObject');
    expect(await api.deleteMany(['kept'])).toEqual([{ key: 'kept', code: 'AccessDenied' }]);
  });
});

describe('listings', () => {
  it('hold what lies below a prefix, page by page and after a key', async () => {
    const api = await open();
    for (const key of ['a/1', 'a/2', 'a/3', 'b']) await api.put(key, bodyOf(key), { meta: {} });
    const first = await api.list('a/', { most: 2 });
    expect(first.objects.map(({ key, size }) => [key, size])).toEqual([
      ['a/1', 3],
      ['a/2', 3],
    ]);
    expect(first.objects[0]?.etag).toBe((await api.head('a/1'))?.etag);
    const last = await api.list('a/', { most: 2, ...(first.continuation === null ? {} : { continuation: first.continuation }) });
    expect([last.objects.map(({ key }) => key), last.continuation]).toEqual([['a/3'], null]);
    expect((await api.list('', { startAfter: 'a/2' })).objects.map(({ key }) => key)).toEqual(['a/3', 'b']);
    expect((await api.list('none/')).objects).toEqual([]);
  });

  it('tell the versions of one key, newest first', async () => {
    const { server } = served();
    server.bucket(BUCKET).versioning = 'Enabled';
    const api = await open();
    const first = await api.put('a', bodyOf('1'), { meta: {} });
    await api.put('ab', bodyOf('other'), { meta: {} });
    const gone = await api.delete('a');
    const last = await api.put('a', bodyOf('22'), { meta: {} });
    expect(gone).toMatchObject({ kind: 'done', isDeleteMarker: true, versionId: expect.any(String) });
    const versions = await api.versions('a', 10);
    expect(versions.map(({ versionId, isDeleteMarker, isLatest, size }) => [versionId, isDeleteMarker, isLatest, size])).toEqual([
      [last.kind === 'done' ? last.versionId : '', false, true, 2],
      [gone.kind === 'done' ? gone.versionId : '', true, false, 0],
      [first.kind === 'done' ? first.versionId : '', false, false, 1],
    ]);
    expect(await api.versions('a', 1)).toEqual(versions.slice(0, 1));
    expect(await api.versioning()).toBe('enabled');
    expect(await api.delete('a', { versionId: versions[0]?.versionId ?? '' })).toMatchObject({ kind: 'done', isDeleteMarker: false });
    expect(await api.head('a')).toBe(null);
  });
});

describe('uploads', () => {
  it('come in parts, of bytes and of other objects', async () => {
    const api = await open();
    const etag = await etagOf(api.put('source', bodyOf('0123456789'), { meta: {} }));
    const id = await api.createUpload('big', { meta: { kind: 'file' } });
    expect((await api.listUploads('')).map(({ key, uploadId }) => [key, uploadId])).toEqual([['big', id]]);
    const second = await api.copyPart({ key: 'source', etag, first: 3, last: 5 }, 'big', { uploadId: id, number: 2 });
    const first = await api.uploadPart('big', { uploadId: id, number: 1, bytes: Buffer.from('abc') });
    expect([second, first]).toEqual([{ etag: expect.any(String) }, { etag: expect.any(String) }]);
    const parts = (await api.listParts('big', id)) ?? [];
    expect(parts.map(({ number, size }) => [number, size])).toEqual([
      [1, 3],
      [2, 3],
    ]);
    expect(await api.complete('big', id, parts, { precondition: { kind: 'absent' } })).toMatchObject({ kind: 'done', etag: expect.stringMatching(/-2$/) });
    expect([await read(api, 'big'), (await api.head('big'))?.meta]).toEqual(['abc345', { kind: 'file' }]);
  });

  it('are completed only under their precondition, and can be given up', async () => {
    const api = await open();
    const etag = await etagOf(api.put('big', bodyOf('x'), { meta: {} }));
    const id = await api.createUpload('big', { meta: {} });
    const part = (await api.uploadPart('big', { uploadId: id, number: 1, bytes: Buffer.from('abc') })) as { etag: string };
    const parts = [{ number: 1, ...part }];
    expect(await api.complete('big', id, parts, { precondition: { kind: 'absent' } })).toEqual({ kind: 'failed' });
    expect(await api.copyPart({ key: 'big', etag: 'old', first: 0, last: 0 }, 'big', { uploadId: id, number: 2 })).toBe('source-changed');
    expect(await api.copyPart({ key: 'none', first: 0, last: 0 }, 'big', { uploadId: id, number: 2 })).toBe('source-changed');
    await api.abort('big', id);
    await api.abort('big', id);
    expect(await api.listParts('big', id)).toBe(null);
    expect(await api.uploadPart('big', { uploadId: id, number: 1, bytes: Buffer.from('abc') })).toBe('no-upload');
    expect(await api.copyPart({ key: 'big', etag, first: 0, last: 0 }, 'big', { uploadId: id, number: 2 })).toBe('no-upload');
    expect(await api.complete('big', id, parts, {})).toEqual({ kind: 'no-upload' });
    expect(await read(api, 'big')).toBe('x');
  });
});

it('counts requests and the bytes of bodies', async () => {
  const api = await open();
  await api.put('a', bodyOf('12345'), { meta: {} });
  await read(api, 'a');
  const { requests, bytesUp, bytesDown } = api.usage();
  expect([requests, bytesUp, bytesDown]).toEqual([{ put: 1, part: 0, copy: 0, list: 0, get: 1, head: 0, delete: 0, other: 0 }, 5, 5]);
});
