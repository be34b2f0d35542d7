import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { envelopeEpoch } from '../../src-main/codec/envelope.ts';
import { readAll } from '../../src-main/testing/s3-server/content.ts';
import { S3Server, TEST_CREDENTIAL } from '../../src-main/testing/s3-server/s3-server.ts';
import { epochIn, killAfter } from '../cli/rotating.ts';
import { type Device, expectSameTree, randomFrom, World } from '../cli/world.ts';

const SEED = Number(process.env['SEED'] ?? 20261126);
/** A minute's worth; 5,000 take some five. */
const FILES = Number(process.env['ROTATED_FILES'] ?? 1_000);
const KILLS = 4;
const BUCKET = 'our-bucket';
const DAY_MS = 86_400_000;
const SEALED = { ENCRYPTION_KEY: '5'.repeat(64), ENCRYPT_NAMES: 'true', COMPRESSION_ENABLED: 'true' };

let server: S3Server;
let world: World;
/** How far the store's clock has been put forward. */
let ahead: number;
beforeEach(async () => {
  ahead = 0;
  server = await S3Server.start({ buckets: [BUCKET], nowMs: () => Date.now() + ahead });
  world = new World();
});
afterEach(async () => {
  await world.end();
  await server.close();
});

function device(name: string): Device {
  const keys = { AWS_ACCESS_KEY_ID: TEST_CREDENTIAL.accessKeyId, AWS_SECRET_ACCESS_KEY: TEST_CREDENTIAL.secretAccessKey };
  return world.device(name, { ...SEALED, ...keys, BACKEND_TYPE: 's3', S3_BUCKET: BUCKET, S3_PREFIX: 'ours', S3_ENDPOINT: server.endpoint, AWS_REGION: server.region });
}

/** The epochs of everything in the bucket, by container and by envelope. */
async function epochs(): Promise<readonly number[]> {
  const bucket = server.bucket(BUCKET);
  const found = new Set<number>();
  for (const key of bucket.keys()) {
    const object = bucket.current(key);
    if (object === undefined) continue;
    const epoch = epochIn(await readAll(object.content));
    if (epoch !== null) found.add(epoch);
    const envelope = object.meta['e'];
    if (envelope !== undefined) found.add(envelopeEpoch(envelope));
  }
  return [...found].sort();
}

it(`C48 S149 the keys of ${FILES} files are rotated and everything is written again while two devices go on writing, through ${KILLS} kills of it and more of theirs (SEED=${SEED})`, async () => {
  const random = randomFrom(SEED);
  const [desk, laptop, keeper] = [device('desk'), device('laptop'), device('keeper')];
  for (let n = 0; n < FILES; n++) desk.write(`d${n % 50}/f${n}`, `file ${n}`);
  await desk.sync();
  await laptop.sync();
  expect(await keeper.json('keys', 'rotate', '--yes')).toMatchObject({ exitCode: 0 });

  /** Each device has files of its own to change, so that nothing is in conflict. */
  const written = new Map<string, string>();
  let isRotating = true;
  let died = 0;
  const writes = async (writer: Device, turnOf: number): Promise<void> => {
    for (let turn = 0; isRotating; turn++) {
      for (let n = 0; n < 5; n++) {
        const path = `d${turnOf}/f${turnOf + 50 * random.below(FILES / 50)}`;
        written.set(path, `${writer.name}, ${turn}, ${n}`);
        writer.write(path, `${writer.name}, ${turn}, ${n}`);
      }
      written.set(`new/${writer.name} ${turn}`, 'new');
      writer.write(`new/${writer.name} ${turn}`, 'new');
      const running = writer.start('sync');
      if (random.fraction() < 0.3) await Promise.race([running.ended, wait(300 + random.below(2_000)).then(() => running.child.kill('SIGKILL'))]);
      const { code, signal, out, err } = await running.ended;
      if (signal === 'SIGKILL') died++;
      else expect([0, 1], `${writer.name}: ${out}${err}`).toContain(code);
    }
  };
  const rotates = async (): Promise<void> => {
    try {
      for (let kills = 0; kills < KILLS; ) {
        const running = keeper.start('keys', 'reencrypt', '--yes');
        killAfter(keeper, running, 50 + random.below(FILES / 8));
        const { code, signal, out, err } = await running.ended;
        if (signal === null) expect(code, `re-encryption without a kill: ${out}${err}`).toBe(0);
        kills++;
      }
    } finally {
      isRotating = false;
    }
  };
  await Promise.all([writes(desk, 1), writes(laptop, 2), rotates()]);
  // Dead devices' last deeds; no deletion is among them.
  for (const each of [desk, laptop, desk, laptop]) await each.sync();
  expect(await keeper.json('keys', 'reencrypt', '--yes')).toMatchObject({
    exitCode: 0,
    reencrypted: { complete: true, refused: [] },
    retired: [],
    retireAfter: expect.any(Number),
  });

  ahead = DAY_MS + 60_000;
  expect(await keeper.json('keys', 'reencrypt', '--yes')).toMatchObject({ exitCode: 0, reencrypted: { complete: true, resealed: 0 }, retired: [1] });
  expect(await epochs()).toEqual([2]);
  await desk.sync();
  await laptop.sync();
  expectSameTree(desk.source, laptop.source);
  for (const [path, text] of written) expect(desk.read(path), path).toBe(text);
  expect(desk.names().filter((name) => name.includes('conflict'))).toEqual([]);
  expect(await laptop.json('verify')).toMatchObject({ exitCode: 0, findings: [] });
  console.info(`seed ${SEED}: ${written.size} files written meanwhile, ${KILLS} kills of the re-encryption, ${died} of devices`);
});
