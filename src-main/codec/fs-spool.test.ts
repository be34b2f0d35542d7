import { describe, expect, it } from 'vitest';
import { nodeRandom } from '../platform/node-random.ts';
import { gather } from '../testing/containers.ts';
import { FakeFs } from '../testing/fake-fs.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { fsSpool } from './fs-spool.ts';

describe('a spool in a folder', () => {
  it('gives back what it was given, from the start each time, and has no name that a crash could leave', async () => {
    const disk = new FakeFs({ clock: new ManualClock() });
    disk.edit.mkdir('/sync/.file-sync');
    const file = await fsSpool(disk.view(), '/sync/.file-sync/tmp', nodeRandom).create();
    await file.write(Buffer.from('one '));
    await file.write(Buffer.alloc(300_000, 'x'));
    expect((await gather(file.read())).toString()).toBe(`one ${'x'.repeat(300_000)}`);
    expect(await gather(file.read())).toHaveLength(300_004);
    expect(Object.keys(disk.tree('/sync', { all: true })).filter((path) => path.endsWith('.tmp'))).toEqual([]);
    await file.discard();
  });

  it('removes the name at last where an open file has to keep it', async () => {
    const disk = new FakeFs({ clock: new ManualClock() });
    disk.edit.mkdir('/tmp');
    let refuse = true;
    const fs = disk.view((label) => {
      if (label === 'unlink' && refuse) throw new Error('in use');
    });
    const file = await fsSpool(fs, '/tmp', nodeRandom).create();
    await file.write(Buffer.from('x'));
    refuse = false;
    await file.discard();
    expect(Object.keys(disk.tree('/tmp'))).toEqual([]);
  });
});
