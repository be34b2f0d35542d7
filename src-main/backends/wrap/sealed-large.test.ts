import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeHasher } from '../../platform/node-hash.ts';
import { nodeRandom } from '../../platform/node-random.ts';
import { memoryStateStore } from '../../state/memory-store.ts';
import { type BenchPair, BenchWorld } from '../../testing/bench-pair.ts';
import { testConfig } from '../../testing/http-api-kit.ts';
import { openHttpBackend } from '../../testing/http-store.ts';
import { quirksOf } from '../../testing/s3-server/quirks.ts';
import { S3Server } from '../../testing/s3-server/s3-server.ts';
import { BUCKET } from '../../testing/s3-server/server-per-test.ts';
import { FORMS, testCodec } from '../../testing/sealed-kit.ts';
import { ShiftingClock } from '../../testing/shifting-clock.ts';
import { waysOf } from '../../testing/sim-s3/ways-of.ts';
import { SealedBackend } from './sealed.ts';

const KIB = 1024;
/** A 256th of the real sizes; segments are as they are, 64 KiB. */
const PART = 32 * KIB;
const LARGE = 64 * KIB;
const SIZE = 640 * KIB;
/** Of the content, head and segments. */
const PARTS = Math.ceil((SIZE + 2 * KIB) / PART);
/** What one byte changes: its segment, which lies in three parts, and the head. */
const TOUCHED = 4;

let server: S3Server;
let world: BenchWorld;
let clock: ShiftingClock;
const opened: SealedBackend[] = [];
beforeEach(async () => {
  clock = new ShiftingClock();
  server = await S3Server.start({ buckets: [BUCKET], quirks: { smallestPartBytes: PART }, nowMs: () => clock.now() });
  world = new BenchWorld();
});
afterEach(async () => {
  for (const backend of opened.splice(0)) await backend.close();
  await server.close();
});

/** One run of a device with hidden names: what it knows is the pair's, and nothing of the run before is in memory. */
async function sync(pair: BenchPair): Promise<void> {
  const { notes } = memoryStateStore({ storage: pair.storage });
  const store = await openHttpBackend(testConfig(server), { clock, notes, ways: waysOf(quirksOf('aws'), clock.now()), large: { partBytes: PART, largeFrom: LARGE } });
  const backend = new SealedBackend(store, testCodec({ ...FORMS['with hidden names'], compression: false }), {
    notes,
    random: nodeRandom,
    newHasher: nodeHasher,
    largeFrom: LARGE,
  });
  opened.push(backend);
  await (await pair.open(backend)).syncAll();
}

const noise = (size: number): string => randomBytes(size).toString('base64').slice(0, size);

describe('a large file of an encrypted vault in a bucket', () => {
  it('C48 C56 goes on where it was cut off, under the same bytes: no part that arrived is sent again', async () => {
    const [desk, laptop] = [world.device('desk'), world.device('laptop')];
    const text = noise(SIZE);
    desk.write('large.bin', text);
    server.faults.plan({ when: { operation: 'UploadPart' }, nth: 9, times: 1_000, fault: { kind: 'error', code: 'AccessDenied' } });
    await sync(desk).catch(() => undefined);
    const arrived = server.traffic.calls.filter(({ operation, status }) => operation === 'UploadPart' && status === 200).length;
    expect(arrived).toBeGreaterThan(2);
    expect(arrived).toBeLessThan(PARTS);
    server.faults.clear();
    server.traffic.reset();
    await sync(desk);
    expect(server.traffic.count('CreateMultipartUpload')).toBe(0);
    expect(server.traffic.count('UploadPart')).toBe(PARTS - arrived);
    await sync(laptop);
    expect(laptop.tree).toEqual({ 'large.bin': text });
  });

  it('sends what changed, from either device, and nothing for a new name', async () => {
    const [desk, laptop] = [world.device('desk'), world.device('laptop')];
    const first = noise(SIZE);
    desk.write('large.bin', first);
    await sync(desk);
    await sync(laptop);
    expect(server.traffic.count('UploadPart')).toBe(PARTS);

    server.traffic.reset();
    const second = `${first.slice(0, SIZE / 2)}#${first.slice(SIZE / 2 + 1)}`;
    laptop.write('large.bin', second);
    await sync(laptop);
    expect(server.traffic.count('UploadPart')).toBeLessThanOrEqual(TOUCHED);
    expect(server.traffic.bytesIn()).toBeLessThan((TOUCHED + 1) * PART);
    await sync(desk);
    expect(desk.tree).toEqual({ 'large.bin': second });

    server.traffic.reset();
    desk.rename('large.bin', 'another name.bin');
    await sync(desk);
    expect(server.traffic.count('UploadPart')).toBe(0);
    expect(server.traffic.bytesIn()).toBeLessThan(PART);
    await sync(laptop);
    expect(laptop.tree).toEqual({ 'another name.bin': second });
  });
});
