import { afterEach, beforeEach, expect, it } from 'vitest';
import { S3Server, TEST_CREDENTIAL } from '../../src-main/testing/s3-server/s3-server.ts';
import { expectSameTree, World } from './world.ts';

const BUCKET = 'our-bucket';
let server: S3Server;
let world: World;
beforeEach(async () => {
  server = await S3Server.start({ buckets: [BUCKET] });
  server.bucket(BUCKET).versioning = 'Enabled';
  world = new World();
});
afterEach(async () => {
  await world.end();
  await server.close();
});

/** Buckets tell their time in whole seconds. */
const APART_MS = 1_200;

it.each([
  ['in the open', {}],
  ['encrypted', { ENCRYPTION_KEY: '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff' }],
])('what a bucket keeps by itself is the history, %s: versions, restore on a new machine, undo, and the totals', async (_name, more) => {
  const settings = {
    BACKEND_TYPE: 's3',
    S3_BUCKET: BUCKET,
    S3_PREFIX: 'files',
    S3_ENDPOINT: server.endpoint,
    AWS_REGION: server.region,
    AWS_ACCESS_KEY_ID: TEST_CREDENTIAL.accessKeyId,
    AWS_SECRET_ACCESS_KEY: TEST_CREDENTIAL.secretAccessKey,
    ...more,
  };
  const device = world.device('desk', settings);
  device.write('docs/a.txt', 'one');
  device.write('docs/b.txt', 'b');
  await device.sync();
  const first = await device.copyNow('first', APART_MS);
  device.write('docs/a.txt', 'two, and longer');
  device.remove('docs/b.txt');
  device.write('new.txt', 'n');
  await device.sync();
  const second = await device.copyNow('second', APART_MS);
  expect(
    server
      .bucket(BUCKET)
      .keys()
      .filter((key) => key.includes('.file-sync/versions')),
  ).toEqual([]);
  const { versions } = await device.json<{ versions: { id: string; size: number; ended: string }[] }>('versions', 'docs/a.txt');
  expect(versions).toMatchObject([
    { size: 15, ended: 'is-there' },
    { size: 3, ended: 'replaced' },
  ]);
  expect(await device.json('versions', 'docs/b.txt')).toMatchObject({ versions: [{ size: 1, ended: 'removed', kept: true }] });
  for (const { at, copy } of [first, second]) {
    const fresh = await world.run(['restore', '--date', at, '--to', `${copy}-back`], { env: settings });
    expect(fresh, fresh.err).toMatchObject({ code: 0 });
    expectSameTree(copy, `${copy}-back`);
  }
  expect((await device.json<{ status: { kept: { count: number } } }>('status')).status.kept.count).toBe(2);
  expect(await device.json('undo')).toMatchObject({ exitCode: 0, done: 3 });
  expectSameTree(first.copy, device.source);
  expect(await device.json('restore', 'docs/a.txt', '--version', versions[0]?.id ?? '?')).toMatchObject({ exitCode: 0, done: 1 });
  expect(device.read('docs/a.txt')).toBe('two, and longer');
  expect(await device.json('verify', '--sample', '100%')).toMatchObject({ exitCode: 0, sample: { files: 2, failed: [] } });
  expect(await device.json('status')).toMatchObject({ status: { drill: { files: 2, failed: 0 } } });
});
