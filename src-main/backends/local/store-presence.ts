import { hasCode, SyncError } from '../../core/errors.ts';
import { CONTROL_FOLDER } from '../../core/rel-path.ts';
import type { Random } from '../../platform/clock.ts';
import type { Fs } from '../../platform/fs.ts';
import type { StoreLayout } from './store-layout.ts';

/**
 * Whether the folder still is the store it was. An unplugged drive leaves an empty mount point behind: it must look unreachable, never empty (C26-C28).
 */
export class StorePresence {
  readonly #fs: Fs;
  readonly #layout: StoreLayout;
  /** Inode and device of the marker when it was first seen; a remounted drive shows the same. */
  #seen: string | null = null;

  constructor(fs: Fs, layout: StoreLayout) {
    this.#fs = fs;
    this.#layout = layout;
  }

  get known(): boolean {
    return this.#seen !== null;
  }

  /** Throws `unreachable` unless the folder is there and, once its marker was seen, still has it. */
  async require(): Promise<void> {
    const marker = await this.#fs.lstat(this.#layout.marker);
    if (marker !== null) {
      this.#seen ??= String(marker.ino);
      if (this.#seen === String(marker.ino)) return;
      throw this.#gone('another folder is in its place');
    }
    if (this.#seen !== null) throw this.#gone('its contents are gone');
    const root = await this.#fs.lstat(this.#layout.root);
    if (root === null) throw this.#gone('it is not there');
    if (root.kind !== 'folder') throw this.#gone('it is not a folder');
  }

  /** Rethrows an error, as `unreachable` where it comes from the store being gone. */
  async explain(error: unknown): Promise<never> {
    if (hasCode(error, 'not-found', 'io')) await this.require();
    throw error;
  }

  #gone(why: string): SyncError {
    return new SyncError('unreachable', `the backup folder ${this.#layout.root} cannot be used: ${why}`, {
      path: this.#layout.root,
      hint: 'Connect the drive, or check the path.',
    });
  }
}

/** Makes the private area in a folder that is to become a store. The marker comes last, and only once. */
export async function ensureStore(fs: Fs, layout: StoreLayout, random: Random, presence: StorePresence): Promise<void> {
  for (const folder of [`${layout.root}/${CONTROL_FOLDER}`, layout.area, layout.temp, layout.locks, layout.journals]) {
    await fs.mkdir(folder).catch((error: unknown) => {
      if (!hasCode(error, 'exists')) throw error;
    });
  }
  const temp = `${layout.temp}/store-${random.id()}`;
  const out = await fs.create(temp, 0o644);
  await out.write(Buffer.from(`${JSON.stringify({ store: random.id() })}\n`));
  await out.sync();
  await out.close();
  await fs
    .link(temp, layout.marker)
    .catch(async (error: unknown) => {
      if (hasCode(error, 'exists')) return;
      if (!hasCode(error, 'not-supported', 'no-permission')) throw error;
      if ((await fs.lstat(layout.marker)) === null) await fs.rename(temp, layout.marker);
    })
    .finally(() => fs.unlink(temp).catch(() => undefined));
  await presence.require();
}
