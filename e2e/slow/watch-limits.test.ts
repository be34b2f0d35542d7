import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { converge, type Device, eventually, expectSameTree, type Running, World } from '../cli/world.ts';

const QUEUE = process.platform === 'linux' ? Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8')) : 0;
/** Lowers the number of watches for one process tree alone: the limit belongs to the user namespace. */
const WITH_FEW_WATCHES = ['unshare', '--user', '--map-root-user', 'sh', '-c', 'echo 20 > /proc/sys/user/max_inotify_watches && exec "$@"', 'sh'];
const canLimit = process.platform === 'linux' && spawnSync(WITH_FEW_WATCHES[0] ?? '', [...WITH_FEW_WATCHES.slice(1), 'true']).status === 0;

let world: World;
let desk: Device;
let laptop: Device;
beforeEach(async () => {
  world = new World();
  desk = world.device('desk');
  laptop = world.device('laptop');
  for (let n = 0; n < 40; n++) desk.write(`d${n}/file`, `content ${n}`);
  await desk.sync();
  await laptop.sync();
});
afterEach(() => world.end());

async function upToDate(running: Running): Promise<void> {
  await eventually('the first sync', () => running.out().includes('Up to date'));
}

describe.skipIf(QUEUE === 0 || QUEUE > 100_000)(`C24 C25 S17 more changes than the kernel's queue of ${QUEUE} holds (Linux)`, () => {
  it('all arrive, those no event tells of too, and what they made is watched from then on', async () => {
    const [watch, other] = [desk.start('watch'), laptop.start('watch')];
    for (const each of [watch, other]) await upToDate(each);
    watch.child.kill('SIGSTOP');
    // Each line is an event; two in a row to one file would be counted as one.
    for (let n = 0; n < 3 * QUEUE; n++) appendFileSync(desk.path(`d${n % 40}/file`), '.');
    // The queue is full: of what follows nobody is told.
    desk.write('d0/unheard', 'x');
    desk.write('unheard/deep/file', 'x');
    mkdirSync(desk.path('unheard/empty'));
    desk.remove('d1');
    renameSync(desk.path('d2'), desk.path('renamed'));
    watch.child.kill('SIGCONT');
    await eventually('what no event told of', () => existsSync(laptop.path('unheard/empty')) && existsSync(laptop.path('renamed/file')) && !existsSync(laptop.path('d1')), 60_000);
    desk.write('unheard/deep/later', 'x');
    desk.write('renamed/later', 'x');
    await eventually('a change in a folder that was made unheard', () => existsSync(laptop.path('unheard/deep/later')) && existsSync(laptop.path('renamed/later')), 20_000);
    for (const each of [watch, other]) each.child.kill('SIGINT');
    for (const each of [watch, other]) await each.ended;
    await converge(desk, laptop);
    expectSameTree(desk.source, laptop.source);
  });
});

describe.skipIf(!canLimit)('C25 S18 fewer watches than folders (needs user namespaces)', () => {
  it('it looks now and then instead, says so, and changes arrive', async () => {
    const watch = world.start(['watch', '--config', desk.config], { through: WITH_FEW_WATCHES });
    await upToDate(watch);
    expect(watch.out()).toMatch(/looking every 30 s: .*max_user_watches/);
    desk.write('d39/new', 'x');
    rmSync(desk.path('d0'), { recursive: true });
    await eventually('changes that only a look finds', () => existsSync(`${world.backup}/d39/new`) && !existsSync(`${world.backup}/d0`), 60_000);
    watch.child.kill('SIGINT');
    expect(await watch.ended).toMatchObject({ code: 130 });
    await converge(desk, laptop);
  });
});
