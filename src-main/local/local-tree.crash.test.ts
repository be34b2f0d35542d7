import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { FileEntry, Hash, Stamp } from '../core/entry.ts';
import { IgnoreRules } from '../core/ignore.ts';
import { relPath } from '../core/rel-path.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import { nodeRandom } from '../platform/node-random.ts';
import { fakeWorld } from '../testing/disk-world.ts';
import { Crash, type Step } from '../testing/fake-fs.ts';
import { sourceOf } from '../testing/sources.ts';
import type { LocalTree } from './local-tree.ts';
import { openLocalTree } from './open-local-tree.ts';

const p = relPath;
const entryOf = (text: string): FileEntry => ({
  kind: 'file',
  size: text.length,
  hash: createHash('sha256').update(text).digest('hex') as Hash,
  mtimeNs: 1_600_000_000_000_000_000n,
  mode: 0o600,
});

interface Scenario {
  readonly name: string;
  readonly before: Readonly<Record<string, string>>;
  readonly act: (local: LocalTree, stamps: ReadonlyMap<string, Stamp>) => Promise<unknown>;
  /** Trees that may be found after a crash anywhere. */
  readonly after: readonly Readonly<Record<string, string>>[];
}

const scenarios: readonly Scenario[] = [
  { name: 'a new file', before: {}, act: (local) => local.write(p('a'), entryOf('new'), sourceOf('new'), null), after: [{}, { a: 'new' }] },
  {
    name: 'a replaced file',
    before: { a: 'old' },
    act: (local, stamps) => local.write(p('a'), entryOf('new'), sourceOf('new'), stamps.get('a') ?? null),
    after: [{ a: 'old' }, { a: 'new' }],
  },
  { name: 'a removed file', before: { a: 'old' }, act: (local, stamps) => local.remove(p('a'), stamps.get('a') as Stamp), after: [{ a: 'old' }, {}] },
  {
    name: 'a moved file',
    before: { a: 'old' },
    act: (local, stamps) => local.move(p('a'), p('b'), stamps.get('a') as Stamp),
    after: [{ a: 'old' }, { a: 'old', b: 'old' }, { b: 'old' }],
  },
  {
    name: 'a link in place of a file',
    before: { a: 'old' },
    act: (local, stamps) => local.link(p('a'), 'target', stamps.get('a') ?? null),
    after: [{ a: 'old' }, { a: '-> target' }],
  },
];

/** Runs a scenario that dies right before its n-th call; without n it runs through and counts the calls. */
async function run(scenario: Scenario, options: { readonly hardLinks: boolean; readonly powerCut: boolean }, dieAt = Number.POSITIVE_INFINITY) {
  let step: Step = () => undefined;
  const world = fakeWorld({ hardLinks: options.hardLinks })((label, path) => step(label, path));
  for (const [path, text] of Object.entries(scenario.before)) world.write(path, text);
  const open = (): Promise<LocalTree> =>
    openLocalTree({ fs: world.fs, clock: world.clock, random: nodeRandom, newHasher: nodeHasher, root: world.root, trashDays: 30, platform: 'posix' });
  const scan = (local: LocalTree) => local.scan({ base: new Map(), ignore: IgnoreRules.of([], { junk: false }), rehash: false });
  const local = await open();
  const stamps = new Map([...(await scan(local)).entries].map(([path, { stamp }]) => [String(path), stamp]));
  await world.age();
  let calls = 0;
  step = () => {
    if (++calls >= dieAt) throw new Crash(`at call ${calls}`);
  };
  const outcome = await scenario.act(local, stamps).catch((error: unknown) => error);
  step = () => undefined;
  if (options.powerCut) world.fake.powerCut();
  return { world, outcome, calls, open, scan };
}

describe.each([
  { hardLinks: true, powerCut: false },
  { hardLinks: false, powerCut: false },
  { hardLinks: true, powerCut: true },
  { hardLinks: false, powerCut: true },
])('a crash at any step, $hardLinks/$powerCut (hard links/power cut)', (options) => {
  it.each(scenarios)('C48 C49 S91 S94 $name', async (scenario) => {
    const { calls, outcome } = await run(scenario, options);
    expect(outcome).toMatchObject({ kind: 'done' });
    for (let dieAt = 1; dieAt <= calls; dieAt++) {
      const died = await run(scenario, options, dieAt);
      expect(died.outcome).toBeInstanceOf(Crash);
      const tree = died.world.tree();
      expect(scenario.after, `after a crash at call ${dieAt}`).toContainEqual(tree);
      const everywhere = Object.values(died.world.tree({ all: true }));
      for (const text of Object.values(scenario.before)) expect(everywhere, `after a crash at call ${dieAt}`).toContain(text);
      const local = await died.open();
      await died.scan(local);
      await local.sweep(0);
      const seen = await died.scan(local);
      expect(seen.problems).toEqual([]);
      const all = died.world.tree({ all: true });
      expect(Object.keys(all).filter((path) => path.includes('.tmp') || path.includes('.held'))).toEqual([]);
      expect(died.world.tree()).toEqual(tree);
      for (const text of Object.values(scenario.before)) expect(Object.values(all)).toContain(text);
    }
  });
});

describe.each([{ powerCut: false }, { powerCut: true }])('a death right after a file was taken to be removed, power cut: $powerCut', ({ powerCut }) => {
  it.each([
    ['C48 what the user had put there in that moment is back', 'theirs', { a: 'theirs' }, []],
    ['C48 what was meant goes on to the trash', null, {}, ['a=old']],
  ] as const)('%s', async (_what, theirs, tree, trash) => {
    let step: Step = () => undefined;
    const world = fakeWorld({})((label, path) => step(label, path));
    world.write('a', 'old');
    const open = (): Promise<LocalTree> =>
      openLocalTree({ fs: world.fs, clock: world.clock, random: nodeRandom, newHasher: nodeHasher, root: world.root, trashDays: 30, platform: 'posix' });
    const first = await open();
    const stamp = (await first.scan({ base: new Map(), ignore: IgnoreRules.of([], { junk: false }), rehash: false })).entries.get(p('a'))?.stamp as Stamp;
    await world.age();
    let isTaken = false;
    step = (label, path) => {
      if (isTaken) throw new Crash('right after it was taken');
      if (label !== 'rename' || !path.endsWith('/a')) return;
      if (theirs !== null) world.replace('a', theirs);
      isTaken = true;
    };
    await expect(first.remove(p('a'), stamp)).rejects.toBeInstanceOf(Crash);
    step = () => undefined;
    if (powerCut) world.fake.powerCut();
    const second = await open();
    const isThere = (await world.fs.lstat(`${world.root}/a`)) !== null;
    await second.settleRemoval(p('a'), stamp);
    // A power cut may have undone the taking.
    if (!isThere) expect(world.tree()).toEqual(tree);
    if (!isThere) expect(await second.leftovers()).toEqual([]);
    if (!isThere && !powerCut)
      expect(
        Object.entries(world.fake.tree(world.root, { all: true })).flatMap(([path, text]) =>
          path.includes('/trash/') && !path.endsWith('/') ? [`${path.slice(path.lastIndexOf('/') + 1)}=${text}`] : [],
        ),
      ).toEqual(trash);
  });
});
