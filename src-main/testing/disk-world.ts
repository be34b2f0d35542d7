import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import type { Clock } from '../platform/clock.ts';
import type { Fs } from '../platform/fs.ts';
import { nodeClock } from '../platform/node-clock.ts';
import { nodeFs } from '../platform/node-fs.ts';
import type { DiskOptions } from './fake-disk.ts';
import { FakeFs, type FsLabel, type Step } from './fake-fs.ts';

/** A root on a simulated or on the real disk, with the user's hands on it: one test text runs on both. Paths are relative to the root. */
export interface DiskWorld {
  readonly fs: Fs;
  readonly clock: Clock;
  readonly root: string;
  write(path: string, text: string): void;
  /** Temp + rename: another inode. */
  replace(path: string, text: string): void;
  append(path: string, text: string): void;
  read(path: string): string;
  mkdir(path: string): void;
  remove(path: string): void;
  rename(from: string, to: string): void;
  link(from: string, to: string): void;
  symlink(target: string, path: string): void;
  chmod(path: string, mode: number): void;
  exists(path: string): boolean;
  /** As FakeFs.tree. */
  tree(options?: { readonly all?: boolean }): Record<string, string>;
  /** Lets what was done get older than any racy window. */
  age(): Promise<void>;
  close(): void;
}

/** `onStep` runs before every call of the port. */
export type WorldMaker = (onStep?: Step) => DiskWorld;

export const fakeWorld =
  (options: Partial<DiskOptions> = {}): ((onStep?: Step) => DiskWorld & { readonly fake: FakeFs }) =>
  (onStep) => {
    let now = 1_700_000_000_000;
    const pass = (ms: number): void => {
      now += ms;
    };
    const clock: Clock = { now: () => now, monotonic: () => now, sleep: async (ms) => pass(ms) };
    const fake = new FakeFs({ clock, ...options });
    const root = '/home/root';
    const at = (path: string): string => posix.resolve(root, path);
    const { edit } = fake;
    edit.mkdir(root);
    return {
      fake,
      fs: fake.view(onStep),
      clock,
      root,
      write: (path, text) => edit.write(at(path), text),
      replace: (path, text) => edit.replace(at(path), text),
      append: (path, text) => edit.append(at(path), text),
      read: (path) => edit.read(at(path)),
      mkdir: (path) => edit.mkdir(at(path)),
      remove: (path) => edit.remove(at(path)),
      rename: (from, to) => edit.rename(at(from), at(to)),
      link: (from, to) => edit.link(at(from), at(to)),
      symlink: (target, path) => edit.symlink(target, at(path)),
      chmod: (path, mode) => edit.chmod(at(path), mode),
      exists: (path) => edit.exists(at(path)),
      tree: (treeOptions) => fake.tree(root, treeOptions),
      age: async () => pass(60_000),
      close: () => undefined,
    };
  };

export const realWorld: WorldMaker = (onStep) => {
  const root = join(realpathSync(mkdtempSync(join(tmpdir(), 'file-sync-'))), 'root');
  mkdirSync(root);
  const at = (path: string): string => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    return join(root, path);
  };
  return {
    fs: onStep === undefined ? nodeFs() : stepped(nodeFs(), onStep),
    clock: nodeClock,
    root,
    write: (path, text) => writeFileSync(at(path), text),
    replace: (path, text) => {
      writeFileSync(at(`${path}.new~`), text);
      renameSync(at(`${path}.new~`), at(path));
    },
    append: (path, text) => writeFileSync(at(path), text, { flag: 'a' }),
    read: (path) => readFileSync(at(path), 'utf8'),
    mkdir: (path) => mkdirSync(at(path), { recursive: true }),
    remove: (path) => rmSync(at(path), { recursive: true }),
    rename: (from, to) => renameSync(at(from), at(to)),
    link: (from, to) => linkSync(at(from), at(to)),
    symlink: (target, path) => symlinkSync(target, at(path)),
    chmod: (path, mode) => chmodSync(at(path), mode),
    exists: (path) => lstatSync(join(root, path), { throwIfNoEntry: false }) !== undefined,
    tree: (options) => realTree(root, options),
    age: () => nodeClock.sleep(25),
    close: () => rmSync(dirname(root), { recursive: true, force: true }),
  };
};

function realTree(root: string, options: { readonly all?: boolean } = {}): Record<string, string> {
  const found: [string, string][] = [];
  const walk = (rel: string): void => {
    for (const name of readdirSync(join(root, rel))) {
      const path = rel === '' ? name : `${rel}/${name}`;
      if (path === '.file-sync' && !options.all) continue;
      const stat = lstatSync(join(root, path));
      if (stat.isDirectory()) {
        found.push([`${path}/`, '']);
        walk(path);
      } else if (stat.isSymbolicLink()) found.push([path, `-> ${readlinkSync(join(root, path))}`]);
      else found.push([path, stat.isFile() ? readFileSync(join(root, path), 'utf8') : '?']);
    }
  };
  walk('');
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The same port with a step before every call of it; handles included. */
function stepped(fs: Fs, step: Step): Fs {
  return new Proxy(fs, {
    get: (target, label) => {
      const method: unknown = Reflect.get(target, label);
      if (typeof method !== 'function') return method;
      return async (...args: readonly unknown[]): Promise<unknown> => {
        const path = String(label === 'link' || label === 'symlink' ? args[1] : args[0]);
        await step(label as FsLabel, path);
        const result: unknown = await Reflect.apply(method, target, args);
        return label === 'openRead' || label === 'create' || label === 'openAppend' ? steppedHandle(result as object, path, step) : result;
      };
    },
  });
}
function steppedHandle(handle: object, path: string, step: Step): object {
  return new Proxy(handle, {
    get: (target, label) => {
      const method: unknown = Reflect.get(target, label);
      if (typeof method !== 'function') return method;
      return async (...args: readonly unknown[]): Promise<unknown> => {
        await step((label === 'stat' ? 'fstat' : label) as FsLabel, path);
        return Reflect.apply(method, target, args);
      };
    },
  });
}
