import type { Entry } from '../core/entry.ts';
import { CONTROL_FOLDER, parseRelPath, type RelPath } from '../core/rel-path.ts';

/** Everything of ours on a backend lies below it (docs/format.md). */
export const CONTROL_PREFIX = `${CONTROL_FOLDER}/`;
export const VAULT_KEY = `${CONTROL_PREFIX}vault.json`;
/** What devices tell each other about their changes. */
export const FEED_PREFIX = `${CONTROL_PREFIX}feed/`;
export const VERSIONS_PREFIX = `${CONTROL_PREFIX}versions/`;
/** Versions of objects whose key leaves no room for the rest of a version's name. */
export const LONG_VERSIONS_PREFIX = `${CONTROL_PREFIX}versions-long/`;

export function keyOf(path: RelPath, kind: Entry['kind']): string {
  return kind === 'folder' ? `${path}/` : path;
}

/** The path a foreign key stands for; null where it is none that may be made on a disk (C62). */
export function pathOf(key: string): { readonly path: RelPath; readonly isFolder: boolean } | null {
  const isFolder = key.endsWith('/');
  const parsed = parseRelPath(isFolder ? key.slice(0, -1) : key);
  return 'path' in parsed ? { path: parsed.path, isFolder } : null;
}
