import type { Backend, Meta } from '../backends/backend.ts';
import { bytesOf } from '../backends/conformance/kit.ts';
import { type BackendStep, createMemoryStore, type MemoryStore } from '../backends/memory/memory-backend.ts';
import type { SealedBackend } from '../backends/wrap/sealed.ts';
import { parseHeader } from '../codec/header.ts';
import type { Keyring } from '../codec/keyring.ts';
import { newEpoch } from '../codec/keyring-changes.ts';
import type { CodecSettings } from '../codec/vault-document.ts';
import { openResealable } from '../compose/re-encrypt.ts';
import type { Version } from '../core/entry.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import { nodeRandom } from '../platform/node-random.ts';
import { createVaultDocument, readVaultDocument, replaceVaultDocument } from '../remote/vault.ts';
import { changeContext, keyOf, keyringOf, SEALED } from './keyring-kit.ts';

export const ROTATION_START = 1_700_000_000_000;
export const VERSION_OF_A = '.file-sync/versions/docs/a.txt/1699999990000~1699999999000~r1';
export const FEED = '.file-sync/feed/1700000000000-x-0';

/** An encrypted vault on a memory store whose keys are changed while it is in use. */
export class RotationWorld {
  nowMs = ROTATION_START;
  readonly store: MemoryStore = createMemoryStore({ now: () => this.nowMs++ });
  readonly first: Keyring;
  readonly second: Keyring;

  private constructor(first: Keyring) {
    this.first = first;
    this.second = newEpoch(first, changeContext(9));
  }

  /** With a few files, a folder, a renamed one, a kept version and an entry of the feed, all under the first epoch; the second epoch is there and nothing under it. */
  static async make(codec: CodecSettings & { readonly encryption: true } = SEALED): Promise<RotationWorld> {
    const world = new RotationWorld(await keyringOf(keyOf('a'), 1, codec));
    await createVaultDocument(world.store.client(), world.first.document);
    const old = world.device(world.first);
    const version = await world.put(old, 'docs/a.txt', 'the first letter '.repeat(40), { sha256: '', mtime: '1600000000123456789', mode: '640', device: 'anna', op: 'op1' });
    await old.copy({ key: 'docs/a.txt', version }, VERSION_OF_A, { condition: { kind: 'absent' } });
    await world.put(old, 'docs/', '');
    const moved = await world.put(old, 'b', 'moved');
    await old.copy({ key: 'b', version: moved }, 'docs/c', { condition: { kind: 'absent' }, meta: { op: 'op2' } });
    await world.put(old, FEED, '{}');
    await world.put(old, 'empty', '');
    await replaceVaultDocument(world.store.client(), world.second.document, (await world.stored()).version);
    return world;
  }

  client(step?: BackendStep): Backend {
    return this.store.client(step === undefined ? {} : { step });
  }
  device(keyring: Keyring, step?: BackendStep): SealedBackend {
    return openResealable(this.client(step), keyring, { newHasher: nodeHasher, random: nodeRandom });
  }
  async stored() {
    const stored = await readVaultDocument(this.client());
    if (stored === null) throw new RangeError('no vault');
    return stored;
  }

  async put(backend: Backend, key: string, text: string, meta: Meta = {}, replaced: Version | null = null): Promise<Version> {
    const bytes = Buffer.from(text);
    const { sha256: _, ...rest } = meta;
    const hasher = nodeHasher();
    hasher.update(bytes);
    const body = {
      size: bytes.length,
      async *open() {
        if (bytes.length > 0) yield bytes;
      },
    };
    const written = await backend.put(key, body, {
      condition: replaced === null ? { kind: 'absent' } : { kind: 'match', version: replaced },
      meta: { ...rest, ...(meta['sha256'] === undefined ? {} : { sha256: hasher.digest() }) },
    });
    if (written.kind !== 'done') throw new RangeError(`${key} is not what was expected`);
    return written.version;
  }

  /** What a device with this keyring sees: every key with its text, its metadata and since when the store has it. */
  async seen(keyring: Keyring): Promise<ReadonlyMap<string, unknown>> {
    const backend = this.device(keyring);
    const found = new Map<string, unknown>();
    for await (const { key } of backend.list('')) {
      if (key === '.file-sync/vault.json') continue;
      const object = await backend.get(key);
      if (object === null) throw new RangeError(`${key} is gone`);
      const { size, meta, storedAtMs } = object.info;
      // Of a kept version its name tells the times.
      found.set(key, { size, meta, text: Buffer.from(await bytesOf(object.chunks)).toString(), ...(key.startsWith('.file-sync/') ? {} : { storedAtMs }) });
    }
    return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Epochs of the containers on the store. */
  get epochs(): readonly number[] {
    const bodies = this.store.keys.filter((key) => !key.endsWith('/') && key !== '.file-sync/vault.json').map((key) => this.store.peek(key)?.body ?? new Uint8Array());
    return [...new Set(bodies.map((body) => parseHeader(body).epoch))].sort();
  }
}
