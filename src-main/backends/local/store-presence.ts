import { hasCode, SyncError } from '../../core/errors.ts';
import { CONTROL_FOLDER } from '../../core/rel-path.ts';
import type { Random } from '../../platform/clock.ts';
import type { FileStat, Fs } from '../../platform/fs.ts';
import { readText } from '../../platform/text-file.ts';
import type { StoreLayout } from './store-layout.ts';

const MARKER_MODE = 0o644;

interface Seen {
  readonly ino: bigint;
  readonly id: string;
  readonly modes: boolean;
  readonly caseInsensitive: boolean;
}

/**
 * Whether the folder still is the store it was. An unplugged drive leaves an empty mount point behind: it must look unreachable, never empty (C26-C28).
 */
export class StorePresence {
  readonly #fs: Fs;
  readonly #layout: StoreLayout;
  #seen: Seen | null = null;

  constructor(fs: Fs, layout: StoreLayout) {
    this.#fs = fs;
    this.#layout = layout;
  }

  get known(): boolean {
    return this.#seen !== null;
  }
  /** The marker was given certain bits; a file system that keeps none shows others. */
  get modes(): boolean {
    return this.#seen?.modes ?? true;
  }
  /** The marker answers to its name in capitals. */
  get caseInsensitive(): boolean {
    return this.#seen?.caseInsensitive ?? false;
  }

  /** Throws `unreachable` unless the folder is there and, once its marker was seen, still has it. */
  async require(): Promise<void> {
    const marker = await this.#lstat(this.#layout.marker);
    if (marker !== null) {
      this.#seen ??= await this.#meet(marker);
      if (this.#seen.ino === marker.ino) return;
      // A drive without inode numbers of its own (FAT) gives new ones when it is plugged in again; then the marker's text decides.
      if ((await this.#readId()) !== this.#seen.id) throw this.#gone('another folder is in its place');
      this.#seen = { ...this.#seen, ino: marker.ino };
      return;
    }
    if (this.#seen !== null) throw this.#gone('its contents are gone');
    const root = await this.#lstat(this.#layout.root);
    if (root === null) throw this.#gone('it is not there');
    if (root.kind !== 'folder') throw this.#gone('it is not a folder');
  }

  /** Rethrows an error, as `unreachable` where it comes from the store being gone. */
  async explain(error: unknown): Promise<never> {
    if (hasCode(error, 'not-found', 'io')) await this.require();
    throw error;
  }

  async #meet(marker: FileStat): Promise<Seen> {
    for (const folder of foldersOf(this.#layout)) await refuseLink(this.#fs, folder);
    const capitals = await this.#lstat(`${this.#layout.area}/STORE.JSON`);
    return { ino: marker.ino, id: await this.#readId(), modes: marker.mode === MARKER_MODE, caseInsensitive: capitals !== null && capitals.ino === marker.ino };
  }

  async #readId(): Promise<string> {
    try {
      return await readText(this.#fs, this.#layout.marker);
    } catch {
      return '';
    }
  }

  /** A dead drive or share answers with I/O errors. */
  async #lstat(path: string): Promise<FileStat | null> {
    try {
      return await this.#fs.lstat(path);
    } catch (error) {
      if (hasCode(error, 'io')) throw this.#gone('it does not answer', error);
      throw error;
    }
  }

  #gone(why: string, cause?: unknown): SyncError {
    return new SyncError('unreachable', `the backup folder ${this.#layout.root} cannot be used: ${why}`, {
      path: this.#layout.root,
      hint: 'Connect the drive, or check the path.',
      cause,
    });
  }
}

/** Makes the private area in a folder that is to become a store. The marker comes last, and only once. */
export async function ensureStore(fs: Fs, layout: StoreLayout, random: Random, presence: StorePresence): Promise<void> {
  for (const folder of foldersOf(layout)) {
    await fs.mkdir(folder).catch(ignoreExists);
    await refuseLink(fs, folder);
  }
  const text = Buffer.from(`${JSON.stringify({ store: random.id() })}\n`);
  const temp = `${layout.temp}/store-${random.id()}`;
  try {
    await writeMarker(fs, temp, text);
    await fs.link(temp, layout.marker);
  } catch (error) {
    if (hasCode(error, 'not-supported', 'no-permission')) await writeMarker(fs, layout.marker, text).catch(ignoreExists);
    else ignoreExists(error);
  } finally {
    await fs.unlink(temp).catch(() => undefined);
  }
  for (const folder of [layout.area, `${layout.root}/${CONTROL_FOLDER}`, layout.root]) await fs.syncFolder(folder);
  await presence.require();
}

async function writeMarker(fs: Fs, path: string, text: Uint8Array): Promise<void> {
  const out = await fs.create(path, MARKER_MODE);
  try {
    await out.write(text);
    await out.sync();
  } finally {
    await out.close();
  }
  await fs.chmod(path, MARKER_MODE).catch(() => undefined);
}

function ignoreExists(error: unknown): void {
  if (!hasCode(error, 'exists')) throw error;
}

function foldersOf(layout: StoreLayout): readonly string[] {
  return [`${layout.root}/${CONTROL_FOLDER}`, layout.area, layout.temp, layout.locks, layout.journals];
}

/** A link planted in place of one of our folders would make us write elsewhere (C63). */
async function refuseLink(fs: Fs, folder: string): Promise<void> {
  const stat = await fs.lstat(folder);
  if (stat !== null && stat.kind !== 'folder') throw new SyncError('name-not-allowed', `not a folder of ours: ${folder}`, { path: folder });
}
