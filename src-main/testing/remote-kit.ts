import type { Backend, Body, Meta } from '../backends/backend.ts';
import { type BackendStep, createMemoryStore, type MemoryStore } from '../backends/memory/memory-backend.ts';
import type { FileEntry, Hash, Remote, RemoteSnapshot } from '../core/entry.ts';
import type { RelPath } from '../core/rel-path.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import type { RemoteScanRequest, RemoteTree } from '../remote/remote-tree.ts';
import { openRemoteTree } from '../remote/remote-tree-on-backend.ts';

export function sha256(text: string): Hash {
  const hasher = nodeHasher();
  hasher.update(Buffer.from(text));
  return hasher.digest() as Hash;
}
export function file(text: string, mtimeNs = 1_700_000_000_000_000_000n): FileEntry {
  return { kind: 'file', size: Buffer.byteLength(text), hash: sha256(text), mtimeNs, mode: 0o644 };
}
export function body(text: string): Body {
  return {
    size: Buffer.byteLength(text),
    open: async function* () {
      yield Buffer.from(text);
    },
  };
}

/** One memory store, devices on it, and every call they make. */
export class RemoteKit {
  /** The store's clock, ms. */
  now = 1_700_000_000_000;
  readonly store: MemoryStore = createMemoryStore({ now: () => ++this.now });
  readonly calls: string[] = [];

  client(step?: BackendStep): Backend {
    return this.store.client({
      step: async (when, operation, key) => {
        if (when === 'before') this.calls.push(`${operation} ${key}`);
        await step?.(when, operation, key);
      },
    });
  }
  tree(device = 'A', options: { readonly keepVersions?: boolean; readonly step?: BackendStep; readonly backend?: Backend; readonly deviceNow?: () => number } = {}): RemoteTree {
    return openRemoteTree({
      backend: options.backend ?? this.client(options.step),
      newHasher: nodeHasher,
      clock: { now: options.deviceNow ?? (() => this.now) },
      device,
      keepVersions: options.keepVersions ?? true,
    });
  }
  /** What a foreign tool puts into the store, whatever its key. */
  plant(key: string, text = '', meta: Meta = {}): void {
    const there = this.store.peek(key);
    this.store.write(key, there === undefined ? { kind: 'absent' } : { kind: 'match', version: there.version }, Buffer.from(text), meta);
  }
  text(key: string): string | null {
    const found = this.store.peek(key);
    return found === undefined ? null : Buffer.from(found.body).toString();
  }
  /** Kept versions as `path text`, oldest first. */
  versions(): string[] {
    return this.store.keys
      .filter((key) => key.startsWith('.file-sync/versions/'))
      .sort()
      .map((key) => `${key.slice('.file-sync/versions/'.length, key.lastIndexOf('/'))} ${this.text(key)}`);
  }
}

export function scan(tree: RemoteTree, request: Partial<RemoteScanRequest> = {}): Promise<RemoteSnapshot> {
  return tree.scan({ base: new Map(), rehash: false, ...request });
}
export function at(snapshot: RemoteSnapshot, path: string): Remote | undefined {
  return snapshot.entries.get(path as RelPath);
}
export function paths(snapshot: RemoteSnapshot): string[] {
  return [...snapshot.entries.keys()].sort();
}
export function troubles(snapshot: RemoteSnapshot): string[] {
  return snapshot.problems.map(({ path, reason, subtree }) => `${reason} ${path}${subtree ? '/**' : ''}`).sort();
}
