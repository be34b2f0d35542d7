import { basename, dirname, join } from 'node:path';
import type { Hash } from '../core/entry.ts';
import { hasCode, SyncError, throwIfAborted } from '../core/errors.ts';
import type { FileStat } from '../platform/fs.ts';
import { taken, writeNewFile } from '../platform/new-file.ts';
import type { Platform } from '../platform/platform.ts';
import { DEFAULT_LEVEL, MAX_LEVEL, MIN_LEVEL } from './compression-level.ts';
import type { CompressionSettings, Recipe, Stored } from './container.ts';
import { CONTENT_ID_BYTES, ContentKeys } from './content-keys.ts';
import { derive, wipe } from './derive.ts';
import { encodeContainer } from './encode-container.ts';
import { fsSpool } from './fs-spool.ts';
import type { Head } from './head.ts';
import { openContainer } from './open-container.ts';
import { changed, fileBytes } from './read-file.ts';
import { KEY_BYTES, parseEncryptionKey } from './secret-key.ts';

/** FORMAT.md, "A file by itself". */
const FILE_VAULT = '0'.repeat(32);
export const ENCRYPTED_ENDING = '.enc';
/** A name has 255 bytes on most file systems. */
const MAX_NAME_BYTES = 200;

export interface FileEncryptorOptions {
  /** 32 bytes, as they are or as text: 64 hexadecimal digits, base64, or 32 ASCII characters. */
  readonly key: string | Uint8Array;
  /** Compress what shrinks before it is encrypted. Default: no. */
  readonly compression?: boolean;
  /** 1 quick to 9 small. Default: 3. Anything else is `usage`. */
  readonly level?: number;
}
export interface FileOptions {
  /** Where the result goes. Default: the name with `.enc` added or taken off. */
  readonly to?: string;
  /** Replace what is there. Default: what is there stays, and SyncError `exists` says so unless it is the same already. */
  readonly overwrite?: boolean;
  readonly signal?: AbortSignal;
}
export type FilePorts = Pick<Platform, 'fs' | 'random' | 'chance' | 'newHasher'>;

/** Encrypts single files under a key and reads them again. Paths are absolute. The original is never touched; a result is whole or not there. */
export class FileCodec {
  readonly #ports: FilePorts;
  readonly #keys: ContentKeys;
  readonly #compression: CompressionSettings | null;

  constructor(ports: FilePorts, { key, compression = false, level = DEFAULT_LEVEL }: FileEncryptorOptions) {
    if (!(Number.isInteger(level) && level >= MIN_LEVEL && level <= MAX_LEVEL)) throw new SyncError('usage', `the level of compression must be ${MIN_LEVEL} to ${MAX_LEVEL}`);
    this.#ports = ports;
    this.#keys = keysFrom(key);
    this.#compression = compression ? { method: 'auto', level } : null;
  }

  /** Writes `<path>.enc` and returns its path. */
  async encryptFile(path: string, options: FileOptions = {}): Promise<string> {
    const { fs, chance, random } = this.#ports;
    const to = options.to ?? `${path}${ENCRYPTED_ENDING}`;
    const stat = await this.#regular(path);
    const head = await this.#headOf(path, stat, options.signal);
    if (!options.overwrite && (await this.#isThere(to, (there) => this.#holds(there, head)))) return to;
    const plain: Recipe = { size: stat.size, open: () => fileBytes(fs, path) };
    const encoded = await encodeContainer(plain, {
      vaultId: FILE_VAULT,
      keys: this.#keys,
      contentId: chance(CONTENT_ID_BYTES),
      head,
      ...(this.#compression === null ? {} : { compression: this.#compression, spool: fsSpool({ fs, folder: dirname(to), random, chance }) }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    try {
      await this.#write(to, encoded.open(), { mode: stat.mode, mtimeNs: null }, options);
    } finally {
      await encoded.release();
    }
    return to;
  }

  /** Reads `<path>`, writes what it holds under the name without `.enc`, with the time and permissions it had, and returns its path. */
  async decryptFile(path: string, options: FileOptions = {}): Promise<string> {
    const to = options.to ?? plainName(path);
    const container = await this.#open(path, await this.#regular(path), options.signal);
    try {
      const { head } = container;
      if (!options.overwrite && (await this.#isThere(to, async (there) => (await this.#hash(there, options.signal)).hash === head.sha256))) return to;
      await this.#write(to, container.chunks(), { mode: head.mode ?? 0o600, mtimeNs: head.mtimeNs }, options);
    } finally {
      await container.close();
    }
    return to;
  }

  async #open(path: string, stat: FileStat, signal?: AbortSignal) {
    const { fs } = this.#ports;
    const stored: Stored = { size: stat.size, open: (offset) => fileBytes(fs, path, offset) };
    return openContainer(stored, { vaultId: FILE_VAULT, find: (epoch) => (epoch === this.#keys.epoch ? this.#keys : null), ...(signal === undefined ? {} : { signal }) });
  }

  async #headOf(path: string, stat: FileStat, signal?: AbortSignal): Promise<Head> {
    const { size, hash } = await this.#hash(path, signal);
    if (size !== stat.size) throw changed(path, 'it is being written');
    const common = { kind: 'file', generation: 0, previous: null, reuse: 0, device: null, op: null, extra: {} } as const;
    return { ...common, path: basename(path).toWellFormed(), size, sha256: hash, mtimeNs: stat.mtimeNs, mode: stat.mode };
  }

  async #hash(path: string, signal?: AbortSignal): Promise<{ readonly size: number; readonly hash: Hash }> {
    const hasher = this.#ports.newHasher();
    let size = 0;
    for await (const chunk of fileBytes(this.#ports.fs, path)) {
      throwIfAborted(signal);
      hasher.update(chunk);
      size += chunk.length;
    }
    return { size, hash: hasher.digest() as Hash };
  }

  /** Whether an encrypted file holds the same already, down to time and permissions. */
  async #holds(path: string, head: Head): Promise<boolean> {
    try {
      const container = await this.#open(path, await this.#regular(path));
      await container.close();
      const there = container.head;
      return there.sha256 === head.sha256 && there.mtimeNs === head.mtimeNs && there.mode === head.mode;
    } catch (error) {
      if (hasCode(error, 'corrupt', 'not-supported')) return false;
      throw error;
    }
  }

  /** True: there is something, and it is what would be written. Another thing there is `exists`. */
  async #isThere(path: string, isSame: (path: string) => Promise<boolean>): Promise<boolean> {
    const stat = await this.#ports.fs.lstat(path);
    if (stat === null) return false;
    if (stat.kind === 'file' && (await isSame(path))) return true;
    throw taken(path);
  }

  async #regular(path: string): Promise<FileStat> {
    const stat = await this.#ports.fs.lstat(path);
    if (stat === null) throw new SyncError('not-found', `${path} is not there`, { path });
    if (stat.kind !== 'file') throw new SyncError('not-supported', `${path} is no regular file`, { path });
    return stat;
  }

  /** A new file beside the target, durable before it gets the name. */
  async #write(to: string, chunks: AsyncIterable<Uint8Array>, { mode, mtimeNs }: Pick<Head, 'mode' | 'mtimeNs'>, { overwrite, signal }: FileOptions): Promise<void> {
    const { fs, random } = this.#ports;
    const temp = join(dirname(to), `.${cutName(basename(to))}.${random.id()}.tmp`);
    await writeNewFile(fs, { temp, to, mode, mtimeNs, ...(overwrite === undefined ? {} : { overwrite }), ...(signal === undefined ? {} : { signal }) }, chunks);
    await fs.syncFolder(dirname(to));
  }
}

function keysFrom(key: string | Uint8Array): ContentKeys {
  const bytes = typeof key === 'string' ? parsedKey(key) : Uint8Array.from(key);
  if (bytes.length !== KEY_BYTES) throw new SyncError('usage', `the key has ${bytes.length} bytes; a key has ${KEY_BYTES}`);
  const root = derive({ secret: bytes, label: 'file', context: [], length: 32 });
  const keys = new ContentKeys({ vaultId: FILE_VAULT, epoch: 1, root });
  wipe(bytes, root);
  return keys;
}

function parsedKey(text: string): Uint8Array {
  const parsed = parseEncryptionKey(text);
  if ('fault' in parsed) throw new SyncError('usage', `the key ${parsed.fault}`);
  if (parsed.secret.kind !== 'key') throw new SyncError('usage', 'a file is encrypted with a key of 32 bytes: 64 hexadecimal digits, base64, or 32 ASCII characters');
  return Buffer.from(parsed.secret.secret.reveal(), 'hex');
}

function plainName(path: string): string {
  const name = basename(path);
  if (!name.toLowerCase().endsWith(ENCRYPTED_ENDING) || name.length === ENCRYPTED_ENDING.length) {
    throw new SyncError('usage', `${path} does not end in ${ENCRYPTED_ENDING}: say where its content should go`);
  }
  return path.slice(0, -ENCRYPTED_ENDING.length);
}

function cutName(name: string): string {
  return Buffer.from(name, 'utf8').subarray(0, MAX_NAME_BYTES).toString('utf8').replaceAll('\uFFFD', '');
}
