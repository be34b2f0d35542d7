import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canMount, Mounts } from '../cli/mounts.ts';
import { converge, type Device, eventually, type Running, treeOf, World } from '../cli/world.ts';

const FILES = 60;
/** A root is looked at every 30 s, and a folder that waits tries again as often. */
const NOTICES = 75_000;

/** Two devices that watch; the drive under `pulled` is a mount, which goes and comes back while they do. */
class Scene {
  readonly world = new World();
  readonly mounts = new Mounts();
  readonly desk: Device;
  readonly laptop: Device;
  readonly drive: string;
  readonly at: string;
  running: Running[] = [];

  constructor(pulled: 'source' | 'backup') {
    this.desk = this.world.device('desk');
    this.laptop = this.world.device('laptop');
    this.drive = this.world.folder('drive');
    this.at = pulled === 'source' ? this.desk.source : this.world.backup;
    this.mounts.plugIn(this.drive, this.at);
  }

  async begin(): Promise<void> {
    for (let n = 0; n < FILES; n++) this.desk.write(`d${n % 5}/${n}`, `content ${n}`);
    await this.desk.sync();
    await this.laptop.sync();
    this.running = [this.desk, this.laptop].map((device) => device.start('watch'));
    for (const each of this.running) await eventually('the first sync', () => each.out().includes('Up to date'));
  }

  /** In the place where the drive was nothing of ours is left behind. */
  expectMountPointEmpty(): void {
    expect(readdirSync(this.at), 'the empty mount point').toEqual([]);
  }

  async end(): Promise<void> {
    for (const { child, ended } of this.running) {
      child.kill('SIGKILL');
      await ended;
    }
    this.mounts.end();
    await this.world.end();
  }
}

// Most of the time is waiting, so the scenes wait side by side.
describe.skipIf(!canMount)('a drive pulled out while it is watched (needs root, to mount)', () => {
  const scenes = { source: null as Scene | null, backup: null as Scene | null };
  const scene = (which: 'source' | 'backup'): Scene => {
    const it = scenes[which];
    if (it === null) throw new Error('the scene was not set');
    return it;
  };
  beforeAll(async () => {
    for (const which of ['source', 'backup'] as const) {
      scenes[which] = new Scene(which);
      await scene(which).begin();
    }
  });
  afterAll(async () => {
    for (const each of Object.values(scenes)) await each?.end();
  });

  it.concurrent('C26 S46 the synced folder: nothing is deleted or made elsewhere, it says what it waits for, and goes on by itself', async () => {
    const { world, mounts, desk, laptop, drive, at, running } = scene('source');
    const [watch] = running;
    mounts.pullOut(at);
    laptop.write('d0/from-laptop', 'written while the drive is away');
    laptop.write('d1/1', 'edited while the drive is away');
    writeFileSync(join(drive, 'd2/from-desk'), 'written on the drive elsewhere');
    await eventually('the word that it waits', () => /is not the one that was set up|is not there/.test(watch?.out() ?? ''), NOTICES);
    expect(await desk.run('status')).toMatchObject({ code: 2, err: expect.stringMatching(/not the one that was set up|unmounted/) });
    expect(treeOf(world.backup).size).toBe(FILES + 5 + 1);
    expect(treeOf(laptop.source).size).toBe(FILES + 5 + 1);
    scene('source').expectMountPointEmpty();
    mounts.plugIn(drive, at);
    await eventually('what was made meanwhile, both ways', () => existsSync(desk.path('d0/from-laptop')) && existsSync(laptop.path('d2/from-desk')), NOTICES);
    desk.write('d3/after', 'watched again');
    await eventually('a change after it is back', () => existsSync(laptop.path('d3/after')), 40_000);
    await scene('source').end();
  });

  it.concurrent('C27 C28 the backup folder: nothing is deleted or made elsewhere, both say what they wait for, and go on by themselves', async () => {
    const { mounts, desk, laptop, drive, at, running } = scene('backup');
    mounts.pullOut(at);
    desk.write('d0/from-desk', 'written while the backup is away');
    laptop.remove('d1/1');
    // Which of the two depends on the moment it is noticed in.
    for (const watch of running) await eventually('the word that it waits', () => /Waiting for local:|does not hold the vault/.test(watch.out()), NOTICES);
    expect(await desk.run('status')).toMatchObject({ code: 4, err: expect.stringMatching(/cannot be used|does not hold the vault/) });
    expect(treeOf(desk.source).size).toBe(FILES + 5 + 1);
    expect(treeOf(laptop.source).size).toBe(FILES + 5 - 1);
    scene('backup').expectMountPointEmpty();
    mounts.plugIn(drive, at);
    await eventually('what was made meanwhile, both ways', () => existsSync(laptop.path('d0/from-desk')) && !existsSync(desk.path('d1/1')), NOTICES);
    laptop.write('d3/after', 'watched again');
    await eventually('a change after it is back', () => existsSync(desk.path('d3/after')), 40_000);
    await scene('backup').end();
  });

  it.concurrent.each(['source', 'backup'] as const)('C28 in the middle of transfers, the %s: nothing is written into the empty mount point, and it goes on', async (which) => {
    const here = new Scene(which);
    const { desk, laptop, mounts, drive, at } = here;
    try {
      await desk.sync();
      await laptop.sync();
      const device = which === 'source' ? laptop : desk;
      for (let n = 0; n < 1_200; n++) device.write(`many/${n % 30}/${n}`, `content ${n} ${'.'.repeat(5_000)}`);
      if (which === 'source') await laptop.sync();
      const watch = desk.start('watch');
      here.running.push(watch);
      const arriving = which === 'source' ? desk.source : here.world.backup;
      await eventually('the first files', () => existsSync(join(arriving, 'many')) && treeOf(join(arriving, 'many')).size > 100);
      mounts.pullOut(at);
      await eventually('the word that it waits', () => /Waiting for local:|is not the one that was set up|is not there/.test(watch.out()), NOTICES);
      expect(treeOf(device.path('many')).size).toBe(1_230);
      here.expectMountPointEmpty();
      mounts.plugIn(drive, at);
      await eventually('the rest', () => treeOf(arriving).size === 1_231, NOTICES);
      watch.child.kill('SIGINT');
      await watch.ended;
      await converge(desk, laptop);
    } finally {
      await here.end();
    }
  });
});
