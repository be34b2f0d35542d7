import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { converge, type Device, expectSameTree, randomFrom, treeOf, World } from '../cli/world.ts';

const FILES = 20_000;
const KILLS = 20;
const SEED = Number(process.env['SEED'] ?? 20261123);

let world: World;
let desk: Device;
let laptop: Device;

beforeAll(() => {
  world = new World();
  desk = world.device('desk');
  laptop = world.device('laptop');
  copyRealFiles(desk.source);
});
afterAll(() => world.end());

/** Some twenty thousand files as they are found on a developer's disk: packages and the system's shared files. */
function copyRealFiles(target: string): void {
  let count = 0;
  for (const from of [resolve(import.meta.dirname, '../../node_modules'), '/usr/share']) {
    for (const name of readdirSync(from).sort()) {
      if (count >= FILES || name.startsWith('.')) continue;
      const folder = join(target, from.endsWith('share') ? 'share' : 'packages');
      mkdirSync(folder, { recursive: true });
      try {
        execFileSync('cp', ['-a', '--no-preserve=ownership', join(from, name), folder], { stdio: 'ignore' });
      } catch {
        // A file this user may not read; what was copied counts.
      }
      count += Number(execFileSync('bash', ['-c', 'find "$1" -type f | wc -l', '-', join(folder, name)], { encoding: 'utf8' }));
    }
  }
  expect(count).toBeGreaterThan(FILES / 2);
}

async function killed(device: Device, afterMs: number): Promise<void> {
  const running = device.start('sync', '--yes');
  const timer = setTimeout(() => running.child.kill('SIGKILL'), afterMs);
  await running.ended;
  clearTimeout(timer);
}

it(`two devices keep ${FILES} real files equal through edits, renames, deletes and ${KILLS} kill -9 (seed ${SEED})`, async () => {
  const random = randomFrom(SEED);
  for (let i = 0; i < KILLS / 2; i++) await killed(i % 3 === 0 ? laptop : desk, 500 + random.below(4000));
  await desk.sync('--yes');
  await laptop.sync('--yes');
  await converge(desk, laptop);
  expectSameTree(desk.source, laptop.source);

  const before = [...treeOf(desk.source)].filter(([, content]) => Buffer.isBuffer(content)).map(([path]) => path);
  const touched = new Set<string>();
  const pick = (): string => {
    for (;;) {
      const path = random.pick(before);
      if (touched.has(path)) continue;
      touched.add(path);
      return path;
    }
  };
  for (const device of [desk, laptop]) {
    for (let i = 0; i < 200; i++) appendFileSync(device.path(pick()), `\nedited by ${device.name}`);
    for (let i = 0; i < 100; i++) {
      const path = pick();
      renameSync(device.path(path), device.path(`${path}.renamed-by-${device.name}`));
    }
    for (let i = 0; i < 30; i++) rmSync(device.path(pick()));
  }
  renameSync(desk.path('packages/@mantine'), desk.path('moved-folder'));
  for (let i = 0; i < KILLS / 2; i++) await killed(i % 2 === 0 ? laptop : desk, 300 + random.below(2500));
  await converge(desk, laptop);
  expectSameTree(desk.source, laptop.source);
  expect([...treeOf(desk.source).keys()].filter((path) => path.includes('.conflict-'))).toEqual([]);
});
