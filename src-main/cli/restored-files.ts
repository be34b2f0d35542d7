import { dirname, join } from 'node:path';
import type { Head } from '../codec/head.ts';
import { fileBytes } from '../codec/read-file.ts';
import { hasCode, SyncError, throwIfAborted } from '../core/errors.ts';
import type { NameRules } from '../core/name-rules.ts';
import { nameOf, parentOf, type RelPath } from '../core/rel-path.ts';
import type { NewHasher, Random } from '../platform/clock.ts';
import type { Fs } from '../platform/fs.ts';
import { taken, writeNewFile } from '../platform/new-file.ts';

export interface RestoreOptions {
  readonly fs: Fs;
  readonly random: Pick<Random, 'id'>;
  readonly newHasher: NewHasher;
  readonly names: Pick<NameRules, 'toDisk'>;
  /** The folder everything goes into; absolute, made on demand. */
  readonly out: string;
  readonly signal?: AbortSignal;
}

/**
 * Writes what was decrypted into a folder. A file is whole and checked before it has its name; nothing that is there is replaced: the same content counts as `already` there, so that an interrupted run goes on, and anything else is
 * `exists`. Nothing is written through a link.
 */
export class RestoredFiles {
  readonly #options: RestoreOptions;
  /** Folders that are known to be real ones. */
  readonly #folders = new Set<string>();

  constructor(options: RestoreOptions) {
    this.#options = options;
  }

  async folder(path: RelPath | null): Promise<string> {
    const { fs, out } = this.#options;
    const full = path === null ? out : await this.#at(path);
    if (this.#folders.has(full)) return full;
    await fs.mkdir(full).catch((error: unknown) => {
      if (!hasCode(error, 'exists')) throw error;
    });
    const stat = await fs.lstat(full);
    if (stat?.kind !== 'folder') throw new SyncError('not-a-folder', `${full} is in the way: it is no folder`, { path: full });
    this.#folders.add(full);
    return full;
  }

  /** The chunks have to throw before their last one if the whole is not what `head` says. */
  async file(path: RelPath, head: Pick<Head, 'sha256' | 'size' | 'mode' | 'mtimeNs'>, chunks: () => AsyncIterable<Uint8Array>): Promise<'written' | 'already'> {
    const { fs, random, signal } = this.#options;
    const to = await this.#at(path);
    if (await this.#isThere(to, head)) return 'already';
    const { mode, mtimeNs } = head;
    await writeNewFile(fs, { temp: join(dirname(to), `.file-sync-${random.id()}.tmp`), to, mode, mtimeNs, ...(signal === undefined ? {} : { signal }) }, chunks());
    return 'written';
  }

  async link(path: RelPath, target: string): Promise<'written' | 'already'> {
    const { fs } = this.#options;
    const to = await this.#at(path);
    const there = await fs.lstat(to);
    if (there?.kind === 'symlink' && (await fs.readLink(to)) === target) return 'already';
    if (there !== null) throw taken(to);
    await fs.symlink(target, to);
    return 'written';
  }

  /** Below folders that are made on the way. */
  async #at(path: RelPath): Promise<string> {
    return join(await this.folder(parentOf(path)), this.#options.names.toDisk(nameOf(path)));
  }

  async #isThere(to: string, head: Pick<Head, 'sha256' | 'size'>): Promise<boolean> {
    const { fs, newHasher, signal } = this.#options;
    const stat = await fs.lstat(to);
    if (stat === null) return false;
    if (stat.kind !== 'file' || stat.size !== head.size) throw taken(to);
    const hasher = newHasher();
    for await (const chunk of fileBytes(fs, to)) {
      throwIfAborted(signal);
      hasher.update(chunk);
    }
    if (hasher.digest() !== head.sha256) throw taken(to);
    return true;
  }
}
