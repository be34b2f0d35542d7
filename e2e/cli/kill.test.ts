import { renameSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { converge, type Device, randomFrom, treeOf, World } from './world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

const SEED = Number(process.env['KILL_SEED'] ?? 20261123);
const KILLS = Number(process.env['KILLS'] ?? 24);

/**
 * Two devices, edits on both, and kill -9 of whatever syncs at random moments. Every content that was ever written and that nobody had in front of them when they replaced or deleted it must be somewhere in the end.
 */
it(`C48 I1 nothing is lost through ${KILLS} kills (seed ${SEED}: KILL_SEED repeats it)`, async () => {
  const random = randomFrom(SEED);
  const devices = [world.device('desk', { VERSIONS_KEEP: '100000' }), world.device('laptop', { VERSIONS_KEEP: '100000' })];
  const owed = new Map<string, string>();
  let written = 0;
  let killed = 0;

  /** What the user sees at a path they replace or delete is theirs to lose. */
  const letGo = (device: Device, path: string): void => {
    const seen = treeOf(device.source).get(path);
    if (Buffer.isBuffer(seen)) owed.delete(idOf(String(seen)));
  };
  const paths = (device: Device): string[] => [...treeOf(device.source)].flatMap(([path, content]) => (Buffer.isBuffer(content) && !path.startsWith('own-') ? [path] : []));
  const edit = (device: Device): void => {
    const there = paths(device);
    const path = there.length > 0 && random.fraction() < 0.5 ? random.pick(there) : `d${random.below(4)}/f${random.below(40)}`;
    const what = random.fraction();
    if (what < 0.15 && there.includes(path)) {
      letGo(device, path);
      device.remove(path);
    } else if (what < 0.3 && there.includes(path)) {
      const to = `d${random.below(4)}/renamed-${written}`;
      letGo(device, to);
      device.write(to, '');
      renameSync(device.path(path), device.path(to));
    } else {
      letGo(device, path);
      const id = `${device.name}-${written++}`;
      device.write(path, `<${id}>${'.'.repeat(random.fraction() < 0.1 ? 3_000_000 : random.below(20_000))}`);
      owed.set(id, `${device.name}:${path}`);
    }
  };

  /** Paths only this device writes: what it overwrites there is always what it wrote, so edits can run into a sync without a race of their own. */
  const own = new Map<string, string>();
  const editOwn = (device: Device): void => {
    const path = `own-${device.name}/${random.below(12)}`;
    const before = own.get(path);
    if (before !== undefined) owed.delete(before);
    const id = `${device.name}-${written++}`;
    device.write(path, `<${id}>${'.'.repeat(random.below(200_000))}`);
    own.set(path, id);
    owed.set(id, path);
  };

  while (killed < KILLS) {
    for (const device of devices) for (let n = random.below(15); n > 0; n--) edit(device);
    const device = random.pick(devices);
    const running = device.start('sync');
    const delay = 150 + random.below(700);
    const timer = setTimeout(() => running.child.kill('SIGKILL'), delay);
    const edits = setInterval(() => editOwn(device), 30);
    const { signal, code, out, err } = await running.ended;
    clearTimeout(timer);
    clearInterval(edits);
    if (signal === 'SIGKILL') killed++;
    // What changes all the time may be left for the next sync.
    else expect([0, 1], `sync without a kill: ${out}${err}`).toContain(code);
  }
  await converge(...devices);
  const everywhere = [...devices.map((device) => device.source), world.backup].map((root) =>
    [...treeOf(root, true).values()].flatMap((content) => (Buffer.isBuffer(content) ? [idOf(content.subarray(0, 64).toString())] : [])),
  );
  const found = new Set(everywhere.flat());
  const lost = [...owed].filter(([id]) => !found.has(id));
  expect(lost, 'contents that are nowhere any more').toEqual([]);
  const visible = new Set([...treeOf(devices[0]?.source ?? '').values()].flatMap((content) => (Buffer.isBuffer(content) ? [idOf(content.subarray(0, 64).toString())] : [])));
  expect(
    [...owed].filter(([id]) => !visible.has(id)),
    'contents that are only kept out of sight',
  ).toEqual([]);
});

function idOf(content: string): string {
  return /^<([^>]+)>/.exec(content)?.[1] ?? '';
}
