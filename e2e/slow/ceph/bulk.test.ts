import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectSameTree, expectSound } from '../../cli/world.ts';
import { CephWorld, isCephInstalled } from './ceph-world.ts';

const SMALL_FILES = Number(process.env['SMALL_FILES'] ?? 2_000);
const BULK_MIB = Number(process.env['BULK_MIB'] ?? 128);

describe.skipIf(!isCephInstalled())('many and large files through a bucket (needs Ceph)', () => {
  let there: CephWorld;
  beforeAll(async () => {
    there = await CephWorld.start();
  });
  afterAll(() => there?.end());

  it(`${SMALL_FILES} small files and one of ${BULK_MIB} MiB go up and down, and compare equal`, async () => {
    const desk = there.device('desk');
    const laptop = there.device('laptop');
    for (let n = 0; n < SMALL_FILES; n++) {
      if (n % 100 === 0) mkdirSync(desk.path(`d${n / 100}`));
      writeFileSync(desk.path(`d${Math.floor(n / 100)}/file ${n}`), `content ${n} ${'x'.repeat((n * 37) % 8_000)}`);
    }
    writeNoise(desk.path('large.bin'), BULK_MIB * 1024 * 1024);
    const up = await desk.json<{ bytesUp: number }>('sync');
    expect(up).toMatchObject({ exitCode: 0 });
    await laptop.sync();
    expectSameTree(desk.source, laptop.source);
    there.expectBucketHolds(desk.source);
    for (const device of [desk, laptop]) await expectSound(device);
    expect(await desk.json('sync')).toMatchObject({ exitCode: 0, done: 0, bytesUp: 0 });
  });
});

/** Bytes that cannot be compressed and hold no block twice. */
function writeNoise(path: string, bytes: number): void {
  const file = openSync(path, 'w');
  const block = Buffer.alloc(1024 * 1024);
  for (let at = 0; at < bytes; at += block.length) {
    for (let n = 0; n < block.length; n += 32)
      if (n % 4096 === 0)
        createHash('sha256')
          .update(`${at + n}`)
          .digest()
          .copy(block, n);
    writeSync(file, block);
  }
  closeSync(file);
}
