import { createHash } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { BaseSnapshot, FileEntry, Hash, Local, Stamp, Version } from '../core/entry.ts';
import { IgnoreRules } from '../core/ignore.ts';
import { type RelPath, relPath } from '../core/rel-path.ts';
import type { LocalTree, ScanRequest, ScanResult } from '../local/local-tree.ts';
import { openLocalTree } from '../local/open-local-tree.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import { nodeRandom } from '../platform/node-random.ts';
import { type DiskWorld, fakeWorld, realWorld, type WorldMaker } from './disk-world.ts';
import type { DiskOptions } from './fake-disk.ts';
import type { Step } from './fake-fs.ts';

export const NO_RULES = IgnoreRules.of([], { junk: false });
export const WITH_JUNK = IgnoreRules.of(['*.secret', 'build/'], { junk: true });
export const p = (text: string): RelPath => relPath(text);
export const hashOf = (text: string): Hash => createHash('sha256').update(text).digest('hex') as Hash;
export const fileEntry = (text: string, extra: Partial<FileEntry> = {}): FileEntry => ({
  kind: 'file',
  size: Buffer.byteLength(text),
  hash: hashOf(text),
  mtimeNs: 1_600_000_000_000_000_000n,
  mode: 0o644,
  ...extra,
});

/** What is there, as bytes, link targets and folders. */
export const summary = (result: ScanResult): Record<string, string> =>
  Object.fromEntries(
    [...result.entries]
      .map(([path, { entry }]) => [path, entry.kind === 'file' ? entry.hash : entry.kind === 'symlink' ? entry.target : 'folder'] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
export const baseOf = (result: ScanResult): BaseSnapshot => new Map([...result.entries].map(([path, { entry, stamp }]) => [path, { entry, stamp, version: 'v' as Version }]));

/** A kind of disk, and what it has. */
export interface TreeDisk {
  /** For one test, at whose end it is closed. */
  open(): Promise<TreeBench>;
  /** Neither links, modes nor lasting ids; times of 2 s. */
  readonly isFat: boolean;
  readonly hardLinks: boolean;
  readonly isReal: boolean;
}

export const FAT: Partial<DiskOptions> = { hardLinks: false, symlinks: false, modes: false, stableIds: false, caseInsensitive: true, timeStepNs: 2_000_000_000n };

export const TREE_DISKS: readonly (readonly [string, TreeDisk])[] = [
  ['simulated', treeDisk(fakeWorld())],
  ['simulated, no hard links', treeDisk(fakeWorld({ hardLinks: false }), { hardLinks: false })],
  ['simulated, FAT', treeDisk(fakeWorld(FAT), { isFat: true, hardLinks: false })],
  ['simulated, APFS-like', treeDisk(fakeWorld({ caseInsensitive: true, normalises: true }))],
  ['real', treeDisk(realWorld, { isReal: true })],
];

function treeDisk(make: WorldMaker, has: Partial<Omit<TreeDisk, 'open'>> = {}): TreeDisk {
  return { open: () => openTreeBench(make), isFat: false, hardLinks: true, isReal: false, ...has };
}

export type TreeBench = Awaited<ReturnType<typeof openTreeBench>>;

/** A local tree on a disk, with the user's hands on it and a say in every call to the disk. */
async function openTreeBench(make: WorldMaker) {
  let step: Step = () => undefined;
  const world: DiskWorld = make((label, path) => step(label, path));
  const local: LocalTree = await openLocalTree({ fs: world.fs, clock: world.clock, random: nodeRandom, newHasher: nodeHasher, root: world.root, trashDays: 30, platform: 'posix' });
  onTestFinished(async () => {
    await local.close();
    world.close();
  });
  /** Runs before every call to the disk. */
  const onStep = (next: Step): void => {
    step = next;
  };
  const calm = (): void => onStep(() => undefined);
  /** Does something right before the n-th call of a kind. */
  const rightBefore = (label: string, ending: string, act: () => void, nth = 1): void => {
    let left = nth;
    onStep((called, path) => {
      if (called !== label || !path.endsWith(ending) || --left !== 0) return;
      act();
    });
  };
  const scan = (request: Partial<ScanRequest> = {}): Promise<ScanResult> => local.scan({ base: new Map(), ignore: NO_RULES, rehash: false, ...request });
  const at = async (path: string): Promise<Local> => {
    const seen = (await scan()).entries.get(p(path));
    if (seen === undefined) throw new Error(`nothing at ${path}`);
    return seen;
  };
  const stampOf = async (path: string): Promise<Stamp> => (await at(path)).stamp;
  /** A scan, and the files that it read. */
  const reads = async (request: Partial<ScanRequest>): Promise<{ readonly result: ScanResult; readonly opened: string[] }> => {
    const opened: string[] = [];
    onStep((label, path) => void (label === 'openRead' && opened.push(path.slice(world.root.length + 1))));
    const result = await scan(request);
    calm();
    return { result, opened };
  };
  const trashed = (): string[] =>
    Object.entries(world.tree({ all: true }))
      .filter(([path]) => path.startsWith('.file-sync/trash/') && !path.endsWith('/'))
      .map(([path, text]) => `${path.split('/').slice(3).join('/')}=${text}`)
      .sort();
  const temps = (): string[] => Object.keys(world.tree({ all: true })).filter((path) => (path.startsWith('.file-sync/tmp/') && !path.endsWith('/')) || path.endsWith('.tmp'));
  return { world, local, onStep, calm, rightBefore, scan, at, stampOf, reads, trashed, temps };
}
