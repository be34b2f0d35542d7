import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { FileEntry, Hash, PathProblem } from '../core/entry.ts';
import { SyncError } from '../core/errors.ts';
import { IgnoreRules } from '../core/ignore.ts';
import type { NamePlatform } from '../core/name-rules.ts';
import { relPath as p } from '../core/rel-path.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import { nodeRandom } from '../platform/node-random.ts';
import { type DiskWorld, fakeWorld, realWorld } from '../testing/disk-world.ts';
import type { Step } from '../testing/fake-fs.ts';
import { sourceOf } from '../testing/sources.ts';
import { FAT } from '../testing/tree-bench.ts';
import type { LocalTree, ScanResult } from './local-tree.ts';
import { openLocalTree } from './open-local-tree.ts';

const open = (world: DiskWorld, platform: NamePlatform = 'posix'): Promise<LocalTree> =>
  openLocalTree({ fs: world.fs, clock: world.clock, random: nodeRandom, newHasher: nodeHasher, root: world.root, trashDays: 30, platform });
const scan = (local: LocalTree, paths?: readonly string[]): Promise<ScanResult> =>
  local.scan({ base: new Map(), ignore: IgnoreRules.of([], { junk: false }), rehash: false, ...(paths === undefined ? {} : { paths: new Set(paths.map((path) => p(path))) }) });
const paths = (result: ScanResult): string[] => [...result.entries.keys()].sort();
const reasons = ({ problems }: ScanResult): string[] => problems.map(({ path, reason, subtree }: PathProblem) => `${path}: ${reason}${subtree ? ' and below' : ''}`).sort();
const entryOf = (text: string): FileEntry => ({
  kind: 'file',
  size: Buffer.byteLength(text),
  hash: createHash('sha256').update(text).digest('hex') as Hash,
  mtimeNs: 1_600_000_000_000_000_000n,
  mode: 0o644,
});

const ODD_NAMES = [
  'with space',
  ' leading',
  'quote\'"s',
  '100%',
  'a+b',
  'r&d',
  '#hash',
  'what?',
  'back\\slash',
  'new\nline',
  'tab\t',
  '\x01control',
  '.hidden',
  '-dash',
  '--',
  '*',
  '$HOME',
  '`x`',
  '\u{1F600}',
  '\u05D0\u05D1',
  '\u202Ertl',
  'e\u0301',
  '\u00E9',
  'x'.repeat(255),
  '\u00E9'.repeat(127),
  'CON',
  'nul.txt',
  'a:b',
  'dot.',
  'space ',
  '%63on',
  'a%3Ab',
  '\uFFFD',
  '__proto__',
  'constructor',
];

describe('names', () => {
  it.each([
    ['simulated', fakeWorld()],
    ['real', realWorld],
  ] as const)('C17 C20 every name a POSIX disk holds, %s', async (_name, make) => {
    const world = make();
    for (const name of ODD_NAMES) world.write(name, name);
    world.write('deep/in here/100%', 'x');
    const local = await open(world);
    const seen = await scan(local);
    expect(reasons(seen)).toEqual([]);
    expect(paths(seen)).toEqual([...ODD_NAMES, 'deep', 'deep/in here', 'deep/in here/100%'].sort());
    for (const name of ODD_NAMES) {
      const { stamp } = seen.entries.get(p(name)) ?? expect.fail(name);
      expect(await local.write(p(name), entryOf('new'), sourceOf('new'), stamp)).toMatchObject({ kind: 'done' });
      expect(await local.move(p(name), p(`deep/${name}`), (await scan(local)).entries.get(p(name))?.stamp ?? stamp)).toMatchObject({ kind: 'done' });
      const moved = (await scan(local, [`deep/${name}`])).entries.get(p(`deep/${name}`)) ?? expect.fail(name);
      expect(await local.remove(p(`deep/${name}`), moved.stamp)).toMatchObject({ kind: 'done' });
    }
    expect(paths(await scan(local))).toEqual(['deep', 'deep/in here', 'deep/in here/100%']);
    world.close();
  });

  it('C20 S75 names that Windows cannot hold lie there under others, both ways', async () => {
    const world = fakeWorld({ caseInsensitive: true, hardLinks: true })();
    const local = await open(world, 'win32');
    for (const name of ['CON', 'a:b', 'dot.', 'back\\slash', 'line\nbreak', 'plain', '100%', 'a%3Ab'])
      expect(await local.write(p(name), entryOf(name), sourceOf(name), null)).toMatchObject({ kind: 'done' });
    await local.makeFolder(p('dir.'));
    await local.write(p('dir./x?'), entryOf('x'), sourceOf('x'), null);
    expect(Object.keys(world.tree())).toEqual(['%43ON', '100%', 'a%253Ab', 'a%3Ab', 'back%5Cslash', 'dir%2E/', 'dir%2E/x%3F', 'dot%2E', 'line%0Abreak', 'plain']);
    expect(paths(await scan(local))).toEqual(['100%', 'CON', 'a%3Ab', 'a:b', 'back\\slash', 'dir.', 'dir./x?', 'dot.', 'line\nbreak', 'plain']);
    expect(paths(await scan(local, ['dir./x?', 'con']))).toEqual(['CON', 'dir./x?']);
    world.write('%2E', 'would be read as a dot');
    expect(reasons(await scan(local))).toEqual(['%2E: unsafe-name and below']);
  });

  it('C20 S76 a name that is too long is refused, not cut', async () => {
    const world = fakeWorld()();
    const local = await open(world);
    const name = '\u00E9'.repeat(128);
    await expect(local.write(p(name), entryOf('x'), sourceOf('x'), null)).rejects.toMatchObject({ code: 'name-too-long' });
    expect(world.tree()).toEqual({});
  });

  it('C21 S77 names that are not UTF-8 are listed and left alone', async () => {
    const fake = fakeWorld()();
    fake.fake.disk.invalidName(fake.root, 'caf\\xE9');
    fake.write('a', '1');
    const simulated = await scan(await open(fake));
    expect(paths(simulated)).toEqual(['a']);
    expect(reasons(simulated)).toEqual(['caf\\xE9: invalid-utf8-name and below']);

    const real = realWorld();
    real.write('a', '1');
    writeFileSync(Buffer.concat([Buffer.from(`${real.root}/caf`), Buffer.from([0xe9])]), 'x');
    const seen = await scan(await open(real));
    expect(paths(seen)).toEqual(['a']);
    expect(reasons(seen)).toEqual(['caf\\xE9: invalid-utf8-name and below']);
    real.close();
  });

  it('C18 on a disk that keeps names in NFD, a path in NFC is found and reported as the disk has it', async () => {
    const world = fakeWorld({ normalises: true })();
    const local = await open(world);
    expect(local.features.normalises).toBe(true);
    expect(await local.write(p('caf\u00E9'), entryOf('x'), sourceOf('x'), null)).toMatchObject({ kind: 'done' });
    expect(paths(await scan(local))).toEqual(['cafe\u0301']);
    expect(paths(await scan(local, ['caf\u00E9']))).toEqual(['cafe\u0301']);
  });

  it('C19 a limited scan reports a name as the disk has it', async () => {
    const world = fakeWorld({ caseInsensitive: true })();
    const local = await open(world);
    expect(local.features.caseInsensitive).toBe(true);
    world.write('Docs/ReadMe', 'x');
    expect(paths(await scan(local, ['Docs/readme']))).toEqual(['Docs/ReadMe']);
    expect(await local.write(p('Docs/README'), entryOf('y'), sourceOf('y'), null)).toEqual({ kind: 'stale' });
  });
});

describe('what is no file, folder or link', () => {
  it('C15 S82 special files are listed and never opened', async () => {
    const fake = fakeWorld()();
    fake.fake.edit.special(`${fake.root}/pipe`);
    const real = realWorld();
    real.mkdir('d');
    execFileSync('mkfifo', [`${real.root}/pipe`]);
    for (const world of [fake, real]) {
      world.write('a', '1');
      const seen = await scan(await open(world));
      expect(reasons(seen)).toEqual(['pipe: special-file']);
      expect(seen.entries.has(p('a'))).toBe(true);
    }
    real.close();
  });

  it('C15 S71 S83 hard links are two files, sparse files are whole ones', async () => {
    const world = realWorld();
    world.write('a', 'same');
    world.link('a', 'b');
    execFileSync('truncate', ['-s', '3000000', `${world.root}/sparse`]);
    const { entries } = await scan(await open(world));
    expect(entries.get(p('a'))).toMatchObject({ entry: entries.get(p('b'))?.entry, fileId: null });
    expect(entries.get(p('sparse'))?.entry).toMatchObject({ size: 3_000_000 });
    world.close();
  });

  it('C14 S79 links to outside, loops and dangling ones are links', async () => {
    const world = realWorld();
    world.symlink('/etc', 'outside');
    world.symlink('loop', 'loop');
    world.symlink('..', 'up');
    world.symlink('nowhere', 'dangling');
    const seen = await scan(await open(world));
    expect(paths(seen)).toEqual(['dangling', 'loop', 'outside', 'up']);
    expect(reasons(seen)).toEqual([]);
    world.close();
  });

  it('S81 another file system inside is not entered', async () => {
    const world = fakeWorld()();
    world.write('m/under', '1');
    world.write('a', '1');
    world.fake.disk.mount(`${world.root}/m`);
    world.write('m/on', '2');
    const local = await open(world);
    const seen = await scan(local);
    expect(paths(seen)).toEqual(['a']);
    expect(reasons(seen)).toEqual(['m: other-file-system and below']);
    expect(reasons(await scan(local, ['m/on']))).toEqual(['m: other-file-system and below']);
    await expect(local.write(p('m/new'), entryOf('x'), sourceOf('x'), null)).rejects.toMatchObject({ code: 'cross-device' });
  });

  it('C13 C26 S48 what an ordinary user may not read is a problem; a root he may not read ends the scan', async () => {
    const world = fakeWorld()();
    world.write('locked/inside', '1');
    world.write('listable/inside', '1');
    world.write('secret', '2');
    world.write('a', '3');
    const local = await open(world);
    world.chmod('locked', 0);
    world.chmod('listable', 0o400);
    world.chmod('secret', 0);
    const seen = await scan(local);
    expect(paths(seen)).toEqual(['a', 'listable']);
    expect(reasons(seen)).toEqual(['listable/inside: unreadable and below', 'locked: unreadable and below', 'secret: unreadable']);
    expect(reasons(await scan(local, ['locked/inside']))).toEqual(['locked: unreadable and below']);
    world.chmod('', 0);
    await expect(scan(local)).rejects.toMatchObject({ code: 'no-permission' });
  });

  it('opens a root that cannot be written to', async () => {
    const world = fakeWorld()();
    world.write('a', '1');
    world.chmod('', 0o500);
    const local = await open(world);
    expect(paths(await scan(local))).toEqual(['a']);
    await expect(local.write(p('b'), entryOf('x'), sourceOf('x'), null)).rejects.toMatchObject({ code: 'no-permission' });
    await expect(openLocalTree({ fs: world.fs, clock: world.clock, random: nodeRandom, newHasher: nodeHasher, root: '/none', trashDays: 30 })).rejects.toMatchObject({
      code: 'root-missing',
    });
  });
});

describe('a folder that tmp/ cannot be renamed into', () => {
  const bindMounted = async (disk: Parameters<typeof fakeWorld>[0] = {}) => {
    let [step, before]: [Step, Step] = [() => undefined, () => undefined];
    const world = fakeWorld({ hardLinks: false, ...disk })((label, path) => step(label, path));
    world.write('a', 'old');
    const local = await open(world);
    const inControl = (path: string): boolean => path.startsWith(`${world.root}/.file-sync/`);
    const { stamp } = (await scan(local)).entries.get(p('a')) ?? expect.fail('no a');
    // As rename(2) answers across a bind mount: from the control folder out of it, or into it.
    step = (label, path) => {
      before(label, path);
      if (label === 'rename' && (inControl(path) || path.endsWith('/a'))) throw new SyncError('cross-device', 'EXDEV', { path });
    };
    const onStep = (act: Step): void => {
      before = act;
    };
    return { world, local, stamp, onStep };
  };
  const trashed = (world: DiskWorld): string[] =>
    Object.entries(world.tree({ all: true }))
      .filter(([path]) => path.startsWith('.file-sync/trash/') && !path.endsWith('/'))
      .map(([, text]) => text);

  it('gets its file by way of a temporary one next to it', async () => {
    const { world, local, stamp } = await bindMounted();
    const done = await local.write(p('a'), entryOf('new'), sourceOf('new'), stamp);
    expect(done).toMatchObject({ kind: 'done' });
    expect(world.tree()).toEqual({ a: 'new' });
    expect(trashed(world)).toContain('old');
    expect(await local.write(p('b'), entryOf('b'), sourceOf('b'), null)).toMatchObject({ kind: 'done' });
    expect(world.tree()).toEqual({ a: 'new', b: 'b' });
  });

  it('gives up its file by a copy to the trash', async () => {
    const { world, local, stamp } = await bindMounted();
    expect(await local.remove(p('a'), stamp)).toMatchObject({ kind: 'done' });
    expect(world.tree()).toEqual({});
    expect(trashed(world)).toEqual(['old']);
  });

  it('C3 keeps an edit that comes after that copy and hides behind a coarse mtime', async () => {
    const { world, local, stamp, onStep } = await bindMounted(FAT);
    onStep((label, path) => {
      if (label === 'syncFolder' && path.includes('/trash/')) world.write('a', 'new');
    });
    expect(await local.remove(p('a'), stamp)).toEqual({ kind: 'stale' });
    expect(world.tree()).toEqual({ a: 'new' });
  });
});
