import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBucket, enableVersioning } from '../backends/s3/http/buckets.ts';
import { addCleanUpRule, hasCleanUpRule } from '../backends/s3/http/lifecycle.ts';
import type { S3Api, S3Body } from '../backends/s3/s3-api.ts';
import type { S3Config } from '../backends/s3/s3-config.ts';
import { Secret } from '../core/secret.ts';
import { type Ceph, isCephInstalled, startCeph } from './ceph.ts';
import { bodyOf, openTestApi, testConfig, testPorts, textOfBody } from './http-api-kit.ts';
import { ODD_KEYS } from './s3-server/odd-keys.ts';

const MIB5 = Buffer.alloc(5 * 1024 * 1024, 'part');

describe.skipIf(!isCephInstalled())('our HTTP client and a real Ceph gateway', () => {
  let ceph: Ceph;
  let config: S3Config;
  let api: S3Api;

  beforeAll(async () => {
    ceph = await startCeph();
    const credentials = { kind: 'keys', accessKeyId: ceph.accessKeyId, secretAccessKey: new Secret(ceph.secretAccessKey), sessionToken: null } as const;
    config = testConfig(ceph, { credentials });
    await createBucket(config, testPorts(config));
    api = await openTestApi(config);
    api.speak({ etags: 'unquoted', copyTarget: 'if-' });
  });
  afterAll(async () => {
    await api.close();
    await ceph.end();
  });

  const stored = async (key: string, content: string): Promise<string> => {
    const answer = await api.put(key, bodyOf(content), { meta: { kind: 'file' } });
    if (answer.kind !== 'done') throw new Error(answer.kind);
    return answer.etag;
  };
  const read = async (key: string): Promise<string> => textOfBody(((await api.get(key)) as S3Body).chunks);

  it('S90 keep every odd key to the byte, in listings too', async () => {
    for (const key of ODD_KEYS) await stored(`odd/${key}`, key);
    for (const key of ODD_KEYS) expect([await read(`odd/${key}`), (await api.head(`odd/${key}`))?.meta]).toEqual([key, { kind: 'file' }]);
    const listed: string[] = [];
    let page = await api.list('odd/', { most: 7 });
    for (;;) {
      listed.push(...page.objects.map(({ key }) => key.slice('odd/'.length)));
      if (page.continuation === null) break;
      page = await api.list('odd/', { most: 7, continuation: page.continuation });
    }
    expect(new Set(listed)).toEqual(new Set(ODD_KEYS));
    expect(listed).toHaveLength(ODD_KEYS.length);
    expect(await api.deleteMany(ODD_KEYS.map((key) => `odd/${key}`))).toEqual([]);
    expect((await api.list('odd/')).objects).toEqual([]);
  });

  it('judge a put by its precondition, given without quotes', async () => {
    const first = await stored('a', 'one');
    expect(await api.put('a', bodyOf('two'), { meta: {}, precondition: { kind: 'absent' } })).toEqual({ kind: 'failed' });
    expect(await api.put('a', bodyOf('two'), { meta: {}, precondition: { kind: 'etag', etag: first } })).toMatchObject({ kind: 'done' });
    expect(await api.put('a', bodyOf('three'), { meta: {}, precondition: { kind: 'etag', etag: first } })).toEqual({ kind: 'failed' });
    expect(await read('a')).toBe('two');
  });

  it('read from an offset and under a condition, and copy', async () => {
    const etag = await stored('b c+d', '0123456789');
    const rest = (await api.get('b c+d', { offset: 7, ifMatch: etag })) as S3Body;
    expect(await textOfBody(rest.chunks)).toBe('789');
    expect([await api.get('b c+d', { ifMatch: 'another' }), await api.get('none'), await api.head('none')]).toEqual(['changed', null, null]);
    expect(await api.copy({ key: 'b c+d', etag }, 'e', { meta: { other: 'x' } })).toMatchObject({ kind: 'done', etag });
    expect([await read('e'), (await api.head('e'))?.meta]).toEqual(['0123456789', { other: 'x' }]);
    expect(await api.copy({ key: 'none' }, 'e', { meta: null })).toEqual({ kind: 'source-changed' });
  });

  it('send an upload in parts, of bytes and of another object', async () => {
    const id = await api.createUpload('big ü', { meta: { kind: 'file' } });
    expect((await api.listUploads('')).map(({ key, uploadId }) => [key, uploadId])).toEqual([['big ü', id]]);
    const first = (await api.uploadPart('big ü', { uploadId: id, number: 1, bytes: MIB5 })) as { etag: string };
    const etag = await stored('source', 'the end of it');
    const second = (await api.copyPart({ key: 'source', etag, first: 4, last: 6 }, 'big ü', { uploadId: id, number: 2 })) as { etag: string };
    expect((await api.listParts('big ü', id))?.map(({ number, size }) => [number, size])).toEqual([
      [1, MIB5.length],
      [2, 3],
    ]);
    const parts = [
      { number: 1, ...first },
      { number: 2, ...second },
    ];
    expect(await api.complete('big ü', id, parts, {})).toMatchObject({ kind: 'done' });
    expect(await api.head('big ü')).toMatchObject({ size: MIB5.length + 3, meta: { kind: 'file' } });
    const tail = (await api.get('big ü', { offset: MIB5.length })) as S3Body;
    expect(await textOfBody(tail.chunks)).toBe('end');
    const other = await api.createUpload('given up', { meta: {} });
    await api.abort('given up', other);
    expect([await api.listParts('given up', other), await api.uploadPart('given up', { uploadId: other, number: 1, bytes: MIB5 })]).toEqual([null, 'no-upload']);
  });

  it('go on when the gateway is killed and comes back', async () => {
    await stored('kept', 'kept');
    await ceph.crash();
    try {
      // On a connection that was open nobody can tell whether it was done.
      const outcome = await api.put('x', bodyOf('x'), { meta: {} }).catch((error: unknown) => ({ kind: 'refused', error }));
      expect(['unanswered', 'refused']).toContain(outcome.kind);
      expect(outcome).toMatchObject({ error: { code: 'unreachable' } });
      await expect(api.head('x')).rejects.toMatchObject({ code: 'unreachable' });
    } finally {
      await ceph.start();
    }
    expect(await read('kept')).toBe('kept');
  });

  it('tell wrong keys and a missing bucket', async () => {
    const wrong = testConfig(ceph, { credentials: { kind: 'keys', accessKeyId: ceph.accessKeyId, secretAccessKey: new Secret('wrong'), sessionToken: null } });
    const nowhere = { ...config, bucket: 'none-such' };
    for (const [other, code] of [
      [wrong, 'refused'],
      [nowhere, 'remote-missing'],
    ] as const) {
      const client = await openTestApi(other);
      await expect(client.list('')).rejects.toMatchObject({ code });
      await expect(client.head('a')).rejects.toMatchObject({ code });
      await client.close();
    }
  });

  it('put a rule for unfinished uploads, and tell versions', async () => {
    await addCleanUpRule(config, testPorts(config));
    expect(await hasCleanUpRule(config, testPorts(config))).toBe(true);
    expect(await api.versioning()).toBe('off');
    await enableVersioning(config, testPorts(config));
    expect(await api.versioning()).toBe('enabled');
    await stored('v', '1');
    await stored('vv', 'other');
    await stored('v', '22');
    const gone = await api.delete('v');
    const versions = await api.versions('v', 10);
    expect(versions.map(({ isDeleteMarker, isLatest, size }) => [isDeleteMarker, isLatest, size])).toEqual([
      [true, true, 0],
      [false, false, 2],
      [false, false, 1],
    ]);
    expect(gone).toMatchObject({ isDeleteMarker: true, versionId: versions[0]?.versionId });
    expect(await api.head('v')).toBe(null);
  });
});
