import { describe, expect, it } from 'vitest';
import type { Backend, ListOptions } from '../backends/backend.ts';
import { createMemoryStore } from '../backends/memory/memory-backend.ts';
import type { S3Config } from '../backends/s3/s3-config.ts';
import { type StoreTools, storeTools } from '../compose/store.ts';
import { SyncError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import { memoryKeychain } from '../keychain/memory-keychain.ts';
import { nodePlatform } from '../platform/node-platform.ts';
import { testConfig } from '../testing/http-api-kit.ts';
import { ManualClock, settle } from '../testing/manual-clock.ts';
import { S3_PLACE } from '../testing/s3-place.ts';
import { TEST_CREDENTIAL } from '../testing/s3-server/s3-server.ts';
import { BUCKET, serverPerTest } from '../testing/s3-server/server-per-test.ts';
import { storageTools } from './storage-tools.ts';

const CONFIG: S3Config = { ...S3_PLACE, credentials: { kind: 'chain' } };
const live = (): AbortSignal => new AbortController().signal;

function onMemory(change: Partial<StoreTools> = {}, get: Backend['get'] | null = null) {
  const store = createMemoryStore({ now: () => Date.now() });
  const rules: string[] = [];
  const stores: StoreTools = {
    open: async () => {
      const backend = store.client();
      return get === null ? backend : Object.assign(backend, { get });
    },
    buckets: async () => null,
    createBucket: async () => undefined,
    hasCleanUpRule: async () => rules.length > 0,
    addCleanUpRule: async ({ prefix }) => void rules.push(prefix),
    ...change,
  };
  const keys = async (): Promise<readonly string[]> => {
    const found: string[] = [];
    for await (const { key } of store.client().list('')) found.push(key);
    return found;
  };
  return { tools: storageTools(stores, nodePlatform()), keys };
}

describe('S118 the rule for unfinished uploads', () => {
  const checks = (findings: readonly { readonly check: string }[]): readonly string[] => findings.map(({ check }) => check);

  it('that is missing is no finding: it is offered, and then there', async () => {
    const { tools } = onMemory();
    const before = await tools.test(CONFIG, live());
    expect([before.cleansUp, checks(before.findings).includes('unfinished uploads')]).toEqual([false, false]);
    await tools.addCleanUpRule(CONFIG);
    const after = await tools.test(CONFIG, live());
    expect(after.cleansUp).toBe(true);
    expect(after.findings).toContainEqual(expect.objectContaining({ check: 'unfinished uploads', verdict: 'good' }));
  });

  const unknown: readonly [string, StoreTools['hasCleanUpRule']][] = [
    ['may not be seen', async () => null],
    ['cannot be asked for just now', () => Promise.reject(new SyncError('unreachable', 'gone'))],
  ];
  it.each(unknown)('that %s spoils no test', async (_, hasCleanUpRule) => {
    const answer = await onMemory({ hasCleanUpRule }).tools.test(CONFIG, live());
    expect(answer).toMatchObject({ protection: 'atomic', cleansUp: null });
    expect(answer.findings).toContainEqual(expect.objectContaining({ check: 'unfinished uploads', verdict: 'note' }));
  });
});

describe('a test that is stopped', () => {
  it('fails as aborted, and leaves nothing', async () => {
    const stop = new AbortController();
    const { tools, keys } = onMemory({}, async () => {
      stop.abort();
      throw new SyncError('aborted', 'interrupted');
    });
    await expect(tools.test(CONFIG, stop.signal)).rejects.toMatchObject({ code: 'aborted' });
    expect(await keys()).toEqual([]);
  });
});

describe('a test of a store that says nothing any more', () => {
  const served = serverPerTest();

  it('ends when it is stopped, in the middle of finding out how the store behaves', async () => {
    const { server } = served();
    const platform = nodePlatform();
    const stop = new AbortController();
    let uploads = 0;
    // The first multipart upload of the probe is never answered; what puts things in order afterwards is.
    server.faults.use(({ operation }) => {
      if (operation !== 'CreateMultipartUpload' || uploads++ > 0) return null;
      stop.abort();
      return { kind: 'hang', when: 'before-effect' };
    });
    const tools = storageTools(storeTools(platform, memoryKeychain()), platform);
    await expect(tools.test(testConfig(server), stop.signal)).rejects.toMatchObject({ code: 'aborted' });
    expect(uploads).toBe(1);
    expect(server.bucket(BUCKET).keys()).toEqual([]);
  });
});

describe('C54 a sign-in that is tried', () => {
  const served = serverPerTest();

  it('is taken, or refused with what the store says; nothing is written', async () => {
    const { server } = served();
    const platform = nodePlatform();
    const tools = storageTools(storeTools(platform, memoryKeychain()), platform);
    await expect(tools.signIn(testConfig(server))).resolves.toBeUndefined();
    const wrong = { kind: 'keys', accessKeyId: TEST_CREDENTIAL.accessKeyId, secretAccessKey: new Secret('wrong'), sessionToken: null } as const;
    await expect(tools.signIn(testConfig(server, { credentials: wrong }))).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('does not accept the secret key'),
    });
    expect(server.bucket(BUCKET).keys()).toEqual([]);
  });

  it('is unknown when the store says nothing for long', async () => {
    const clock = new ManualClock();
    const open: StoreTools['open'] = async () =>
      Object.assign(createMemoryStore({ now: () => 0 }).client(), {
        list: async function* (_: string, { signal }: ListOptions = {}) {
          await new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new SyncError('aborted', 'interrupted'))));
        },
      });
    const { random } = nodePlatform();
    const told = expect(storageTools({ ...storeTools(nodePlatform(), memoryKeychain()), open }, { clock, random }).signIn(CONFIG)).rejects.toMatchObject({ code: 'unreachable' });
    await settle();
    await clock.advance(10_000);
    await told;
  });
});
