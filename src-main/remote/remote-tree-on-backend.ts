import type { Backend, Body } from '../backends/backend.ts';
import { type Entry, IMPLIED_FOLDER, type LeafEntry, type Remote, type RemoteSnapshot, type Version } from '../core/entry.ts';
import { SyncError } from '../core/errors.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { Clock, NewHasher } from '../platform/clock.ts';
import { keyOf, pathOf, VAULT_KEY } from './keys.ts';
import { metaOf } from './metadata.ts';
import type { RemoteResult, RemoteScanRequest, RemoteTree, RemoteWriteOptions, VersionRule } from './remote-tree.ts';
import { examine, readText, scanRemote } from './scan-remote.ts';
import { keepVersion, revisionOf, sweepVersions, versionKey } from './versions.ts';

export interface RemoteTreePorts {
  readonly backend: Backend;
  readonly newHasher: NewHasher;
  readonly clock: Pick<Clock, 'now'>;
  /** This device's name, written into what it stores. */
  readonly device: string;
  /** False: what is replaced or removed is not kept as a version. */
  readonly keepVersions: boolean;
}

const FORMAT = 1;

/** The layout of docs/format.md on any backend. */
export function openRemoteTree(ports: RemoteTreePorts): RemoteTree {
  return new RemoteTreeOnBackend(ports);
}

class RemoteTreeOnBackend implements RemoteTree {
  readonly #ports: RemoteTreePorts;
  readonly #backend: Backend;
  readonly watch?: NonNullable<RemoteTree['watch']>;

  constructor(ports: RemoteTreePorts) {
    this.#ports = ports;
    this.#backend = ports.backend;
    const watch = ports.backend.watch?.bind(ports.backend);
    if (watch !== undefined) this.watch = (onHint) => watch((keys) => onHint(keys === null ? null : new Set(keys.flatMap((key) => pathOf(key)?.path ?? []))));
  }

  get id(): string {
    return this.#backend.id;
  }

  get capabilities(): RemoteTree['capabilities'] {
    return this.#backend.capabilities;
  }

  async vault(): Promise<string | null> {
    const object = await this.#backend.get(VAULT_KEY);
    if (object === null) return null;
    const text = await readText(object.chunks);
    return parseVault(text);
  }

  async createVault(id: string): Promise<string> {
    const bytes = Buffer.from(`${JSON.stringify({ format: FORMAT, vault: id, about: 'File Sync keeps files here. Please leave this folder alone.' }, null, 2)}\n`);
    const made = await this.#backend.put(VAULT_KEY, bodyOf(bytes), { condition: { kind: 'absent' }, meta: {} });
    if (made.kind === 'done') return id;
    const theirs = await this.vault();
    if (theirs === null) throw new SyncError('unreachable', 'the vault was made and removed by somebody else');
    return theirs;
  }

  scan(request: RemoteScanRequest): Promise<RemoteSnapshot> {
    return scanRemote(this.#backend, this.#ports.newHasher, request);
  }

  async look(path: RelPath, kind: Entry['kind'], signal?: AbortSignal): Promise<Remote | null> {
    const found = await examine(this.#backend, this.#ports.newHasher, { key: keyOf(path, kind) }, { rehash: false, ...(signal === undefined ? {} : { signal }) });
    if (found !== null || kind !== 'folder') return found;
    for await (const _ of this.#backend.list(`${path}/`, signal === undefined ? {} : { signal }))
      return { entry: { kind: 'folder' }, version: IMPLIED_FOLDER, op: null, device: null, storedAtMs: null };
    return null;
  }

  async write(path: RelPath, entry: Entry, body: Body, { op, expect, signal }: RemoteWriteOptions): Promise<RemoteResult> {
    if (entry.kind === 'folder') throw new SyncError('internal', 'a folder has no body', { path });
    const key = keyOf(path, entry.kind);
    const kept = expect === null ? {} : await this.#keep(key, expect, signal);
    if (kept === null) return { kind: 'stale' };
    return this.#backend.put(key, body, {
      ...kept,
      condition: expect === null ? { kind: 'absent' } : { kind: 'match', version: expect },
      meta: metaOf(entry, op, this.#ports.device),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  async makeFolder(path: RelPath, { signal }: { readonly op: string; readonly signal?: AbortSignal }): Promise<RemoteResult> {
    const key = keyOf(path, 'folder');
    const options = signal === undefined ? {} : { signal };
    const made = await this.#backend.put(key, bodyOf(new Uint8Array(0)), { condition: { kind: 'absent' }, meta: {}, ...options });
    if (made.kind === 'done') return made;
    const there = await this.#backend.stat(key, options);
    return there === null ? { kind: 'stale' } : { kind: 'done', version: there.version };
  }

  async read(path: RelPath, version: Version, signal?: AbortSignal): Promise<AsyncIterable<Uint8Array> | null> {
    const object = await this.#backend.get(keyOf(path, 'file'), { ifMatch: version, ...(signal === undefined ? {} : { signal }) });
    return object === null ? null : object.chunks;
  }

  async remove(path: RelPath, kind: Entry['kind'], version: Version, signal?: AbortSignal): Promise<{ kind: 'done' | 'stale' }> {
    const key = keyOf(path, kind);
    const options = signal === undefined ? {} : { signal };
    if (kind === 'folder') {
      // A folder has no content of its own, so whoever made its marker anew meanwhile loses nothing; but it must be empty.
      const marker = await this.#backend.stat(key, options);
      return marker === null ? { kind: 'done' } : this.#backend.delete(key, { version: marker.version, ...options });
    }
    const kept = await this.#keep(key, version, signal);
    return kept === null ? { kind: 'stale' } : this.#backend.delete(key, { version, ...kept, ...options });
  }

  async move(from: RelPath, to: RelPath, entry: Entry, version: Version, { op, signal }: { readonly op: string; readonly signal?: AbortSignal }): Promise<RemoteResult> {
    const options = signal === undefined ? {} : { signal };
    const meta = metaOf(entry as LeafEntry, op, this.#ports.device);
    const source = { key: keyOf(from, entry.kind), version };
    if (this.#backend.move !== undefined) return this.#backend.move(source, keyOf(to, entry.kind), { meta, ...options });
    const copied = await this.#backend.copy(source, keyOf(to, entry.kind), { condition: { kind: 'absent' }, meta, ...options });
    if (copied.kind === 'stale') return copied;
    // The old name goes only while the new one is known to hold the content (scenario 30).
    const there = await this.#backend.stat(keyOf(to, entry.kind), options);
    if (there?.version === copied.version) await this.#backend.delete(source.key, { version, ...options });
    return copied;
  }

  sweep(rule: VersionRule, signal?: AbortSignal): Promise<void> {
    return sweepVersions(this.#backend, rule, this.#ports.clock.now(), signal);
  }

  close(): Promise<void> {
    return this.#backend.close();
  }

  /** Keeps what is about to be replaced or removed: by a copy now, or by telling the backend to. Null when it is no longer `version`. */
  async #keep(key: string, version: Version, signal: AbortSignal | undefined): Promise<{ readonly keepAs?: string } | null> {
    if (!this.#ports.keepVersions) return {};
    const there = await this.#backend.stat(key, signal === undefined ? {} : { signal });
    if (there?.version !== version) return null;
    const now = this.#ports.clock.now();
    if (this.#backend.capabilities.keepsReplaced) return { keepAs: versionKey(key, there.storedAtMs, now, revisionOf(version)) };
    return (await keepVersion(this.#backend, there, now, revisionOf(version), signal)) === 'done' ? {} : null;
  }
}

function bodyOf(bytes: Uint8Array): Body {
  return {
    size: bytes.length,
    open: async function* () {
      if (bytes.length > 0) yield bytes;
    },
  };
}

function parseVault(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && 'vault' in value && 'format' in value && typeof value.vault === 'string' && /^[0-9a-f]{16,64}$/.test(value.vault)) {
      if (value.format === FORMAT) return value.vault;
      throw new SyncError('config', `this place was made by a newer File Sync (format ${String(value.format)})`, { hint: 'Update File Sync on this device.' });
    }
  } catch (error) {
    if (error instanceof SyncError) throw error;
  }
  throw new SyncError('corrupt', `${VAULT_KEY} cannot be read`, { hint: 'Restore that small file from a backup of the store.' });
}
