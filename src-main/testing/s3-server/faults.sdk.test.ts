import { CopyObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it, vi } from 'vitest';
import { SeededRandom } from '../random.ts';
import { FaultScript, randomFaults } from './faults.ts';
import { type RawAnswer, sendRaw } from './raw-request.ts';
import { readRequestLine } from './request.ts';
import { beginUpload, complete, listAll, outcome, put, putPart, read, readText } from './sdk-calls.ts';
import { BUCKET, serverPerTest } from './server-per-test.ts';

const served = serverPerTest();
const KIB64 = Buffer.alloc(65_536, 'abc');

function get(key: string): Promise<RawAnswer> {
  return sendRaw(served().server, { method: 'GET', path: `/${BUCKET}/${key}` });
}

function send(key: string, body: Buffer | string): Promise<RawAnswer> {
  return sendRaw(served().server, { method: 'PUT', path: `/${BUCKET}/${key}`, body });
}

/** Status, or the code of what broke. */
async function result(answer: Promise<RawAnswer>): Promise<number | string> {
  return answer.then(
    ({ status }) => status,
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );
}

describe('answers in place of the effect', () => {
  it.each([
    [{ code: 'SlowDown', retryAfterS: 7 }, '503 SlowDown'],
    [{ code: 'InternalError' }, '500 InternalError'],
    [{ code: 'TooManyRequests', retryAfterS: 1 }, '429 TooManyRequests'],
    [{ code: 'ExpiredToken', status: 403 }, '403 ExpiredToken'],
    [{ code: 'ConditionalRequestConflict' }, '409 ConditionalRequestConflict'],
    [{ code: 'QuotaExceeded' }, '403 QuotaExceeded'],
  ] as const)('%o', async (error, expected) => {
    const { server, client } = served();
    server.faults.plan({ when: { operation: 'PutObject' }, fault: { kind: 'error', ...error } });
    expect([await outcome(put(client(), 'a', 'x')), server.traffic.bytesIn(), server.bucket(BUCKET).keys()]).toEqual([expected, 1, []]);
    expect(await outcome(put(client(), 'a', 'x'))).toBe('200');
  });

  it('says when to come back', async () => {
    served().server.faults.plan({ when: {}, fault: { kind: 'error', code: 'SlowDown', retryAfterS: 7 } });
    expect((await get('a')).headers['retry-after']).toBe('7');
  });

  it('an error within a 200', async () => {
    const { server, client } = served();
    const sdk = client();
    const id = await beginUpload(sdk, 'm');
    const part = await putPart(sdk, 'm', id, 1, 'x');
    server.faults.plan({ when: { operation: ['CompleteMultipartUpload', 'CopyObject'] }, times: 2, fault: { kind: 'error-in-200', code: 'InternalError' } });
    expect(await outcome(complete(sdk, 'm', id, [part]))).toMatch(/InternalError$/);
    expect(await outcome(sdk.send(new CopyObjectCommand({ Bucket: BUCKET, Key: 'c', CopySource: `${BUCKET}/m` })))).toMatch(/InternalError$/);
    expect(server.bucket(BUCKET).keys()).toEqual([]);
  });

  it('the page of a captive portal', async () => {
    const { server } = served();
    server.faults.plan({ when: { method: 'PUT' }, fault: { kind: 'captive-portal' } });
    const answer = await send('a', 'x');
    expect([answer.status, answer.headers['content-type'], answer.body.slice(0, 15), server.bucket(BUCKET).keys()]).toEqual([200, 'text/html', '<!DOCTYPE html>', []]);
  });
});

describe('broken connections', () => {
  it.each([
    ['before-effect', []],
    ['after-effect', ['a']],
  ] as const)('reset %s', async (when, kept) => {
    const { server } = served();
    server.faults.plan({ when: { key: 'a' }, fault: { kind: 'reset', when } });
    expect([await result(send('a', 'x')), server.bucket(BUCKET).keys()]).toEqual(['ECONNRESET', kept]);
  });

  it.each([
    ['before-effect', []],
    ['after-effect', ['a']],
  ] as const)('no answer, %s, until the server closes', async (when, kept) => {
    const { server } = served();
    server.faults.plan({ when: { key: 'a' }, fault: { kind: 'hang', when } });
    const hanging = result(send('a', 'x'));
    await vi.waitFor(() => expect(server.traffic.count()).toBe(1));
    await vi.waitFor(() => expect(server.bucket(BUCKET).keys()).toEqual(kept));
    server.setReachable(false);
    expect(await hanging).toBe('ECONNRESET');
  });

  it.each([1000, 10_000_000])('reset after %i bytes of an upload: nothing is stored', async (afterBytes) => {
    const { server } = served();
    server.faults.plan({ when: { key: 'a' }, fault: { kind: 'reset-upload', afterBytes } });
    expect(await result(send('a', KIB64))).toMatch(/ECONNRESET|EPIPE/);
    expect(server.bucket(BUCKET).keys()).toEqual([]);
  });

  it.each(['reset', 'end'] as const)('%s in the middle of a download', async (how) => {
    const { server, client } = served();
    await put(client(), 'a', KIB64);
    server.faults.plan({ when: { operation: 'GetObject' }, fault: { kind: 'cut-download', afterBytes: 1000, how } });
    expect(await result(get('a'))).toMatch(/ECONNRESET|aborted/);
    expect([server.traffic.bytesOut('GetObject'), (await read(client(), 'a')).equals(KIB64)]).toEqual([1000, true]);
  });

  it('no network, and back', async () => {
    const { server, client } = served();
    const sdk = client();
    await put(sdk, 'a', 'x');
    server.setReachable(false);
    expect(await outcome(read(sdk, 'a'))).toMatch(/ECONNRESET|ECONNREFUSED|EPIPE/);
    server.setReachable(true);
    expect(await readText(sdk, 'a')).toBe('x');
  });
});

describe('wrong answers', () => {
  it('half an answer that looks whole', async () => {
    const { server, client } = served();
    await put(client(), 'a', 'twelve bytes');
    server.faults.plan({ when: { operation: 'GetObject' }, fault: { kind: 'shorten-answer', bytes: 5 } });
    expect((await get('a')).body).toBe('twelv');
  });

  it('one bit flipped on the way down', async () => {
    const { server, client } = served();
    await put(client(), 'a', 'abc');
    server.faults.plan({ when: { operation: 'GetObject' }, fault: { kind: 'flip-bit', of: 'download', atByte: 1 } });
    expect([await readText(client(), 'a'), await readText(client(), 'a')]).toEqual(['acc', 'abc']);
  });

  it('one bit flipped on the way up: refused when the body is signed, stored when it is not', async () => {
    const { server, client } = served();
    server.faults.plan({ when: { key: 'a' }, times: 2, fault: { kind: 'flip-bit', of: 'upload', atByte: 1 } });
    expect((await send('a', 'abc')).status).toBe(400);
    expect((await sendRaw(server, { method: 'PUT', path: `/${BUCKET}/a`, body: 'abc', payload: 'UNSIGNED-PAYLOAD' })).status).toBe(200);
    expect(await readText(client(), 'a')).toBe('acc');
  });

  it('a listing that ends early and does not say so', async () => {
    const { server, client } = served();
    const sdk = client();
    for (const key of ['a', 'b', 'c', 'd']) await put(sdk, key, 'x');
    server.faults.plan({ when: { operation: 'ListObjectsV2' }, nth: 2, fault: { kind: 'short-listing', keys: 1 } });
    expect(await listAll(sdk, { MaxKeys: 2 })).toEqual({ keys: ['a', 'b', 'c'], prefixes: [], pages: 2 });
    expect((await sdk.send(new ListObjectsV2Command({ Bucket: BUCKET }))).KeyCount).toBe(4);
  });

  it('a late answer', async () => {
    const { server, client } = served();
    server.faults.plan({ when: {}, fault: { kind: 'delay', ms: 40 } });
    const before = performance.now();
    await put(client(), 'a', 'x');
    expect(performance.now() - before).toBeGreaterThan(35);
  });
});

describe('the script', () => {
  const lookups = (script: FaultScript, count: number): (string | undefined)[] => {
    const requests = Array.from({ length: count }, (_, index) => readRequestLine('GET', `/${BUCKET}/key${index}`, {}));
    return requests.map((request) => script.next(request)?.kind);
  };

  it('fires at the nth match and as often as planned', () => {
    const script = new FaultScript();
    script.plan({ when: { operation: 'GetObject', key: /^key/ }, nth: 2, times: 2, fault: { kind: 'captive-portal' } });
    expect(lookups(script, 5)).toEqual([undefined, 'captive-portal', 'captive-portal', undefined, undefined]);
    expect(() => script.assertAllFired()).not.toThrow();
  });

  it.each([
    ['never matched', { when: { method: 'PUT' }, fault: { kind: 'captive-portal' } }],
    ['fired less often than planned', { when: {}, times: 4, fault: { kind: 'captive-portal' } }],
    ['was never due', { when: {}, nth: 9, times: Number.POSITIVE_INFINITY, fault: { kind: 'captive-portal' } }],
  ] as const)('complains of a fault that %s', (_name, fault) => {
    const script = new FaultScript();
    script.plan(fault);
    lookups(script, 3);
    expect(() => script.assertAllFired()).toThrow('did not fire');
    script.clear();
    script.assertAllFired();
  });

  it('gives the same random faults for the same seed', () => {
    const run = (seed: number): (string | undefined)[] => {
      const script = new FaultScript();
      script.use(
        randomFaults(new SeededRandom(seed), [
          { chance: 0.3, when: { method: 'GET' }, fault: { kind: 'captive-portal' } },
          { chance: 0.5, when: { operation: 'PutObject' }, fault: { kind: 'delay', ms: 1 } },
        ]),
      );
      return lookups(script, 50);
    };
    expect(run(7)).toEqual(run(7));
    expect(new Set(run(7))).toEqual(new Set([undefined, 'captive-portal']));
  });
});

it('counts requests and the bytes of their bodies', async () => {
  const { server, client } = served();
  const sdk = client();
  await put(sdk, 'a', KIB64);
  await read(sdk, 'a', { Range: 'bytes=0-99' });
  await outcome(read(sdk, 'none'));
  expect(server.traffic.counts()).toEqual({ PutObject: 1, GetObject: 2 });
  expect([server.traffic.bytesIn(), server.traffic.bytesIn('GetObject'), server.traffic.count()]).toEqual([KIB64.length, 0, 3]);
  expect(server.traffic.calls.map(({ operation, key, status }) => [operation, key, status])).toEqual([
    ['PutObject', 'a', 200],
    ['GetObject', 'a', 206],
    ['GetObject', 'none', 404],
  ]);
  server.traffic.reset();
  await sdk.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'b', Body: 'four' }));
  expect([server.traffic.count(), server.traffic.bytesIn('PutObject')]).toEqual([1, 4]);
});
