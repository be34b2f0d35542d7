import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SyncEngine } from '../../engine/sync-engine.ts';
import { type BenchPair, BenchWorld } from '../../testing/bench-pair.ts';
import { testConfig } from '../../testing/http-api-kit.ts';
import { openHttpBackend } from '../../testing/http-store.ts';
import { contentOf, readAll } from '../../testing/s3-server/content.ts';
import { quirksOf } from '../../testing/s3-server/quirks.ts';
import { S3Server } from '../../testing/s3-server/s3-server.ts';
import { BUCKET } from '../../testing/s3-server/server-per-test.ts';
import { ShiftingClock } from '../../testing/shifting-clock.ts';
import { waysOf } from '../../testing/sim-s3/ways-of.ts';
import type { Backend } from '../backend.ts';

const KIB = 1024;
/** A 1,024th of the real sizes. */
const SCALE = { partBytes: 8 * KIB, largeFrom: 16 * KIB };

let server: S3Server;
let world: BenchWorld;
let clock: ShiftingClock;
const backends = new Map<BenchPair, Backend>();
beforeEach(async () => {
  clock = new ShiftingClock();
  server = await S3Server.start({ buckets: [BUCKET], quirks: { smallestPartBytes: SCALE.partBytes }, nowMs: () => clock.now() });
  world = new BenchWorld();
});
afterEach(async () => {
  for (const backend of backends.values()) await backend.close();
  backends.clear();
  await server.close();
});

async function open(pair: BenchPair): Promise<SyncEngine> {
  const backend = backends.get(pair) ?? (await openHttpBackend(testConfig(server), { clock, ways: waysOf(quirksOf('aws'), clock.now()), large: SCALE }));
  backends.set(pair, backend);
  return pair.open(backend);
}
async function sync(pair: BenchPair): Promise<void> {
  await (await open(pair)).syncAll();
}
const textOf = (size: number): string => randomBytes(size / 2).toString('hex');

async function flipBit(key: string, at: number): Promise<void> {
  const object = server.bucket(BUCKET).current(`vault/${key}`);
  if (object === undefined) throw new Error('not there');
  const bytes = await readAll(object.content);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 4, at);
  Object.assign(object, { content: contentOf(bytes) });
}

it('C58 S108 a bit that flips in the bucket, in a small object or in a part of a large one, is found by verify, and never comes down', async () => {
  const [desk, laptop] = [world.device('desk'), world.device('laptop')];
  const large = textOf(40 * KIB);
  desk.write('small.txt', 'some text');
  desk.write('large.txt', large);
  desk.write('sound.txt', 'sound');
  await sync(desk);
  expect(server.traffic.count('UploadPart')).toBe(5);
  const verify = async () => (await open(desk)).verify({ content: true });
  expect((await verify()).findings).toEqual([]);

  await flipBit('small.txt', 3);
  await flipBit('large.txt', 9 * KIB);
  expect((await verify()).findings.map((finding) => [finding.kind, 'path' in finding ? finding.path : '']).sort()).toEqual([
    ['remote-damaged', 'large.txt'],
    ['remote-damaged', 'small.txt'],
  ]);
  await sync(laptop);
  expect(laptop.tree).toEqual({ 'sound.txt': 'sound' });
  expect(desk.tree['large.txt']).toBe(large);
});

it('a large file that two devices change in turn goes up in parts once, and by its changes from then on', async () => {
  const [desk, laptop] = [world.device('desk'), world.device('laptop')];
  const { traffic } = server;
  const first = textOf(40 * KIB);
  desk.write('large.txt', first);
  await sync(desk);
  await sync(laptop);

  traffic.reset();
  const second = `${first.slice(0, 20 * KIB)}changed${first.slice(20 * KIB + 7)}and longer`;
  laptop.write('large.txt', second);
  await sync(laptop);
  expect([traffic.count('UploadPart'), traffic.count('UploadPartCopy')]).toEqual([2, 4]);
  await sync(desk);
  expect(desk.tree['large.txt']).toBe(second);

  traffic.reset();
  desk.rename('large.txt', 'renamed.txt');
  await sync(desk);
  desk.write('renamed.txt', `start${second.slice(5)}`);
  await sync(desk);
  expect([traffic.count('UploadPart'), traffic.count('UploadPartCopy')]).toEqual([1, 5]);
  await sync(laptop);
  expect(laptop.tree).toEqual({ 'renamed.txt': `start${second.slice(5)}` });
});
