import type { Version } from '../../core/entry.ts';
import { CONTROL_FOLDER } from '../../core/rel-path.ts';
import type { FileStat } from '../../platform/fs.ts';

/** What a folder needs to serve several devices and no bucket would show: temporary files, locks, metadata journals. Never listed (docs/format.md). */
export const PRIVATE_PREFIX = `${CONTROL_FOLDER}/local/`;

export interface StoreLayout {
  readonly root: string;
  readonly area: string;
  readonly temp: string;
  readonly locks: string;
  readonly journals: string;
  /** Tells a store that is there from an empty mount point. */
  readonly marker: string;
}

export function layoutOf(root: string): StoreLayout {
  const area = `${root}/${CONTROL_FOLDER}/local`;
  return { root, area, temp: `${area}/tmp`, locks: `${area}/locks`, journals: `${area}/meta`, marker: `${area}/store.json` };
}

/**
 * A file's version. Size and mtime alone can be put back by anyone; the inode alone is used again by the next file. The change time is the kernel's and cannot be set, so the four together never
 * name two contents on a file system that keeps one. Folders have no content: they are there or not.
 */
export function versionOf(stat: FileStat): Version {
  if (stat.kind === 'folder') return 'folder' as Version;
  return [BigInt(stat.size), stat.mtimeNs, stat.ctimeNs, stat.ino].map((n) => n.toString(36)).join('-') as Version;
}

/** The change time in a version, in base 36. */
export function changedAt(version: string): string {
  return version.split('-')[2] ?? '';
}

/** The same file with the same bytes as far as times tell: what a second name, gained or lost, does not change. */
export function sameFile(a: FileStat, b: FileStat): boolean {
  return a.kind === b.kind && a.ino === b.ino && a.size === b.size && a.mtimeNs === b.mtimeNs;
}

/** {@link sameFile} as a text for a file name. */
export function identityOf(stat: FileStat): string {
  return `${stat.ino.toString(36)}.${stat.size.toString(36)}.${stat.mtimeNs.toString(36)}`;
}

export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
