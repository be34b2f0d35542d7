import type { Backend, BackendUsage, Body, ObjectDetail } from '../backends/backend.ts';
import { type Entry, IMPLIED_FOLDER, type LeafEntry, type Remote, type RemoteSnapshot, sameContent, type Version } from '../core/entry.ts';
import { SyncError } from '../core/errors.ts';
import type { RelPath } from '../core/rel-path.ts';
import type { Clock, NewHasher, Random } from '../platform/clock.ts';
import { examine } from './examine.ts';
import { Feed } from './feed.ts';
import { CONTROL_PREFIX, keyOf, pathOf } from './keys.ts';
import { metaOf } from './metadata.ts';
import type { KeptVersions, OlderFiles, RemoteResult, RemoteScanRequest, RemoteTree, RemoteWriteOptions, VersionRule } from './remote-tree.ts';
import { scanRemote } from './scan-remote.ts';
import { bodyOf } from './small-body.ts';
import { createVault, readVault } from './vault.ts';
import { keepFolder, keepMove, keepVersion, keptAs, sweepVersions } from './versions.ts';

export interface RemoteTreePorts {
  readonly backend: Backend;
  readonly newHasher: NewHasher;
  /** Stands in where the store does not tell its time. */
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Pick<Random, 'id'>;
  /** This device's name, written into what it stores. */
  readonly device: string;
  /** False: what is replaced or removed is not kept as a version. */
  readonly keepVersions: boolean;
  /** True: a copy is kept also of what the store keeps by itself. */
  readonly alwaysCopies?: boolean;
  /** Left out: a plain vault. */
  readonly vaults?: VaultKeeper;
}

/** Who knows the vault that lies on the store. */
export interface VaultKeeper {
  /** Its id; null where the store says that there is none. Throws for one that may not be used: it cannot be opened, or is not of the kind that is wanted. */
  read(options: { readonly signal?: AbortSignal }): Promise<string | null>;
  /** Makes it if absent; the id of whoever was first. */
  create(id: string, options: { readonly signal?: AbortSignal }): Promise<string>;
  /** Objects older than what was seen of them, by key; null where they do not tell. */
  readonly older?: { show(on: boolean): void; met(): ReadonlySet<string>; accept(): Promise<void> } | null;
}

/** The layout of docs/format.md on any backend. */
export function openRemoteTree(ports: RemoteTreePorts): RemoteTree {
  return new RemoteTreeOnBackend(ports);
}

type Call = { readonly signal?: AbortSignal };

class RemoteTreeOnBackend implements RemoteTree {
  readonly #ports: RemoteTreePorts;
  readonly #backend: Backend;
  readonly watch?: NonNullable<RemoteTree['watch']>;
  readonly feed: Feed | null;

  constructor(ports: RemoteTreePorts) {
    this.#ports = ports;
    this.#backend = ports.backend;
    // Entries sort by the store's time; a device's own would hide what others write.
    const hasFeed = ports.backend.capabilities.dearListing && ports.backend.now !== undefined;
    this.feed = hasFeed ? new Feed({ backend: ports.backend, now: (signal) => this.now(signal), device: ports.device, writer: ports.random.id() }) : null;
    const watch = ports.backend.watch?.bind(ports.backend);
    if (watch !== undefined) this.watch = (onHint) => watch((keys) => tell(keys, onHint));
  }

  get id(): string {
    return this.#backend.id;
  }

  get capabilities(): RemoteTree['capabilities'] {
    return this.#backend.capabilities;
  }

  vault(signal?: AbortSignal): Promise<string | null> {
    const { vaults } = this.#ports;
    return vaults === undefined ? readVault(this.#backend, withSignal(signal)) : vaults.read(withSignal(signal));
  }

  createVault(id: string, signal?: AbortSignal): Promise<string> {
    const { vaults } = this.#ports;
    return vaults === undefined ? createVault(this.#backend, id, withSignal(signal)) : vaults.create(id, withSignal(signal));
  }

  async scan(request: RemoteScanRequest): Promise<RemoteSnapshot> {
    const feed = request.startsFeed === true ? this.feed : null;
    const from = (await feed?.timeBeforeListing(request.signal)) ?? null;
    const seen = await scanRemote(this.#backend, this.#ports.newHasher, request);
    feed?.listed(from);
    return seen;
  }

  async look(path: RelPath, kind: Entry['kind'], signal?: AbortSignal): Promise<Remote | null> {
    const found = await examine(this.#backend, this.#ports.newHasher, keyOf(path, kind), { rehash: false, ...withSignal(signal) });
    if (found !== null || kind !== 'folder') return found;
    for await (const _ of this.#backend.list(`${path}/`, withSignal(signal)))
      return { entry: { kind: 'folder' }, version: IMPLIED_FOLDER, op: null, device: null, storedAtMs: null };
    return null;
  }

  async write(path: RelPath, entry: Entry, body: Body, { op, expect, signal }: RemoteWriteOptions): Promise<RemoteResult> {
    const leaf = leafOf(entry, path);
    const call = withSignal(signal);
    const key = keyOf(path, leaf.kind);
    const kept = expect === null ? { afterMs: 0, how: {} } : await this.#keep(key, expect, call);
    if (kept === 'gone' || kept === 'stale') return { kind: 'stale' };
    return this.#backend.put(key, body, {
      ...kept.how,
      condition: expect === null ? { kind: 'absent' } : { kind: 'match', version: expect },
      meta: metaOf(leaf, op, this.#ports.device, kept.afterMs),
      ...call,
    });
  }

  async makeFolder(path: RelPath, { signal }: { readonly op: string; readonly signal?: AbortSignal }): Promise<RemoteResult> {
    const key = keyOf(path, 'folder');
    const call = withSignal(signal);
    const made = await this.#backend.put(key, bodyOf(new Uint8Array(0)), { condition: { kind: 'absent' }, meta: {}, ...call });
    if (made.kind === 'done') return made;
    const there = await this.#backend.stat(key, call);
    return there === null ? { kind: 'stale' } : { kind: 'done', version: there.version };
  }

  async read(path: RelPath, version: Version, options: { readonly offset?: number; readonly signal?: AbortSignal } = {}): Promise<AsyncIterable<Uint8Array> | null> {
    const object = await this.#backend.get(keyOf(path, 'file'), { ifMatch: version, ...options });
    return object === null ? null : object.chunks;
  }

  async remove(path: RelPath, kind: Entry['kind'], version: Version, signal?: AbortSignal): Promise<{ kind: 'done' | 'stale' }> {
    const call = withSignal(signal);
    const key = keyOf(path, kind);
    if (kind === 'folder') return this.#removeFolder(key, call);
    const kept = await this.#keep(key, version, call);
    if (kept === 'gone') return { kind: 'done' };
    return kept === 'stale' ? { kind: 'stale' } : this.#backend.delete(key, { version, ...kept.how, ...call });
  }

  async settleRemoval(path: RelPath, { entry, version }: { readonly entry: Entry; readonly version: Version }, to: RelPath | null, signal?: AbortSignal): Promise<void> {
    const backend = this.#backend;
    if (backend.isSame === undefined || entry.kind !== 'file') return;
    const call = withSignal(signal);
    const key = keyOf(path, 'file');
    const there = await this.look(path, 'file', signal);
    if (there === null || there.version === version || !sameContent(there.entry, entry)) return;
    const others = to === null ? keptAs(backend, this.#ports.newHasher, { key, version }, call) : [keyOf(to, 'file')];
    for await (const other of others) if (await backend.isSame(key, other, call)) return void (await backend.delete(key, { version: there.version, ...call }));
  }

  async move(from: RelPath, to: RelPath, entry: Entry, version: Version, { op, signal }: { readonly op: string; readonly signal?: AbortSignal }): Promise<RemoteResult> {
    const leaf = leafOf(entry, from);
    const call = withSignal(signal);
    const meta = metaOf(leaf, op, this.#ports.device, 0);
    const source = { key: keyOf(from, leaf.kind), version };
    const target = keyOf(to, leaf.kind);
    const there = this.#ports.keepVersions ? await this.#backend.stat(source.key, call) : null;
    if (this.#ports.keepVersions && there?.version !== version) return { kind: 'stale' };
    const remember = async (): Promise<void> => {
      if (there !== null && !this.#isKeptByStore(there))
        await keepMove(this.#backend, this.#ports.newHasher, { object: there, entry: leaf, to, toMs: await this.now(call.signal) }, call);
    };
    if (this.#backend.move !== undefined) {
      // Before it: a crash must not leave a name without its past. A record of what still is there is none.
      await remember();
      return this.#backend.move(source, target, { meta, ...call });
    }
    const copied = await this.#backend.copy(source, target, { condition: { kind: 'absent' }, meta, ...call });
    if (copied.kind === 'stale') return copied;
    // The old name goes only while the new one is known to hold the content (scenario 30).
    const landed = await this.#backend.stat(target, call);
    if (landed?.version !== copied.version) return copied;
    await remember();
    await this.#backend.delete(source.key, { version, ...call });
    return copied;
  }

  usage(): BackendUsage | null {
    return this.#backend.usage?.() ?? null;
  }

  async now(signal?: AbortSignal): Promise<number> {
    return this.#backend.now === undefined ? this.#ports.clock.now() : this.#backend.now(withSignal(signal));
  }

  async sweep(rule: VersionRule, signal?: AbortSignal): Promise<KeptVersions> {
    const now = await this.now(signal);
    const kept = await sweepVersions({ backend: this.#backend, newHasher: this.#ports.newHasher }, rule, now, withSignal(signal));
    await this.feed?.sweep(now, signal);
    return kept;
  }

  older(): OlderFiles | null {
    const older = this.#ports.vaults?.older ?? null;
    if (older === null) return null;
    return { show: (on) => older.show(on), met: () => new Set([...older.met()].flatMap((key) => pathOf(key)?.path ?? [])), accept: () => older.accept() };
  }

  close(): Promise<void> {
    return this.#backend.close();
  }

  /** Keeps what is about to be replaced or removed: by a copy now, or by telling the backend to (`how`). */
  async #keep(key: string, version: Version, call: Call): Promise<{ readonly afterMs: number | null; readonly how: { readonly keepAs?: string } } | 'gone' | 'stale'> {
    if (!this.#ports.keepVersions) return { afterMs: null, how: {} };
    const there = await this.#backend.stat(key, call);
    if (there === null) return 'gone';
    if (there.version !== version) return 'stale';
    if (this.#isKeptByStore(there)) return { afterMs: there.storedAtMs, how: {} };
    const how = await keepVersion(this.#backend, this.#ports.newHasher, there, await this.now(call.signal), call);
    return how === null ? 'stale' : { afterMs: there.storedAtMs, how };
  }

  #isKeptByStore({ isKept = false }: ObjectDetail): boolean {
    return isKept && this.#ports.alwaysCopies !== true;
  }

  /** A folder has no content of its own, so whoever made its marker anew meanwhile loses nothing. */
  async #removeFolder(key: string, call: Call): Promise<{ kind: 'done' | 'stale' }> {
    const marker = await this.#backend.stat(key, call);
    if (marker === null) return { kind: 'done' };
    if (marker.size > 0) throw new SyncError('not-supported', 'the folder object on the store holds bytes that another program put there', { path: key });
    if (this.#ports.keepVersions && !this.#isKeptByStore(marker)) await keepFolder(this.#backend, this.#ports.newHasher, marker, await this.now(call.signal), call);
    return this.#backend.delete(key, { version: marker.version, ...call });
  }
}

function leafOf(entry: Entry, path: RelPath): LeafEntry {
  if (entry.kind === 'folder') throw new SyncError('internal', 'a folder has no object of its own', { path });
  return entry;
}

function withSignal(signal: AbortSignal | undefined): Call {
  return signal === undefined ? {} : { signal };
}

/** What is ours on the store is nobody's path, and no reason to look. */
function tell(keys: readonly string[] | null, onHint: (paths: ReadonlySet<RelPath> | null) => void): void {
  const paths = keys === null ? null : new Set(keys.filter((key) => !key.startsWith(CONTROL_PREFIX)).flatMap((key) => pathOf(key)?.path ?? []));
  if (paths === null || paths.size > 0) onHint(paths);
}
