import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { converge, type Device, randomFrom, treeOf } from '../../cli/world.ts';
import { CephWorld, isCephInstalled } from './ceph-world.ts';

const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 8);
const PATHS = 125;
/** So many of them are there from the start, or deleted now and then; the others are new in each round. */
const OLD = 60;
const SEED = Number(process.env['SEED'] ?? 1);

describe.skipIf(!isCephInstalled())('two devices that save the same files at the same time (needs Ceph)', () => {
  let there: CephWorld;
  let a: Device;
  let b: Device;
  beforeAll(async () => {
    there = await CephWorld.start();
    a = there.device('desk');
    b = there.device('laptop');
  });
  afterAll(() => there?.end());

  it(`C40 C41 C47 ${ROUNDS * PATHS} races for new keys, old keys and deletions: every content is there in the end, on both (SEED=${SEED})`, async () => {
    const random = randomFrom(SEED);
    const owed = new Set<string>();
    for (let round = 0; round < ROUNDS; round++) {
      for (let n = 0; n < PATHS; n++) {
        const path = `race/${n < OLD ? `kept ${n}` : `new ${round}-${n}`}`;
        const deletes = round > 0 && n < OLD && random.fraction() < 0.25 ? random.pick([a, b]) : null;
        for (const device of [a, b]) {
          if (device === deletes) {
            if (device.names().includes(path)) device.remove(path);
            continue;
          }
          const text = `${device.name} round ${round} path ${n}`;
          // What this device saw at the path is replaced by its user; what the other writes at the same time is not.
          if (device.names().includes(path)) owed.delete(device.read(path));
          device.write(path, text);
          owed.add(text);
        }
      }
      const results = await Promise.all([a.run('sync', '--yes'), b.run('sync', '--yes')]);
      for (const { code, out, err } of results) expect([0, 1, 3], `${out}${err}`).toContain(code);
      await converge(a, b);
    }
    const texts = new Set([...treeOf(a.source).values()].flatMap((content) => (content === null ? [] : [content.toString()])));
    expect([...owed].filter((text) => !texts.has(text))).toEqual([]);
    there.expectBucketHolds(a.source);
  });
});
