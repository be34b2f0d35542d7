import { afterEach, describe, expect, it } from 'vitest';
import { SyncError } from '../../../core/errors.ts';
import { nodeClock } from '../../../platform/node-clock.ts';
import { bodyOf, openTestApi, testConfig, textOfBody } from '../../../testing/http-api-kit.ts';
import { ManualClock } from '../../../testing/manual-clock.ts';
import type { Fault } from '../../../testing/s3-server/faults.ts';
import type { Operation } from '../../../testing/s3-server/operation.ts';
import { S3Server } from '../../../testing/s3-server/s3-server.ts';
import { BUCKET, serverPerTest } from '../../../testing/s3-server/server-per-test.ts';
import type { S3Api, S3Body } from '../s3-api.ts';
import type { HttpPorts } from './http-api.ts';

const served = serverPerTest({ quirks: { smallestPartBytes: 1 } });
const opened: S3Api[] = [];
afterEach(async () => {
  for (const api of opened.splice(0)) await api.close();
});

const QUICK = { connectMs: 1_000, headersMs: 100, longHeadersMs: 100, idleMs: 100 };
const BIG = Buffer.alloc(300_000, 'abcdefghij');

async function open(changes: Partial<HttpPorts> = {}): Promise<S3Api> {
  const api = await openTestApi(testConfig(served().server), { timeouts: QUICK, ...changes });
  opened.push(api);
  return api;
}

function plan(operation: Operation | readonly Operation[], fault: Fault, times = 1): void {
  served().server.faults.plan({ when: { operation }, times, fault });
}

async function stored(api: S3Api, key: string, content: string | Buffer = 'x'): Promise<string> {
  const answer = await api.put(key, bodyOf(content), { meta: {} });
  if (answer.kind !== 'done') throw new Error(answer.kind);
  return answer.etag;
}

/** The code of what was thrown, or what was given. */
async function result(promise: Promise<unknown>): Promise<unknown> {
  return promise.catch((error: unknown) => (error instanceof SyncError ? error.code : error));
}

const READS: readonly [Operation, (api: S3Api) => Promise<unknown>][] = [
  ['ListObjectsV2', (api) => api.list('')],
  ['HeadObject', (api) => api.head('a')],
  ['GetObject', async (api) => textOfBody(((await api.get('a')) as S3Body).chunks)],
  ['ListObjectVersions', (api) => api.versions('a', 1)],
  ['ListMultipartUploads', (api) => api.listUploads('')],
  ['GetBucketVersioning', (api) => api.versioning()],
];
const PASSING: readonly [string, Fault][] = [
  ['is reset', { kind: 'reset', when: 'before-effect' }],
  ['is busy', { kind: 'error', code: 'SlowDown' }],
  ['has trouble', { kind: 'error', code: 'InternalError' }],
  ['asks for a pause', { kind: 'error', code: 'TooManyRequests', retryAfterS: 0 }],
  ['is a captive portal', { kind: 'captive-portal' }],
];

describe.each(READS)('C52 S122 reading by %s', (operation, read) => {
  it.each(PASSING)('is asked again when the store %s', async (_name, fault) => {
    const api = await open();
    await stored(api, 'a');
    const expected = await read(api);
    plan(operation, fault, 3);
    expect(await read(api)).toEqual(expected);
  });

  it('S123 S135 tells that there was no answer, after a bounded number of tries, and never an empty one', async () => {
    const { server } = served();
    const api = await open();
    await stored(api, 'a');
    server.faults.plan({ when: {}, times: Number.POSITIVE_INFINITY, fault: { kind: 'captive-portal' } });
    server.traffic.reset();
    expect(await result(read(api))).toBe('unreachable');
    expect(server.traffic.count()).toBe(6);
  });

  it('ends with a hang', async () => {
    const api = await open();
    await stored(api, 'a');
    const expected = await read(api);
    plan(operation, { kind: 'hang', when: 'before-effect' });
    expect(await read(api)).toEqual(expected);
  });
});

describe('C52 a listing', () => {
  it.each([0, 1, 60, 400])('cut after %i bytes is no listing', async (bytes) => {
    const api = await open();
    for (const key of ['a', 'b', 'c']) await stored(api, key);
    plan('ListObjectsV2', { kind: 'shorten-answer', bytes }, 6);
    expect(await result(api.list(''))).toBe('unreachable');
  });

  it('S116 that is an error within a success is none', async () => {
    const api = await open();
    plan('ListObjectsV2', { kind: 'error-in-200', code: 'InternalError' }, 6);
    expect(await result(api.list(''))).toBe('unreachable');
  });
});

type Write = (api: S3Api, etag: string, uploadId: string) => Promise<unknown>;
const WRITES: readonly [Operation, Write][] = [
  ['PutObject', (api) => api.put('w', bodyOf('new'), { meta: {} })],
  ['CopyObject', (api, etag) => api.copy({ key: 'a', etag }, 'w', { meta: null })],
  ['DeleteObject', (api) => api.delete('a')],
  ['CompleteMultipartUpload', (api, _etag, id) => api.listParts('m', id).then((parts) => api.complete('m', id, parts ?? [], {}))],
];

describe.each(WRITES)('C51 C52 writing by %s', (operation, write) => {
  const prepare = async (changes: Partial<HttpPorts> = {}): Promise<readonly [S3Api, string, string]> => {
    const api = await open(changes);
    const etag = await stored(api, 'a');
    const id = await api.createUpload('m', { meta: {} });
    await api.uploadPart('m', { uploadId: id, number: 1, bytes: Buffer.from('x') });
    return [api, etag, id];
  };

  it.each([
    ['reset before it happened', { kind: 'reset', when: 'before-effect' }],
    ['reset after it happened', { kind: 'reset', when: 'after-effect' }],
    ['a hang', { kind: 'hang', when: 'after-effect' }],
    ['trouble of the store', { kind: 'error', code: 'InternalError' }],
    ['a captive portal', { kind: 'captive-portal' }],
  ] as const)('is sent once, and unanswered: %s', async (_name, fault) => {
    const prepared = await prepare();
    plan(operation, fault);
    served().server.traffic.reset();
    expect(await write(...prepared)).toMatchObject({ kind: 'unanswered', error: { code: 'unreachable' } });
    expect(served().server.traffic.count(operation)).toBe(1);
  });

  it('S121 is sent again when the store was busy: that certainly did nothing', async () => {
    const prepared = await prepare();
    plan(operation, { kind: 'error', code: 'SlowDown' }, 2);
    plan(operation, { kind: 'error', code: 'TooManyRequests' });
    expect(await write(...prepared)).toMatchObject({ kind: 'done' });
  });

  it('S121 gives up in the end when the store stays busy', async () => {
    const prepared = await prepare();
    plan(operation, { kind: 'error', code: 'SlowDown' }, 6);
    expect(await result(write(...prepared))).toBe('throttled');
  });

  it('S110 tells a race from a lost condition', async () => {
    const prepared = await prepare();
    plan(operation, { kind: 'error', code: 'ConditionalRequestConflict' });
    expect(await write(...prepared)).toEqual({ kind: 'raced' });
  });

  it('S112 tells that conditions are not known', async () => {
    const [api, etag] = await prepare();
    const id = await api.createUpload('c', { meta: {} });
    const precondition = { kind: 'etag', etag } as const;
    plan(operation, { kind: 'error', code: 'NotImplemented' });
    const writes: Partial<Record<Operation, () => Promise<unknown>>> = {
      PutObject: () => api.put('a', bodyOf('new'), { meta: {}, precondition }),
      CopyObject: () => api.copy({ key: 'a' }, 'a', { meta: { n: '1' }, precondition }),
      DeleteObject: () => api.delete('a', { precondition }),
      CompleteMultipartUpload: () => api.complete('c', id, [{ number: 1, etag }], { precondition }),
    };
    expect(await writes[operation]?.()).toEqual({ kind: 'not-implemented' });
  });
});

describe('S122 without a connection', () => {
  it('a write certainly did not happen, and is sent as soon as there is one', async () => {
    const gone = await S3Server.start({ buckets: [BUCKET] });
    const { port, endpoint, region } = gone;
    await gone.close();
    let back: S3Server | null = null;
    const sleep = async (): Promise<void> => {
      back ??= await S3Server.start({ buckets: [BUCKET], port });
    };
    const api = await openTestApi(testConfig({ endpoint, region }), { clock: { ...nodeClock, sleep } });
    opened.push(api);
    expect(await api.put('a', bodyOf('x'), { meta: {} })).toMatchObject({ kind: 'done' });
    expect(api.usage().requests['put']).toBe(1);
    await (back as S3Server | null)?.close();
    expect(await result(api.put('a', bodyOf('x'), { meta: {} }))).toEqual('unreachable');
  });
});

describe('S116 a success that contains an error', () => {
  it('leaves open what happened when the store had trouble', async () => {
    const api = await open();
    const etag = await stored(api, 'a');
    plan('CopyObject', { kind: 'error-in-200', code: 'InternalError' });
    expect(await api.copy({ key: 'a', etag }, 'b', { meta: null })).toMatchObject({ kind: 'unanswered' });
    plan('CopyObject', { kind: 'error-in-200', code: 'SlowDown' });
    expect(await api.copy({ key: 'a', etag }, 'b', { meta: null })).toMatchObject({ kind: 'unanswered' });
  });

  it('is a refusal when it says so', async () => {
    const api = await open();
    const etag = await stored(api, 'a');
    plan('CopyObject', { kind: 'error-in-200', code: 'PreconditionFailed' });
    expect(await api.copy({ key: 'a' }, 'b', { meta: null, precondition: { kind: 'absent' } })).toEqual({ kind: 'failed' });
    plan('CopyObject', { kind: 'error-in-200', code: 'AccessDenied' });
    expect(await result(api.copy({ key: 'a', etag }, 'b', { meta: null }))).toBe('no-permission');
  });
});

describe('what may be sent twice', () => {
  it.each([
    ['UploadPart', { kind: 'reset', when: 'after-effect' }],
    ['UploadPart', { kind: 'flip-bit', of: 'upload', atByte: 1000 }],
    ['UploadPart', { kind: 'reset-upload', afterBytes: 100_000 }],
    ['UploadPart', { kind: 'hang', when: 'after-effect' }],
    ['CreateMultipartUpload', { kind: 'reset', when: 'after-effect' }],
    ['AbortMultipartUpload', { kind: 'reset', when: 'after-effect' }],
    ['ListParts', { kind: 'shorten-answer', bytes: 100 }],
  ] as const)('is: %s after %o', async (operation, fault) => {
    const { server } = served();
    const api = await open();
    plan(operation, fault);
    const id = await api.createUpload('m', { meta: {} });
    await api.uploadPart('m', { uploadId: id, number: 1, bytes: BIG });
    expect((await api.listParts('m', id))?.map(({ number, size }) => [number, size])).toEqual([[1, BIG.length]]);
    await api.abort('m', id);
    expect(await api.listParts('m', id)).toBe(null);
    expect(server.traffic.count(operation)).toBeGreaterThan(1);
  });

  it('a body that arrives damaged is refused and sent again', async () => {
    const api = await open();
    plan('PutObject', { kind: 'flip-bit', of: 'upload', atByte: 7 });
    await stored(api, 'a', BIG);
    expect(await textOfBody(((await api.get('a')) as S3Body).chunks)).toBe(BIG.toString());
  });
});

describe('a download', () => {
  it.each(['reset', 'end', 'hang'] as const)('C57 S94 goes on where it was cut (%s), in one stream', async (how) => {
    const { server } = served();
    const api = await open();
    await stored(api, 'a', BIG);
    server.faults.plan(...[1, 70_000, 100_000].map((afterBytes) => ({ when: { operation: 'GetObject' }, fault: { kind: 'cut-download', afterBytes, how } }) as const));
    expect(await textOfBody(((await api.get('a')) as S3Body).chunks)).toBe(BIG.toString());
    expect([server.traffic.count('GetObject'), api.usage().requests['get'], api.usage().bytesDown]).toEqual([4, 4, BIG.length]);
  });

  it('C57 never mixes two versions', async () => {
    const api = await open();
    await stored(api, 'a', BIG);
    plan('GetObject', { kind: 'cut-download', afterBytes: 1000, how: 'reset' });
    const body = (await api.get('a')) as S3Body;
    await stored(api, 'a', Buffer.alloc(BIG.length, 'z'));
    expect(await result(textOfBody(body.chunks))).toBe('busy');
  });

  it('C57 never mixes an object with its absence', async () => {
    const api = await open();
    await stored(api, 'a', BIG);
    plan('GetObject', { kind: 'cut-download', afterBytes: 1000, how: 'reset' });
    const body = (await api.get('a')) as S3Body;
    await api.delete('a');
    expect(await result(textOfBody(body.chunks))).toBe('busy');
  });

  it('gives up after some cuts that brought nothing', async () => {
    const { server } = served();
    const api = await open();
    await stored(api, 'a', BIG);
    server.faults.plan({ when: { operation: 'GetObject' }, times: Number.POSITIVE_INFINITY, fault: { kind: 'cut-download', afterBytes: 0, how: 'end' } });
    expect(await result(textOfBody(((await api.get('a')) as S3Body).chunks))).toBe('unreachable');
    expect(server.traffic.count('GetObject')).toBe(5);
  });

  it('ends with its signal, and lets go of the connection when nobody reads on', async () => {
    const api = await open();
    await stored(api, 'a', BIG);
    const control = new AbortController();
    const body = (await api.get('a', { signal: control.signal })) as S3Body;
    const reading = textOfBody(body.chunks);
    control.abort();
    expect(await result(reading)).toBe('aborted');
    for await (const _chunk of ((await api.get('a')) as S3Body).chunks) break;
    expect(await api.head('a')).toMatchObject({ size: BIG.length });
  });
});

describe('an upload', () => {
  it('whose body throws stores nothing, and passes the error on', async () => {
    const { server } = served();
    const api = await open();
    const broken = {
      size: 10,
      open: async function* () {
        yield Buffer.from('12345');
        throw new SyncError('busy', 'the file changed');
      },
    };
    expect(await result(api.put('a', broken, { meta: {} }))).toBe('busy');
    expect(await result(api.put('a', { ...bodyOf('12345'), size: 6 }, { meta: {} }))).toBe('corrupt');
    expect(await result(api.put('a', { ...bodyOf('12345'), size: 4 }, { meta: {} }))).toBe('corrupt');
    expect(server.traffic.count('PutObject')).toBe(0);
  });

  it('ends with its signal', async () => {
    const api = await open({ timeouts: { ...QUICK, headersMs: 60_000 } });
    const control = new AbortController();
    plan('PutObject', { kind: 'hang', when: 'before-effect' });
    const writing = result(api.put('a', bodyOf(BIG), { meta: {}, signal: control.signal }));
    control.abort();
    expect(await writing).toBe('aborted');
    served().server.faults.clear();
    expect(await result(api.list('', { signal: control.signal }))).toBe('aborted');
  });
});

it('S121 waits as long as the store wants, and longer each time', async () => {
  const clock = new ManualClock(Date.now());
  const waits: number[] = [];
  const waiting = { now: () => clock.now(), monotonic: () => clock.monotonic(), sleep: async (ms: number) => void waits.push(ms) };
  const api = await open({ clock: waiting, random: { id: () => '', fraction: () => 0.5 } });
  plan('HeadBucket', { kind: 'error', code: 'SlowDown', retryAfterS: 7 });
  expect([Math.abs((await api.now()) - Date.now()) < 60_000, waits]).toEqual([true, []]);
  plan('ListObjectsV2', { kind: 'error', code: 'SlowDown', retryAfterS: 7 });
  plan('ListObjectsV2', { kind: 'reset', when: 'before-effect' }, 4);
  await api.list('');
  expect(waits).toEqual([7050, 100, 200, 400, 800]);
  plan('ListObjectsV2', { kind: 'error', code: 'SlowDown', retryAfterS: 3600 });
  expect(await result(api.list(''))).toBe('throttled');
});

describe('S131 S132 a refusal', () => {
  it.each([
    ['PutObject', 'QuotaExceeded', 'quota'],
    ['PutObject', 'EntityTooLarge', 'not-supported'],
    ['PutObject', 'KeyTooLongError', 'name-too-long'],
    ['DeleteObject', 'MethodNotAllowed', 'no-permission'],
    ['ListObjectsV2', 'InvalidAccessKeyId', 'refused'],
    ['ListObjectsV2', 'ExpiredToken', 'refused'],
    ['ListObjectsV2', 'NoSuchBucket', 'remote-missing'],
    ['PutObject', 'NoSuchBucket', 'remote-missing'],
    ['PutObject', 'InvalidArgument', 'io'],
    ['ListObjectsV2', 'InvalidArgument', 'refused'],
  ] as const)('of %s with %s is %s', async (operation, code, expected) => {
    const api = await open();
    await stored(api, 'other');
    plan(operation, { kind: 'error', code });
    const call = { PutObject: () => api.put('a', bodyOf('x'), { meta: {} }), DeleteObject: () => api.delete('a'), ListObjectsV2: () => api.list('') }[operation];
    const error = await call().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: expected, hint: expect.any(String) });
  });

  it('C54 S127 names the missing action: of one key it concerns that key, of the bucket all of it', async () => {
    const { server } = served();
    const api = await open();
    await stored(api, 'a');
    for (const action of ['s3:PutObject', 's3:GetObject', 's3:ListBucket', 's3:DeleteObject', 's3:ListBucketVersions']) server.denied.add(action);
    const error = async (promise: Promise<unknown>): Promise<unknown> => promise.catch((thrown: unknown) => [(thrown as SyncError).code, (thrown as SyncError).message]);
    expect(await error(api.put('a', bodyOf('x'), { meta: {} }))).toEqual(['no-permission', 's3:PutObject is not allowed on vault/a']);
    expect(await error(api.head('a'))).toEqual(['no-permission', 's3:GetObject is not allowed on vault/a']);
    expect(await error(api.get('a'))).toEqual(['no-permission', 's3:GetObject is not allowed on vault/a']);
    expect(await error(api.delete('a'))).toEqual(['no-permission', 's3:DeleteObject is not allowed on vault/a']);
    expect(await error(api.list(''))).toEqual(['refused', `s3:ListBucket is not allowed on the bucket ${BUCKET}`]);
    expect(await error(api.versions('a', 1))).toEqual(['refused', `s3:ListBucketVersions is not allowed on the bucket ${BUCKET}`]);
    server.denied.clear();
    expect(await api.list('')).toMatchObject({ objects: [{ key: 'a' }] });
  });
});

it('a key is absent only when the store says so: not when the bucket is', async () => {
  const { server } = served();
  const gone = await openTestApi(testConfig(server, { bucket: 'no-such-bucket' }));
  opened.push(gone);
  expect([await result(gone.head('a')), await result(gone.get('a')), await result(gone.list(''))]).toEqual(['remote-missing', 'remote-missing', 'remote-missing']);
  const api = await open();
  expect(await api.head('a')).toBe(null);
  server.traffic.reset();
  expect([await api.head('b'), server.traffic.counts()]).toEqual([null, { HeadObject: 1 }]);
});
