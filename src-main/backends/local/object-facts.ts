import type { FileStat, Fs } from '../../platform/fs.ts';
import type { Meta, ObjectDetail, ObjectInfo } from '../backend.ts';
import type { MetaJournal } from './meta-journal.ts';
import { versionOf } from './store-layout.ts';
import type { StorePresence } from './store-presence.ts';

/** What there is to say about an object: what its file shows, under what was recorded of that very version. */
export class ObjectFacts {
  readonly #fs: Pick<Fs, 'lstat'>;
  readonly #journal: MetaJournal;
  readonly #presence: Pick<StorePresence, 'modes'>;

  constructor(fs: Pick<Fs, 'lstat'>, journal: MetaJournal, presence: Pick<StorePresence, 'modes'>) {
    this.#fs = fs;
    this.#journal = journal;
    this.#presence = presence;
  }

  async detail(key: string, stat: FileStat): Promise<ObjectDetail> {
    return { ...info(key, stat), meta: await this.metaOf(key, stat) };
  }

  async metaOf(key: string, stat: FileStat): Promise<Meta> {
    const version = versionOf(stat);
    if (stat.kind !== 'folder' && this.#journal.find(key, version) === undefined) await this.#journal.refresh();
    return this.#merged(stat, this.#journal.find(key, version));
  }

  /** For a listing: with metadata only where it costs nothing. */
  known(key: string, stat: FileStat): ObjectInfo {
    const recorded = this.#journal.find(key, versionOf(stat));
    return recorded === undefined ? info(key, stat) : { ...info(key, stat), meta: this.#merged(stat, recorded) };
  }

  /** An object that lost its first name is another version of its file. */
  async recordKept(path: string, key: string, meta: Meta): Promise<void> {
    const stat = await this.#fs.lstat(path);
    if (stat !== null) await this.#journal.record(key, versionOf(stat), meta);
  }

  /** Whether it is a link, only the file says. */
  #merged(stat: FileStat, recorded: Meta | undefined): Meta {
    const { kind: _, ...rest } = recorded ?? {};
    if (stat.kind === 'symlink') return { ...rest, kind: 'symlink' };
    if (stat.kind === 'folder') return rest;
    return { mtime: String(stat.mtimeNs), ...(this.#presence.modes ? { mode: stat.mode.toString(8) } : {}), ...rest };
  }
}

function info(key: string, stat: FileStat): ObjectInfo & { readonly size: number } {
  // Whatever is made in a folder changes its times, but not that of its making.
  const storedNs = stat.kind === 'folder' ? (stat.bornNs ?? stat.ctimeNs) : stat.ctimeNs;
  return { key, size: stat.kind === 'folder' ? 0 : stat.size, version: versionOf(stat), storedAtMs: Number(storedNs / 1_000_000n) };
}
