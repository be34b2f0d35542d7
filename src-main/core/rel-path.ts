/**
 * A path inside a synced tree: components joined by `/`, none of them empty, `.` or `..`, no NUL. It never starts
 * or ends with `/`; the root itself has no RelPath. Both sides speak in it: the local side maps it to names its file
 * system can hold, the remote side to object keys. Only {@link parseRelPath} makes one from foreign text.
 */
export type RelPath = string & { readonly __relPath: unique symbol };

/** The one folder of ours in every synced folder and under every remote prefix; nothing below it is ever synced. */
export const CONTROL_FOLDER = '.file-sync';

export type RelPathFault = 'empty' | 'absolute' | 'dot-component' | 'empty-component' | 'nul' | 'control-folder' | 'lone-surrogate';

/** Reads untrusted text as a path inside the root, or says what is wrong with it (I7, C62). */
export function parseRelPath(text: string): { readonly path: RelPath } | { readonly fault: RelPathFault } {
  if (text === '') return { fault: 'empty' };
  if (text.startsWith('/')) return { fault: 'absolute' };
  if (text.includes('\0')) return { fault: 'nul' };
  if (!text.isWellFormed()) return { fault: 'lone-surrogate' };
  const parts = text.split('/');
  for (const part of parts) {
    if (part === '') return { fault: 'empty-component' };
    if (part === '.' || part === '..') return { fault: 'dot-component' };
  }
  if (isControlName(parts[0] ?? '')) return { fault: 'control-folder' };
  return { path: text as RelPath };
}

/** Like {@link parseRelPath} for text the program itself made; throws a RangeError on a fault. */
export function relPath(text: string): RelPath {
  const parsed = parseRelPath(text);
  if ('fault' in parsed) throw new RangeError(`not a relative path (${parsed.fault}): ${JSON.stringify(text)}`);
  return parsed.path;
}

/** Whether a first component is our control folder on any file system, case-insensitive ones included. */
export function isControlName(component: string): boolean {
  return component.normalize('NFC').toLowerCase() === CONTROL_FOLDER;
}

/** The folder that holds `path`, or null at the top level. */
export function parentOf(path: RelPath): RelPath | null {
  const cut = path.lastIndexOf('/');
  return cut < 0 ? null : (path.slice(0, cut) as RelPath);
}

/** All folders above `path`, nearest first. */
export function* ancestorsOf(path: RelPath): Generator<RelPath> {
  for (let at = parentOf(path); at !== null; at = parentOf(at)) yield at;
}

export function nameOf(path: RelPath): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function join(parent: RelPath | null, name: string): RelPath {
  return relPath(parent === null ? name : `${parent}/${name}`);
}

/** Whether `path` is `folder` itself or lies below it. */
export function isWithin(path: RelPath, folder: RelPath): boolean {
  return path === folder || (path.length > folder.length && path.startsWith(folder) && path[folder.length] === '/');
}

export function depthOf(path: RelPath): number {
  let depth = 0;
  for (let i = 0; i < path.length; i++) if (path.charCodeAt(i) === 47) depth++;
  return depth;
}

/** A total order in which a folder comes right before everything below it. */
export function compareRelPaths(a: RelPath, b: RelPath): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return (x === 47 ? -1 : x) - (y === 47 ? -1 : y);
  }
  return a.length - b.length;
}
