import { describe, expect, it } from 'vitest';
import { nodeRandom } from '../platform/node-random.ts';
import { gather } from '../testing/containers.ts';
import { FakeFs } from '../testing/fake-fs.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { SeededRandom } from '../testing/random.ts';
import type { SpoolFile } from './container.ts';
import { clearSpool, fsSpool } from './fs-spool.ts';

const FOLDER = '/state/pair.spool';
const chance = new SeededRandom(1).bytes;
const SECRET = 'nobody in accounting may know';

function start(mostBytes?: number) {
  const disk = new FakeFs({ clock: new ManualClock() });
  disk.edit.mkdir('/state');
  let keepsNames = false;
  const fs = disk.view((label) => {
    if (label === 'unlink' && keepsNames) throw new Error('in use');
  });
  const spool = fsSpool({ fs, folder: FOLDER, random: nodeRandom, chance, ...(mostBytes === undefined ? {} : { mostBytes }) });
  const create = async (): Promise<SpoolFile> => {
    const file = await spool.create(1000);
    if (file === null) throw new RangeError('no room');
    return file;
  };
  const names = (): readonly string[] => Object.keys(disk.tree('/state', { all: true })).filter((path) => path.endsWith('.tmp'));
  return {
    disk,
    fs,
    spool,
    create,
    names,
    keepNames: (on: boolean) => {
      keepsNames = on;
    },
  };
}

describe('a spool in a folder', () => {
  it('gives back what it was given, from the start each time, and has no name that a crash could leave', async () => {
    const { create, names } = start();
    const file = await create();
    await file.write(Buffer.from('one '));
    await file.write(Buffer.alloc(300_000, 'x'));
    expect((await gather(file.read())).toString()).toBe(`one ${'x'.repeat(300_000)}`);
    expect(await gather(file.read())).toHaveLength(300_004);
    expect(names()).toEqual([]);
    await file.discard();
  });

  it('I9 holds nothing that can be read, in a folder for this user alone', async () => {
    const { create, names, keepNames, fs, disk } = start();
    keepNames(true);
    const file = await create();
    await file.write(Buffer.from(SECRET.repeat(100)));
    const [name = ''] = names();
    expect((await fs.lstat(FOLDER))?.mode).toBe(0o700);
    const stored = Buffer.from(disk.disk.open(`/state/${name}`).data).toString('latin1');
    expect(stored.length).toBeGreaterThan(SECRET.length * 100);
    expect(stored).not.toContain('accounting');
  });

  it('what was changed on the disk is an error', async () => {
    const { create, names, keepNames, disk } = start();
    keepNames(true);
    const file = await create();
    await file.write(Buffer.from(SECRET));
    const [name = ''] = names();
    const bytes = Buffer.from(disk.disk.open(`/state/${name}`).data);
    bytes[3] = (bytes[3] ?? 0) ^ 1;
    disk.edit.write(`/state/${name}`, bytes);
    await expect(gather(file.read())).rejects.toMatchObject({ code: 'io' });
  });

  it('removes the name at last where an open file has to keep it, and at the next start where a crash left it', async () => {
    const { create, names, keepNames, fs } = start();
    keepNames(true);
    const [discarded] = [await create(), await create()];
    keepNames(false);
    await discarded?.discard();
    expect(names()).toHaveLength(1);
    await clearSpool(fs, FOLDER);
    expect(names()).toEqual([]);
  });

  it('holds no more than it may, and has room again once something is gone', async () => {
    const { spool, create } = start(2500);
    const files = [await create(), await create()];
    expect(await spool.create(1000)).toBeNull();
    await files[0]?.discard();
    await files[0]?.discard();
    expect(await spool.create(1000)).not.toBeNull();
    expect(await spool.create(1000)).toBeNull();
  });
});
