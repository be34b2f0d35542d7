import type { Backend, Meta } from '../backends/backend.ts';
import { bytesOf } from '../backends/conformance/kit.ts';
import { type BackendStep, createMemoryStore, type MemoryStore } from '../backends/memory/memory-backend.ts';
import { SealedBackend } from '../backends/wrap/sealed.ts';
import type { SwitchingBackend } from '../backends/wrap/switching.ts';
import { type Keyring, openKeyring } from '../codec/keyring.ts';
import { plainNames } from '../codec/names.ts';
import { type CodecSettings, type CodedDocument, isSealed, type VaultDocument } from '../codec/vault-document.ts';
import { openResealable } from '../compose/re-encrypt.ts';
import { openSwitching } from '../compose/switch.ts';
import type { Version } from '../core/entry.ts';
import type { Notes } from '../core/notes.ts';
import { beginSwitch } from '../migrate/switch-vault.ts';
import { nodeHasher } from '../platform/node-hash.ts';
import { nodeRandom } from '../platform/node-random.ts';
import { createVaultDocument, readVaultDocument } from '../remote/vault.ts';
import { memoryStateStore } from '../state/memory-store.ts';
import { changeContext, keyOf, SEALED, VAULT_ID } from './keyring-kit.ts';

export const SWITCH_START = 1_700_000_000_000;
export const KEPT_A = '.file-sync/versions/docs/a.txt/1699999990000~1699999999000~r1';
export const FEED_ENTRY = '.file-sync/feed/1700000000000-x-0';
/** What nobody may read in the store when all is done. */
export const PLAIN_WORDS = ['first letter', 'docs', 'a.txt', 'moved', 'long-name'];
const LONG = `docs/${'long-name-'.repeat(20)}`;

export interface SwitchWorldOptions {
  readonly to?: CodecSettings;
  readonly fromCompressed?: boolean;
  /** Left out: a bucket in memory. */
  readonly client?: (step?: BackendStep) => Backend;
}

/** A vault in the open with a few objects of every kind, which is switched. */
export class SwitchWorld {
  nowMs = SWITCH_START;
  readonly store: MemoryStore = createMemoryStore({ now: () => this.nowMs++ });
  readonly #options: SwitchWorldOptions;

  private constructor(options: SwitchWorldOptions) {
    this.#options = options;
  }

  static async make(options: SwitchWorldOptions = {}): Promise<SwitchWorld> {
    const world = new SwitchWorld(options);
    const document: VaultDocument = options.fromCompressed
      ? { format: 2, vault: VAULT_ID, codec: { encryption: false, compression: true, names: 'plain' }, keyring: null }
      : { format: 1, vault: VAULT_ID };
    await createVaultDocument(world.client(), document);
    const old = world.before();
    const version = await world.put(old, 'docs/a.txt', 'the first letter '.repeat(40), { mtime: '1600000000123456789', mode: '640', device: 'anna', op: 'op1' });
    await old.copy({ key: 'docs/a.txt', version }, KEPT_A, { condition: { kind: 'absent' } });
    await world.put(old, 'docs/', '');
    await world.put(old, 'docs/deep/er/', '');
    await world.put(old, LONG, 'under a long name');
    await world.put(old, 'link', 'docs/a.txt', { kind: 'symlink', op: 'op2' });
    await world.put(old, FEED_ENTRY, '{}');
    await world.put(old, 'empty', '');
    return world;
  }

  client(step?: BackendStep): Backend {
    return this.#options.client?.(step) ?? this.store.client(step === undefined ? {} : { step });
  }

  /** A device that has not heard of the switch. */
  before(step?: BackendStep): Backend {
    return this.#options.fromCompressed === true ? this.#compressed(step) : this.client(step);
  }

  #compressed(step?: BackendStep): Backend {
    const codec = { vaultId: VAULT_ID, names: plainNames, hidesNames: false, keys: null, compression: null };
    return new SealedBackend(this.client(step), codec, { notes: memoryStateStore().notes, random: nodeRandom, newHasher: nodeHasher });
  }

  async begin(step?: BackendStep): Promise<void> {
    const { to = SEALED } = this.#options;
    const first = to.encryption ? { secret: keyOf('a'), label: 'first' } : null;
    await beginSwitch({ store: this.client(step), to, first, context: changeContext(3) }, await this.stored());
  }

  /** A device in the state that the vault is in. */
  async device(step?: BackendStep, notes: Notes = memoryStateStore().notes): Promise<Backend> {
    const { document } = await this.stored();
    if (document.format === 1) return this.client(step);
    const keyring = await this.keyring(document);
    if (document.switch !== undefined) return openSwitching(this.client(step), document, keyring, { newHasher: nodeHasher, random: nodeRandom, notes });
    return keyring === null ? this.#compressed(step) : openResealable(this.client(step), keyring, { newHasher: nodeHasher, random: nodeRandom });
  }

  async switching(step?: BackendStep, notes: Notes = memoryStateStore().notes, settles = true): Promise<SwitchingBackend> {
    const { document } = await this.stored();
    if (document.format === 1) throw new RangeError('plain');
    return openSwitching(this.client(step), document, await this.keyring(document), { newHasher: nodeHasher, random: nodeRandom, notes, settles });
  }

  async keyring(document: CodedDocument): Promise<Keyring | null> {
    return isSealed(document) ? openKeyring(document, keyOf('a')) : null;
  }

  async stored() {
    const stored = await readVaultDocument(this.client());
    if (stored === null) throw new RangeError('no vault');
    return stored;
  }

  async put(backend: Backend, key: string, text: string, meta: Meta = {}, replaced: Version | null = null): Promise<Version> {
    const bytes = Buffer.from(text);
    const hasher = nodeHasher();
    hasher.update(bytes);
    const sha256 = hasher.digest();
    const body = {
      size: bytes.length,
      async *open() {
        if (bytes.length > 0) yield bytes;
      },
    };
    const written = await backend.put(key, body, {
      condition: replaced === null ? { kind: 'absent' } : { kind: 'match', version: replaced },
      meta: meta['op'] === undefined || meta['kind'] === 'symlink' ? meta : { ...meta, sha256 },
    });
    if (written.kind !== 'done') throw new RangeError(`${key} is not what was expected`);
    return written.version;
  }

  async text(backend: Backend, key: string): Promise<string | null> {
    const object = await backend.get(key);
    return object === null ? null : Buffer.from(await bytesOf(object.chunks)).toString();
  }

  /** What a device sees: every key with its text, its metadata and since when the store has it. */
  async seen(backend: Backend): Promise<ReadonlyMap<string, unknown>> {
    const found = new Map<string, unknown>();
    const unlisted: string[] = [];
    for await (const { key } of backend.list('', { unlisted: (name, reason) => void unlisted.push(`${name} ${reason}`) })) {
      if (key === '.file-sync/vault.json' || key.startsWith('.file-sync/local/')) continue;
      if (found.has(key)) throw new RangeError(`${key} is listed twice`);
      const object = await backend.get(key);
      if (object === null) throw new RangeError(`${key} is gone`);
      const { size, storedAtMs } = object.info;
      const { sha256: _, ...meta } = object.info.meta;
      const isOurs = key.startsWith('.file-sync/');
      // Of a kept version its name tells the times; a folder has none.
      found.set(key, {
        size,
        meta: key.endsWith('/') ? {} : meta,
        text: Buffer.from(await bytesOf(object.chunks)).toString(),
        ...(isOurs || key.endsWith('/') ? {} : { storedAtMs }),
      });
    }
    if (unlisted.length > 0) throw new RangeError(`not listed: ${unlisted.join(', ')}`);
    return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Words of before that are still to be read in a bucket in memory, in keys, metadata or bodies. */
  get leaks(): readonly string[] {
    const texts = this.store.keys
      .filter((key) => key !== '.file-sync/vault.json')
      .map((key) => `${key} ${JSON.stringify(this.store.peek(key)?.meta)} ${Buffer.from(this.store.peek(key)?.body ?? []).toString('latin1')}`);
    return PLAIN_WORDS.filter((word) => texts.some((text) => text.includes(word)));
  }
}

export const TO_PLAIN_NAMES: CodecSettings = { encryption: true, compression: true, names: 'plain' };
export const TO_COMPRESSED: CodecSettings = { encryption: false, compression: true, names: 'plain' };
