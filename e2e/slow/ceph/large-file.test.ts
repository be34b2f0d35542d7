import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Body } from '../../../src-main/backends/backend.ts';
import { createBucket } from '../../../src-main/backends/s3/http/buckets.ts';
import { LargeUploads, type SendOptions } from '../../../src-main/backends/s3/multipart/large-uploads.ts';
import { rangesOf } from '../../../src-main/backends/s3/multipart/part-plan.ts';
import type { S3Api } from '../../../src-main/backends/s3/s3-api.ts';
import type { S3Config } from '../../../src-main/backends/s3/s3-config.ts';
import { versionOf } from '../../../src-main/backends/s3/token.ts';
import { Secret } from '../../../src-main/core/secret.ts';
import { nodeClock } from '../../../src-main/platform/node-clock.ts';
import { md5Hasher, nodeHasher } from '../../../src-main/platform/node-hash.ts';
import { memoryStateStore, memoryStorage } from '../../../src-main/state/memory-store.ts';
import { type Ceph, isCephInstalled, startCeph } from '../../../src-main/testing/ceph.ts';
import { openTestApi, testConfig, testPorts } from '../../../src-main/testing/http-api-kit.ts';
import { over } from '../../../src-main/testing/large-uploads-kit.ts';
import { SeededRandom } from '../../../src-main/testing/random.ts';
import { quirksOf } from '../../../src-main/testing/s3-server/quirks.ts';
import { waysOf } from '../../../src-main/testing/sim-s3/ways-of.ts';
import { randomFrom } from '../../cli/world.ts';

const SEED = Number(process.env['SEED'] ?? 20261125);
const MIB = 1024 ** 2;
const SIZE = Number(process.env['LARGE_MIB'] ?? 256) * MIB;
const PART = 8 * MIB;
const BLOCK = 64 * 1024;

/** Bytes of which no two blocks are alike, without holding them; `fresh` are those from which on a piece of 1 MiB is another. */
function bodyOf(size: number, fresh: readonly number[] = []): Body {
  return {
    size,
    async *open() {
      const block = Buffer.alloc(BLOCK, 'a large file');
      for (let at = 0; at < size; at += BLOCK) {
        block.writeDoubleLE(at, 0);
        block.writeDoubleLE(fresh.some((from) => at >= from && at < from + MIB) ? 1 : 0, 100);
        yield Uint8Array.from(block.subarray(0, Math.min(BLOCK, size - at)));
      }
    },
  };
}

async function sha256(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}

describe.skipIf(!isCephInstalled())('a large file on a real gateway (needs Ceph)', () => {
  const storage = memoryStorage();
  const ways = waysOf(quirksOf('ceph16'), 0);
  const opened: S3Api[] = [];
  /** Parts that were answered, by upload and number. */
  const finished = new Map<string, number>();
  let ceph: Ceph;
  beforeAll(async () => {
    ceph = await startCeph();
    await createBucket(config(), testPorts(config()));
  });
  afterAll(async () => {
    for (const api of opened) await api.close();
    await ceph?.end();
  });

  function config(): S3Config {
    return testConfig(ceph, { credentials: { kind: 'keys', accessKeyId: ceph.accessKeyId, secretAccessKey: new Secret(ceph.secretAccessKey), sessionToken: null } });
  }

  async function open(): Promise<S3Api> {
    const api = await openTestApi(config(), { random: new SeededRandom(SEED) });
    api.speak(ways.dialect);
    opened.push(api);
    return api;
  }

  /** A run of the program: nothing but the notes is left of the one before. */
  async function run(onPart: () => void): Promise<{ readonly large: LargeUploads; readonly api: S3Api }> {
    const api = await open();
    const counted = over<S3Api>(api, {
      uploadPart: async (key, part) => {
        const answer = await api.uploadPart(key, part);
        const name = `${part.uploadId} ${part.number}`;
        if (answer !== 'no-upload') finished.set(name, (finished.get(name) ?? 0) + 1);
        onPart();
        return answer;
      },
    });
    const { notes } = memoryStateStore({ storage });
    return { api: counted, large: new LargeUploads({ api: counted, notes, clock: nodeClock, random: new SeededRandom(SEED), newHasher: nodeHasher, newMd5: md5Hasher }) };
  }

  async function finish({ large, api }: Awaited<ReturnType<typeof run>>, sent: Awaited<ReturnType<LargeUploads['send']>>): Promise<NonNullable<SendOptions['replaces']>> {
    expect(await api.complete('large', sent.uploadId, sent.parts, {})).toMatchObject({ kind: 'done' });
    const object = await api.head('large');
    if (object === null) throw new Error('not there');
    const there = { etag: object.etag, version: versionOf(object) };
    await large.finished('large', there.version, sent);
    return there;
  }

  async function expectStored(body: Body): Promise<void> {
    const stored = await (await open()).get('large');
    if (stored === null || stored === 'changed') throw new Error('not there');
    expect(await sha256(stored.chunks)).toBe(await sha256(body.open()));
  }

  it(`C48 C56 goes up whole while the gateway and the program die at random, and no finished part goes twice; a change sends little (SEED=${SEED})`, async () => {
    const random = randomFrom(SEED);
    const body = bodyOf(SIZE);
    let [runs, deaths] = [0, 0];
    let reviving: Promise<void> | null = null;
    const die = async (): Promise<void> => {
      deaths++;
      await ceph.crash();
      await ceph.start();
      reviving = null;
    };
    let there: NonNullable<SendOptions['replaces']> | null = null;
    while (there === null) {
      const stop = new AbortController();
      const [gatewayAt, programAt] = [5 + random.below(20), runs % 3 === 2 ? Number.POSITIVE_INFINITY : 12 + random.below(40)];
      let parts = 0;
      const program = await run(() => {
        parts++;
        if (parts % gatewayAt === 0 && reviving === null) reviving = die();
        if (parts === programAt) stop.abort();
      });
      runs++;
      try {
        there = await finish(program, await program.large.send('large', body, { meta: { sha256: 'of it' }, replaces: null, ways, signal: stop.signal }));
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^(aborted|unreachable|throttled)$/) });
        await reviving;
      }
    }
    await reviving;
    expect([...finished].filter(([, times]) => times > 1)).toEqual([]);
    expect(finished.size).toBeLessThanOrEqual(rangesOf(SIZE, PART).length);
    expect(deaths).toBeGreaterThan(0);
    await expectStored(body);
    const sentUp = opened.reduce((sum, api) => sum + api.usage().bytesUp, 0);
    console.info(`seed ${SEED}: ${runs} runs, ${deaths} deaths of the gateway, ${Math.round(sentUp / MIB)} MiB sent for ${SIZE / MIB}`);

    const changed = bodyOf(SIZE + MIB, [SIZE / 2 - BLOCK]);
    const last = await run(() => undefined);
    await finish(last, await last.large.send('large', changed, { meta: { sha256: 'of the other' }, replaces: there, ways }));
    const bytes = last.api.usage().bytesUp;
    console.info(`1 MiB changed and 1 MiB appended: ${(bytes / MIB).toFixed(1)} MiB sent`);
    expect(bytes).toBeLessThanOrEqual(24 * MIB);
    await expectStored(changed);
  });
});
