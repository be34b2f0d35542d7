import { watch } from 'node:fs';
import { readdir, statfs } from 'node:fs/promises';
import { fromNodeError } from './node-error.ts';

/** Notices of one folder's own entries, and of everything below it where the system does that itself. */
export interface FolderEvents {
  /** Whether one watch covers all that lies below. */
  readonly recursive: boolean;
  /** `name` is relative to the folder, null where the system did not say. `rename`: it came or went. Throws a SyncError, or reports one later. */
  watch(folder: string, onEvent: (kind: 'change' | 'rename', name: string | null) => void, onError: (error: unknown) => void): () => void;
  /** Names of the real folders in a folder. */
  subfolders(folder: string): Promise<readonly string[]>;
  /** Tells each time so much came at once, for whichever folder, that some may have been dropped. The result ends it. */
  onFlood(listener: () => void): () => void;
}

/**
 * The kernel keeps one queue for all watches of a process (inotify: 16,384 notices by default), drops what does not fit, and Node tells nobody. A full queue is read in one go, so this many notices in a second are its sign.
 */
const FLOOD_PER_SECOND = 4_000;

class Flood {
  readonly #listeners = new Set<() => void>();
  #second = 0;
  #count = 0;

  listen(listener: () => void): () => void {
    // A function of its own, so that the same listener may be there twice.
    const mine = (): void => listener();
    this.#listeners.add(mine);
    return () => void this.#listeners.delete(mine);
  }
  count(): void {
    const second = Math.floor(performance.now() / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#count = 0;
    }
    if (++this.#count % FLOOD_PER_SECOND === 0) for (const listener of this.#listeners) listener();
  }
}

/** Of the process, as the queue is. */
const flood = new Flood();

export const nodeFolderEvents: FolderEvents = {
  recursive: process.platform === 'darwin' || process.platform === 'win32',
  watch(folder, onEvent, onError) {
    try {
      const watcher = watch(folder, { recursive: nodeFolderEvents.recursive, persistent: true }, (kind, name) => {
        flood.count();
        onEvent(kind, name);
      });
      watcher.on('error', (error) => onError(fromNodeError(error, folder)));
      return () => watcher.close();
    } catch (error) {
      throw fromNodeError(error, folder);
    }
  },
  async subfolders(folder) {
    try {
      return (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    } catch (error) {
      throw fromNodeError(error, folder);
    }
  },
  onFlood: (listener) => flood.listen(listener),
};

/** Magic numbers of file systems that other machines change without a notice here (linux/magic.h). */
const REMOTE_FS: ReadonlyMap<bigint, string> = new Map([
  [0x6969n, 'NFS'],
  [0xff534d42n, 'CIFS'],
  [0xfe534d42n, 'SMB'],
  [0x517bn, 'SMB'],
  [0x01021997n, '9P'],
  [0x5346414fn, 'AFS'],
  [0x00c36400n, 'Ceph'],
  [0x65735546n, 'FUSE'],
]);

/** The kind of network file system a folder lies on, or null for a local one. */
export async function remoteFileSystem(path: string): Promise<string | null> {
  if (process.platform === 'win32') return path.startsWith('\\\\') || path.startsWith('//') ? 'network share' : null;
  if (process.platform !== 'linux') return null;
  try {
    return REMOTE_FS.get((await statfs(path, { bigint: true })).type) ?? null;
  } catch {
    return null;
  }
}
