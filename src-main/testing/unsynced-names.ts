import type { Fs } from '../platform/fs.ts';

/** A file system that knows which folders had names made, changed or taken since they were last synced: a power cut may undo any of those. */
export function watchNames(fs: Fs): { readonly fs: Fs; readonly unsynced: ReadonlySet<string> } {
  const unsynced = new Set<string>();
  const changes = (...paths: readonly string[]): void => {
    for (const path of paths) unsynced.add(path.slice(0, path.lastIndexOf('/')));
  };
  const after = async <T>(done: Promise<T>, ...paths: readonly string[]): Promise<T> => {
    const result = await done;
    changes(...paths);
    return result;
  };
  const watched: Partial<Fs> = {
    create: (path, mode) => after(fs.create(path, mode), path),
    rename: (from, to) => after(fs.rename(from, to), from, to),
    link: (from, to) => after(fs.link(from, to), to),
    unlink: (path) => after(fs.unlink(path), path),
    mkdir: (path) => after(fs.mkdir(path), path),
    rmdir: (path) => after(fs.rmdir(path), path),
    symlink: (target, path) => after(fs.symlink(target, path), path),
    copyFile: (from, to) => after(fs.copyFile(from, to), to),
    syncFolder: async (path) => {
      await fs.syncFolder(path);
      unsynced.delete(path);
    },
  };
  const own = new Map<PropertyKey, unknown>(Object.entries(watched));
  const bound = new Proxy(fs, {
    get: (target, name) => {
      const value: unknown = own.get(name) ?? Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { fs: bound, unsynced };
}
