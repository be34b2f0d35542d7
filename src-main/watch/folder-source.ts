import { hasCode, SyncError } from '../core/errors.ts';
import type { Fs } from '../platform/fs.ts';
import type { FolderEvents } from '../platform/node-watch.ts';
import type { EventSink, EventSource } from './event-source.ts';

/** One notice per folder, or one for the whole tree where the system can: it never looks at files, so a tree of any number of them costs as much as its folders. */
export function folderSource(fs: Fs, events: FolderEvents): EventSource {
  return {
    async open(root, sink) {
      const watch = new FolderWatch(fs, events, root, sink);
      try {
        await watch.tree(root);
      } catch (error) {
        watch.close();
        throw error;
      }
      return { renew: () => watch.renew(), close: async () => watch.close() };
    },
  };
}

class FolderWatch {
  readonly #fs: Fs;
  readonly #events: FolderEvents;
  readonly #root: string;
  readonly #sink: EventSink;
  #open = new Map<string, () => void>();
  readonly #stopListening: () => void;
  #closed = false;

  constructor(fs: Fs, events: FolderEvents, root: string, sink: EventSink) {
    this.#fs = fs;
    this.#events = events;
    this.#root = root;
    this.#sink = sink;
    this.#stopListening = events.onFlood(() => sink.flooded());
  }

  /** Watches a folder and all below it. The watch comes before the listing, so that a folder made in between is noticed by one or the other. */
  async tree(folder: string): Promise<void> {
    if (this.#closed || this.#open.has(folder)) return;
    this.#open.set(
      folder,
      this.#events.watch(
        folder,
        (kind, name) => this.#heard(folder, kind, name),
        (error) => this.#failed(folder, error),
      ),
    );
    if (this.#events.recursive) return;
    for (const name of await this.#events.subfolders(folder)) {
      const below = `${folder}/${name}`;
      if (!this.#sink.ignored(below)) await this.#quietly(below);
    }
  }

  /** The new watches come before the old ones go, so that nothing falls between them. */
  async renew(): Promise<void> {
    const old = this.#open;
    this.#open = new Map();
    try {
      await this.tree(this.#root);
    } finally {
      for (const close of old.values()) close();
    }
  }

  close(): void {
    this.#closed = true;
    this.#stopListening();
    for (const close of this.#open.values()) close();
    this.#open.clear();
  }

  #heard(folder: string, kind: 'change' | 'rename', name: string | null): void {
    if (this.#closed) return;
    const path = name === null ? folder : `${folder}/${name}`;
    this.#sink.seen(path, kind === 'change' ? 'changed' : 'renamed');
    if (kind === 'rename' && !this.#events.recursive && !this.#sink.ignored(path)) void this.#follow(path);
  }

  /** A name came or went: a folder that came is watched, one that went is not any more (it would go on telling of its old name). */
  async #follow(path: string): Promise<void> {
    try {
      const stat = await this.#fs.lstat(path);
      if (stat?.kind !== 'folder') return this.#drop(path);
      // The same name may stand for another folder now.
      this.#drop(path);
      await this.#quietly(path);
    } catch (error) {
      this.#sink.lost(error);
    }
  }

  /** A folder that vanishes or cannot be read is the scan's to tell; only a limit of the system counts here. */
  async #quietly(folder: string): Promise<void> {
    try {
      await this.tree(folder);
    } catch (error) {
      if (!hasCode(error, 'not-found', 'no-permission', 'not-a-folder')) throw error;
      this.#drop(folder);
    }
  }

  #failed(folder: string, error: unknown): void {
    if (folder === this.#root || !hasCode(error, 'not-found', 'no-permission'))
      this.#sink.lost(error instanceof SyncError ? error : new SyncError('io', String(error), { cause: error }));
    else this.#drop(folder);
  }

  #drop(path: string): void {
    if (!this.#open.has(path)) return;
    for (const [folder, close] of this.#open) {
      if (folder !== path && !folder.startsWith(`${path}/`)) continue;
      close();
      this.#open.delete(folder);
    }
  }
}
