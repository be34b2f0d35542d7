import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { md5Hasher, nodeHasher } from '../../../platform/node-hash.ts';
import { memoryStateStore } from '../../../state/memory-store.ts';
import { openTestApi, testConfig } from '../../../testing/http-api-kit.ts';
import { SeededRandom } from '../../../testing/random.ts';
import { type Profile, quirksOf } from '../../../testing/s3-server/quirks.ts';
import { S3Server } from '../../../testing/s3-server/s3-server.ts';
import { BUCKET } from '../../../testing/s3-server/server-per-test.ts';
import { HastyClock } from '../../../testing/sim-s3/hasty-clock.ts';
import { waysOf } from '../../../testing/sim-s3/ways-of.ts';
import type { Body } from '../../backend.ts';
import type { S3Api } from '../s3-api.ts';
import { versionOf } from '../token.ts';
import { LargeUploads, type SendOptions } from './large-uploads.ts';

const KIB = 1024;
/** A 1,024th of the real sizes. */
const SCALE = { partBytes: 8 * KIB, largeFrom: 16 * KIB };
const PROFILES: readonly Profile[] = ['aws', 'r2', 'ceph16'];

const bodyOf = (bytes: Uint8Array): Body => ({
  size: bytes.length,
  async *open() {
    for (let at = 0; at < bytes.length; at += 5000) yield bytes.subarray(at, at + 5000);
  },
});

class Uploader {
  readonly server: S3Server;
  readonly api: S3Api;
  readonly notes = memoryStateStore().notes;
  readonly ways: SendOptions['ways'];

  private constructor(server: S3Server, api: S3Api, ways: SendOptions['ways']) {
    this.server = server;
    this.api = api;
    this.ways = ways;
  }

  static async open(profile: Profile): Promise<Uploader> {
    const server = await S3Server.start({ buckets: [BUCKET], profile, quirks: { smallestPartBytes: SCALE.partBytes } });
    const ways = waysOf(quirksOf(profile), 0);
    const api = await openTestApi(testConfig(server));
    api.speak(ways.dialect);
    return new Uploader(server, api, ways);
  }

  /** Each in a run of its own. */
  async upload(key: string, bytes: Uint8Array, meta: SendOptions['meta'], replaces: SendOptions['replaces'] = null): Promise<NonNullable<SendOptions['replaces']>> {
    const large = new LargeUploads({ api: this.api, notes: this.notes, clock: new HastyClock(), random: new SeededRandom(1), newHasher: nodeHasher, newMd5: md5Hasher }, SCALE);
    const sent = await large.send(key, bodyOf(bytes), { meta, replaces, ways: this.ways });
    expect(await this.api.complete(key, sent.uploadId, sent.parts, {})).toMatchObject({ kind: 'done' });
    const object = await this.api.head(key);
    if (object === null) throw new Error('not there');
    const there = { etag: object.etag, version: versionOf(object) };
    await large.finished(key, there.version, sent);
    return there;
  }

  async content(key: string): Promise<Buffer> {
    const body = await this.api.get(key);
    if (body === null || body === 'changed') throw new Error('not there');
    const chunks: Uint8Array[] = [];
    for await (const chunk of body.chunks) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async close(): Promise<void> {
    await this.api.close();
    await this.server.close();
  }
}

it.each(PROFILES)('on %s: up in parts, 1 KiB changed and 1 KiB appended sends little, goes on after what broke', async (profile) => {
  const world = await Uploader.open(profile);
  try {
    const { server } = world;
    const first = randomBytes(256 * KIB);
    const one = await world.upload('big/ü file.bin', first, { sha256: '1' });
    expect(await world.content('big/ü file.bin')).toEqual(first);
    expect(server.traffic.count('UploadPart')).toBe(32);

    server.traffic.reset();
    const changed = Buffer.concat([first.subarray(0, 100 * KIB), randomBytes(KIB), first.subarray(101 * KIB), randomBytes(KIB)]);
    await world.upload('big/ü file.bin', changed, { sha256: '2' }, one);
    expect(await world.content('big/ü file.bin')).toEqual(changed);
    // The same bound as for 1 MiB in 1 GiB.
    expect(server.traffic.bytesIn()).toBeLessThanOrEqual(24 * KIB);

    server.traffic.reset();
    server.faults.plan({ when: { operation: 'UploadPart' }, nth: 9, times: 99, fault: { kind: 'error', code: 'AccessDenied' } });
    await expect(world.upload('other', first, { sha256: '1' })).rejects.toMatchObject({ code: 'no-permission' });
    server.faults.clear();
    await world.upload('other', first, { sha256: '1' });
    expect(await world.content('other')).toEqual(first);
    expect(server.traffic.calls.filter(({ operation, status }) => operation === 'UploadPart' && status === 200).length).toBe(32);
  } finally {
    await world.close();
  }
});

it('S122 lost answers, resets and a busy store cost parts, never the upload', async () => {
  const world = await Uploader.open('aws');
  try {
    const { server } = world;
    const part = { operation: 'UploadPart' } as const;
    server.faults.plan(
      { when: { operation: 'CreateMultipartUpload' }, fault: { kind: 'reset', when: 'after-effect' } },
      { when: part, nth: 3, fault: { kind: 'reset', when: 'after-effect' } },
      { when: part, nth: 5, fault: { kind: 'reset-upload', afterBytes: 100 } },
      { when: part, nth: 8, times: 3, fault: { kind: 'error', code: 'SlowDown' } },
      { when: part, nth: 15, fault: { kind: 'flip-bit', of: 'upload', atByte: 77 } },
    );
    const bytes = randomBytes(150 * KIB);
    await world.upload('k', bytes, {});
    server.faults.assertAllFired();
    expect(await world.content('k')).toEqual(bytes);
  } finally {
    await world.close();
  }
});
